"""Strategies of sparse tensors, which the cases of the sparse families share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.array_cases import elements
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import laid_out, shapes

REALS = (
    *("float16", "bfloat16", "float32", "float64"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16"),
)
NUMBERS = (*REALS, "complex64", "complex128")


@st.composite
def types(draw: Any, names: tuple[str, ...]) -> Any:
    """Draw the name of a type, float64 often: derivatives are checked in it."""
    often = [name for name in names if name in ("float64", "complex128")] or list(names)
    return draw(st.one_of(st.sampled_from(often), st.sampled_from(names)))


@st.composite
def places(draw: Any, shape: tuple[int, ...], *, most: int = 6) -> Any:
    """Draw coordinates in a shape: in row-major order, none twice."""
    size = int(np.prod(shape))
    chosen = draw(st.lists(st.integers(0, size - 1), max_size=most, unique=True)) if size else []
    flat = np.array(sorted(chosen), np.int64)
    indices = np.stack([*np.unravel_index(flat, shape), flat][: len(shape)], axis=1)
    return laid_out(draw, indices.astype(np.int64))


@st.composite
def sparse(
    draw: Any,
    dtype: str,
    shape: tuple[int, ...] | None = None,
    *,
    min_dims: int = 1,
    high: float = 4,
    moved: bool = False,
) -> Any:
    """Draw the parts of a sparse tensor: coordinates, values, sizes.

    Args:
        dtype: the values' type.
        shape: the sizes; any if None.
        min_dims: the least rank.
        high: the greatest value; the least is its opposite.
        moved: whether values are moved only, never computed with, and so may be anything.
    """
    if shape is None:
        shape = draw(shapes(min_dims, 3))
    indices = draw(places(shape))
    values = (
        draw(elements((len(indices),), dtype))
        if moved
        else draw(numbers((len(indices),), as_dtype(dtype), -high, high))
    )
    return indices, values, np.array(shape, np.int64)


@st.composite
def shuffled(draw: Any, parts: Any) -> Any:
    """Draw the same sparse tensor with its values in another order."""
    indices, values, shape = parts
    order = np.array(draw(st.permutations(range(len(values)))), np.int64)
    return indices[order], values[order], shape
