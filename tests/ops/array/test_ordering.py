"""Transpose, ConjugateTranspose, InvertPermutation: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.ordering import invert_permutation_op, transpose_op
from minitf.testing.array_cases import arrays_of


@given(x=arrays_of(("int32",)), data=st.data())
def test_the_inverse_permutation_transposes_back(x, data):
    perm = np.array(data.draw(st.permutations(range(x.ndim))), np.int32)
    there = transpose_op.body(x, perm)

    np.testing.assert_array_equal(transpose_op.body(there, invert_permutation_op.body(perm)), x)


@pytest.mark.parametrize(
    ("perm", "phrase"),
    [
        ([0], r"transpose expects a vector of size 2\. But input\(1\) is a vector of size 1"),
        ([0, 2], r"2 is out of range \[0 \.\. 2\)"),
        ([0, 0], r"1 is missing from \{0,0\}"),
    ],
)
def test_transpose_wants_a_permutation(perm, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        transpose_op.body(np.zeros((2, 3)), np.array(perm))


def test_only_permutations_have_an_inverse():
    with pytest.raises(InvalidArgumentError, match="2 is not between 0 and 2"):
        invert_permutation_op.body(np.array([0, 2]))
    with pytest.raises(InvalidArgumentError, match="0 is duplicated in the input"):
        invert_permutation_op.body(np.array([0, 0]))
