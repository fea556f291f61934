"""Strategies of elements and axes, which the tests of the array families share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import anything, real, shapes

NUMBERS = (
    *("int8", "int16", "int32", "int64", "uint8", "uint16"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
)
EVERY = ("bool", "string", *NUMBERS)
COMMON = ("bool", "string", "int32", "int64", "float32", "float64", "complex64")


@st.composite
def elements(draw: Any, shape: Any, dtype: str) -> Any:
    """Draw elements of a type: any at all, but for float64, which gradients are checked in."""
    return draw(real(shape) if dtype == "float64" else anything(shape, dtype))


def types(names: Any = EVERY) -> st.SearchStrategy[str]:
    """Draw the name of a type, float64 often."""
    return (
        st.one_of(st.just("float64"), st.sampled_from(names))
        if "float64" in names
        else (st.sampled_from(names))
    )


def moving(inputs: tuple[Any, ...], attrs: Any = None, **options: Any) -> Case:
    """Return a Case of an op that moves elements without changing them: exact, linear."""
    parts = [x for each in inputs for x in (each if isinstance(each, list) else [each])]
    smooth = any(np.asarray(x).dtype == np.float64 for x in parts)
    return Case(inputs, attrs or {}, ulps=0, smooth=smooth, **options)


@st.composite
def axes(draw: Any, rank: int) -> Any:
    """Draw an axis, counted from either end."""
    return draw(st.integers(-rank, rank - 1))


@st.composite
def arrays_of(draw: Any, /, names: Any = EVERY, **limits: Any) -> Any:
    """Draw an array of any of some types and any shape."""
    return draw(elements(draw(shapes(**limits)), draw(types(names))))


def index_types() -> st.SearchStrategy[Any]:
    """Draw one of the two index types."""
    return st.sampled_from([np.int32, np.int64])
