"""The ways of a convolution and of its gradient reach the cells that the definition names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu.conv.gathering import back, forth
from minitf.ops.conv.windows import Frame

SWEEPS = st.builds(
    lambda size, window, stride, dilation, padding, margins: Frame(
        (stride,), (dilation,), padding, (margins,), False
    ).windows((max(size, (window - 1) * dilation + 1),), (window,)).sweeps[0],
    st.integers(1, 9), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3),
    st.sampled_from(["SAME", "EXPLICIT"]), st.tuples(st.integers(0, 5), st.integers(0, 5)),
)  # fmt: skip


def triples(sweep):
    """Return (output, tap, cell) wherever a window sees a cell of the input."""
    found = set()
    for p in range(sweep.count):
        for tap in range(sweep.window):
            cell = p * sweep.stride + tap * sweep.dilation - sweep.before
            if 0 <= cell < sweep.size:
                found.add((p, tap, cell))
    return found


@given(SWEEPS)
def test_forth_sees_every_cell_of_every_window(sweep):
    way = forth(sweep)
    seen = {
        (place, tap, begin + step - sweep.before)
        for begin, place in zip(way.begins, way.places, strict=True)
        for step, tap in zip(way.steps, way.taps, strict=True)
    }

    assert {each for each in seen if 0 <= each[2] < sweep.size} == triples(sweep)


@given(SWEEPS)
def test_back_reaches_every_cell_once_and_from_every_window_that_sees_it(sweep):
    ways, (before, after) = back(sweep)
    seen = [
        (begin + step - before, tap, place)
        for way in ways
        for begin, place in zip(way.begins, way.places, strict=True)
        for step, tap in zip(way.steps, way.taps, strict=True)
    ]

    assert sorted(place for way in ways for place in way.places) == list(range(sweep.size))
    assert all(-before <= p < sweep.count + after for p, _, _ in seen)
    assert sorted(each for each in seen if 0 <= each[0] < sweep.count) == sorted(triples(sweep))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_steps_increase(stride):
    frame = Frame((stride,), (1,), "SAME", ((0, 0),), False)
    for way in back(frame.windows((7,), (5,)).sweeps[0])[0]:
        assert list(way.steps) == sorted(way.steps)
