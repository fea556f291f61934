"""Strategies of text, which the tests of the string families share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf.ops.strings.arrays import strings
from minitf.testing.case import Case
from minitf.testing.strategies import shapes

TEXT = st.text(st.characters(codec="utf-8"), max_size=5).map(str.encode)
LINES = st.text("ab ,", max_size=6).map(str.encode)
ASCII = st.binary(max_size=5).filter(bytes.isascii)


@st.composite
def text_arrays(draw: Any, shape: Any = None, texts: Any = TEXT) -> Any:
    """Draw an array of strings, of any shape unless one is given."""
    shape = draw(shapes()) if shape is None else shape
    size = int(np.prod(shape))
    return strings(draw(st.lists(texts, min_size=size, max_size=size)), shape)


def scalar(text: bytes) -> Any:
    """Return a string as an array without dimensions."""
    return np.array(text, object)


def of_texts(texts: Any = TEXT, **attrs: st.SearchStrategy[Any]) -> st.SearchStrategy[Case]:
    """Draw calls of an op that takes one array of strings."""
    return st.builds(
        lambda x, given: Case((x,), given), text_arrays(texts=texts), st.fixed_dictionaries(attrs)
    )
