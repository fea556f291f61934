"""Counts: worked examples, laws, what is refused."""

import numpy as np
import pytest
from hypothesis import given

from minitf import dtypes, ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole


def bincount(arr, size, weights=()):
    return ops.bincount_op.body(np.int32(arr), np.int32(size), np.float32(weights))


def histogram(values, ends, nbins):
    return ops.histogram_fixed_width_op.body(
        np.float32(values), np.float32(ends), np.int32(nbins), dtype=dtypes.int32
    )


def bucketize(values, boundaries):
    return ops.bucketize_op.body(np.float32(values), boundaries=boundaries)


def test_whole_numbers_are_counted_or_their_weights_added():
    assert bincount([1, 2, 2, 7], 4).tolist() == [0, 1, 2, 0]
    assert bincount([1, 2, 2, 7], 4, [0.5, 1, 2, 9]).tolist() == [0, 0.5, 3, 0]


def test_a_histogram_counts_what_is_outside_in_the_end_bins():
    assert histogram([-1, 0, 1.5, 2, 5, 15], [0, 5], 5).tolist() == [2, 1, 1, 0, 2]


def test_a_boundary_belongs_to_the_bucket_above_it():
    assert bucketize([[-5, 10000], [150, 10], [5, 100]], (0.0, 10.0, 100.0)).tolist() == [
        [0, 3],
        [3, 2],
        [1, 3],
    ]


@given(values=whole((3, 5), np.float32, -20, 20))
def test_every_number_is_in_one_bin(values):
    assert histogram(values, [-4, 9], 6).sum() == values.size


@given(values=whole((9,), np.int32, 0, 5))
def test_counts_are_a_histogram_of_unit_bins(values):
    assert bincount(values, 6).tolist() == histogram(values, [0, 6], 6).tolist()


def test_wrong_inputs_are_refused():
    for call, phrase in [
        (lambda: bincount([-1], 3), "Input arr must be non-negative!"),
        (lambda: bincount([1], -3), r"size \(-3\) must be non-negative"),
        (lambda: bincount([1, 2], 3, [1.0]), "weights must have the same size"),
        (lambda: histogram([1], [5, 0], 2), r"value_range\[0\] < value_range\[1\]"),
        (lambda: histogram([1], [np.nan, 0], 2), r"value_range\[0\] < value_range\[1\]"),
        (lambda: histogram([1], [0, 1], 0), "nbins should be a positive number, but got '0'"),
        (lambda: histogram([1], [0, 1, 2], 1), "value_range should be a vector of 2 elements"),
        (lambda: bucketize([1], (2.0, 1.0)), "Expected sorted boundaries"),
    ]:
        with pytest.raises(InvalidArgumentError, match=phrase):
            call()
