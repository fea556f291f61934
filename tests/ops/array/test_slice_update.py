"""TensorStridedSliceUpdate: what is picked is replaced, in a copy; values broadcast."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.array.slice_update import tensor_strided_slice_update_op

X = np.array([1, 2, 3, 4])


def update(x, begin, end, value, **masks):
    return tensor_strided_slice_update_op.body(
        x, np.array([begin]), np.array([end]), np.array([1]), np.array(value), **masks
    )


def test_a_slice_is_replaced_in_a_copy():
    assert update(X, 1, 3, [8, 9]).tolist() == [1, 8, 9, 4]
    assert update(X, 1, 2, 8, shrink_axis_mask=1).tolist() == [1, 8, 3, 4]
    assert X.tolist() == [1, 2, 3, 4]


def test_a_value_broadcasts_to_the_slice():
    assert update(X, 1, 3, [8]).tolist() == [1, 8, 8, 4]
    assert update(X.reshape(2, 2), 0, 2, [8, 9]).tolist() == [[8, 9], [8, 9]]


def test_what_does_not_fit_is_refused():
    with pytest.raises(InvalidArgumentError, match="does not fit the slice"):
        update(X, 1, 3, [7, 8, 9])
    with pytest.raises(InvalidArgumentError, match="slice index 9 of dimension 0 out of bounds"):
        update(X, 9, 10, 8, shrink_axis_mask=1)
