"""Shape, ShapeN, Size, Rank, EnsureShape: cases, what is known of them."""

import pytest
from hypothesis import given

from minitf import dtypes, ops
from minitf.errors import InvalidArgumentError
from minitf.ops.array.shape import ensure_shape_op
from minitf.shapes import UNKNOWN, Shape
from minitf.static_value import static_value
from minitf.testing.strategies import shapes


@given(shapes())
def test_the_shape_of_what_is_not_yet_fed_is_known_in_part(shape):
    hidden = Shape([UNKNOWN, *shape])
    x = ops.placeholder_op(dtype=dtypes.float32, shape=hidden)

    assert tuple(static_value(ops.shape_op(x)))[1:] == shape
    assert static_value(ops.shape_op(x))[0] is UNKNOWN
    assert static_value(ops.rank_op(x)) == len(hidden)
    assert static_value(ops.size_op(x))[()] is (0 if 0 in shape else UNKNOWN) or 0 in shape


def test_ensure_shape_tells_both_shapes():
    import numpy as np

    with pytest.raises(
        InvalidArgumentError,
        match=r"Shape of tensor \[2,3\] is not compatible with expected shape \[\?,4\]",
    ):
        ensure_shape_op.body(np.zeros((2, 3)), shape=Shape([None, 4]))
