"""Strategies of ragged tensors, which the tests of ragged ops and functions share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st


@st.composite
def splits_of(draw: Any, rows: int, dtype: Any = np.int64) -> Any:
    """Draw where each of so many rows begins, and the end; rows are of up to three elements."""
    sizes = draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows))
    return np.cumsum([0, *sizes]).astype(dtype)


@st.composite
def nested_splits(draw: Any, rank: int, dtype: Any = np.int64) -> Any:
    """Draw the splits of so many ragged dimensions, the outermost first."""
    found = [draw(splits_of(draw(st.integers(0, 3)), dtype))]
    while len(found) < rank:
        found.append(draw(splits_of(int(found[-1][-1]), dtype)))
    return found


def nested_lists(rank: int, leaves: Any = None) -> st.SearchStrategy[Any]:
    """Draw lists in lists, so many deep."""
    found = st.integers(-9, 9) if leaves is None else leaves
    for _ in range(rank):
        found = st.lists(found, max_size=3)
    return found
