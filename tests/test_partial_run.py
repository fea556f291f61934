"""A run in several calls: each node runs once, as soon as its feeds have come."""

from __future__ import annotations

import numpy as np
import pytest
from executor import toy_ops

import minitf as tf


def chain():
    """Make y = a + b, recorded when it runs, and z = y * c."""
    a, b, c = (tf.placeholder(tf.float32, [], name=name) for name in "abc")
    y = toy_ops.tap_op(a + b, text="y")
    return a, b, c, y, y * c


@pytest.mark.paper("W-29")
def test_each_call_runs_what_its_feeds_allow_and_nothing_twice():
    a, b, c, y, z = chain()
    toy_ops.LOG.clear()
    with tf.Session() as session:
        handle = session.partial_run_setup([y, z], [a, b, c])
        got = session.partial_run(handle, {"y": y}, {a: 1, b: 2})
        assert got == {"y": 3}
        assert session.partial_run(handle, z, {c: got["y"] * 10}) == 90
        with pytest.raises(tf.errors.InvalidArgumentError, match="Must run 'setup'"):
            session.partial_run(handle, z)

    assert toy_ops.LOG == ["y"]


def test_two_handles_are_independent():
    a, b, c, y, z = chain()
    with tf.Session() as session:
        one, other = (session.partial_run_setup([y, z], [a, b, c]) for _ in range(2))
        assert session.partial_run(one, y, {a: 1, b: 1}) == 2
        assert session.partial_run(other, y, {a: 5, b: 5}) == 10
        assert session.partial_run(one, z, {c: 2}) == 4


@pytest.mark.parametrize(
    ("fetched", "fed", "message"),
    [
        ("z", {"a": 1}, "z.* can't be computed from the feeds"),
        ("a", {"a": 1}, "The fetch a:0 was not specified in partial_run_setup"),
        ("z", {"y": 1}, "The feed Tap:0 was not specified in partial_run_setup"),
        ("y", {}, "The fetch Tap:0 has already been fetched"),
        ("z", {"b": 1}, "The feed b:0 has already been fed"),
    ],
)
def test_what_was_not_set_up_or_comes_twice_is_refused(fetched, fed, message):
    a, b, c, y, _ = chain()
    z = tf.multiply(y, c, name="z")
    tensors = {"a": a, "b": b, "c": c, "y": y, "z": z}
    with tf.Session() as session:
        handle = session.partial_run_setup([y, z], [a, b, c])
        if fed != {"a": 1}:
            session.partial_run(handle, y, {a: 1, b: 2})
        with pytest.raises(tf.errors.InvalidArgumentError, match=message):
            session.partial_run(handle, tensors[fetched], {tensors[k]: v for k, v in fed.items()})


def test_an_unknown_handle_is_refused():
    with tf.Session() as session:
        tf.constant(1)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Must run 'setup'"):
            session.partial_run("h", [])


@pytest.mark.tensorflow
def test_it_does_what_tensorflow_does(tensorflow):
    def outcome(library):
        with library.Graph().as_default(), library.Session() as session:
            a, b, c = (library.placeholder(library.float32, []) for _ in range(3))
            y = a + b
            z = y * c
            handle = session.partial_run_setup([y, z, z.op], [a, b, c])
            first = session.partial_run(handle, y, {a: 1, b: 2})
            with pytest.raises(RuntimeError, match=r"partial_run\(\) requires empty"):
                session.partial_run(handle, z.op, {c: 4})
            return first, session.partial_run(handle, [z], {c: np.float32(4)})

    assert outcome(tf) == outcome(tensorflow)


def test_a_tensor_that_is_fed_cannot_be_fetched():
    x = tf.placeholder(tf.float32, [], name="x")
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="x:0 is both fed and fetched"),
    ):
        session.partial_run_setup([x, x + 1.0], [x])
