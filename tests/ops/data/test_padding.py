"""Padded batches fill elements up to one shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors, ops

Dataset = tf.data.Dataset


def rows(*lengths, lib=tf):
    """A dataset of vectors [n, n, ...] of these lengths."""
    data = lib.data.Dataset.from_tensor_slices(np.array(lengths, np.int32))
    return data.map(lambda n: lib.fill([n], n))


@given(
    lengths=st.lists(st.integers(0, 4), max_size=6),
    batch=st.integers(1, 3),
    padding=st.integers(-3, 3),
)
def test_each_row_is_followed_by_padding_up_to_the_longest(lengths, batch, padding):
    with tf.Graph().as_default():
        data = rows(*lengths) if lengths else rows(1).take(0)
        found = elements_of(data.padded_batch(batch, [None], padding))

    wanted = []
    for at in range(0, len(lengths), batch):
        some = lengths[at : at + batch]
        wanted.append([[n] * n + [padding] * (max(some) - n) for n in some])
    assert found == wanted


def test_a_given_length_is_kept():
    data = rows(1, 2).padded_batch(2, [4])

    assert elements_of(data) == [[[1, 0, 0, 0], [2, 2, 0, 0]]]
    assert data.output_shapes.as_list() == [None, 4]


def test_strings_are_padded_with_nothing_or_with_what_is_given():
    data = Dataset.from_tensor_slices(["a b", "c"]).map(lambda s: tf.string_split([s]).values)

    assert elements_of(data.padded_batch(2, [None])) == [[[b"a", b"b"], [b"c", b""]]]
    assert elements_of(data.padded_batch(2, [None], "-")) == [[[b"a", b"b"], [b"c", b"-"]]]


def test_shapes_may_be_tensors_and_of_each_component():
    data = Dataset.range(1, 3).map(lambda n: {"a": n, "b": tf.fill([n, 1], 1.5)})
    shapes = {"a": [], "b": tf.constant([-1, 2], tf.int64)}

    (found,) = elements_of(data.padded_batch(2, shapes, {"a": np.int64(0), "b": None}))

    assert found == {"a": [1, 2], "b": [[[1.5, 0], [0, 0]], [[1.5, 0], [1.5, 0]]]}


def test_an_element_longer_than_the_shape_is_refused():
    with pytest.raises(errors.DataLossError, match="pad to a smaller size than the input"):
        elements_of(rows(1, 5).padded_batch(2, [4]))


def test_an_element_of_another_rank_is_refused():
    data = Dataset.range(1, 3).map(
        lambda n: tf.py_func(lambda k: np.ones((1,) * k), [n], tf.float64)
    )

    with pytest.raises(errors.InvalidArgumentError, match="must have the same rank"):
        elements_of(data.padded_batch(2, [None]))


def test_padding_must_fit_before_anything_runs():
    data = rows(1, 2)
    with pytest.raises(ValueError, match="is not compatible with the corresponding input"):
        data.padded_batch(2, [None, None])
    with pytest.raises(ValueError, match="is not compatible with the corresponding input"):
        Dataset.from_tensors(np.zeros(3)).padded_batch(2, [2])
    with pytest.raises(TypeError, match="padding value type mismatched"):
        data.padded_batch(2, [None], tf.constant(1.5))
    with pytest.raises(ValueError, match="should be a scalar"):
        data.padded_batch(2, [None], np.int32([1]))
    sparse = Dataset.from_tensors(tf.SparseTensor([[0]], [1], [2]))
    with pytest.raises(TypeError, match="padded sparse tensors is not"):
        sparse.padded_batch(2, [None])


def test_the_ops_check_what_the_client_cannot_know():
    def run(shape, value, size=2):
        data = rows(1, 2)
        made = ops.padded_batch_dataset_op(
            data.variant_tensor, size, [shape], [value], output_shapes=[[None, None]]
        )
        elements_of(Dataset(made, data.batch(2).structure))

    with pytest.raises(errors.InvalidArgumentError, match="Batch size must be greater than zero"):
        run(np.int64([-1]), np.int32(0), 0)
    with pytest.raises(errors.InvalidArgumentError, match="Padded shapes must be at least -1"):
        run(np.int64([-2]), np.int32(0))
    with pytest.raises(errors.InvalidArgumentError, match="padding values must be scalars"):
        run(np.int64([-1]), tf.placeholder_with_default(np.int32([0]), None))


PIPELINES = {
    "remainder": lambda lib: rows(3, 0, 2, 1, 4, lib=lib).padded_batch(2, [None], 7),
    "dropped": lambda lib: rows(3, 0, 2, lib=lib).padded_batch(2, [5], drop_remainder=True),
    "too long": lambda lib: rows(3, 1, 1, 5, 2, lib=lib).padded_batch(2, [4]),
    "scalars": lambda lib: lib.data.Dataset.range(3).padded_batch(2, []),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_padded_batches_are_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
