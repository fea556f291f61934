"""TensorShape and Dimension behave as TensorFlow 1.x's: a differential test of their methods."""

from __future__ import annotations

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes
from minitf.tensor_shape import Dimension, TensorShape, dimension_value

SIZES = st.one_of(st.none(), st.integers(0, 4))
DIMS = st.one_of(st.none(), st.lists(SIZES, max_size=3))
OPERATORS = ["add", "sub", "mul", "floordiv", "mod", "lt", "le", "gt", "ge", "eq", "ne"]
UNARY = [
    "as_list",
    "num_elements",
    "is_fully_defined",
    "__len__",
    "__bool__",
    "__str__",
    "__repr__",
]
BINARY = [
    *("merge_with", "concatenate", "is_compatible_with", "assert_is_compatible_with"),
    *("assert_same_rank", "__eq__", "__ne__"),
]
BY_RANK = ["with_rank", "with_rank_at_least", "with_rank_at_most", "assert_has_rank"]


def outcome(call):
    """Return what a call gives in plain values, or the type of what it raises."""
    try:
        return plain(call())
    except (ValueError, TypeError, ZeroDivisionError) as error:
        return type(error)


def plain(value):
    if hasattr(value, "ndims"):
        return "shape", None if value.ndims is None else value.as_list()
    return ("dim", value.value) if hasattr(value, "value") else value


@pytest.mark.tensorflow
@given(dims=DIMS, other=DIMS, rank=st.integers(0, 3), at=st.tuples(st.integers(-4, 3), SIZES))
def test_methods_of_shapes_give_what_tensorflows_give(tensorflow, dims, other, rank, at):
    index, stop = at
    pairs = [(cls(dims), cls(other)) for cls in (TensorShape, tensorflow.TensorShape)]
    calls = {
        **{name: lambda a, _, n=name: getattr(a, n)() for name in UNARY},
        **{name: lambda a, b, n=name: getattr(a, n)(b) for name in BINARY},
        **{name: lambda a, _, n=name: getattr(a, n)(rank) for name in BY_RANK},
        "slice": lambda a, _: a[:stop],
        "iterate": lambda a, _: [plain(d) for d in a],
        "dims": lambda a, _: a.dims and [plain(d) for d in a.dims],
        "proto": lambda a, _: a.as_proto().SerializeToString(),
    }
    if dims is None or -len(dims) <= index < len(dims):
        calls["index"] = lambda a, _: a[index]

    if dims is None or other is None:
        del calls["__ne__"]  # 1.15 raises ValueError, 2.21 compares
    for name, call in calls.items():
        ours, theirs = (outcome(lambda p=p, c=call: c(*p)) for p in pairs)
        assert ours == theirs, name


@pytest.mark.tensorflow
@given(a=SIZES, b=SIZES)
@pytest.mark.parametrize("name", OPERATORS)
def test_operators_of_dimensions_give_what_tensorflows_give(tensorflow, name, a, b):
    function = getattr(operator, name)
    for left, right in (
        (lambda cls: cls(a), lambda cls: cls(b)),
        (lambda cls: cls(a), lambda _: b),
        (lambda _: a, lambda cls: cls(b)),
    ):
        if None in (left(lambda x: x), right(lambda x: x)) and name not in ("eq", "ne"):
            continue  # Python's None has no arithmetic
        ours, theirs = (
            outcome(lambda cls=cls, x=left, y=right: function(x(cls), y(cls)))
            for cls in (Dimension, tensorflow.Dimension)
        )

        assert ours == theirs


def test_a_dimension_stands_where_python_wants_an_index():
    assert [10, 20, 30][Dimension(1)] == 20
    assert int(Dimension(3)) == 3
    assert dimension_value(Dimension(None)) is None
    with pytest.raises(TypeError, match="NoneType"):
        int(Dimension(None))


def test_a_negative_or_fractional_dimension_is_refused():
    with pytest.raises(ValueError, match=">= 0"):
        Dimension(-1)
    with pytest.raises(ValueError, match=r"Ambiguous dimension: 1\.5"):
        Dimension(1.5)
    with pytest.raises(TypeError, match=r"Cannot convert .*float32.* to Dimension"):
        Dimension(dtypes.float32)
    assert [Dimension(2.0).value, Dimension("3").value] == [2, 3]
