"""Batches are stacks of elements, and unbatch takes stacks apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors, ops

Dataset = tf.data.Dataset


@given(size=st.integers(0, 12), batch=st.integers(1, 5), drop=st.booleans())
def test_batches_are_slices(size, batch, drop):
    numbers = list(range(size))
    with tf.Graph().as_default():
        found = elements_of(Dataset.range(size).batch(batch, drop))

    wanted = [numbers[at : at + batch] for at in range(0, size, batch)]
    assert found == [each for each in wanted if len(each) == batch or not drop]


@given(size=st.integers(0, 12), batch=st.integers(1, 5))
def test_unbatch_undoes_batch(size, batch):
    with tf.Graph().as_default():
        assert elements_of(Dataset.range(size).batch(batch).unbatch()) == list(range(size))


def test_the_first_dimension_is_known_where_no_batch_is_smaller():
    data = Dataset.from_tensor_slices(np.zeros((5, 2)))

    assert data.batch(3).output_shapes.as_list() == [None, 2]
    assert data.batch(3, drop_remainder=True).output_shapes.as_list() == [3, 2]
    assert data.batch(tf.constant(3, tf.int64), True).output_shapes.as_list() == [3, 2]
    assert data.batch(3).unbatch().output_shapes.as_list() == [2]


def test_elements_of_different_shapes_make_no_batch_and_the_next_one_does():
    data = Dataset.range(1, 5).map(lambda n: tf.range(tf.maximum(n, 2)))
    iterator = data.batch(2).make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        session.run(iterator.initializer)
        assert session.run(following).tolist() == [[0, 1], [0, 1]]
        with pytest.raises(
            errors.InvalidArgumentError,
            match=r"different shapes in component 0. First element had shape \[3\]",
        ):
            session.run(following)
        with pytest.raises(errors.OutOfRangeError):
            session.run(following)


def test_strings_and_structures_are_stacked():
    data = Dataset.from_tensor_slices({"a": ["x", "y", "z"], "b": ([1, 2, 3], [[4], [5], [6]])})

    assert elements_of(data.batch(2)) == [
        {"a": [b"x", b"y"], "b": ([1, 2], [[4], [5]])},
        {"a": [b"z"], "b": ([3], [[6]])},
    ]


def test_a_batch_must_hold_something():
    with pytest.raises(errors.InvalidArgumentError, match="Batch size must be greater than zero"):
        elements_of(Dataset.range(3).batch(0))


def test_components_of_different_heights_are_not_taken_apart():
    data = Dataset.from_tensors((np.zeros(2), np.zeros(3)))

    with pytest.raises(errors.InvalidArgumentError, match="same batch size in each component"):
        elements_of(data.unbatch())


@given(size=st.integers(0, 9), batch=st.integers(1, 4), calls=st.integers(1, 4), drop=st.booleans())
def test_map_and_batch_is_map_then_batch(size, batch, calls, drop):
    fused = tf.data.experimental.map_and_batch(
        lambda n: n * n, batch, drop_remainder=drop, num_parallel_calls=calls
    )
    with tf.Graph().as_default():
        data = Dataset.range(size)
        assert elements_of(data.apply(fused)) == elements_of(
            data.map(lambda n: n * n).batch(batch, drop)
        )


def test_the_old_op_keeps_the_remainder():
    assert elements_of(Dataset.range(3).made_by(ops.batch_dataset_op, 2)) == [[0, 1], [2]]


def sparse_rows(lib):
    """A dataset of sparse tensors."""
    sparse = lib.SparseTensor([[0, 1], [0, 3], [2, 0]], [5.0, 6.0, 7.0], [4, 5])
    return lib.data.Dataset.from_tensor_slices((sparse, [0, 1, 2, 3]))


PIPELINES = {
    "sparse slices": sparse_rows,
    "sparse batches": lambda lib: sparse_rows(lib).batch(3),
    "sparse taken apart": lambda lib: sparse_rows(lib).batch(3).unbatch(),
    "error inside": lambda lib: (
        lib.data.Dataset.range(8)
        .map(lambda n: lib.debugging.check_numerics(1 / lib.cast(n - 3, lib.float32), "bad"))
        .batch(2)
    ),
    "nothing": lambda lib: lib.data.Dataset.range(0).batch(3),
    "batches of batches": lambda lib: lib.data.Dataset.range(7).batch(2, True).batch(2),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_batches_are_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
