"""CPU kernels of local response normalisation.

Rows of channels are worked on in parts that stay in the cache: loops add up the neighbours, which
they read from a row with zeros at both ends, and NumPy takes powers of a whole part at once.

Letters: M rows, C channels.

Source: Krizhevsky et al. 2012 §3.3; docs/kernels.md has the figures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.dtypes import float32
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.nn import normalisation
from minitf.ops.nn.normalisation import check_images

Array = np.ndarray[Any, Any]
PART = 1 << 15  # elements of a part: five arrays of 128 KiB at most


@normalisation.lrn_op.kernel("CPU", T=(float32,))
def lrn(input, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    """Divide each element by a power of the sum of squares of its neighbour channels."""
    check_images("in", input)
    out = np.empty(input.shape, input.dtype)

    def work(x, out):
        norm_loops(x, depth_radius, *map(np.float32, (bias, alpha)), out)
        np.multiply(x, inverse_powers(out, beta), out=out)

    over_parts(work, [input], out)
    return out


@normalisation.lrn_grad_op.kernel("CPU", T=(float32,))
def lrn_grad(
    input_grads, input_image, output_image, *, depth_radius=5, bias=1.0, alpha=1.0, beta=0.5
):
    """Carry the gradient of LRN back to its input."""
    arrays = [input_grads, input_image, output_image]
    normalisation.check_same_images(*arrays)
    out = np.empty(input_image.shape, input_image.dtype)
    factor = np.float32(2 * alpha * beta)

    def work(grads, x, y, out):
        base = np.empty(x.shape, x.dtype)
        norm_loops(x, depth_radius, *map(np.float32, (bias, alpha)), base)
        powers = inverse_powers(base, beta)
        gradient_loops(grads, x, y, base, powers, depth_radius, factor, out)

    over_parts(work, arrays, out)
    return out


def over_parts(work: Any, arrays: list[Array], out: Array) -> None:
    """Call `work(*arrays, out)` on parts of the rows of all, [M, C]."""
    C = out.shape[-1]
    if not out.size:
        return
    rows = [np.ascontiguousarray(each).reshape(-1, C) for each in (*arrays, out)]
    size = max(1, PART // C)

    def part(number: int) -> None:
        with np.errstate(all="ignore"):
            work(*[each[number * size : (number + 1) * size] for each in rows])

    threads.run_parts(part, -(-len(rows[0]) // size))


def inverse_powers(base: Array, beta: float) -> Array:
    """Return base**-beta; the roots that the papers' networks ask for are faster than powers."""
    if beta in (0.5, 0.75, 1.0):
        root = base if beta == 1 else np.sqrt(base)
        return 1 / (root * np.sqrt(root) if beta == 0.75 else root)
    return base ** np.float32(-beta)


@loops
def norm_loops(x, radius, bias, alpha, out):
    """Fill out[M, C] with bias + alpha * the sum of squares of the neighbours."""
    M, C = x.shape
    squares = np.zeros(C + 2 * radius, x.dtype)
    for m in range(M):
        total = out[m]
        for c in range(C):
            squares[radius + c] = x[m, c] * x[m, c]
            total[c] = 0
        for shift in range(2 * radius + 1):
            near = squares[shift : shift + C]
            for c in range(C):
                total[c] += near[c]
        for c in range(C):
            total[c] = bias + alpha * total[c]


@loops
def gradient_loops(grads, x, y, base, powers, radius, factor, out):
    """Fill out[M, C] with g * s**-beta - factor * x * the sum of g * y / s of the neighbours."""
    M, C = x.shape
    ratios = np.zeros(C + 2 * radius, x.dtype)
    for m in range(M):
        total = out[m]
        for c in range(C):
            ratios[radius + c] = grads[m, c] * y[m, c] / base[m, c]
            total[c] = 0
        for shift in range(2 * radius + 1):
            near = ratios[shift : shift + C]
            for c in range(C):
                total[c] += near[c]
        for c in range(C):
            total[c] = grads[m, c] * powers[m, c] - factor * x[m, c] * total[c]
