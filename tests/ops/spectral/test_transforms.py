"""Fourier transforms: numbers worked by hand, their laws."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.spectral.transforms import fft2d_op, fft3d_op, fft_op, ifft2d_op, ifft3d_op, ifft_op
from minitf.testing.strategies import real

PAIRS = [(fft_op, ifft_op), (fft2d_op, ifft2d_op), (fft3d_op, ifft3d_op)]


def test_a_wave_has_one_frequency():
    wave = np.complex64([1, 1j, -1, -1j])  # once around

    np.testing.assert_allclose(fft_op.body(wave), [0, 4, 0, 0], atol=1e-6)


def test_an_impulse_has_all_frequencies():
    assert fft_op.body(np.complex64([1, 0, 0])).tolist() == [1, 1, 1]


@pytest.mark.parametrize(("forward", "inverse"), PAIRS)
@given(x=real((2, 3, 4, 5)), y=real((2, 3, 4, 5)))
def test_the_inverse_undoes_a_transform_that_keeps_lengths(forward, inverse, x, y):
    z = x + 1j * y
    made = forward.body(z)
    count = {fft_op: 5, fft2d_op: 20, fft3d_op: 60}[forward]

    np.testing.assert_allclose(inverse.body(made), z, atol=1e-13)
    np.testing.assert_allclose(
        np.sum(np.abs(made) ** 2), count * np.sum(np.abs(z) ** 2), rtol=1e-12, atol=1e-12
    )


@given(x=real((4, 6)))
def test_a_transform_of_two_dimensions_is_one_along_each(x):
    z = x.astype(complex)
    along = fft_op.body(fft_op.body(z).T).T

    np.testing.assert_allclose(fft2d_op.body(z), along, atol=1e-12)


@pytest.mark.parametrize("kind", [np.complex64, np.complex128])
def test_the_type_stays(kind):
    assert fft3d_op.body(np.ones((1, 2, 3), kind)).dtype == kind


def test_nothing_is_transformed_to_nothing():
    for forward, inverse in PAIRS:
        for op in (forward, inverse):
            assert op.body(np.zeros((2, 0, 3), np.complex64)).shape == (2, 0, 3)


def test_too_few_dimensions_are_refused():
    with pytest.raises(InvalidArgumentError, match="Input must have rank of at least 2"):
        fft2d_op.body(np.zeros(3, np.complex64))
