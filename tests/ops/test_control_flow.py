"""The primitives of control flow: shapes, handles that are passed on, gradients by hand."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import ops
from minitf.static_value import rule_argument


def merged(*shapes):
    parts = [tf.placeholder(tf.float32, shape) for shape in shapes]
    return ops.merge_op(parts).output.shape.as_list()


def test_merge_has_the_shape_that_its_inputs_have_in_common():
    assert merged([2, 3], [2, 3]) == [2, 3]
    assert merged([2, 3], [2, 4], [5, 3]) == [None, None]
    assert merged([None, 3], [2, 3]) == [None, 3]
    assert tf.TensorShape(ops.merge_op([tf.ones([2]), tf.ones([2, 3])]).output.shape).ndims is None
    assert ops.merge_op([tf.ones([2])]).value_index.shape == []


def test_what_enters_a_loop_keeps_its_shape_only_if_it_is_constant():
    x = tf.placeholder(tf.float32, [2, 3])

    assert ops.enter_op(x, frame_name="f", is_constant=True).shape.as_list() == [2, 3]
    assert ops.enter_op(x, frame_name="f").shape.ndims is None


def test_switch_exit_and_next_iteration_keep_the_shape():
    x = tf.placeholder(tf.float32, [2, None])
    both = ops.switch_op(x, True)

    for each in (*both, ops.exit_op(x), ops.next_iteration_op(x)):
        assert each.shape.as_list() == [2, None]


def test_a_predicate_is_a_scalar():
    with pytest.raises(ValueError, match="must be rank 0"):
        ops.switch_op(tf.constant(1), [True])
    with pytest.raises(ValueError, match="must be rank 0"):
        ops.loop_cond_op([True])


def test_what_is_known_of_a_resource_goes_through_branches_and_into_loops():
    v = tf.get_variable("v", [2], use_resource=True)
    switched = ops.switch_op(v.handle, True).output_true
    entered = ops.enter_op(switched, frame_name="f", is_constant=True)

    assert rule_argument(entered).shape == tf.TensorShape([2]).static_shape
    assert ops.read_variable_op_op(entered, dtype=tf.float32).shape == [2]
    assert rule_argument(ops.enter_op(tf.constant(3), frame_name="f")) is None


@pytest.mark.parametrize("pred", [True, False])
def test_a_branch_made_by_hand_has_the_gradient_of_the_side_that_is_taken(pred):
    x = tf.placeholder(tf.float32, [])
    off, on = ops.switch_op(x, pred)
    y = ops.merge_op([off * off, 3.0 * on]).output
    (slope,) = tf.gradients(y, x)

    with tf.Session() as session:
        assert session.run([y, slope], {x: 5}) == ([15, 3] if pred else [25, 10])


@pytest.mark.parametrize("pred", [True, False])
def test_a_side_that_nobody_uses_gives_zeros(pred):
    x = tf.placeholder(tf.float32, [])
    off, on = ops.switch_op(x, pred)
    with tf.control_dependencies([tf.identity(off)]):
        seven = tf.constant(7.0)
    y = ops.merge_op([seven, 3.0 * on]).output
    (slope,) = tf.gradients(y, x)

    with tf.Session() as session:
        assert session.run(slope, {x: 5}) == (3 if pred else 0)


def test_leave_is_the_papers_name_of_exit():
    assert ops.find_op("Leave") is ops.exit_op
