"""Fourier transforms of real numbers: numbers worked by hand, their laws, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import complex128, float64
from minitf.errors import InvalidArgumentError
from minitf.ops.spectral.real import (
    irfft2d_op,
    irfft3d_op,
    irfft_op,
    rfft2d_op,
    rfft3d_op,
    rfft_op,
)
from minitf.ops.spectral.transforms import fft2d_op, fft3d_op, fft_op
from minitf.testing.strategies import real

OPS = [(rfft_op, irfft_op, fft_op), (rfft2d_op, irfft2d_op, fft2d_op)]
OPS += [(rfft3d_op, irfft3d_op, fft3d_op)]


def lengths(*sizes):
    return np.int32(sizes)


def test_a_sum_and_an_alternating_sum():
    made = rfft_op.body(np.float32([1, 2, 3, 4]), lengths(4))

    assert made.tolist() == [10, -2 + 2j, -2]


@pytest.mark.parametrize(("forward", "inverse", "whole"), OPS)
@given(x=real((2, 3, 4, 5)), last=st.integers(1, 5))
def test_it_is_the_first_half_and_the_inverse_completes_it(forward, inverse, whole, x, last):
    sizes = lengths(*x.shape[4 - {rfft_op: 1, rfft2d_op: 2, rfft3d_op: 3}[forward] : -1], last)
    cut = x[..., :last]
    half = forward.body(x, sizes, Tcomplex=complex128)

    np.testing.assert_allclose(
        half, whole.body(cut.astype(complex))[..., : last // 2 + 1], atol=1e-12
    )
    np.testing.assert_allclose(inverse.body(half, sizes, Treal=float64), cut, atol=1e-12)


def test_an_inverse_leaves_out_what_it_does_not_need():
    spectrum = np.complex64([4, 0, 99])

    assert irfft_op.body(spectrum, lengths(2)).tolist() == [2, 2]


def test_nothing_is_transformed_to_zeros():
    assert rfft_op.body(np.zeros((2, 0), np.float32), lengths(3)).tolist() == [[0, 0]] * 2
    assert irfft_op.body(np.zeros((1, 0), np.complex64), lengths(3)).tolist() == [[0, 0, 0]]
    assert rfft_op.body(np.ones(4, np.float32), lengths(0)).shape == (0,)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match="dimension 0 must have length of at least 5"):
        rfft_op.body(np.ones(4, np.float32), lengths(5))
    with pytest.raises(InvalidArgumentError, match="dimension 0 must have length of at least 3"):
        irfft_op.body(np.ones(2, np.complex64), lengths(5))
    with pytest.raises(InvalidArgumentError, match=r"fft_length must have shape \[1\]"):
        rfft_op.body(np.ones(4, np.float32), lengths(2, 2))
    with pytest.raises(InvalidArgumentError, match=r"fft_length\[\*\] must be >= 0"):
        rfft_op.body(np.ones(4, np.float32), lengths(-1))
    with pytest.raises(InvalidArgumentError, match="Input must have rank of at least 2"):
        rfft2d_op.body(np.ones(4, np.float32), lengths(1, 4))
    with pytest.raises(InvalidArgumentError, match="Wrong types for FFT"):
        rfft_op.body(np.ones(4, np.float32), lengths(4), Tcomplex=complex128)
