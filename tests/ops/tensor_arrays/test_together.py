"""Many elements of a TensorArray at once: stacked, scattered, joined, cut."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf

A = tf.TensorArray


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def hidden(value):
    """Return a tensor of which no shape is known while the graph is built."""
    return tf.placeholder_with_default(np.asarray(value, np.float32), None)


@given(rows=st.integers(0, 4), columns=st.integers(0, 3))
def test_stack_undoes_unstack_and_concat_undoes_split(rows, columns):
    tf.reset_default_graph()
    value = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    shape = tf.TensorShape([columns])
    stacked = A(tf.float32, rows, element_shape=shape).unstack(value).stack()
    lengths = [1] * rows
    pieces = A(tf.float32, rows, element_shape=[None, columns], infer_shape=False)
    joined = pieces.split(value, lengths).concat()

    for result in run([stacked, joined]):
        np.testing.assert_array_equal(result, value)


def test_a_piece_may_have_any_length():
    value = np.arange(6, dtype=np.float32)
    array = A(tf.float32, 3, infer_shape=False, clear_after_read=False).split(value, [1, 0, 5])

    got, parts = run([array.concat(), [array.read(i) for i in range(3)]])
    assert got.tolist() == value.tolist()
    assert [part.tolist() for part in parts] == [[0], [], [1, 2, 3, 4, 5]]


REFUSED = {
    "TensorArray has inconsistent shapes.  Index 0 has shape: [1] but index 1 has shape: [2]": (
        lambda: A(tf.float32, 2, infer_shape=False).split([1.0, 2, 3], [1, 2]).stack()
    ),
    "Index 0 has (excepting dimension 0) shape: [1] but index 1 has": (
        lambda: A(tf.float32, 2, infer_shape=False).write(0, [[1.0]]).write(1, [[1.0, 2]]).concat()
    ),
    "Concat saw a scalar shape at index 0": lambda: A(tf.float32, 1).write(0, hidden(1)).concat(),
    "Max scatter index must be < array size (5 vs. 2)": (
        lambda: A(tf.float32, 2).scatter([0, 5], [1.0, 2.0]).flow
    ),
    "Expected len(indices) == values.shape[0], but saw: 2 vs. 3": (
        lambda: A(tf.float32, 2).scatter([0, 1], hidden([1, 2, 3])).flow
    ),
    "Input value for unpack must be at least a vector": (
        lambda: A(tf.float32, 2).scatter([0, 1], hidden(1)).flow
    ),
    "sum of lengths is 2 and value's shape is: [3]": (
        lambda: A(tf.float32, 2, infer_shape=False).split([1.0, 2, 3], [1, 1]).flow
    ),
    "Expected value to be at least a vector": (
        lambda: A(tf.float32, 2, infer_shape=False).split(hidden(1), [1, 1]).flow
    ),
    "TensorArray's size is not equal to the size of lengths (2 vs. 3)": (
        lambda: A(tf.float32, 2, infer_shape=False).split([1.0, 2, 3], [1, 1, 1]).flow
    ),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_does_not_fit_is_told(phrase):
    with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(phrase)):
        run(REFUSED[phrase]())


@pytest.mark.parametrize("join", ["stack", "concat"])
def test_no_elements_of_unknown_shape_cannot_be_joined(join):
    with pytest.raises(
        tf.errors.UnimplementedError, match="TensorArray has size zero, but element"
    ):
        run(getattr(A(tf.float32, 0), join)())
