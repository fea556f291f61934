"""Select, SelectV2: cases, messages."""

import numpy as np
import pytest
from array_cases import COMMON, elements, moving, types
from hypothesis import strategies as st
from strategies import broadcastable, shapes, whole

from minitf.errors import InvalidArgumentError
from minitf.ops.array.select import select_op


@st.composite
def selections(draw):
    shape, name = draw(shapes(max_dims=3)), draw(types(COMMON))
    choices = [shape, (), shape[:1]]
    condition = draw(whole(draw(st.sampled_from(choices)), bool, 0, 1))
    return moving((condition, draw(elements(shape, name)), draw(elements(shape, name))))


@st.composite
def broadcast_selections(draw):
    condition, t, e = draw(broadcastable(3))
    name = draw(types(COMMON))
    chosen = draw(whole(condition, bool, 0, 1))
    return moving((chosen, draw(elements(t, name)), draw(elements(e, name))))


CASES = {"Select": selections(), "SelectV2": broadcast_selections()}


def test_a_vector_chooses_rows():
    rows = select_op.body(np.array([True, False]), np.zeros((2, 2)), np.ones((2, 2)))

    assert rows.tolist() == [[0, 0], [1, 1]]


def test_select_does_not_broadcast():
    import minitf as tf

    with pytest.raises(InvalidArgumentError, match="must be equal, but are 2 and 3"):
        select_op.body(np.array([True, False]), np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="Shapes must be equal rank, but are 1 and 0"):
        tf.where([True, False], [1, 2], 3)
