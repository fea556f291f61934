"""Assertions: they stop a step or a build, say what is wrong, and make TensorFlow's nodes."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf as tf
from minitf.errors import InvalidArgumentError

X, Y = np.int32([1, 2, 3]), np.int32([2, 3, 4])
PAIRS = {  # that hold, and the other way round not
    "assert_less": (X, Y),
    "assert_less_equal": (X, Y),
    "assert_greater": (Y, X),
    "assert_greater_equal": (Y, X),
    "assert_none_equal": (X, Y),
    "assert_equal": (X, X.copy()),
}
SIGNS = {
    "assert_positive": (X, -X),
    "assert_negative": (-X, X),
    "assert_non_negative": (X - 1, X - 2),
    "assert_non_positive": (1 - X, 2 - X),
}


def checked(library, check, value):
    with library.control_dependencies([check]):
        return library.identity(value)


def pair(library, function, **options):
    x, y = (fed(library, each, [None]) for each in PAIRS[function])
    return checked(library, getattr(library, function)(x, y, **options), x)


def sign(library, name, **options):
    x = fed(library, SIGNS[name][0], [None])
    return checked(library, getattr(library, name)(x, **options), x)


GRAPHS = {
    **{name: lambda lib, n=name: pair(lib, n) for name in PAIRS},
    **{f"{name} named": lambda lib, n=name: pair(lib, n, name="c", message="m") for name in PAIRS},
    **{name: lambda lib, n=name: sign(lib, n, data=["none", lib.constant(3)]) for name in SIGNS},
    "assert_rank": lambda lib: checked(
        lib, lib.assert_rank(fed(lib, X, lib.TensorShape(None)), 1), 3
    ),
    "assert_rank of a known rank": lambda lib: checked(lib, lib.assert_rank(fed(lib, X), 1), 3),
    "assert_rank of a rank that is fed": lambda lib: checked(
        lib, lib.assert_rank(fed(lib, X), fed(lib, np.array(1, np.int32))), 3
    ),
    "assert_rank_at_least": lambda lib: checked(
        lib, lib.assert_rank_at_least(fed(lib, X, lib.TensorShape(None)), 0, name="r"), 3
    ),
    "assert_rank_in": lambda lib: checked(
        lib, lib.assert_rank_in(fed(lib, X, lib.TensorShape(None)), (0, 1)), 3
    ),
    "assert_type": lambda lib: checked(lib, lib.assert_type(fed(lib, X), lib.int32), 3),
    "assert_integer": lambda lib: checked(lib, lib.assert_integer(fed(lib, X)), 3),
    "assert_scalar": lambda lib: lib.assert_scalar(5),
    "verify_tensor_all_finite": lambda lib: lib.verify_tensor_all_finite(
        fed(lib, np.float32([1, 2])), "not finite"
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_are_tensorflows(tensorflow, name):
    # TensorFlow guards an assertion with tf.cond unless all that it shows is int32 or text
    assert_same_graph(tensorflow, GRAPHS[name])


@pytest.mark.parametrize("name", PAIRS)
def test_a_comparison_that_fails_stops_the_step(name):
    with tf.Graph().as_default(), tf.Session() as session:
        x, y = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
        z = checked(tf, getattr(tf, name)(x, y, message="look here"), x)
        good, bad = PAIRS[name], PAIRS[name][::-1]
        bad = (X, Y) if name == "assert_equal" else bad
        bad = (X, X) if name == "assert_none_equal" else bad

        assert session.run(z, dict(zip((x, y), good, strict=True))).tolist() == good[0].tolist()
        with pytest.raises(InvalidArgumentError, match=r"(?s)look here.*did not hold element-wise"):
            session.run(z, dict(zip((x, y), bad, strict=True)))


@pytest.mark.parametrize("name", SIGNS)
def test_a_wrong_sign_stops_the_step(name):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.int32, [None])
        z = checked(tf, getattr(tf, name)(x), x)
        good, bad = SIGNS[name]

        assert session.run(z, {x: good}).tolist() == good.tolist()
        with pytest.raises(InvalidArgumentError, match="0 did not hold element-wise"):
            session.run(z, {x: bad})


def test_constants_are_refused_while_the_graph_is_built():
    with pytest.raises(InvalidArgumentError, match=r"(?s)here.*x == y did not hold.*\[1 2\]"):
        tf.assert_equal([1, 2], [1, 3], message="here")
    with pytest.raises(InvalidArgumentError, match="x > 0 did not hold"):
        tf.assert_positive([1, 0])


def test_near_counts_epsilons():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32)
        z = checked(tf, tf.assert_near(x, 1.0), x)
        loose = checked(tf, tf.assert_near(x, 1.0, rtol=0.1, atol=0.0), x)

        assert session.run(z, {x: 1 + 2e-7}) == np.float32(1 + 2e-7)
        assert session.run(loose, {x: 1.05}) == np.float32(1.05)
        with pytest.raises(InvalidArgumentError, match="not equal to tolerance"):
            session.run(z, {x: 1.0001})


def test_order_is_told_of_any_shape():
    with tf.Session() as session:
        for values, rises, strictly in [
            ([[1, 2], [2, 3]], True, False),
            ([1, 3, 2], False, False),
            ([1, 2, 3], True, True),
            ([7], True, True),
            (np.zeros(0), True, True),
        ]:
            found = tf.is_non_decreasing(values), tf.is_strictly_increasing(values)
            assert session.run(found) == (rises, strictly)
    with pytest.raises(TypeError, match="Expected x to be numeric"):
        tf.is_non_decreasing(["a"])


def test_numbers_are_told_from_truth_and_text():
    assert tf.is_numeric_tensor(tf.constant(1.0))
    assert not tf.is_numeric_tensor(tf.constant(True))
    assert not tf.is_numeric_tensor(tf.constant("a"))
    assert not tf.is_numeric_tensor(1.0)
