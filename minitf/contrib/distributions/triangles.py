"""Triangles of matrices as vectors, and functions of diagonals.

    fill_triangular([1, 2, 3, 4, 5, 6]) = [[4, 0, 0], [6, 5, 0], [3, 2, 1]]

The vector runs clockwise round the triangle, so that filling is one concatenation: the vector
without its first n numbers, and all of it backwards, are n rows whose lower triangle is it.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.array import concat, reshape, reverse
from minitf.api.casting import cast
from minitf.api.diagonals import matrix_band_part, matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.api.framework import name_scope
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import float64, int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


def triangle_size(length: int) -> int:
    """Return n of n (n + 1) / 2.

    Raises:
        ValueError: if there is none.
    """
    n = (math.isqrt(1 + 8 * length) - 1) // 2
    if n * (n + 1) // 2 != length:
        raise ValueError(
            f"Input right-most shape ({length}) does not correspond to a triangular matrix."
        )
    return n


def triangle_size_tensor(length: Tensor) -> Tensor:
    """Return the same of a number that is known when the graph runs."""
    root = ops.sqrt_op(cast(8 * length + 1, float64))
    return cast(ops.round_op((root - 1.0) / 2.0), int32)


def fill_triangular(x: Any, upper: bool = False, name: str | None = None) -> Tensor:
    """Return a triangle with the numbers of a vector.

    Args:
        x: [..., n (n + 1) / 2].
        upper: whether they fill the upper triangle, and not the lower one.
        name: name scope of all operations.

    Returns:
        [..., n, n], 0 beside the triangle.

    Raises:
        ValueError: if no triangle has as many numbers.
    """
    with name_scope(name, "fill_triangular", [x]):
        x = convert_to_tensor(x, name="x")
        known = x.shape.with_rank_at_least(1)
        length = known[-1].value
        n: Any = triangle_size_tensor(shape(x)[-1]) if length is None else triangle_size(length)
        backwards = reverse(x[..., n:] if upper else x, [-1])
        rows = concat([x, backwards] if upper else [x[..., n:], backwards], -1)
        square = reshape(rows, concat([shape(x)[:-1], [n, n]], 0))
        square.set_shape(known[:-1].concatenate([None, None] if length is None else [n, n]))
        return matrix_band_part(square, 0 if upper else -1, -1 if upper else 0)


def fill_triangular_inverse(x: Any, upper: bool = False, name: str | None = None) -> Tensor:
    """Return the vector of which `fill_triangular` makes a matrix.

    Args:
        x: [..., n, n], of which what is beside the triangle does not count.
        upper: whether the numbers are those of the upper triangle.
        name: name scope of all operations.

    Returns:
        [..., n (n + 1) / 2].
    """
    with name_scope(name, "fill_triangular_inverse", [x]):
        x = convert_to_tensor(x, name="x")
        known = x.shape.with_rank_at_least(2)
        n = known[-1].value
        x = matrix_band_part(x, 0 if upper else -1, -1 if upper else 0)
        first, others = (
            (x[..., 0, :], x[..., 1:, :])
            if upper
            else (reverse(x[..., -1, :], [-1]), x[..., :-1, :])
        )
        flat = reshape(others, concat([shape(x)[:-2], [-1]], 0))
        both = flat + reverse(flat, [-1])  # each number once, and once 0
        half = shape(both)[-1] // 2
        made = concat([first, both[..., :half]], -1)
        length = None if n is None else n * (n + 1) // 2
        made.set_shape(known[:-2].concatenate([length]))
        return made


def matrix_diag_transform(
    matrix: Any, transform: Callable[[Tensor], Any] | None = None, name: str | None = None
) -> Tensor:
    """Return matrices with another diagonal.

    Args:
        matrix: [..., n, n].
        transform: what makes the diagonal of the one that is there; none if None.
        name: name scope of all operations.
    """
    with name_scope(name, "matrix_diag_transform", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        if transform is None:
            return matrix
        return matrix_set_diag(matrix, transform(matrix_diag_part(matrix)))


def tridiag(
    below: Any = None, diag: Any = None, above: Any = None, name: str | None = None
) -> Tensor:
    """Return matrices with numbers on the diagonal and beside it, 0 elsewhere.

    Args:
        below: [..., n - 1], beneath the diagonal; 0 if None.
        diag: [..., n]; 0 if None.
        above: [..., n - 1], over the diagonal; 0 if None.
        name: name scope of all operations.

    Raises:
        ValueError: if all are None.
    """
    if below is None and diag is None and above is None:
        raise ValueError("Must specify at least one of `below`, `diag`, and `above`.")
    with name_scope(name, "tridiag", [below, diag, above]):
        made: Any = None
        for numbers, place in ((below, -1), (diag, 0), (above, 1)):
            if numbers is not None:
                each = matrix_diag(convert_to_tensor(numbers), k=place)
                made = each if made is None else made + each
        return made


def square_shape(sizes: TensorShape) -> TensorShape:
    """Return the shape of an event that is a matrix, of that of its vector."""
    length = sizes[-1].value
    n = None if length is None else triangle_size(length)
    return sizes[:-1].concatenate([n, n])
