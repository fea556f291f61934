"""Adding a border: of one value (Pad), or of the array's own mirror image (MirrorPad).

Source: TensorFlow's ops of the same names.
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, merge
from minitf.symbols import T, Tpaddings, int32, n, two
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Mode = Literal["REFLECT", "SYMMETRIC"]

# --- Pad ---------------------------------------------------------------------------------------


@op("Pad", T=ANY, Tpaddings=INDICES.default(int32))
def pad_op(input: T, paddings: Tpaddings[n, two]) -> T:
    """Add a border of zeros.

    Args:
        input: T[...].
        paddings: per dimension how many before and how many after, >= 0.

    Returns:
        T[...], larger.

    Raises:
        InvalidArgumentError: if there is not one pair per dimension, or a number is negative.

    Source: TensorFlow's op of the same name.
    """
    return _padded(input, paddings, b"" if input.dtype == object else input.dtype.type(0))


def _padded(input: Array, paddings: Array, value: Any) -> Array:
    shape = Shape(input.shape)
    if len(paddings) != input.ndim:
        raise invalid(
            "The first dimension of paddings must be the rank of inputs"
            f"{Shape(paddings.shape)} {shape}"
        )
    out = np.full(_padded_sizes(shape, paddings), value, input.dtype)
    out[_inside(input.shape, paddings)] = input
    return out


def _padded_sizes(input: Shape, paddings: Array) -> tuple[Any, ...]:
    """Return the sizes with the border, checked as far as they are known."""
    sizes = []
    for dim, (before, after) in zip(input.with_rank(len(paddings)), paddings.tolist(), strict=True):
        for count in (before, after):
            if known(count) and count < 0:
                raise invalid(f"Paddings must be non-negative: {before} {after}")
        sizes.append(before + dim + after)
    return tuple(sizes)


def _inside(shape: tuple[int, ...], paddings: Array) -> tuple[Any, ...]:
    """Return the index of the original in the result."""
    starts = paddings[:, 0].tolist()
    return (*(slice(p, p + d) for p, d in zip(starts, shape, strict=True)), ...)


@pad_op.shape(values_of=("paddings",))
def pad_shape(input: Shape, paddings: Array | None) -> Shape:
    if paddings is None:
        return Shape.unknown(input.rank)
    if paddings.shape[1] != 2:
        raise invalid(f"Dimension must be 2 but is {paddings.shape[1]}: paddings come in pairs")
    return Shape(_padded_sizes(input, paddings))


@pad_op.gradient
def pad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [_unpadded(op, grad), None]


def _unpadded(op: Operation, grad: Tensor) -> Tensor:
    """Cut the border off a gradient."""
    input, paddings = op.inputs[:2]
    before = ops.reshape_op(ops.slice_op(paddings, [0, 0], [-1, 1]), [-1])
    return ops.slice_op(grad, before, ops.shape_op(input, out_type=paddings.dtype))


# --- PadV2 -------------------------------------------------------------------------------------


@op("PadV2", T=ANY, Tpaddings=INDICES.default(int32))
def pad_v2_op(input: T, paddings: Tpaddings[n, two], constant_values: T[()]) -> T:
    """Add a border of one value.

    Args:
        input: T[...].
        paddings: per dimension how many before and how many after, >= 0.
        constant_values: scalar, the value.

    Returns:
        T[...], larger.

    Raises:
        InvalidArgumentError: if there is not one pair per dimension, or a number is negative.

    Source: TensorFlow's op of the same name.
    """
    return _padded(input, paddings, constant_values)


@pad_v2_op.shape(values_of=("paddings",))
def pad_v2_shape(input: Shape, paddings: Array | None, constant_values: Shape) -> Shape:
    return pad_shape(input, paddings)


@pad_v2_op.gradient
def pad_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [_unpadded(op, grad), None, None]


# --- MirrorPad ---------------------------------------------------------------------------------


@op("MirrorPad", T=ANY, Tpaddings=INDICES.default(int32))
def mirror_pad_op(input: T, paddings: Tpaddings[n, two], *, mode: Mode) -> T:
    """Add a border that mirrors the array at its edges.

    Args:
        input: T[...].
        paddings: per dimension how many before and how many after; at most the size (SYMMETRIC)
            or the size - 1 (REFLECT).
        mode: REFLECT leaves the edge itself out of the image, SYMMETRIC repeats it.

    Returns:
        T[...], larger.

    Raises:
        InvalidArgumentError: if the border is wider than the image.

    Source: TensorFlow's op of the same name.
    """
    sources = _mirror_sources(input.shape, paddings, mode)
    return input[np.ix_(*sources)] if sources else input


def _mirror_sources(shape: tuple[int, ...], paddings: Array, mode: str) -> list[Array]:
    """Return per dimension which place of the input each place of the result shows."""
    offset = 0 if mode == "SYMMETRIC" else 1
    _padded_sizes(Shape(shape), paddings)
    sources = []
    for dim, (before, after) in zip(shape, paddings.tolist(), strict=True):
        if max(before, after) > dim - offset:
            bound = "less than" if offset else "no greater than"
            raise invalid(
                f"paddings must be {bound} the dimension size: {before}, {after} {bound} {dim}"
            )
        places = np.arange(-before, dim + after)
        places = np.where(places < 0, -places - 1 + offset, places)
        sources.append(np.where(places >= dim, 2 * dim - 1 - offset - places, places))
    return sources


@mirror_pad_op.shape(values_of=("paddings",))
def mirror_pad_shape(input: Shape, paddings: Array | None, *, mode: str) -> Shape:
    return pad_shape(input, paddings)


@mirror_pad_op.gradient
def mirror_pad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.mirror_pad_grad_op(grad, op.inputs[1], mode=op.attrs["mode"]), None]


# --- MirrorPadGrad -----------------------------------------------------------------------------


@op("MirrorPadGrad", T=ANY, Tpaddings=INDICES.default(int32))
def mirror_pad_grad_op(input: T, paddings: Tpaddings[n, two], *, mode: Mode) -> T:
    """Fold a mirrored border back and add it up: the gradient of MirrorPad.

    Args:
        input: T[...], a gradient of MirrorPad's result.
        paddings: as MirrorPad's.
        mode: as MirrorPad's.

    Returns:
        T[...] of MirrorPad's input shape.

    Raises:
        InvalidArgumentError: if the border is wider than the image.

    Source: TensorFlow's op of the same name.
    """
    shape = tuple(np.subtract(input.shape, paddings.sum(axis=1)).tolist())
    for axis, places in enumerate(_mirror_sources(shape, paddings, mode)):
        folded = np.zeros((shape[axis], *np.delete(input.shape, axis)), input.dtype)
        np.add.at(folded, places, np.moveaxis(input, axis, 0))
        input = np.moveaxis(folded, 0, axis)
    return input


@mirror_pad_grad_op.shape(values_of=("paddings",))
def mirror_pad_grad_shape(input: Shape, paddings: Array | None, *, mode: str) -> Shape:
    if paddings is None:
        return Shape.unknown(input.rank)
    merge(Shape(paddings.shape), Shape([UNKNOWN, 2]))
    pairs = zip(input.with_rank(len(paddings)), paddings.tolist(), strict=True)
    return Shape(dim - before - after for dim, (before, after) in pairs)


@mirror_pad_grad_op.gradient
def mirror_pad_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.mirror_pad_op(grad, op.inputs[1], mode=op.attrs["mode"]), None]
