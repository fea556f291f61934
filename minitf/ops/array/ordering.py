"""Dimensions in another order: Transpose, and the permutations that say which.

Bodies return views: an executor copies what it hands out.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import T, Tperm, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Transpose ---------------------------------------------------------------------------------


@op("Transpose", T=ANY, Tperm=INDICES.default(int32), outputs=("y",))
def transpose_op(x: T, perm: Tperm[n]) -> T:
    """Permute the dimensions.

    Args:
        x: T[...].
        perm: dimension i of the result is dimension perm[i] of `x`.

    Returns:
        T[...].

    Raises:
        InvalidArgumentError: if `perm` is no permutation of the dimensions.

    Source: TensorFlow's op of the same name.
    """
    return x.transpose(_permutation(tuple(perm.tolist()), x.ndim))


def _permutation(perm: tuple[Any, ...], rank: int) -> tuple[Any, ...]:
    """Return a permutation with its negative entries counted from the front, checked."""
    if len(perm) != rank:
        raise invalid(
            f"transpose expects a vector of size {rank}. But input(1) is a vector of "
            f"size {len(perm)}"
        )
    for axis in perm:
        if not -rank <= axis < rank:
            raise invalid(f"{axis} is out of range [0 .. {rank})")
    places = tuple(axis % rank for axis in perm)
    if missing := set(range(rank)) - set(places):
        raise invalid(f"{min(missing)} is missing from {{{','.join(map(str, perm))}}}.")
    return places


@transpose_op.shape(values_of=("perm",))
def transpose_shape(x: Shape, perm: tuple[Any, ...] | None) -> Shape:
    if perm is None:
        return Shape.unknown(x.rank)
    rank = len(perm)
    if x.rank is not None and x.rank != rank:
        raise invalid(f"Dimension must be {x.rank} but is {rank}")
    for axis in perm:
        if known(axis) and not -rank <= axis < rank:
            raise invalid(f"perm dim {axis} is out of range of input rank {rank}")
    return Shape(x[axis] if known(axis) else UNKNOWN for axis in perm)


transpose_op.value_by_body(needs=("perm",))


@transpose_op.gradient
def transpose_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.transpose_op(grad, ops.invert_permutation_op(op.inputs[1])), None]


# --- ConjugateTranspose ------------------------------------------------------------------------


@op("ConjugateTranspose", T=ANY, Tperm=INDICES.default(int32), outputs=("y",))
def conjugate_transpose_op(x: T, perm: Tperm[n]) -> T:
    """Permute the dimensions and conjugate the elements.

    Args:
        x: T[...].
        perm: dimension i of the result is dimension perm[i] of `x`.

    Returns:
        T[...].

    Raises:
        InvalidArgumentError: if `perm` is no permutation of the dimensions.

    Source: TensorFlow's op of the same name.
    """
    moved = x.transpose(_permutation(tuple(perm.tolist()), x.ndim))
    return moved.conj() if moved.dtype.kind == "c" else moved


@conjugate_transpose_op.shape(values_of=("perm",))
def conjugate_transpose_shape(x: Shape, perm: tuple[Any, ...] | None) -> Shape:
    return transpose_shape(x, perm)


@conjugate_transpose_op.gradient
def conjugate_transpose_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.conjugate_transpose_op(grad, ops.invert_permutation_op(op.inputs[1])), None]


# --- InvertPermutation -------------------------------------------------------------------------


@op("InvertPermutation", T=INDICES.default(int32), outputs=("y",))
def invert_permutation_op(x: T[n]) -> T:
    """Give the permutation that undoes a permutation: y[x[i]] = i.

    Args:
        x: each of 0 .. n - 1 once.

    Returns:
        T[n].

    Raises:
        InvalidArgumentError: if `x` is no permutation.

    Source: TensorFlow's op of the same name.
    """
    seen = np.zeros(x.size, np.bool_)
    for place in x.tolist():
        if not 0 <= place < x.size:
            raise invalid(f"{place} is not between 0 and {x.size}")
        if seen[place]:
            raise invalid(f"{place} is duplicated in the input.")
        seen[place] = True
    out = np.empty_like(x)
    out[x.astype(np.int64)] = np.arange(x.size)
    return out


@invert_permutation_op.shape
def invert_permutation_shape(x: Shape) -> Shape:
    return x


invert_permutation_op.value_by_body(needs=("x",))
invert_permutation_op.no_gradient("a permutation has no slope")
