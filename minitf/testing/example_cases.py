"""Strategies of examples and of the features wanted of them, for the families of parsing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

from minitf import protos
from minitf.dtypes import DTYPES
from minitf.ops.strings.arrays import strings
from minitf.shapes import UNKNOWN, Shape
from minitf.testing.array_cases import elements

TYPES = ("float32", "int64", "string")
KEYS = ("a", "key", "\N{GREEK SMALL LETTER ALPHA}", "z z")
_LISTS = {"float32": "float_list", "int64": "int64_list", "string": "bytes_list"}


class Wish(NamedTuple):
    """A feature as it is wanted.

    Attributes:
        key: its key.
        kind: "sparse", "ragged", "dense", or "rows" for a dense one of varying length.
        type: its type's name.
        shape: of a dense feature; of a row of "rows".
        default: of a dense feature, empty if it must be there; what pads "rows".
    """

    key: str
    kind: str
    type: str
    shape: tuple[int, ...]
    default: Any

    @property
    def dense_shape(self) -> Shape:
        """The shape as the ops take it."""
        return Shape([UNKNOWN, *self.shape] if self.kind == "rows" else self.shape)

    @property
    def may_lack(self) -> bool:
        """Whether an example may lack it."""
        return self.kind != "dense" or bool(self.default.size)


@st.composite
def wishes(draw: Any, kinds: tuple[str, ...], keys: Any = KEYS) -> Any:
    """Draw features that are wanted, in the order of their kinds."""
    found = []
    for key in draw(st.lists(st.sampled_from(keys), unique=True, max_size=len(keys))):
        kind, name = draw(st.sampled_from(kinds)), draw(st.sampled_from(TYPES))
        least = 1 if kind == "rows" else 0
        shape = tuple(draw(st.lists(st.integers(least, 2), max_size=2)))
        default = np.zeros(0, DTYPES[name].numpy)
        if kind == "rows":
            default = draw(elements((), name))
        elif kind == "dense" and 0 not in shape and draw(st.booleans()):
            default = draw(elements(shape, name))
        found.append(Wish(key, kind, name, shape, default))
    return sorted(found, key=lambda wish: kinds.index(wish.kind))


def feature_of(name: str, values: Any) -> Any:
    """Return a Feature message with values of a type."""
    feature = protos.Feature()
    getattr(feature, _LISTS[name]).value.extend(np.asarray(values).ravel().tolist())
    getattr(feature, _LISTS[name]).SetInParent()
    return feature


@st.composite
def features(draw: Any, wish: Wish) -> Any:
    """Draw a Feature message that fits a wish; None if the example lacks it."""
    if wish.may_lack and draw(st.booleans()):
        return None
    size = int(np.prod(wish.shape))
    if wish.kind != "dense":
        size = draw(st.integers(0, 3)) * (size if wish.kind == "rows" else 1)
    return feature_of(wish.type, draw(elements((size,), wish.type)))


@st.composite
def examples(draw: Any, wanted: Any) -> Any:
    """Draw a serialized Example that has what is wanted, and sometimes more."""
    example = protos.Example()
    for wish in wanted:
        feature = draw(features(wish))
        if feature is not None:
            example.features.feature[wish.key].CopyFrom(feature)
    if draw(st.booleans()):
        example.features.feature["unwanted"].CopyFrom(feature_of("int64", [1]))
    return example.SerializeToString()


@st.composite
def sequences(draw: Any, context: Any, lists: Any, lacking: Any) -> Any:
    """Draw a serialized SequenceExample that has what is wanted.

    Args:
        context: wishes of the whole.
        lists: wishes of each step, "sparse" or "dense" without default.
        lacking: keys of dense lists that it may lack.
    """
    example = protos.SequenceExample()
    for wish in context:
        feature = draw(features(wish))
        if feature is not None:
            example.context.feature[wish.key].CopyFrom(feature)
    for wish in lists:
        if (wish.kind != "dense" or wish.key in lacking) and draw(st.booleans()):
            continue
        steps = example.feature_lists.feature_list[wish.key]
        for _ in range(draw(st.integers(0, 3))):
            feature = draw(features(wish)) or protos.Feature()
            steps.feature.append(feature)
    return example.SerializeToString()


def texts(values: Any, shape: Any = None) -> Any:
    """Return keys or strings as an array."""
    encoded = [each if isinstance(each, bytes) else each.encode() for each in values]
    return strings(encoded, (len(encoded),) if shape is None else shape)


def scalars(values: Any) -> Any:
    """Return keys as a list of scalar arrays."""
    return [np.array(each.encode(), object) for each in values]


def of_kind(wanted: Any, *kinds: str) -> Any:
    """Return the wishes of some kinds."""
    return [wish for wish in wanted if wish.kind in kinds]


def types_of(wanted: Any) -> Any:
    """Return the DTypes of wishes."""
    return tuple([DTYPES[wish.type] for wish in wanted])
