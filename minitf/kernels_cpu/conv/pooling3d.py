"""CPU kernels of pooling of volumes.

The greatest value of a box is the greatest of its planes' greatest values, and so are averages:
volumes are pooled as images twice, each plane by itself, then along depth, by the loops of
`.pooling`.  Where the gradient of a greatest value goes is not separable and has loops of its own.

Letters: N batch, D H W volumes, C channels, T R S window, Y U V strides, G P Q windows.

Source: 2015 Table 1; docs/kernels.md has the figures.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.dtypes import float32
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.conv.pooling import TYPES, average, greatest, share
from minitf.kernels_cpu.jit import loops
from minitf.ops.conv import pooling3d
from minitf.ops.conv.pools import Pool, check_shape
from minitf.ops.conv.windows import Sweep, Windows

Array = np.ndarray[Any, Any]


@pooling3d.max_pool3d_op.kernel("CPU", T=(float32,))
def max_pool3d(input, *, ksize, strides, padding, data_format="NDHWC"):
    """Take the greatest value of each window."""
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    return pool.applied(greatest_of_boxes, input)


@pooling3d.max_pool3d_grad_op.kernel("CPU", T=(float32,), TInput=(float32,))
def max_pool3d_grad(orig_input, orig_output, grad, *, ksize, strides, padding, data_format="NDHWC"):
    """Give each window's gradient to all its greatest cells."""
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    return pool.applied(give_to_all_greatest, orig_input, orig_output, grad)


@pooling3d.avg_pool3d_op.kernel("CPU", T=TYPES)
def avg_pool3d(input, *, ksize, strides, padding, data_format="NDHWC"):
    """Average each window over its cells inside the volume."""
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    return pool.applied(average_of_boxes, input)


@pooling3d.avg_pool3d_grad_op.kernel("CPU", T=TYPES)
def avg_pool3d_grad(orig_input_shape, grad, *, ksize, strides, padding, data_format="NDHWC"):
    """Share each window's gradient among its cells inside the volume."""
    pool = Pool.of_volumes(ksize, strides, padding, data_format)
    volumes = np.broadcast_to(grad.dtype.type(0), orig_input_shape)
    return pool.applied(share_in_boxes, volumes, grad)


# --- volumes [N, D, H, W, C] ---------------------------------------------------------------------


def greatest_of_boxes(volumes: Array, windows: Windows) -> Array:
    """Return the greatest value of each window."""
    return _in_two_steps(greatest, volumes, windows)


def average_of_boxes(volumes: Array, windows: Windows) -> Array:
    """Return the average of each window."""
    return _in_two_steps(average, volumes, windows)


def _in_two_steps(pool: Any, volumes: Array, windows: Windows) -> Array:
    depth, along_depth, in_planes = _steps(windows)
    n, c = len(volumes), volumes.shape[-1]
    planes: Array = pool(volumes.reshape(n * depth.size, *volumes.shape[2:]), in_planes)
    columns = planes.reshape(n, depth.size, math.prod(planes.shape[1:3]), c)
    pooled: Array = pool(columns, along_depth)
    return pooled.reshape(n, *windows.counts)


def share_in_boxes(volumes: Array, grads: Array, windows: Windows) -> Array:
    """Add to each cell its share of its windows' gradients; of `volumes` only the shape counts."""
    check_shape("grad", grads, (len(volumes), *windows.counts))
    depth, along_depth, in_planes = _steps(windows)
    n, c = len(volumes), volumes.shape[-1]
    like = grads.dtype.type(0)
    columns = grads.reshape(n, depth.count, math.prod(grads.shape[2:4]), c)
    planes = share(np.broadcast_to(like, (n, depth.size, *columns.shape[2:])), columns, along_depth)
    planes = planes.reshape(n * depth.size, *grads.shape[2:])
    cells = np.broadcast_to(like, (n * depth.size, *volumes.shape[2:]))
    return share(cells, planes, in_planes).reshape(volumes.shape)


def _steps(windows: Windows) -> tuple[Sweep, Windows, Windows]:
    """Return the way along depth, windows over columns [N, D, P * Q, C], and over planes."""
    depth, height, width, channels = windows.sweeps
    size = height.count * width.count
    still = Sweep(size, window=1, stride=1, dilation=1, before=0, after=0, count=size)
    return depth, Windows((depth, still, channels)), Windows((height, width, channels))


def give_to_all_greatest(volumes: Array, pooled: Array, grads: Array, windows: Windows) -> Array:
    """Add each window's gradient to all its cells that equal the greatest value."""
    for what, array in (("orig_output", pooled), ("grad", grads)):
        check_shape(what, array, (len(volumes), *windows.counts))
    out = np.empty(volumes.shape, volumes.dtype)
    z, y, x, _ = windows.sweeps
    threads.split(
        give_to_all_greatest_loops,
        len(volumes),
        *[np.ascontiguousarray(each) for each in (volumes, pooled, grads)],
        *(z.window, y.window, x.window, z.stride, y.stride, x.stride),
        *(z.before, y.before, x.before),
        out,
        cost=2 * max(1, math.prod((*grads.shape[1:], z.window, y.window, x.window))),
    )
    return out


@loops
def give_to_all_greatest_loops(
    first, last, volumes, pooled, grads, T, R, S, Y, U, V, front, top, left, out
):
    """Fill volumes first..last."""
    _, D, H, W, C = volumes.shape
    _, G, P, Q, _ = grads.shape
    for n in range(first, last):
        out[n] = 0
        for window in range(G * P * Q):
            g, p, q = window // (P * Q), window // Q % P, window % Q
            z, y, x = g * Y - front, p * U - top, q * V - left
            best, grad = pooled[n, g, p, q], grads[n, g, p, q]
            for t in range(max(0, -z), min(T, D - z)):
                for r in range(max(0, -y), min(R, H - y)):
                    for s in range(max(0, -x), min(S, W - x)):
                        cell = volumes[n, z + t, y + r, x + s]
                        given = out[n, z + t, y + r, x + s]
                        for c in range(C):
                            given[c] += grad[c] if cell[c] == best[c] else 0
