"""Operators of every kind with their dense matrices, of random numbers and batch shapes.

A case gives, for a type, NumPy arrays by name and a function of the namespace and of tensors of
those arrays that makes the operator; its matrix is made of the arrays by NumPy alone, in double
precision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass
class Case:
    """An operator: its parts, how it is made of them, and its matrix."""

    parts: Arrays
    make: Callable[[Any, dict[str, Any]], Any]
    matrix: np.ndarray


def diagonal(d: np.ndarray) -> np.ndarray:
    """Return matrices of given diagonals."""
    return d[..., None] * np.eye(d.shape[-1])


def circulant(spectrum: np.ndarray, depth: int) -> np.ndarray:
    """Return the matrices of convolutions: the images of the unit vectors."""
    block = spectrum.shape[-depth:]
    side = int(np.prod(block))
    units = np.eye(side).reshape(side, *[1] * (spectrum.ndim - depth), *block)
    axes = tuple(range(-depth, 0))
    images = np.fft.ifftn(spectrum * np.fft.fftn(units, axes=axes), axes=axes)
    return np.moveaxis(images.reshape(*images.shape[:-depth], side), 0, -1)


def toeplitz(col: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return the matrices of first columns and rows."""
    col, row = np.broadcast_arrays(col, row)
    side = col.shape[-1]
    i, j = np.indices((side, side))
    return np.where(i >= j, col[..., np.maximum(i - j, 0)], row[..., np.maximum(j - i, 0)])


def block_diagonal(*blocks: np.ndarray) -> np.ndarray:
    """Return matrices with blocks on the diagonal."""
    batch = np.broadcast_shapes(*(each.shape[:-2] for each in blocks))
    side = sum(each.shape[-1] for each in blocks)
    made = np.zeros((*batch, side, side), np.result_type(*blocks))
    start = 0
    for each in blocks:
        end = start + each.shape[-1]
        made[..., start:end, start:end] = each
        start = end
    return made


def kronecker(*factors: np.ndarray) -> np.ndarray:
    """Return Kronecker products."""

    def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        made = np.einsum("...ij,...kl->...ikjl", a, b)
        return made.reshape(
            *made.shape[:-4], made.shape[-4] * made.shape[-3], made.shape[-2] * made.shape[-1]
        )

    return reduce(product, factors)


def adjoint(matrix: np.ndarray) -> np.ndarray:
    """Return conjugate transposes."""
    return np.conj(np.swapaxes(matrix, -1, -2))


