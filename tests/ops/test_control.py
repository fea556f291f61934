"""Operations that carry values or order: cases, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import minitf as tf
from minitf import ops
from minitf.ops.control import summary


def test_group_waits_for_all_its_members_in_one_operation():
    with tf.control_dependencies([tf.no_op("before")]):
        a, b = tf.no_op("a"), tf.constant(1)
    joined = tf.group(a, {"nested": [b]}, name="all")

    assert joined.type == "NoOp"
    assert [op.name for op in joined.control_inputs] == ["a", "Const"]


def test_group_makes_one_joint_per_device():
    with tf.device("/cpu:0"):
        a, b = tf.no_op(), tf.no_op()
    with tf.device("/cpu:1"):
        c = tf.no_op()
    joined = tf.group(a, b, c)

    assert [len(joint.control_inputs) for joint in joined.control_inputs] == [2, 1]
    assert [joint.device for joint in joined.control_inputs] == ["/device:CPU:0", "/device:CPU:1"]


def test_group_refuses_what_has_no_device_and_unknown_keywords():
    with pytest.raises(TypeError, match="'inputs' should be zero or more"):
        tf.group(None)
    with pytest.raises(ValueError, match="Unknown keyword arguments: other"):
        tf.group(other=1)


def test_tuple_gives_no_value_before_all_are_there():
    a, b = tf.constant(1), tf.constant(2)
    copies = tf.tuple([a, None, b])

    assert copies[1] is None
    for copy, original in ((copies[0], a), (copies[2], b)):
        gate = copy.op.control_inputs
        assert copy.op.inputs[0] is original
        assert [op.name for op in gate[0].control_inputs] == [a.op.name, b.op.name]


def test_tuple_wants_something_to_wait_for():
    with pytest.raises(ValueError, match="Must have at least one Tensor"):
        tf.tuple([None])
    with pytest.raises(TypeError, match="Control input must be Operation or Tensor"):
        tf.tuple([tf.constant(1)], control_inputs=[3])


def test_identity_copies_the_parts_of_indexed_slices():
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]), tf.constant([3]))
    copy = tf.identity(slices)

    assert copy.values.op.inputs[0] is slices.values
    assert copy.indices.op.inputs[0] is slices.indices
    assert copy.dense_shape.op.inputs[0] is slices.dense_shape


def test_a_false_assertion_shows_its_data():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[x is\] \[1 2 3"):
        ops.assert_op.body(np.array(False), [np.array(b"x is", object), np.arange(1, 6)])


def test_a_true_assertion_is_silent():
    assert ops.assert_op.body(np.array(True), [np.array(1)]) is None


@pytest.mark.parametrize(
    ("array", "most", "text"),
    [
        (np.arange(5), 3, "0 1 2..."),
        (np.arange(6).reshape(2, 3), 10, "[0 1 2][3 4 5]"),
        (np.arange(6).reshape(2, 3), 4, "[0 1 2][3...]..."),
        (np.arange(8).reshape(2, 2, 2), 3, "[[0 1][2...]]..."),
        (np.array([0.5, 1e-7], np.float32), -1, "0.5 1e-07"),
        (np.array(True), 3, "1"),
        (np.array([], np.float32), 3, ""),
    ],
)
def test_a_summary_shows_the_first_elements(array, most, text):
    assert summary(array, most) == text


@pytest.mark.tensorflow
@pytest.mark.thorough
@given(
    array=hnp.arrays(
        st.sampled_from([np.float32, np.float64, np.int32]),
        hnp.array_shapes(max_dims=3, max_side=3),
    ),
    most=st.integers(-1, 8),
)
def test_an_assertion_fails_with_tensorflows_words(array, most, tensorflow):
    tf1 = tensorflow
    if array.dtype.kind == "f":
        # TensorFlow's threads take numbers below the least normal one for 0
        least = np.finfo(array.dtype).tiny
        array = array[np.isfinite(array) & ((array == 0) | (np.abs(array) >= least))]
    with tf1.Graph().as_default(), tf1.Session() as session:
        check = tf1.raw_ops.Assert(condition=False, data=[array], summarize=most)
        with pytest.raises(tf1.errors.InvalidArgumentError) as theirs:
            session.run(check)
    with pytest.raises(tf.errors.InvalidArgumentError) as ours:
        ops.assert_op.body(np.array(False), [array], summarize=most)

    assert str(ours.value) in str(theirs.value)


def test_prevent_gradient_tells_its_reason():
    x = tf.constant(1.0)
    y = ops.prevent_gradient_op(x, message="not here")

    with pytest.raises(LookupError, match="Reason: not here"):
        tf.gradients(y, x)


def test_stop_gradient_lets_nothing_through():
    x = tf.constant(1.0)

    assert tf.gradients(tf.stop_gradient(x), x) == [None]


def test_one_of_several_variables_is_assigned():
    variables = [tf.Variable([0.0, 0.0]), tf.Variable([0.0, 0.0])]
    which = tf.placeholder(tf.int32, [])
    chosen = tf.raw_ops.RefSelect(index=which, inputs=[v._ref() for v in variables])
    assigned = tf.assign(chosen, [1.0, 2.0])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(assigned, {which: 1})

        assert [each.tolist() for each in session.run(variables)] == [[0, 0], [1, 2]]
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"in the range \[0, 2\)"):
            session.run(assigned, {which: 2})


def test_an_abort_ends_the_step_and_not_the_process():
    with tf.Session() as session, pytest.raises(tf.errors.AbortedError, match="no way"):
        session.run(tf.raw_ops.Abort(error_msg="no way"))
