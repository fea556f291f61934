"""`tf.function`: what is traced, how often, and what a call is."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.tensor_spec import TensorSpec


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


def counting(**options):
    """A function that tells for which shapes it was traced."""
    seen = []

    @tf.function(**options)
    def double(x, k=2):
        seen.append((x.shape.as_list(), k))
        return x * tf.cast(k, x.dtype)

    return double, seen


def test_a_call_is_one_operation_and_equal_kinds_of_arguments_share_a_graph():
    double, seen = counting()
    made = [double(tf.constant(each)) for each in ([1.0], [2.0], [1.0, 2.0])]

    assert [each.op.type for each in made] == ["PartitionedCall"] * 3
    assert seen == [([1], 2), ([2], 2)]
    assert [each.tolist() for each in run(made)] == [[2], [4], [2, 4]]


def test_python_values_and_types_are_traced_for_each():
    double, seen = counting()
    for arguments in ((tf.constant(1.0), 3), (tf.constant(1.0), 4), (tf.constant(1), 3)):
        double(*arguments)
    double(tf.constant(5.0), k=3)

    assert len(seen) == 3


def test_a_signature_makes_one_graph_of_all_that_fits_it():
    seen = []

    @tf.function(input_signature=[TensorSpec([None], tf.float32)])
    def total(x):
        seen.append(x.shape.as_list())
        return tf.reduce_sum(x)

    assert run([total([1.0, 2.0]), total(np.ones(5, np.float32))]) == [3, 5]
    assert seen == [[None]]
    with pytest.raises(ValueError, match="incompatible with input_signature"):
        total(tf.ones([2, 2]))
    with pytest.raises(ValueError, match="must be convertible to tensors"):
        total("text")
    with pytest.raises(TypeError, match="Invalid input_signature"):
        tf.function(input_signature=[3])(lambda x: x)


def test_relaxed_shapes_share_a_graph_from_the_second_on():
    double, seen = counting(experimental_relax_shapes=True)
    for length in (1, 2, 3, 4):
        double(tf.ones([length]))

    assert seen == [([1], 2), ([None], 2)]


def test_results_keep_their_structure():
    @tf.function
    def nested(x):
        return {"a": (x, None), "b": [tf.IndexedSlices(x, tf.constant([0, 1]))]}

    made = nested(tf.constant([1.0, 2.0]))
    assert made["a"][1] is None
    assert run([made["a"][0], made["b"][0].values]) == [pytest.approx([1, 2])] * 2
    with pytest.raises(TypeError, match="must return zero or more Tensors"):
        tf.function(object)()


def test_variables_are_made_on_the_first_call_only():
    class Counter:
        count = None

        @tf.function
        def add(self, step):
            if self.count is None:
                self.count = tf.Variable(tf.zeros([]), name="count")
            return self.count.assign_add(step)

    counter = Counter()
    first = counter.add(2.0)
    with tf.control_dependencies([first]):
        second = counter.add(3.0)

    assert counter.count in tf.global_variables()
    assert run([first, second]) == [2, 5]

    @tf.function
    def careless(x):
        return tf.Variable(1.0) + x

    with pytest.raises(ValueError, match="tried to create variables on non-first call"):
        careless(1.0)


def test_what_a_function_does_happens_in_the_order_in_which_it_is_written():
    v = tf.Variable(1.0, use_resource=True)

    @tf.function
    def doubled_then_raised():
        v.assign(v * 2.0)
        before = v.read_value()
        v.assign_add(1.0)
        return before, v.read_value()

    assert run(doubled_then_raised()) == (2, 3)


def test_gradients_reach_arguments_and_variables():
    w = tf.Variable([1.0, 2.0], use_resource=True)

    @tf.function
    def product(x):
        return tf.reduce_sum(tf.cond(tf.reduce_sum(x) > 0, lambda: x * w * w, lambda: x))

    x = tf.constant([3.0, 4.0])
    of_x, of_w = run(tf.gradients(product(x), [x, w]))
    assert (of_x.tolist(), of_w.tolist()) == ([1, 4], [6, 16])


def test_gradients_inside_a_function_reach_what_it_captures():
    """As an optimizer in a function needs them."""
    w = tf.Variable([1.0, 2.0], use_resource=True)
    x = tf.constant([3.0, 4.0])

    @tf.function
    def trained():
        loss = tf.reduce_sum(tf.cond(tf.reduce_sum(x) > 0, lambda: x * w * w, lambda: x))
        slopes = tf.gradients(loss, [w, x])
        step = tf.train.GradientDescentOptimizer(0.5).minimize(loss, var_list=[w])
        with tf.control_dependencies([step]):
            return [*slopes, w.read_value()]

    of_w, of_x, after = run(trained())
    assert (of_w.tolist(), of_x.tolist(), after.tolist()) == ([6, 16], [1, 4], [-2, -6])


def test_functions_call_functions_and_capture_through_each_other():
    outer_value = tf.constant(10.0)

    @tf.function
    def inner(x):
        return x + outer_value

    @tf.function
    def outer(x):
        return inner(x) * inner(x + 1.0)

    x = tf.constant(1.0)
    y = outer(x)
    assert run([y, tf.gradients(y, x)[0]]) == [132, 23]


def test_a_concrete_function_is_one_graph_that_may_be_called_by_name():
    @tf.function
    def shifted(x, y):
        return x - y

    concrete = shifted.get_concrete_function(TensorSpec([2]), TensorSpec([2]))
    made = concrete(y=tf.constant([1.0, 2.0]), x=tf.constant([5.0, 5.0]))

    assert run(made).tolist() == [4, 3]
    assert [each.op.name for each in concrete.inputs] == ["x", "y"]
    assert concrete.structured_input_signature[0] == (TensorSpec([2]),) * 2
    with pytest.raises(TypeError, match="Expected argument names"):
        concrete(tf.constant([1.0, 2.0]))


def test_without_autograph_a_tensor_as_a_condition_is_refused_and_what_to_write_is_told():
    @tf.function(autograph=False)
    def branching(x):
        return x if x > 0 else -x

    with pytest.raises(TypeError, match=r"(?s)not allowed.*tf\.cond"):
        branching(tf.constant(1.0))


def test_a_part_of_a_wrapped_graph_has_its_own_effects_alone():
    def build(x):
        v = tf.get_variable("v", initializer=1.0, use_resource=True)
        tf.identity(v.assign_add(x), name="more")
        return tf.identity(v.read_value(), name="read")

    wrapped = tf.compat.v1.wrap_function(build, [tf.TensorSpec([], tf.float32)])
    read = wrapped.prune([], "read:0")
    more = wrapped.prune(wrapped.inputs[0], "more:0")
    reads = read()
    added = more(tf.constant(2.0))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(reads) == session.run(reads) == 1.0
        assert session.run(added) == 3.0
        assert session.run(reads) == 3.0


def test_a_wrapped_graph_can_be_pruned():
    def build(x):
        doubled = tf.multiply(x, 2.0, name="doubled")
        return tf.sin(doubled)

    wrapped = tf.wrap_function(build, [TensorSpec([2], tf.float32)])
    part = wrapped.prune(wrapped.inputs[0], "doubled:0")

    whole, half = run([wrapped([1.0, 2.0]), part([1.0, 2.0])])
    np.testing.assert_allclose(whole, np.sin([2.0, 4.0]), rtol=1e-6)
    assert half.tolist() == [2, 4]


def test_a_batch_function_gives_what_the_function_gives_and_has_no_gradient():
    @tf.nondifferentiable_batch_function(1, 10, 100)
    def double(x):
        return x * 2.0

    x = tf.constant([1.0, 2.0])
    assert run(double(x)).tolist() == [2, 4]
    with pytest.raises(LookupError, match="has no gradient"):
        tf.gradients(double(x), x)
