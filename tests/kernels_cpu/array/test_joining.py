"""Large arrays laid end to end."""

import numpy as np
import pytest

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.kernels_cpu import buffers
from minitf.kernels_cpu.array import joining

RNG = np.random.default_rng(0)
SIDE = 400
assert SIDE * SIDE * 4 > buffers.LEAST_BYTES


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.complex64, bool, object])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_large_arrays_are_joined_as_small_ones(dtype, axis):
    values = [RNG.integers(0, 9, (SIDE, SIDE)).astype(dtype) for _ in range(3)]

    found = joining.concat_v2(values, np.array(axis))

    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.concatenate(values, axis))


@pytest.mark.parametrize("shape", [(SIDE, 3), (SIDE,)])
def test_what_does_not_fit_is_told_as_by_the_body(shape):
    values = [np.zeros((SIDE, SIDE), np.float32), np.zeros(shape, np.float32)]
    with pytest.raises(InvalidArgumentError) as expected:
        ops.concat_v2_op.body(values, np.array(0))

    with pytest.raises(InvalidArgumentError) as raised:
        joining.concat_v2(values, np.array(0))

    assert str(raised.value) == str(expected.value)
