"""Branches and loops as functions: what is built, what is checked, and when."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf.control_flow.cond_v2 import get_func_graphs


@pytest.fixture(autouse=True)
def as_functions():
    tf.enable_control_flow_v2()
    yield
    tf.disable_control_flow_v2()


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


def test_a_branch_and_a_loop_are_one_operation_each():
    x = tf.constant(3.0)
    y = tf.cond(x > 0, lambda: x * 2.0, lambda: -x, name="choice")
    z = tf.while_loop(lambda i: i < x, lambda i: [i + 1.0], [0.0], name="count")
    w = tf.switch_case(tf.constant(1), [lambda: x, lambda: x + 1.0, lambda: x + 2.0])

    kinds = {op.name: op.type for op in x.graph.get_operations()}
    assert kinds["choice"] == "StatelessIf"
    assert kinds["count"] == "StatelessWhile"
    assert "StatelessCase" in kinds.values()
    then, other = get_func_graphs(x.graph.get_operation_by_name("choice"))
    assert [each.outputs[0].op.type for each in (then, other)] == ["Mul", "Neg"]
    assert "Switch" not in kinds.values()
    assert run([y, z, w]) == [6, 3, 4]


def test_the_switch_decides_and_functions_always_use_functions():
    assert tf.control_flow_v2_enabled()
    tf.disable_control_flow_v2()

    @tf.function
    def chosen(x):
        y = tf.cond(x > 0, lambda: x, lambda: -x)
        assert "StatelessIf" in {op.type for op in y.graph.get_operations()}
        return y

    plain = tf.cond(tf.constant(True), lambda: 1.0, lambda: 2.0)
    assert run([chosen(tf.constant(-2.0)), plain]) == [2, 1]
    assert plain.op.type == "Merge"


def test_a_branch_that_only_acts_runs_when_its_operation_does():
    v = tf.Variable(1.0, use_resource=True)
    with tf.control_dependencies([tf.cond(tf.constant(True), lambda: v.assign(5.0).op, tf.no_op)]):
        read = v.read_value()

    assert run(read) == 5


def test_branches_must_give_the_same():
    p = tf.constant(True)
    with pytest.raises(TypeError, match="must have the same number, type, and overall structure"):
        tf.cond(p, lambda: (1.0, 2.0), lambda: 1.0)
    with pytest.raises(TypeError, match="must have the same number, type"):
        tf.cond(p, lambda: 1.0, lambda: 1)
    with pytest.raises(TypeError, match="pred must not be a Python bool"):
        tf.cond(True, lambda: 1.0, lambda: 1.0)


def test_loop_variables_keep_type_and_shape():
    with pytest.raises(ValueError, match="shape_invariants"):
        tf.while_loop(lambda x: True, lambda x: [tf.concat([x, x], 0)], [tf.zeros([1])])
    grown = tf.while_loop(
        lambda x: tf.size(x) < 5,
        lambda x: [tf.concat([x, x], 0)],
        [tf.zeros([1])],
        shape_invariants=[tf.TensorShape([None])],
    )

    assert grown.shape.as_list() == [None]
    assert run(grown).shape == (8,)


def test_tensor_arrays_are_lists_and_keep_their_meaning():
    array = tf.TensorArray(tf.float32, 0, dynamic_size=True)
    array = array.write(0, [1.0, 2.0]).write(2, [3.0, 4.0])
    pieces = tf.TensorArray(tf.float32, 2, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2])
    gathered = array.gather([2, 0])
    scattered = tf.TensorArray(tf.float32, 3).scatter([2, 0], [[1.0], [2.0]])

    values = run(
        [array.size(), array.stack(), pieces.concat(), gathered, scattered.read(2), array.read(0)]
    )
    assert [each.tolist() for each in values] == [
        3,
        [[1, 2], [0, 0], [3, 4]],
        [1, 2, 3],
        [[3, 4], [1, 2]],
        [1],
        [1, 2],
    ]
    with pytest.raises(NotImplementedError, match="no gradient arrays"):
        array.grad("g")
