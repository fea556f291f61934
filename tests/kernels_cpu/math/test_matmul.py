"""Products by BLAS: right however they are cut, the same with any number of threads."""

import numpy as np
import pytest

from minitf import ops
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.math import matmul

RNG = np.random.default_rng(6)


def whole(*shape, dtype=np.float32):
    return RNG.integers(-8, 9, shape).astype(dtype)


@pytest.mark.parametrize("turns", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize(
    "sizes",
    [
        *[(5, 3, 4), (400, 300, 400), (600, 64, 10), (4, 700, 2000), (0, 3, 4), (4, 0, 3)],
        *[(20, 300, 300), (48, 800, 1700), (64, 512, 65)],
    ],
)
def test_whole_numbers_are_multiplied_exactly(sizes, turns):
    m, k, n = sizes
    a = whole(k, m) if turns[0] else whole(m, k)
    b = whole(n, k) if turns[1] else whole(k, n)
    attrs = {"transpose_a": turns[0], "transpose_b": turns[1]}

    np.testing.assert_array_equal(matmul.mat_mul(a, b, **attrs), ops.mat_mul_op.body(a, b, **attrs))


BATCHES = [
    ((40, 50, 60), (40, 60, 70)),
    ((3, 1, 4, 5), (2, 5, 6)),
    ((3, 0, 5), (3, 5, 2)),
    ((3, 2, 0), (3, 0, 0)),
]


@pytest.mark.parametrize("shapes", BATCHES)
@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
def test_batches_are_multiplied_matrix_by_matrix(shapes, dtype):
    x, y = (whole(*shape, dtype=dtype) for shape in shapes)

    np.testing.assert_array_equal(matmul.batch_mat_mul(x, y), ops.batch_mat_mul_v2_op.body(x, y))


@pytest.mark.parametrize("parts", range(1, 20))
def test_blocks_are_whole_tiles_and_none_is_twice_as_large_as_another(parts):
    for long in range(matmul.NARROWEST * parts - 100, matmul.NARROWEST * parts + 100):
        block = matmul._even(long, parts)
        last = long - block * (-(-long // block) - 1)

        assert block % 16 == 0
        assert block * parts >= long
        assert 0 < last <= block < long / parts + 16


@pytest.mark.parametrize("sizes", [(700, 300, 200), (100, 300, 1500), (48, 800, 1700)])
def test_the_bits_do_not_depend_on_the_number_of_threads(sizes, monkeypatch):
    m, k, n = sizes
    a, b = RNG.standard_normal((m, k), np.float32), RNG.standard_normal((n, k), np.float32)
    found = []
    for count in (1, 2, 5):
        monkeypatch.setattr(threads, "thread_count", lambda c=count: c)
        found.append(matmul.mat_mul(a, b, transpose_b=True).tobytes())

    assert found[0] == found[1] == found[2]
