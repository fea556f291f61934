"""Pad, PadV2, MirrorPad, MirrorPadGrad: cases against NumPy, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.padding import mirror_pad_grad_op, mirror_pad_op, pad_op
from minitf.testing.strategies import whole


@given(x=whole((3, 4)), before=st.integers(0, 2), after=st.integers(0, 2))
def test_padding_is_numpys(x, before, after):
    paddings = np.array([[before, after], [after, before]])

    np.testing.assert_array_equal(pad_op.body(x, paddings), np.pad(x, paddings))
    for mode in ("reflect", "symmetric"):
        np.testing.assert_array_equal(
            mirror_pad_op.body(x, paddings, mode=mode.upper()), np.pad(x, paddings, mode)
        )


@given(x=whole((3, 4)), y=whole((6, 7)), mode=st.sampled_from(["REFLECT", "SYMMETRIC"]))
def test_mirror_pad_grad_is_the_adjoint(x, y, mode):
    paddings = np.array([[1, 2], [2, 1]])

    there = (mirror_pad_op.body(x, paddings, mode=mode) * y).sum()
    assert there == (x * mirror_pad_grad_op.body(y, paddings, mode=mode)).sum()


def test_what_padding_refuses():
    x = np.zeros((2, 3))
    with pytest.raises(InvalidArgumentError, match="Paddings must be non-negative: -1 0"):
        pad_op.body(x, np.array([[-1, 0], [0, 0]]))
    with pytest.raises(InvalidArgumentError, match="first dimension of paddings must be the rank"):
        pad_op.body(x, np.array([[1, 1]]))
    with pytest.raises(InvalidArgumentError, match="paddings must be less than the dimension size"):
        mirror_pad_op.body(x, np.array([[2, 0], [0, 0]]), mode="REFLECT")
