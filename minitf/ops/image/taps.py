"""How the cells of a resized axis are made of the cells of the old one: taps.

Each of P output cells is a weighted sum of K input cells.  All of it is computed in float32, in
TensorFlow's order, so that the same cells are taken.  Height and width are resized one after the
other; the gradient of a resize gives each cell back what was taken from it.

    to 3 cells from 2, linear:   out[1] = 1/3 in[0] + 2/3 in[1]
    linear(2, 3).cells[1]   -> [0, 1]
    linear(2, 3).weights[1] -> [1/3, 2/3]

Letters: P output cells of an axis, K taps, N H W C images.

Source: TensorFlow's resizing ops.
"""

from typing import Any, NamedTuple

import numpy as np

from minitf.errors import invalid
from minitf.shapes import UNKNOWN, Shape

Array = np.ndarray[Any, Any]

F = np.float32
CUBIC_STEPS = 1024  # TensorFlow reads the cubic from a table of that many places


class Taps(NamedTuple):
    """Where output cells come from: `cells` int[P, K], `weights` float32[P, K]."""

    cells: Array
    weights: Array

    def gathered(self, x: Array, axis: int) -> Array:
        """Return the weighted sums along an axis."""
        rows = np.moveaxis(x, axis, 0)
        out = np.zeros((len(self.cells), *rows.shape[1:]), x.dtype)
        for cell, weight in zip(self.cells.T, self.weights.T, strict=True):
            out += weight.reshape(-1, *[1] * (x.ndim - 1)) * rows[cell]
        return np.moveaxis(out, 0, axis)

    def blended(self, x: Array, axis: int) -> Array:
        """Return the sums of two taps as low + (high - low) * weight: equal cells stay exact."""
        low, high = (np.take(x, cells, axis) for cells in self.cells.T)
        return low + (high - low) * self.weights[:, 1].reshape(-1, *[1] * (x.ndim - axis - 1))

    def spread(self, grads: Array, axis: int, size: int) -> Array:
        """Return what each of `size` input cells gets back: the adjoint of `gathered`."""
        rows = np.moveaxis(grads, axis, 0)
        out = np.zeros((size, *rows.shape[1:]), grads.dtype)
        for row, cells, weights in zip(rows, self.cells, self.weights, strict=True):
            for cell, weight in zip(cells, weights, strict=True):
                out[cell] += weight * row
        return np.moveaxis(out, 0, axis)


# --- places ------------------------------------------------------------------------------------


def scale_of(before: int, after: int, *, align_corners: bool) -> np.float32:
    """Return how many input cells lie between two output cells."""
    if align_corners and after > 1:
        return F(before - 1) / F(after - 1)
    return F(before) / F(after)


