"""CompareAndBitpack: the first of eight is the highest bit."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.array.bitpacking import compare_and_bitpack_op

pack = compare_and_bitpack_op.body


def test_the_first_of_eight_is_the_highest_bit():
    x = np.float32([[3, 0, 0, 0, 0, 0, 0, 2, 5, 5, 1, 1, 1, 1, 1, 1]])

    assert pack(x, np.float32(1)).tolist() == [[0b10000001, 0b11000000]]


def test_truth_values_are_packed_as_they_are():
    x = np.array([True] * 3 + [False] * 5)

    assert pack(x, np.array(True)).tolist() == [0b11100000]


@pytest.mark.parametrize(
    ("size", "phrase"),
    [
        ((), "Input should be at least a vector, but saw a scalar."),
        ((2, 9), r"Inner dimension of input should be divisible by 8, but saw shape: \[2,9\]"),
    ],
)
def test_eights_must_fill_the_last_dimension(size, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        pack(np.ones(size), np.array(0.0))
