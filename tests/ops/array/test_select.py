"""Select, SelectV2: cases, messages."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.array.select import select_op


def test_a_vector_chooses_rows():
    rows = select_op.body(np.array([True, False]), np.zeros((2, 2)), np.ones((2, 2)))

    assert rows.tolist() == [[0, 0], [1, 1]]


def test_select_does_not_broadcast():
    import minitf as tf

    with pytest.raises(InvalidArgumentError, match="must be equal, but are 2 and 3"):
        select_op.body(np.array([True, False]), np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="Shapes must be equal rank, but are 1 and 0"):
        tf.where([True, False], [1, 2], 3)
