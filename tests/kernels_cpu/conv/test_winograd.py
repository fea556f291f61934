"""Winograd's convolution keeps its bound, is exact on whole numbers, and passes over infinities."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu.conv import conv2d, transforms, winograd
from minitf.ops.conv.conv2d import correlate as plain
from minitf.ops.conv.conv2d import spread as plain_spread
from minitf.ops.conv.windows import Frame

SIZES = st.tuples(st.integers(1, 2), st.integers(3, 9), st.integers(3, 9))
PADDINGS = st.sampled_from(["SAME", "VALID"])
CHANNELS = st.sampled_from([16, 48, 80])


def windows_of(sizes, padding):
    frame = Frame((1, 1), (1, 1), padding, ((0, 0), (0, 0)), False)
    return frame.windows(sizes[1:], (3, 3))


def always():
    """Let even the smallest convolutions be made so."""
    return patch.multiple(winograd, LEAST_WINDOWS=1, LEAST_WORK=1, LEAST_CHANNELS=1)


def made(function, *args):
    with always(), np.errstate(all="ignore"), patch.object(conv2d, "_gathered") as direct:
        found = function(*args)
    direct.assert_not_called()
    return found


def bound_of(images, filter, windows):
    """Return the module's bound: sums of absolute values through absolute matrices."""
    B, G, A = (
        np.abs(np.array(m, np.float64))
        for m in (transforms.OF_IMAGES, transforms.OF_FILTER, transforms.OF_SUMS)
    )
    margins = [(s.before, s.after + s.count % 2) for s in windows.sweeps]
    cells = np.pad(np.abs(images).astype(np.float64), [(0, 0), *margins, (0, 0)])
    u = np.einsum("ei,ijck,fj->efck", G, np.abs(filter).astype(np.float64), G)
    P, Q = windows.counts
    total = np.zeros((len(images), P + P % 2, Q + Q % 2, filter.shape[-1]))
    for y in range(0, P, 2):
        for x in range(0, Q, 2):
            v = np.einsum("ei,nijc,fj->nefc", B, cells[:, y : y + 4, x : x + 4], B)
            m = np.einsum("nefc,efck->nefk", v, u)
            total[:, y : y + 2, x : x + 2] = np.einsum("pe,nefk,qf->npqk", A, m, A)
    return (images.shape[-1] + 12) * np.finfo(images.dtype).eps * total[:, :P, :Q]


@given(SIZES, CHANNELS, CHANNELS, PADDINGS, st.sampled_from("fd"), st.integers(0, 9))
def test_errors_keep_the_bound(sizes, C, K, padding, dtype, seed):
    rng, windows = np.random.default_rng(seed), windows_of(sizes, padding)
    images = (rng.normal(size=(*sizes, C)) * 10 ** rng.uniform(-3, 3, (*sizes, C))).astype(dtype)
    filter = rng.normal(size=(3, 3, C, K)).astype(dtype)
    exact = plain(images.astype(np.longdouble), filter.astype(np.longdouble), windows)

    found = made(conv2d.correlate, images, filter, windows)
    assert (np.abs(found - exact) <= bound_of(images, filter, windows)).all()


@given(SIZES, CHANNELS, CHANNELS, PADDINGS, st.integers(0, 9))
def test_whole_numbers_are_exact_forth_and_back(sizes, C, K, padding, seed):
    rng, windows = np.random.default_rng(seed), windows_of(sizes, padding)
    images = rng.integers(-8, 9, (*sizes, C)).astype(np.float32)
    filter = rng.integers(-8, 9, (3, 3, C, K)).astype(np.float32)
    found = made(conv2d.correlate, images, filter, windows)

    np.testing.assert_array_equal(found, plain(images, filter, windows))
    np.testing.assert_array_equal(
        made(conv2d.spread, found % 8, filter, windows), plain_spread(found % 8, filter, windows)
    )


@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan, 3e38])
@pytest.mark.parametrize("of_filter", [False, True])
def test_what_is_not_finite_stays_where_it_is_seen(odd, of_filter):
    images, filter = np.ones((1, 7, 7, 16), np.float32), np.ones((3, 3, 16, 16), np.float32)
    if of_filter:
        filter[1, 1, 2, 3] = odd
    else:
        images[0, 2, 3, 4] = odd
    windows = windows_of(images.shape[:-1], "SAME")
    with always(), np.errstate(all="ignore"):
        found = conv2d.correlate(images, filter, windows)
        want = plain(images, filter, windows)

    np.testing.assert_allclose(found, want, rtol=1e-6)


def test_the_bits_do_not_depend_on_how_work_is_cut():
    rng, windows = np.random.default_rng(0), windows_of((3, 9, 9), "SAME")
    images = rng.normal(size=(3, 9, 9, 16)).astype(np.float32)
    filter = rng.normal(size=(3, 3, 16, 32)).astype(np.float32)
    found = made(conv2d.correlate, images, filter, windows)
    with patch.multiple(winograd, SQUARES=7, PARTS=3):
        other = made(conv2d.correlate, images, filter, windows)

    assert found.tobytes() == other.tobytes()
