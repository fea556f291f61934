"""Every element type goes through the operations that only move elements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes
from minitf.testing.strategies import anything

TYPES = [name for name, dtype in dtypes.DTYPES.items() if dtype.is_numpy_compatible]
MOVES = {
    "reshape": (lambda x: tf.reshape(x, [-1]), lambda a: a.reshape(-1)),
    "transpose": (tf.transpose, np.transpose),
    "concat": (lambda x: tf.concat([x, x], 0), lambda a: np.concatenate([a, a])),
    "stack": (lambda x: tf.stack([x, x], 1), lambda a: np.stack([a, a], 1)),
    "gather": (lambda x: tf.gather(x, [1, 0, 1]), lambda a: a[[1, 0, 1]]),
    "tile": (lambda x: tf.tile(x, [1, 2]), lambda a: np.tile(a, (1, 2))),
    "index": (lambda x: x[::-1, 0], lambda a: a[::-1, 0]),
    "mask": (lambda x: tf.boolean_mask(x, [False, True]), lambda a: a[1:]),
    "where": (lambda x: tf.where([True, False], x, x[::-1]), lambda a: a[[0, 0]]),
    "split": (lambda x: tf.split(x, 3, 1)[2], lambda a: a[:, 2:]),
    "unstack": (lambda x: tf.unstack(x, axis=1)[1], lambda a: a[:, 1]),
    "fill": (lambda x: tf.fill([2], x[0, 0]), lambda a: a[[0, 0], [0, 0]]),
    "default": (lambda x: tf.placeholder_with_default(x, [None, 3]), lambda a: a),
}


def same(got, want):
    """Compare bits, so that NaNs count; strings by value."""
    got, want = np.asarray(got), np.asarray(want)
    if want.dtype == object:
        return got.tolist() == want.tolist()
    return got.shape == want.shape and got.tobytes() == want.tobytes()


@pytest.mark.paper("W-14")
@pytest.mark.parametrize("name", TYPES)
@given(data=st.data())
def test_elements_of_any_type_are_moved_unchanged(name, data):
    dtype = dtypes.DTYPES[name]
    plain = name if dtype.base_dtype not in dtypes.QUANTIZED else str(dtype.numpy)
    value = data.draw(anything((2, 3), plain))
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(dtype, [2, 3])
        got = session.run({move: make(x) for move, (make, _) in MOVES.items()}, {x: value})

    for move, (_, numpy) in MOVES.items():
        assert same(got[move], numpy(value)), move


@pytest.mark.paper("W-14")
@pytest.mark.parametrize("name", TYPES)
def test_zeros_and_constants_exist_in_every_type(name):
    dtype = dtypes.DTYPES[name]
    value = (
        np.array([[b"a\0", b""]], object) if dtype is tf.string else np.ones((1, 2), dtype.numpy)
    )
    with tf.Session() as session:
        constant, zeros, padded = session.run(
            [tf.constant(value, dtype), tf.zeros([2], dtype), tf.pad(value, [[1, 0], [0, 0]])]
        )

    assert same(constant, value)
    assert not any(zeros.tolist())
    assert same(padded[1:], value)
