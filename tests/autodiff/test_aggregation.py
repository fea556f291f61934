"""Adding up gradients: methods, devices, sparse ones."""

import numpy as np
import pytest

import minitf as tf

METHODS = ["ADD_N", "DEFAULT", "EXPERIMENTAL_TREE", "EXPERIMENTAL_ACCUMULATE_N"]


def types_in(scope):
    return [op.type for op in tf.get_default_graph().get_operations() if scope in op.name]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("paths", [1, 2, 3, 5])
def test_every_method_gives_the_sum(method, paths):
    x = tf.constant([1.0, 2.0], name="x")
    y = tf.add_n([tf.square(x) for _ in range(paths)])
    (grad,) = tf.gradients(y, x, aggregation_method=getattr(tf.AggregationMethod, method))
    with tf.Session() as session:
        assert session.run(grad).tolist() == [2 * paths, 4 * paths]


def test_one_add_n_adds_all():
    x = tf.constant(1.0)
    (grad,) = tf.gradients([x * 2, x * 3, x * 4], x)

    assert grad.op.name == "gradients/AddN"
    assert len(grad.op.inputs) == 3


def test_a_tree_adds_two_at_a_time():
    x = tf.constant(1.0, name="x")
    method = tf.AggregationMethod.EXPERIMENTAL_TREE
    (grad,) = tf.gradients([x * 2, x * 3, x * 4], x, aggregation_method=method)

    assert grad.op.name == "gradients/x_gradient_sum/AddN_1"
    assert types_in("x_gradient_sum") == ["AddN", "AddN"]


def test_accumulation_needs_the_shape():
    method = tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N
    made = []
    for x in (tf.constant(1.0), tf.placeholder(tf.float32)):
        made += tf.gradients([x * 2, x * 3, x * 4], x, aggregation_method=method)

    assert [grad.op.type for grad in made] == ["AccumulateNV2", "AddN"]


def test_gradients_of_one_device_are_added_there_first():
    x = tf.constant(1.0)
    ys = []
    for device in ("/CPU:0", "/CPU:1", "/CPU:0", "/CPU:1"):
        with tf.device(device):
            ys.append(tf.identity(x) * 2)
    (grad,) = tf.gradients(ys, x, colocate_gradients_with_ops=True)
    parts = [tensor.op for tensor in grad.op.inputs]

    assert [op.type for op in parts] == ["AddN", "AddN"]
    assert sorted(op.device for op in parts) == ["/device:CPU:0", "/device:CPU:1"]


# --- sparse gradients ----------------------------------------------------------------------------


def test_the_gradient_of_gather_stays_sparse():
    table = tf.Variable(np.ones((5, 2), np.float32))
    (grad,) = tf.gradients(tf.gather(table, [3, 3, 1]), [table])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        value = session.run(grad)

    assert value.indices.tolist() == [3, 3, 1]
    assert value.values.tolist() == [[1, 1]] * 3
    assert value.dense_shape.tolist() == [5, 2]


def test_sparse_gradients_are_put_one_after_the_other():
    table = tf.constant(np.ones((5, 2), np.float32))
    ys = [tf.gather(table, [3, 1]), 2 * tf.gather(table, [3])]
    (grad,) = tf.gradients(ys, [table])
    with tf.Session() as session:
        value, dense = session.run([grad, tf.convert_to_tensor(grad)])

    assert sorted(value.indices.tolist()) == [1, 3, 3]
    assert dense.tolist() == [[0, 0], [1, 1], [0, 0], [3, 3], [0, 0]]


def test_indices_of_two_types_become_the_wider_one():
    table = tf.constant(np.ones((5, 2), np.float32))
    ys = [tf.gather(table, np.int64([3])), tf.gather(table, np.int32([1]))]
    (grad,) = tf.gradients(ys, [table])

    assert grad.indices.dtype is tf.int64


def test_sparse_and_dense_gradients_add_up_to_a_dense_one():
    table = tf.constant(np.ones((3, 2), np.float32))
    (grad,) = tf.gradients([tf.gather(table, [1]), 5 * table], [table])
    with tf.Session() as session:
        assert session.run(grad).tolist() == [[5, 5], [6, 6], [5, 5]]


def test_a_sparse_gradient_may_be_given_for_a_y():
    x = tf.constant(np.ones((3, 2), np.float32))
    y = tf.identity(x)
    given = tf.IndexedSlices(tf.constant([[7.0, 8.0]]), tf.constant([2]), tf.constant([3, 2]))
    (grad,) = tf.gradients(y, x, grad_ys=[given])
    with tf.Session() as session:
        assert session.run(tf.convert_to_tensor(grad)).tolist() == [[0, 0], [0, 0], [7, 8]]


def test_a_method_must_be_one_of_the_three():
    x = tf.constant(1.0)

    with pytest.raises(ValueError, match="Invalid aggregation_method specified 9"):
        tf.gradients(2 * x, x, aggregation_method=9)
