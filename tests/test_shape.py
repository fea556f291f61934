"""Shapes: UNKNOWN propagates, refuses comparison, and nothing claims more than is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf.shapes as s
from minitf.errors import InvalidArgumentError
from minitf.shapes import UNKNOWN, Shape
from minitf.testing.strategies import broadcastable

SIZES = st.integers(0, 5)
DIMS = st.one_of(SIZES, st.just(UNKNOWN))


@given(SIZES, SIZES)
def test_sizes_with_unknown_give_unknown_but_a_product_with_zero(a, b):
    for result in (UNKNOWN + a, a - UNKNOWN, UNKNOWN // (a + 1), UNKNOWN * UNKNOWN, UNKNOWN % 3):
        assert result is UNKNOWN
    assert (UNKNOWN * b is UNKNOWN) == (b != 0)
    assert b != 0 or b * UNKNOWN == 0


@pytest.mark.parametrize(
    "compare",
    [
        lambda: UNKNOWN == 3,
        lambda: UNKNOWN != 3,
        lambda: UNKNOWN < 3,
        lambda: 3 in (2, UNKNOWN),
        lambda: bool(UNKNOWN),
        lambda: max(UNKNOWN, 2),
        lambda: range(UNKNOWN),
    ],
)
def test_whoever_compares_an_unknown_size_is_told(compare):
    with pytest.raises(TypeError, match=r"unknown size"):
        compare()


@given(st.lists(DIMS, max_size=4), st.lists(DIMS, max_size=4))
def test_merge_is_commutative_and_keeps_what_either_side_knows(a, b):
    left, right = Shape(a), Shape(b)
    try:
        merged = s.merge(left, right)
    except InvalidArgumentError:
        with pytest.raises(InvalidArgumentError):
            s.merge(right, left)
        return

    assert merged == s.merge(right, left)
    for x, y, both in zip(left, right, merged, strict=True):
        assert both is (y if x is UNKNOWN else x) or both == x


@given(broadcastable())
def test_full_shapes_broadcast_as_in_numpy(pair):
    a, b = pair

    assert tuple(s.broadcast(Shape(a), Shape(b))) == np.broadcast_shapes(a, b)


@given(broadcastable(), st.data())
def test_hidden_sizes_never_make_broadcast_contradict_the_full_answer(pair, data):
    hidden = [Shape([UNKNOWN if data.draw(st.booleans()) else n for n in shape]) for shape in pair]

    assert s.broadcast(*hidden).accepts(np.broadcast_shapes(*pair))


def test_broadcast_names_the_sizes_that_differ():
    with pytest.raises(InvalidArgumentError, match="Dimensions must be equal, but are 3 and 4"):
        s.broadcast(Shape([2, 3]), Shape([4]))


@given(st.lists(DIMS, max_size=4))
def test_the_size_is_the_product_as_far_as_it_is_known(dims):
    size = Shape(dims).size

    if 0 in [d for d in dims if d is not UNKNOWN]:
        assert size == 0
    else:
        assert (size is UNKNOWN) == any(d is UNKNOWN for d in dims)


def test_must_equal_returns_the_better_known_and_must_fit_names_both():
    assert s.must_equal(UNKNOWN, 3) == 3
    assert s.must_equal(3, UNKNOWN) == 3
    with pytest.raises(InvalidArgumentError, match="2 and 3"):
        s.must_equal(2, 3)
    s.must_fit(UNKNOWN, 2, "window")
    with pytest.raises(InvalidArgumentError, match=r"window \(3 > 2\)"):
        s.must_fit(3, 2, "window")


@given(st.integers(1, 5), st.integers(-7, 7))
def test_an_axis_counts_from_either_end_or_is_refused(rank, axis):
    if -rank <= axis < rank:
        assert s.normal_axis(axis, rank) == range(rank)[axis]
    else:
        with pytest.raises(InvalidArgumentError, match="out of range"):
            s.normal_axis(axis, rank)


def test_an_unknown_rank_has_no_length_and_accepts_everything():
    shape = Shape.unknown()

    assert shape.accepts((1, 2))
    assert shape[0] is UNKNOWN
    with pytest.raises(TypeError, match="unknown rank"):
        len(shape)
    with pytest.raises(TypeError, match="unknown rank"):
        list(shape)
