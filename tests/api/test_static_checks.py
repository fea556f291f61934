"""Types, ranks and shapes: what is known to be wrong is refused while the graph is built."""

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError


def test_a_wrong_rank_is_refused_as_soon_as_it_is_known():
    x = tf.placeholder(tf.float32, [2, 3], name="x")

    assert tf.assert_rank(x, 2).type == "NoOp"
    for call, phrase in [
        (lambda: tf.assert_rank(x, 3), r"x:0 must have rank 3.  Received rank 2, shape \(2, 3\)"),
        (lambda: tf.assert_rank_at_least(x, 3, message="oh"), "oh.  Tensor x:0 .* at least 3"),
        (lambda: tf.assert_rank_in(x, [0, 3]), r"must have rank in \(0, 3\).  Received rank 2"),
        (lambda: tf.assert_rank(x, [2]), "Rank must be a scalar"),
        (lambda: tf.assert_scalar(x), "Expected scalar shape for .*, saw shape: .2, 3."),
    ]:
        with pytest.raises(ValueError, match=phrase):
            call()


def test_a_wrong_rank_stops_the_step():
    x = tf.placeholder(tf.float32)
    checks = [tf.assert_rank(x, 1), tf.assert_rank_at_least(x, 1), tf.assert_rank_in(x, [1, 3])]
    with tf.Session() as session:
        session.run(checks, {x: [1.0]})
        for check in checks:
            with pytest.raises(InvalidArgumentError, match="must have rank"):
                session.run(check, {x: 1.0})


def test_a_wrong_type_is_refused():
    x = tf.constant(1.5, name="x")
    for call, phrase in [
        (lambda: tf.assert_type(x, tf.int32), "x:0 must be of type tf.int32; got tf.float32"),
        (lambda: tf.assert_integer(x, message="oh"), 'oh.  Expected "x" to be integer type'),
        (lambda: tf.assert_proper_iterable(x), '"values" to be a "proper" iterable'),
        (lambda: tf.assert_proper_iterable(3), '"values" to be iterable'),
    ]:
        with pytest.raises(TypeError, match=phrase):
            call()
    tf.assert_proper_iterable([x])


def test_tensors_share_a_floating_point_type():
    x, y = tf.constant(1.0), tf.constant(1.0, tf.float64)

    assert tf.assert_same_float_dtype() == tf.float32
    assert tf.assert_same_float_dtype([y, None, y]) == tf.float64
    with pytest.raises(ValueError, match="must be of the same type"):
        tf.assert_same_float_dtype([x, y])
    with pytest.raises(ValueError, match="must be of the same type"):
        tf.assert_same_float_dtype([x], tf.float64)
    with pytest.raises(ValueError, match="Expected floating point type"):
        tf.assert_same_float_dtype([tf.constant(1)])


def test_sizes_of_one_name_are_equal():
    check = tf.debugging.assert_shapes
    x, y = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [4, 3])

    check([(x, ("N", "Q")), (y, ("M", "Q")), (x, (2, ".")), (y, ("*", "Q")), (x, None)])
    check({tf.constant(1.0): (1,), x: (..., 3)})
    for shapes, phrase in [
        ([(x, ("N", "Q")), (y, ("N", "Q"))], "Specified by tensor .* must have size 2.  Received"),
        ([(x, (2, 4))], "Specified explicitly.  Tensor .* dimension 1 must have size 4"),
        ([(x, ("N",))], r"must have rank in \(0, 1\)"),
        ([(x, 2)], "Specified shape must be an iterable"),
        ([(x, ("N", "*"))], "only allowed as the first entry"),
    ]:
        with pytest.raises(ValueError, match=phrase):
            check(shapes)


def test_sizes_that_are_not_known_stop_the_step():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, 3])
    check = tf.debugging.assert_shapes([(x, ("N", 2)), (y, ("N", 3))], message="oh")
    good, tall, wide = np.zeros((4, 2)), np.zeros((5, 2)), np.zeros((4, 5))
    with tf.Session() as session:
        session.run(check, {x: good, y: np.zeros((4, 3))})
        for wrong, phrase in [(tall, "Specified by tensor"), (wide, "Specified explicitly")]:
            with pytest.raises(InvalidArgumentError, match=phrase):
                session.run(check, {x: wrong, y: np.zeros((4, 3))})
        with pytest.raises(InvalidArgumentError, match="must have rank"):
            session.run(check, {x: 1.0, y: np.zeros((4, 3))})


def test_values_that_are_not_finite_are_named():
    x = tf.placeholder(tf.float32)
    y = tf.verify_tensor_all_finite(x, "bad x")
    with tf.Session() as session:
        assert session.run(y, {x: 2.0}) == 2
        with pytest.raises(InvalidArgumentError, match="bad x : Tensor had NaN values"):
            session.run(y, {x: np.nan})
