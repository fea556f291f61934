"""Stacks: the last that came is the first that goes, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


def stack(size=-1, dtype=tf.float32):
    return ops.stack_v2_op(size, elem_type=dtype, stack_name="history")


@pytest.mark.paper("O-18")
@given(values=st.lists(st.integers(-9, 9), min_size=1, max_size=6))
def test_what_is_pushed_last_is_popped_first(values):
    tf.reset_default_graph()
    handle, before = stack(dtype=tf.int32), tf.no_op()
    for value in values:
        with tf.control_dependencies([before]):
            before = ops.stack_push_v2_op(handle, value)
    popped = []
    for _ in values:
        with tf.control_dependencies([before]):
            before = ops.stack_pop_v2_op(handle, elem_type=tf.int32)
        popped.append(before)

    assert run(popped) == values[::-1]


def test_a_push_gives_what_was_pushed():
    assert run(ops.stack_push_v2_op(stack(), 5.0, swap_memory=True)) == 5


def test_each_run_has_a_stack_of_its_own():
    handle = stack(1)
    pushed = ops.stack_push_v2_op(handle, 5.0)
    with tf.Session() as session:
        assert [session.run(pushed) for _ in range(3)] == [5, 5, 5]


@pytest.mark.parametrize(
    ("act", "phrase"),
    [
        (
            lambda h: ops.stack_pop_v2_op(h, elem_type=tf.float32),
            r"Stack\[history_\d+\] is empty when calling Pop\(\)",
        ),
        (lambda h: ops.stack_push_v2_op(h, 1), "Must have type float but got int32"),
    ],
)
def test_what_does_not_fit_is_told(act, phrase):
    with pytest.raises(tf.errors.InvalidArgumentError, match=phrase):
        run(act(stack()))


def test_a_stack_may_be_full_or_closed():
    handle = stack(0)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"overflowed its max_size \(0\)"):
        run(ops.stack_push_v2_op(handle, 1.0))
    with tf.control_dependencies([ops.stack_close_v2_op(handle)]):
        pushed = ops.stack_push_v2_op(handle, 1.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="has already been closed"):
        run(pushed)


def test_a_handle_of_something_else_is_refused():
    handle = tf.get_variable("v", [], use_resource=True).handle

    with pytest.raises(tf.errors.InvalidArgumentError, match="resource of the wrong type"):
        run(ops.stack_pop_v2_op(handle, elem_type=tf.float32))


def test_a_ref_of_strings_is_a_handle_too():
    handle = tf.raw_ops.Stack(elem_type=tf.int32, stack_name="history")
    with tf.control_dependencies([tf.raw_ops.StackPush(handle=handle, elem=5)]):
        popped = tf.raw_ops.StackPop(handle=handle, elem_type=tf.int32)
    with tf.control_dependencies([popped]):
        closed = tf.raw_ops.StackClose(handle=handle)

    assert run([popped, closed])[0] == 5
