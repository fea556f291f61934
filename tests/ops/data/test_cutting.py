"""Sparse batches, parts of batches, sliding windows and samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors
from minitf.data.running import rebatch

Dataset = tf.data.Dataset
small = st.integers(1, 4)


def made(lib, op, dataset, shapes, **arguments):
    """The dataset that a raw op makes of int64 elements."""
    variant = getattr(lib.raw_ops, op)(
        input_dataset=dataset._variant_tensor,
        output_types=[lib.int64],
        output_shapes=shapes,
        **arguments,
    )
    spec = dataset.element_spec
    return lib.data.experimental.from_variant(variant, type(spec)(shapes[0], lib.int64))


def ramps(lib, sizes):
    return lib.data.Dataset.from_tensor_slices(sizes).map(lambda n: lib.fill([n], n))


@given(sizes=st.lists(st.integers(0, 5), min_size=1, max_size=6), batch=small)
def test_rows_of_a_sparse_batch_are_the_elements(sizes, batch):
    with tf.Graph().as_default():
        data = ramps(tf, np.array(sizes, np.int64)).apply(
            tf.data.experimental.dense_to_sparse_batch(batch, [None])
        )
        found = elements_of(data)

    rows = []
    for indices, values, shape in found:
        batch_rows = [[] for _ in range(shape[0])]
        for (row, _), value in zip(indices, values, strict=True):
            batch_rows[row].append(value)
        assert shape[1] == max(map(len, batch_rows))
        rows += batch_rows
    assert rows == [[n] * n for n in sizes]
    assert data.output_classes is tf.SparseTensor
    assert data.output_shapes.as_list() == [None, None]


def test_rows_must_fit_a_sparse_batch():
    too_long = ramps(tf, [1, 3]).apply(tf.data.experimental.dense_to_sparse_batch(2, [2]))
    other_rank = ramps(tf, [1, 3]).apply(tf.data.experimental.dense_to_sparse_batch(2, [3, 3]))

    with pytest.raises(errors.DataLossError, match=r"\(\[3\]\) that is larger .* \(\[2\]\)"):
        elements_of(too_long)
    with pytest.raises(errors.InvalidArgumentError, match=r"incompatible .* \(\[3,3\]\)"):
        elements_of(other_rank)
    with pytest.raises(TypeError, match="have a single component"):
        Dataset.zip((Dataset.range(2),)).apply(tf.data.experimental.dense_to_sparse_batch(2, [2]))


@given(elements=st.integers(0, 9), batch=small, replicas=small)
def test_replicas_get_all_rows_in_order(elements, batch, replicas):
    with tf.Graph().as_default():
        found = elements_of(rebatch(Dataset.range(elements).batch(batch), replicas))

    assert [n for part in found for n in part] == list(range(elements))
    assert len(found) == replicas * -(-elements // batch)


def test_scalars_have_no_parts():
    with pytest.raises(ValueError, match="only supported for rank >= 1"):
        rebatch(Dataset.range(3), 2)
    unknown = Dataset.range(3).map(lambda x: tf.placeholder_with_default(x, None))
    with pytest.raises(errors.InvalidArgumentError, match="at least one dimension"):
        elements_of(rebatch(unknown, 2))


@given(elements=st.integers(0, 9), size=small, shift=small, stride=small)
def test_windows_slide_over_lists(elements, size, shift, stride):
    with tf.Graph().as_default():
        window = tf.contrib.data.sliding_window_batch(
            size, window_shift=shift, window_stride=stride
        )
        found = elements_of(Dataset.range(elements).apply(window))

    numbers, width = list(range(elements)), (size - 1) * stride + 1
    starts = range(0, elements - width + 1, shift)
    assert found == [numbers[at : at + width : stride] for at in starts]


def test_a_window_has_one_shift():
    with pytest.raises(ValueError, match="Cannot specify both"):
        tf.contrib.data.sliding_window_batch(2, stride=1, window_shift=1)


def test_the_last_component_filters():
    data = Dataset.range(5).map(lambda x: (x, x % 2 > 0))

    variant = tf.raw_ops.FilterByLastComponentDataset(
        input_dataset=data._variant_tensor, output_types=[tf.int64], output_shapes=[[]]
    )
    odd = tf.data.experimental.from_variant(variant, Dataset.range(1).element_spec)

    assert elements_of(odd) == [1, 3]


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("op", "arguments"),
    [
        ("SamplingDataset", {"rate": 0.3, "seed": 3, "seed2": 5}),
        ("SlidingWindowDataset", {"window_size": 3, "window_shift": 2, "window_stride": 2}),
        ("SlidingWindowDataset", {"window_size": 0, "window_shift": 2, "window_stride": 2}),
    ],
)
def test_raw_ops_give_what_tensorflows_give(tensorflow, op, arguments):
    shapes = [[]] if op == "SamplingDataset" else [[None]]

    def make(lib):
        return made(lib, op, lib.data.Dataset.range(30), shapes, **arguments)

    assert outcomes(tf, make) == outcomes(tensorflow, make)


@pytest.mark.tensorflow
@pytest.mark.parametrize("replicas", [1, 2, 3])
def test_batches_are_cut_as_tensorflow_cuts_them(tensorflow, replicas):
    def make(lib):
        return made(
            lib,
            "RebatchDataset",
            lib.data.Dataset.range(11).batch(4),
            [[None]],
            num_replicas=replicas,
        )

    assert outcomes(tf, make) == outcomes(tensorflow, make)
