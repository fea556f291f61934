"""Which operations a walk touches, counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.autodiff.between import (
    operations_between,
    pending_counts,
    stopped,
    users_on_the_way,
)


def chain(x, length):
    for _ in range(length):
        x = tf.tanh(x)
    return x


@pytest.mark.parametrize("others", [0, 10, 500])
def test_other_operations_of_the_graph_are_not_looked_at(others):
    start = tf.placeholder(tf.float32, [2])
    x = chain(start, others)  # before x
    y = chain(x, 20)
    chain(x, others)  # beside the path
    chain(y, others)  # after y
    chain(tf.placeholder(tf.float32), others)  # unconnected

    assert len(users_on_the_way([y], oldest=x.op.index)) == 21
    assert len(operations_between([y], [x])) == 21


def test_an_x_that_is_made_in_the_body_of_a_loop_is_found():
    def body(i, h):
        return i + 1, h * tf.get_variable("w", [], initializer=tf.constant_initializer(3.0))

    _, y = tf.while_loop(lambda i, _: i < 4, body, [0, 2.0])
    (w,) = tf.trainable_variables()
    (slope,) = tf.gradients(y, [w])  # y = 2 w ** 4
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(slope) == 2 * 4 * 3**3


def test_a_second_call_does_not_pay_for_the_first():
    x = tf.placeholder(tf.float32, [2])
    y = chain(x, 20)
    sizes = []
    for _ in range(3):
        before = tf.get_default_graph().version
        tf.gradients(y, x)
        sizes.append(tf.get_default_graph().version - before)
        assert len(users_on_the_way([y], oldest=0)) == 21

    assert len(set(sizes)) == 1


@st.composite
def graphs(draw):
    """Draw a graph of float and integer tensors; returns all of them."""
    made = [tf.placeholder(tf.float32, []) for _ in range(2)]
    for _ in range(draw(st.integers(0, 15))):
        left, right = (made[draw(st.integers(0, len(made) - 1))] for _ in range(2))
        if left.dtype is not right.dtype:
            made.append(tf.cast(left, right.dtype))
        elif draw(st.integers(0, 5)) == 0:
            made.append(tf.cast(left, tf.int32))
        else:
            made.append(left + right)
    return made


@given(data=st.data())
def test_what_is_between_is_what_lies_on_a_differentiable_path(data):
    with tf.Graph().as_default():
        tensors = data.draw(graphs())
        picks = st.lists(st.sampled_from(tensors), min_size=1, max_size=3)
        ys, xs = data.draw(picks), data.draw(picks)
        pending = pending_counts(operations_between(ys, xs))

        def reaches(op, ends, step):
            return op in ends or any(reaches(each, ends, step) for each in step(op))

        def users(op):
            return [u for t in op.outputs if t.dtype is tf.float32 for u in t.consumers()]

        def between(op):
            starts = {x.op for x in xs}
            ends = {y.op for y in ys}
            return reaches(op, starts, makers) and reaches(op, ends, users_between)

        def makers(op):
            return [t.op for t in op.inputs if t.dtype is tf.float32]

        def users_between(op):
            return [u for t in op.outputs for u in t.consumers() if _reached(u, xs, makers)]

        expected = {op for op in tf.get_default_graph().get_operations() if between(op)}

        assert set(pending) == expected
        for op, count in pending.items():
            assert count == sum(t.op is op for user in pending for t in user.inputs)
        assert users(tensors[0].op) is not None


def _reached(op, xs, makers):
    return op in {x.op for x in xs} or any(_reached(each, xs, makers) for each in makers(op))


def test_an_x_stops_the_walk_unless_another_x_stands_before_it():
    a = tf.placeholder(tf.float32, [])
    b = 2 * a
    c = b + 1
    pending = pending_counts(operations_between([c], [a, b]))

    assert stopped([a, b], [], pending) == {a.op}
    assert stopped([b], [], pending_counts(operations_between([c], [b]))) == {b.op}
    assert stopped([a, b], [b], pending) == {a.op, b.op}
