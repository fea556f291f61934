"""Strategies of matrices of which it is known how far rounding can carry a result.

A matrix whose diagonal elements exceed the sum of their row by 1 has an inverse of at most 1 in the
maximum norm, so errors grow by no more than the matrix's own norm.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import DType
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import laid_out, shapes

NAMES = ("float32", "float64", "complex64", "complex128")  # that TensorFlow has kernels for


def matrix_types(names: tuple[str, ...] = NAMES) -> st.SearchStrategy[str]:
    """Draw the name of a type, float64 and complex128 often: derivatives are checked in them."""
    often = [name for name in names if name in ("float64", "complex128")]
    return st.one_of(st.sampled_from(often), st.sampled_from(names))


def batches() -> st.SearchStrategy[Any]:
    """Draw shapes of batches, none and empty ones included."""
    return st.one_of(st.just(()), shapes(1, 2))


@st.composite
def dominant(draw: Any, batch: Any, n: int, dtype: DType) -> Any:
    """Draw square matrices whose diagonal outweighs all else: positive, of at most 2 n + 2."""
    x = np.array(draw(numbers((*batch, n, n), dtype, -1, 1)))
    x = x + 2 * np.sqrt(2) * n * np.eye(n) + np.eye(n)  # an element is at most sqrt(2)
    return laid_out(draw, x.astype(dtype.numpy))


@st.composite
def invertible(draw: Any, batch: Any, n: int, dtype: DType) -> Any:
    """Draw square matrices whose rows, in some order and with some signs, are dominant."""
    x = np.array(draw(dominant(batch, n, dtype)))
    order = draw(st.permutations(range(n)))
    signs = np.array([draw(st.sampled_from([-1, 1])) for _ in range(n)]).reshape(n, 1)
    return laid_out(draw, (signs * x[..., order, :]).astype(dtype.numpy))


@st.composite
def positive_definite(draw: Any, batch: Any, n: int, dtype: DType) -> Any:
    """Draw Hermitian positive definite matrices."""
    x = np.array(draw(dominant(batch, n, dtype)))
    return laid_out(draw, ((x + np.conj(np.swapaxes(x, -1, -2))) / 2).astype(dtype.numpy))


@st.composite
def oblong(draw: Any, batch: Any, m: int, n: int, dtype: DType) -> Any:
    """Draw matrices with singular values near 3, 6, 9, ..., at least 1 apart.

    They are diagonal but for a part whose norm is below 1, and no element of it is near 0: there
    the signs of a decomposition would turn.
    """
    x = np.array(draw(numbers((*batch, m, n), dtype, -1, 1)))
    x = np.where(np.abs(x) < 0.5, 0.5, x) / (2 * max(m, n, 1))
    made = x + 3 * np.arange(1, n + 1) * np.eye(m, n)
    return laid_out(draw, made.astype(dtype.numpy))


@st.composite
def spread(draw: Any, batch: Any, n: int, dtype: DType) -> Any:
    """Draw Hermitian matrices with eigenvalues near 3, 6, 9, ..., at least 1 apart."""
    x = np.array(draw(oblong(batch, n, n, dtype)))
    below = np.tril(x, -1)
    made = below + np.conj(np.swapaxes(below, -1, -2)) + np.eye(n) * x.real
    return laid_out(draw, made.astype(dtype.numpy))
