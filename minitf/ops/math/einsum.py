"""Einstein's summation as one op: sums of products of one or two tensors with lettered axes.

    "ij,jk->ik"     product of matrices           "ii->i"          diagonal
    "...ij->...ji"  transposes of a batch         "i->ii"          matrix of that diagonal

An axis letter that the result lacks is summed over; `...` stands for further axes, which broadcast.
`tf.einsum` of 1.15 makes matrix products and sums of this; the op is what graphs of newer programs
hold.

Source: Einstein 1916; TensorFlow's op of the same name.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.array.broadcasting import reduced_to_shape_of
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape, broadcast, known
from minitf.symbols import List, N, T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Axes = list[Any]  # of letters, and of numbers for the axes of an ellipsis, counted from the last


# --- the equation --------------------------------------------------------------------------------


def _parts(equation: str) -> tuple[list[str], str]:
    """Return the subscripts of the inputs and of the result."""
    sides = equation.split("->")
    if len(sides) != 2:
        raise invalid(f"Expecting exactly one '->' in einsum equation: {equation}")
    inputs = sides[0].split(",")
    if len(inputs) > 2:
        raise invalid(
            f"Expecting 1 or 2 input subscripts in equation '{equation}' but got: {len(inputs)}"
        )
    for subscripts in (*inputs, sides[1]):
        if not subscripts.replace("...", "", 1).isalpha() and subscripts not in ("", "..."):
            raise invalid(f"Subscripts must be letters and at most one ellipsis: {equation}")
    if missing := set(sides[1]) - set(sides[0]) - {"."}:
        raise invalid(f"Output subscripts {sorted(missing)} are in no input: {equation}")
    return inputs, sides[1]


def _axes(subscripts: str, count: int) -> Axes:
    """Return letters and numbers; `count` is that of the axes behind the ellipsis."""
    before, dots, after = subscripts.partition("...")
    return [*before, *(range(count, 0, -1) if dots else ()), *after]


def _spelled(equation: str, ranks: Sequence[int]) -> tuple[list[Axes], Axes]:
    """Return the axes of each input and of the result, ellipses replaced."""
    inputs, output = _parts(equation)
    if len(ranks) != len(inputs):
        raise invalid(
            f"Expected {len(inputs)} inputs for equation {equation} but got: {len(ranks)}"
        )
    counts = []
    for i, (subscripts, rank) in enumerate(zip(inputs, ranks, strict=True)):
        letters = len(subscripts.replace("...", ""))
        if "..." in subscripts and rank < letters:
            raise invalid(f"Expected input {i} to have rank at least {letters} but got: {rank}")
        if "..." not in subscripts and rank != letters:
            raise invalid(f"Expected input {i} to have rank {letters} but got: {rank}")
        counts.append(rank - letters)
    most = max(counts)
    if most and "..." not in output:
        raise invalid(
            f"Output contains {most} broadcasting dimension(s) but no ellipsis (...) was found in "
            "the output subscripts."
        )
    found = [_axes(own, count) for own, count in zip(inputs, counts, strict=True)]
    return found, _axes(output, most)


def _sizes(axes: list[Axes], shapes: Sequence[Shape]) -> dict[Any, Any]:
    """Return the size of each axis, as far as it is known."""
    sizes: dict[Any, Any] = {}
    for own, shape in zip(axes, shapes, strict=True):
        for i, (axis, size) in enumerate(zip(own, shape, strict=True)):
            before = sizes.get(axis, UNKNOWN)
            if isinstance(axis, int):
                sizes[axis] = broadcast(Shape([sizes.get(axis, 1)]), Shape([size]))[0]
            elif known(before, size) and before != size:
                raise invalid(
                    f"Expected dimension {before} at axis {i} of the input shaped {shape} but got "
                    f"dimension {size}"
                )
            else:
                sizes[axis] = before if known(before) else size
    return sizes


# --- Einsum --------------------------------------------------------------------------------------


@op("Einsum", N=at_least(1), T=ANY)
def einsum_op(inputs: List[T, N], *, equation: str) -> T:
    """Sum products of one or two tensors over the axes whose letters the result lacks.

    Args:
        inputs: number[...], one or two.
        equation: letters of each input's axes, a comma between them, `->`, letters of the result's.
            A letter that repeats stands for a diagonal; `...` for further axes, which broadcast.

    Returns:
        number[...].

    Raises:
        InvalidArgumentError: if the equation is malformed or does not fit the inputs.

    Source: TensorFlow's op of the same name.
    """
    axes, wanted = _spelled(equation, [x.ndim for x in inputs])
    sizes = _sizes(axes, [Shape(x.shape) for x in inputs])
    numbers = {axis: i for i, axis in enumerate(sizes)}
    once = list(dict.fromkeys(wanted))
    operands: list[Any] = []
    for x, own in zip(inputs, axes, strict=True):
        operands += [wide(x), [numbers[axis] for axis in own]]
    made: Array = np.einsum(*operands, [numbers[axis] for axis in once], optimize=True)
    made = made.astype(inputs[0].dtype, copy=False)
    if len(once) == len(wanted):
        return made
    out = np.zeros([sizes[axis] for axis in wanted], made.dtype)
    places = [numbers[axis] for axis in wanted], [numbers[axis] for axis in once]
    np.einsum(out, *places)[...] = made  # a view of the diagonal
    return out


@einsum_op.shape
def einsum_shape(inputs: list[Shape], *, equation: str) -> Shape:
    _parts(equation)
    ranks = [x.rank for x in inputs if x.rank is not None]
    if len(ranks) < len(inputs):
        return Shape.unknown()
    axes, wanted = _spelled(equation, ranks)
    sizes = _sizes(axes, inputs)
    return Shape([sizes[axis] for axis in wanted])


@einsum_op.gradient
def einsum_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    """Sum the products of the gradient and the other factor over what this one lacks."""
    subscripts, output = _parts(op.attrs["equation"])
    if len(op.inputs) == 1:
        return [_of_factor(subscripts[0], output, op.inputs[0], grad)]
    (x, y), (of_x, of_y) = op.inputs, subscripts
    return [
        _of_factor(of_x, output, x, grad, conjugate(y), of_y),
        _of_factor(of_y, output, y, grad, conjugate(x), of_x),
    ]


def _of_factor(
    own: str, output: str, x: Tensor, grad: Tensor, factor: Tensor | None = None, other: str = ""
) -> Tensor:
    """Return the gradient of a factor with the subscripts `own`; the other one has `other`."""
    dots = "..." if "..." in output else ""
    letters = "".join(dict.fromkeys(own.replace("...", "")))
    kept = "".join(c for c in letters if c in output + other)
    factors, subscripts = [grad], output
    if factor is not None:
        factors, subscripts = [grad, factor], f"{output},{other}"
    made: Tensor = ops.einsum_op(factors, equation=f"{subscripts}->{dots}{kept}")
    front = ("..." if "..." in own else "") + letters  # the ellipsis in front
    like = x if front == own else ops.einsum_op([x], equation=f"{own}->{front}")
    if kept != letters:  # axes that only this factor has were summed: spread the gradient there
        spread = f"{dots}{kept},{front}->{dots}{letters}"
        made = ops.einsum_op([made, ops.ones_like_op(like)], equation=spread)
    if dots:
        made = reduced_to_shape_of(made, like)
    return made if front == own else ops.einsum_op([made], equation=f"{front}->{own}")
