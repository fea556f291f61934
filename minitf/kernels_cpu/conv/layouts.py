"""How the tiles of convolutions want images and filters to lie in memory.

Source: no paper; docs/kernels.md has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.kernels_cpu import buffers, threads
from minitf.kernels_cpu.jit import loops

Array = np.ndarray[Any, Any]

LINE = 64  # bytes that the cache keeps together
TURNED = 16  # numbers that are turned together: lines of memory are read whole


def padded(images: Array, margins: Sequence[tuple[int, int]]) -> Array:
    """Return packed images with zeros around them, or the images where nothing is added."""
    if not any(map(any, margins)):
        return np.ascontiguousarray(images)
    N, *sizes, C = images.shape
    ends = [(before, before + size) for size, (before, _) in zip(sizes, margins, strict=True)]
    whole = [size + sum(margin) for size, margin in zip(sizes, margins, strict=True)]
    found = buffers.empty((N, *whole, C), images.dtype)
    inside: Any = (slice(None), *[slice(first, last) for first, last in ends])

    def copy(first: int, last: int) -> None:
        found[first:last] = 0
        found[first:last][inside] = images[first:last]

    threads.split(copy, N, cost=max(1, math.prod(found.shape[1:])))
    return found


def panels_of(filter: Array, lanes: int, most: int) -> Array:
    """Lay out a filter: for each panel and cell the channels side by side, and zeros behind.

    Args:
        filter: [cells, K], packed.
        lanes: channels of a vector; `most` of a panel.
    """
    depth, K = filter.shape
    found = aligned(depth * -(-K // lanes) * lanes, filter.dtype)

    def fill(part: int) -> None:
        first, last = part * most, min(part * most + most, K)
        width = -(-(last - first) // lanes) * lanes
        panel = found[depth * first : depth * (first + width)].reshape(depth, width)
        panel[:, : last - first] = filter[:, first:last]
        panel[:, last - first :] = 0

    threads.run_parts(fill, -(-K // most))
    return found


def turned(filter: Array, taps: Sequence[Sequence[int]]) -> Array:
    """Return some taps of a filter, in this order, their channels exchanged: [cells, C]."""
    *window, C, K = filter.shape
    order = np.ravel(np.ravel_multi_index(np.ix_(*taps), window))
    found = buffers.empty((order.size, K, C), filter.dtype)
    flat = np.ascontiguousarray(filter).reshape(math.prod(window), C, K)
    threads.split(turn_loops, order.size, flat, order, found, cost=max(1, 2 * C * K))
    return found.reshape(order.size * K, C)


def widened(grads: Array, width: int) -> Array:
    """Return packed gradients, with zeros behind their channels."""
    K = grads.shape[-1]
    if width == K:
        return np.ascontiguousarray(grads)
    found = aligned(grads.size // max(1, K) * width, grads.dtype).reshape(*grads.shape[:-1], width)

    def copy(first: int, last: int) -> None:
        found[first:last, ..., :K] = grads[first:last]
        found[first:last, ..., K:] = 0

    threads.split(copy, len(grads), cost=max(1, math.prod(found.shape[1:])))
    return found


def aligned(size: int, dtype: Any) -> Array:
    """Return memory that begins with a line of the cache: a vector in two lines is read twice."""
    found = buffers.empty((size + LINE // dtype.itemsize,), dtype)
    start = -found.ctypes.data % LINE // dtype.itemsize
    return found[start : start + size]


def flat_from(images: Array, at: int) -> Array:
    """Return what lies in packed images from a number on, flat."""
    return images.reshape(-1)[at:]


@loops
def turn_loops(first, last, filter, order, out):
    """Exchange the two axes of each tap first..last."""
    C, K = filter.shape[1:]
    for t in range(first, last):
        tap = order[t]
        for k in range(0, K, TURNED):
            for c in range(C):
                for j in range(k, min(k + TURNED, K)):
                    out[t, j, c] = filter[tap, c, j]