def places(
    before: int, after: int, *, align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """Return where the output cells lie in the input: float32[P]."""
    scale = scale_of(before, after, align_corners=align_corners)
    at = np.arange(after, dtype=F)
    if half_pixel_centers:
        return (at + F(0.5)) * scale - F(0.5)
    return at * scale


def inside(cells: Array, size: int) -> Array:
    """Return cells moved to the nearest one of an axis."""
    return np.clip(cells, 0, size - 1)


# --- kinds -------------------------------------------------------------------------------------


def nearest(
    before: int, after: int, *, align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """Return the one cell that each output cell copies: int[P]."""
    scale = scale_of(before, after, align_corners=align_corners)
    at = np.arange(after, dtype=F)
    at = (at + F(0.5)) * scale if half_pixel_centers else at * scale
    # half a cell is rounded away from zero
    return inside(np.floor(at + F(0.5) if align_corners else at).astype(np.intp), before)


def linear(before: int, after: int, **corners: bool) -> Taps:
    """Return the two cells around each place, weighted by nearness."""
    at = places(before, after, **corners)
    low = np.floor(at)
    upper = at - low
    cells = np.stack([np.maximum(low, 0), np.minimum(np.ceil(at), before - 1)], 1)
    return Taps(cells.astype(np.intp), np.stack([1 - upper, upper], 1))


def cubic(before: int, after: int, **corners: bool) -> Taps:
    """Return the four cells around each place, weighted by a piecewise cubic.

    With half-pixel centres the cubic is Keys's (a = -1/2), and cells outside count nothing.
    """
    at = places(before, after, **corners)
    low = np.floor(at)
    step = np.rint((at - low) * CUBIC_STEPS) / CUBIC_STEPS
    cells = low.astype(np.intp)[:, None] + np.arange(-1, 3)
    keys = corners.get("half_pixel_centers", False)
    weights = cubic_weights(step.astype(np.float64), -0.5 if keys else -0.75)
    if keys:
        weights = np.where(cells == inside(cells, before), weights, F(0))
        weights = weights / weights.sum(1, keepdims=True, dtype=F)
    return Taps(inside(cells, before), weights)


def cubic_weights(step: Array, a: float) -> Array:
    """Return the weights of the cells at -1, 0, 1 and 2 for places in [0, 1]: float32[P, 4]."""

    def near(x: Array) -> Array:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Array) -> Array:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return np.stack([far(1 + step), near(step), near(1 - step), far(2 - step)], 1).astype(F)


def area(before: int, after: int, *, align_corners: bool = False) -> Taps:
    """Return the cells that each output cell covers, weighted by the part that is covered."""
    scale = scale_of(before, after, align_corners=align_corners and before > 1)
    at = np.arange(after + 1, dtype=F) * scale
    start, stop = at[:-1, None], at[1:, None]
    first = np.floor(start)
    span = max(1, int((np.ceil(stop) - first).max(initial=1)))
    cells = first + np.arange(span, dtype=F)
    covered = np.minimum(cells + 1, stop) - np.maximum(cells, start)
    covered = np.where((cells < start) & (cells + 1 > stop), scale, covered)
    weights = np.where(cells < np.ceil(stop), covered, F(0)) / scale
    return Taps(inside(cells.astype(np.intp), before), weights.astype(F))


def kernel_taps(
    before: int, after: int, scale: np.float32, shift: np.float32, kind: str, *, antialias: bool
) -> Taps:
    """Return the cells under a kernel centred on each place, at any scale and shift.

    An output pixel whose centre lies outside the input is 0.

    Args:
        before: the input's size.
        after: the output's.
        scale: output cells for one input cell.
        shift: output cells by which the input is moved.
        kind: a name in `KERNELS`.
        antialias: whether the kernel is widened to cover all cells when the image shrinks.
    """
    radius, weigh = KERNELS[kind]
    step = F(1) / scale
    stretch = max(step, F(1)) if antialias else F(1)
    span = min(2 * int(np.ceil(F(radius) * stretch)) + 1, before)
    at = (np.arange(after, dtype=F) + F(0.5)) * step + (-step * shift)
    reach = F(radius) * stretch
    first = inside(np.ceil(at - reach - F(0.5)), before)[:, None]
    last = inside(np.floor(at + reach - F(0.5)), before)[:, None]
    cells = first + np.arange(span, dtype=F)
    weights = weigh(np.abs((cells + F(0.5) - at[:, None]) * (F(1) / stretch))).astype(F)
    seen = (cells <= last) & (at >= 0)[:, None] & (at <= before)[:, None]
    weights = np.where(seen, weights, F(0))
    total = weights.sum(1, keepdims=True)
    is_sum = np.abs(total) >= 1000 * np.finfo(F).tiny
    weights = weights * np.where(is_sum, F(1) / np.where(is_sum, total, F(1)), F(1))
    return Taps(inside(cells.astype(np.intp), before), weights)


def _lanczos(radius: float) -> tuple[float, Any]:
    def weigh(x: Array) -> Array:
        near = np.sinc(x) * np.sinc(x / radius)
        return np.where(x > radius, 0, np.where(x <= 1e-3, 1, near))

    return radius, weigh


def _cubic(far: tuple[float, ...], near: tuple[float, ...]) -> tuple[float, Any]:
    def weigh(x: Array) -> Array:
        return np.where(x >= 2, 0, np.where(x >= 1, np.polyval(far, x), np.polyval(near, x)))

    return 2.0, weigh


# name -> (radius, weight at a distance >= 0)
KERNELS: dict[str, tuple[float, Any]] = {
    "lanczos1": _lanczos(1.0),
    "lanczos3": _lanczos(3.0),
    "lanczos5": _lanczos(5.0),
    "gaussian": (1.5, lambda x: np.where(x >= 1.5, 0, np.exp(-x * x / (2 * 0.5 * 0.5)))),
    "box": (1.0, lambda x: np.where(x < 0.5, 1, np.where(x == 0.5, 0.5, 0))),
    "triangle": (1.0, lambda x: np.maximum(1 - x, 0)),
    "keyscubic": _cubic((-0.5, 2.5, -4, 2), (1.5, -2.5, 0, 1)),
    "mitchellcubic": _cubic((-7 / 18, 2, -10 / 3, 16 / 9), (7 / 6, -2, 0, 8 / 9)),
}


# --- what the ops share ------------------------------------------------------------------------


def check_images(images: Array, size: Array, what: str = "input") -> tuple[int, int]:
    """Check a batch of images and the size it is to get; return that size."""
    if images.ndim != 4:
        raise invalid(f"{what} must be 4-dimensional {list(images.shape)}")
    if size.shape != (2,):
        raise invalid(f"shape_t must have two elements {list(size.shape)}")
    if size.min() <= 0:
        raise invalid("output dimensions must be positive", size=size.tolist())
    if 0 in images.shape[1:3]:
        raise invalid("input image must be of non-zero size", input=list(images.shape))
    return int(size[0]), int(size[1])


def check_corners(*, align_corners: bool, half_pixel_centers: bool) -> None:
    """Refuse two rules at once for where pixels lie."""
    if align_corners and half_pixel_centers:
        raise invalid("If half_pixel_centers is True, align_corners must be False.")


def resized_shape(images: Shape, size: Any, **attrs: Any) -> Shape:
    """Return the shape of images of another height and width: the shape rule of all."""
    batch, _, _, channels = images.with_rank(4)
    if size is None:
        return Shape([batch, UNKNOWN, UNKNOWN, channels])
    if len(size) != 2:
        raise invalid(f"Dimension must be 2 but is {len(size)}")
    return Shape([batch, *size, channels])
