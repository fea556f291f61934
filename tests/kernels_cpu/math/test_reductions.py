"""Sums in blocks: right over any axes, within the bound, the same with any number of threads."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.math import reductions

SHAPES = [((40_000,), 0), ((300, 70), 0), ((70, 300), 1), ((9, 50, 60), 1), ((20, 30, 40), (0, 1))]


@pytest.fixture
def of_any_size(monkeypatch):
    monkeypatch.setattr(reductions, "LEAST", 1)


@pytest.mark.parametrize(("shape", "axes"), SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["sum", "mean"])
def test_whole_numbers_are_summed_exactly(name, dtype, shape, axes):
    x = np.random.default_rng(3).integers(-8, 9, shape).astype(dtype)
    axes = np.int32(axes)
    op = {"sum": ops.sum_op, "mean": ops.mean_op}[name]

    for keep in (False, True):
        found = getattr(reductions, name)(x, axes, keep_dims=keep)
        want = op.body(x, axes, keep_dims=keep)

        assert (found.shape, found.dtype) == (want.shape, want.dtype)
        np.testing.assert_allclose(found, want, rtol=1e-7 if name == "mean" else 0)


@given(
    shape=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    which=st.lists(st.booleans(), min_size=4, max_size=4),
)
@pytest.mark.usefixtures("of_any_size")
def test_any_axes_of_any_shape_are_summed(shape, which):
    x = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    axes = np.int32([i for i in range(len(shape)) if which[i]])

    np.testing.assert_array_equal(reductions.sum(x, axes), ops.sum_op.body(x, axes))


@pytest.mark.parametrize("shape", [(200_000, 1), (200_000, 3)])
def test_the_error_of_a_long_sum_is_that_of_one_block(shape):
    x = np.random.default_rng(4).uniform(0, 1, shape).astype(np.float32)
    exact = x.astype(np.float64).sum(0)

    found = reductions.sum(x, np.int32([0])).astype(np.float64)

    bound = reductions.BLOCK * np.finfo(np.float32).eps * exact
    assert np.all(np.abs(found - exact) <= bound)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_bits_do_not_depend_on_the_number_of_threads(axis, monkeypatch):
    x = np.random.default_rng(5).standard_normal((3000, 300), np.float32)
    found = []
    for count in (1, 2, 5):
        monkeypatch.setattr(threads, "thread_count", lambda n=count: n)
        found.append(reductions.sum(x, np.int32([axis])).tobytes())

    assert found[0] == found[1] == found[2]
