"""Tiles of convolutions: the machine code computes what its plain form does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu import jit
from minitf.kernels_cpu.conv.tiles import ROWS, correlate_tile, pair_tile, panel_of
from minitf.kernels_cpu.conv.transforms import transform_filter, transform_images, transform_sums

DTYPES = st.sampled_from([np.dtype("f4"), np.dtype("f8")])
TRANSFORMS = [transform_images, transform_filter, transform_sums]


@jit.loops
def correlate_loops(vectors, x, rows, i, taps, run, panels, at, out, places, shift, width):
    correlate_tile(vectors, x, rows, i, taps, run, panels, at, out, places, shift, width)


@jit.loops
def pair_loops(vectors, x, rows, first, last, cells, m, grads, width, shift, out):
    pair_tile(vectors, x, rows, first, last, cells, m, grads, width, shift, out)


@jit.loops
def transform_loops(x, at, row, column, out, to, out_row, out_column, size):
    transform(x, at, row, column, out, to, out_row, out_column, size)  # noqa: F821 bound below


def whole(rng, size, dtype):
    return rng.integers(-4, 5, size).astype(dtype)  # sums of so few are exact


@given(st.data(), DTYPES, st.integers(0, 3), st.integers(0, 7), st.integers(0, 9))
def test_a_tile_of_outputs_is_its_plain_form(data, dtype, taps, run, seed):
    rng, panel = np.random.default_rng(seed), panel_of(dtype)
    width = data.draw(st.integers(1, panel.width))
    vectors = panel.vectors(width)
    x, panels = whole(rng, 60, dtype), whole(rng, 5 + taps * run * vectors * panel.lanes, dtype)
    rows = rng.integers(0, 30, ROWS + 1)
    args = rows, 1, rng.integers(0, 20, taps), run, panels, 5
    found = []
    for function in (correlate_loops, correlate_tile.plain):
        out = np.full((ROWS + 1) * 80, 9, dtype)
        function(vectors, x, *args, out, np.arange(ROWS + 1) * 80, 3, width)
        found.append(out)

    np.testing.assert_array_equal(*found)


@given(st.data(), DTYPES, st.integers(0, 7), st.integers(0, 9))
def test_a_tile_of_a_filters_gradient_is_its_plain_form(data, dtype, windows, seed):
    rng, panel = np.random.default_rng(seed), panel_of(dtype)
    vectors = data.draw(st.integers(1, panel.most))
    width = (vectors + 1) * panel.lanes
    x, grads = whole(rng, 60, dtype), whole(rng, 8 * width, dtype)
    args = rng.integers(0, 30, 8), 1, windows + 1, rng.integers(0, 20, 2 * ROWS), ROWS, grads
    found = []
    for function in (pair_loops, pair_tile.plain):
        out = np.full(2 * ROWS * width, 9, dtype)
        function(vectors, x, *args, width, panel.lanes, out)
        found.append(out)

    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("transform", TRANSFORMS)
@given(dtype=DTYPES, vectors=st.integers(0, 2), seed=st.integers(0, 9))
def test_a_transform_is_its_plain_form(transform, dtype, vectors, seed):
    size = vectors * panel_of(dtype).lanes
    x = whole(np.random.default_rng(seed), 1 + 16 * size, dtype)
    found = []
    for function in (transform_loops.bound(transform=transform), transform.plain):
        out = np.full(2 + 16 * size, 9, dtype)
        function(x, 1, 4 * size, size, out, 2, 4 * size, size, size)
        found.append(out)

    np.testing.assert_array_equal(*found)