class Maker:
    """Makes cases of one type from one stream of random numbers."""

    def __init__(self, seed: int, dtype: Any, batch: tuple[int, ...]) -> None:
        self.random = np.random.default_rng(seed)
        self.dtype = np.dtype(dtype)
        self.batch = batch

    def numbers(self, *sizes: int) -> np.ndarray:
        """Return normal numbers."""
        made = self.random.normal(size=sizes)
        if self.dtype.kind == "c":
            made = made + 1j * self.random.normal(size=sizes)
        return made.astype(self.dtype)

    def away(self, *sizes: int) -> np.ndarray:
        """Return numbers whose real part is at least 1, and imaginary part small."""
        numbers = self.numbers(*sizes)
        made = 1 + np.abs(numbers.real) + (0.3j * numbers.imag if self.dtype.kind == "c" else 0)
        return made.astype(self.dtype)

    def square(self, side: int = 3) -> np.ndarray:
        """Return matrices that are far from singular."""
        made = self.numbers(*self.batch, side, side)
        return made + (3 * np.eye(side)).astype(self.dtype)

    def positive(self, side: int = 3) -> np.ndarray:
        """Return self-adjoint positive definite matrices."""
        half = self.numbers(*self.batch, side, side)
        return half @ adjoint(half) + np.eye(side).astype(self.dtype)

    def case(self, kind: str) -> Case:
        """Return a case of a kind, by the name of its method below."""
        return getattr(self, f"_{kind}")()

    def _full_matrix(self) -> Case:
        a = self.square()
        return Case({"a": a}, lambda of, t: of.LinearOperatorFullMatrix(t["a"]), a)

    def _positive_matrix(self) -> Case:
        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorFullMatrix(
                t["a"], is_self_adjoint=True, is_positive_definite=True
            )

        a = self.positive()
        return Case({"a": a}, make, a)

    def _tall_matrix(self) -> Case:
        a = self.numbers(*self.batch, 4, 2)
        return Case({"a": a}, lambda of, t: of.LinearOperatorFullMatrix(t["a"]), a)

    def _triangle(self) -> Case:
        a = self.square()
        make = lambda of, t: of.LinearOperatorLowerTriangular(t["a"])  # noqa: E731
        return Case({"a": a}, make, np.tril(a))

    def _diagonal(self) -> Case:
        d = self.away(*self.batch, 3)
        return Case({"d": d}, lambda of, t: of.LinearOperatorDiag(t["d"]), diagonal(d))

    def _positive_diagonal(self) -> Case:
        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorDiag(t["d"], is_self_adjoint=True, is_positive_definite=True)

        d = np.abs(self.away(*self.batch, 3)).astype(self.dtype)
        return Case({"d": d}, make, diagonal(d))

    def _identity(self) -> Case:
        make = lambda of, t: of.LinearOperatorIdentity(  # noqa: E731
            3, list(self.batch), self.dtype
        )
        return Case({}, make, np.broadcast_to(np.eye(3), (*self.batch, 3, 3)))

    def _scaled_identity(self) -> Case:
        c = self.away(*self.batch)
        make = lambda of, t: of.LinearOperatorScaledIdentity(3, t["c"])  # noqa: E731
        return Case({"c": c}, make, c[..., None, None] * np.eye(3))

    def _zeros(self) -> Case:
        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorZeros(
                4, 2, list(self.batch), self.dtype, is_square=False, is_self_adjoint=False
            )

        return Case({}, make, np.zeros((*self.batch, 4, 2)))

    def _householder(self) -> Case:
        v = self.numbers(*self.batch, 3)
        unit = v / np.linalg.norm(v, axis=-1, keepdims=True)
        matrix = np.eye(3) - 2 * unit[..., :, None] * np.conj(unit[..., None, :])
        return Case({"v": v}, lambda of, t: of.LinearOperatorHouseholder(t["v"]), matrix)

    def _circulant_of(self, depth: int) -> Case:
        block = (3, 2, 2)[:depth]
        kernel = self.random.normal(size=(*self.batch, *block))
        kernel[(..., *[0] * depth)] += 6
        axes = tuple(range(-depth, 0))
        spectrum = np.fft.fftn(kernel, axes=axes)
        if self.dtype.kind == "c":
            spectrum = spectrum + 0.5j * self.random.normal(size=spectrum.shape)
        spectrum = spectrum.astype(np.result_type(self.dtype, np.complex64))
        suffix = "" if depth == 1 else f"{depth}D"

        def make(of: Any, t: Any) -> Any:
            kind = getattr(of, f"LinearOperatorCirculant{suffix}")
            return kind(t["s"], input_output_dtype=self.dtype)

        matrix = circulant(spectrum.astype(np.complex128), depth)
        return Case({"s": spectrum}, make, matrix if self.dtype.kind == "c" else matrix.real)

    def _circulant(self) -> Case:
        return self._circulant_of(1)

    def _circulant_2d(self) -> Case:
        return self._circulant_of(2)

    def _circulant_3d(self) -> Case:
        return self._circulant_of(3)

    def _toeplitz(self) -> Case:
        col, row = self.numbers(*self.batch, 3), self.numbers(3)
        col[..., 0] = row[0] = 4
        make = lambda of, t: of.LinearOperatorToeplitz(t["c"], t["r"])  # noqa: E731
        return Case({"c": col, "r": row}, make, toeplitz(col, row))

    def _adjoint(self) -> Case:
        a = self.square()
        make = lambda of, t: of.LinearOperatorAdjoint(  # noqa: E731
            of.LinearOperatorFullMatrix(t["a"])
        )
        return Case({"a": a}, make, adjoint(a))

    def _tall_adjoint(self) -> Case:
        a = self.numbers(*self.batch, 4, 2)
        make = lambda of, t: of.LinearOperatorFullMatrix(t["a"]).H  # noqa: E731
        return Case({"a": a}, make, adjoint(a))

    def _inversion(self) -> Case:
        a = self.square()
        make = lambda of, t: of.LinearOperatorFullMatrix(  # noqa: E731
            t["a"], is_non_singular=True
        ).inverse()
        return Case({"a": a}, make, np.linalg.inv(a.astype(np.result_type(a, np.float64))))

    def _composition(self) -> Case:
        a, d = self.square(), self.away(3)

        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorComposition(
                [of.LinearOperatorFullMatrix(t["a"]), of.LinearOperatorDiag(t["d"])]
            )

        return Case({"a": a, "d": d}, make, a @ diagonal(d))

    def _block_diagonal(self) -> Case:
        a, d = self.square(2), self.away(3)

        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorBlockDiag(
                [
                    of.LinearOperatorFullMatrix(t["a"], is_square=True),
                    of.LinearOperatorDiag(t["d"]),
                ]
            )

        return Case({"a": a, "d": d}, make, block_diagonal(a, diagonal(d)))

    def _kronecker(self) -> Case:
        a, d, b = self.square(2), self.away(3), self.square(2)

        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorKronecker(
                [
                    of.LinearOperatorFullMatrix(t["a"], is_square=True),
                    of.LinearOperatorDiag(t["d"]),
                    of.LinearOperatorFullMatrix(t["b"], is_square=True),
                ]
            )

        return Case({"a": a, "d": d, "b": b}, make, kronecker(a, diagonal(d), b))

    def _tall_kronecker(self) -> Case:
        a, b = self.numbers(*self.batch, 3, 2), self.numbers(2, 1)

        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorKronecker(
                [of.LinearOperatorFullMatrix(t["a"]), of.LinearOperatorFullMatrix(t["b"])]
            )

        return Case({"a": a, "b": b}, make, kronecker(a, b))

    def _low_rank(self) -> Case:
        base, u, v = self.away(*self.batch, 4), self.numbers(4, 2), self.numbers(4, 2)
        u, v, d = u / 4, v / 4, self.away(2)

        def make(of: Any, t: Any) -> Any:
            return of.LinearOperatorLowRankUpdate(
                of.LinearOperatorDiag(t["l"], is_non_singular=True), t["u"], t["d"], t["v"]
            )

        matrix = diagonal(base) + u @ diagonal(d) @ adjoint(v)
        return Case({"l": base, "u": u, "d": d, "v": v}, make, matrix)

    def _positive_low_rank(self) -> Case:
        base, u = np.abs(self.away(4)).astype(self.dtype), self.numbers(*self.batch, 4, 2)

        def make(of: Any, t: Any) -> Any:
            diagonals = of.LinearOperatorDiag(
                t["l"], is_positive_definite=True, is_self_adjoint=True
            )
            return of.LinearOperatorLowRankUpdate(diagonals, t["u"])

        return Case({"l": base, "u": u}, make, diagonal(base) + u @ adjoint(u))


SQUARE = [
    "full_matrix",
    "positive_matrix",
    "triangle",
    "diagonal",
    "positive_diagonal",
    "identity",
    "scaled_identity",
    "householder",
    "circulant",
    "circulant_2d",
    "circulant_3d",
    "toeplitz",
    "adjoint",
    "inversion",
    "composition",
    "block_diagonal",
    "kronecker",
    "low_rank",
    "positive_low_rank",
]
TALL = ["tall_matrix", "zeros", "tall_adjoint", "tall_kronecker"]
