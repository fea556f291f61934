"""SparseCross: worked combinations, TensorFlow's hashes, messages."""

import numpy as np
import pytest

from minitf import dtypes, ops
from minitf.errors import InvalidArgumentError

INDICES, SHAPE = np.array([[0, 0], [1, 0], [1, 1]]), np.array([2, 2])
TEXT, NUMBERS = np.array([b"a", b"b", b"c"], object), np.array([1, -2, 3])
KEY = 956888297470


def cross(values, dense=(), shapes=None, *, buckets=0, hashed=False, internal=dtypes.int64):
    found = ops.sparse_cross_op.body(
        [INDICES] * len(values),
        list(values),
        shapes or [SHAPE] * len(values),
        list(dense),
        hashed_output=hashed,
        num_buckets=buckets,
        hash_key=KEY,
        out_type=dtypes.int64 if hashed else dtypes.string,
        internal_type=internal,
    )
    return [each.tolist() for each in found]


def test_every_combination_of_a_row_is_listed():
    indices, values, shape = cross([TEXT, NUMBERS])

    assert indices == [[0, 0], [1, 0], [1, 1], [1, 2], [1, 3]]
    assert values == [b"a_X_1", b"b_X_-2", b"b_X_3", b"c_X_-2", b"c_X_3"]
    assert shape == [2, 4]


def test_dense_columns_come_last():
    assert cross([TEXT], [np.array([[b"d"], [b"e"]], object)])[1] == [
        *(b"a_X_d", b"b_X_e", b"c_X_e"),
    ]


def test_hashes_are_tensorflows():
    dense = np.array([[b"d"], [b"e"]], object)

    assert cross([TEXT], [dense], hashed=True)[1] == [
        *(1584069791037555375, 4171697120956746554, 1746051686049959641),
    ]
    assert cross([TEXT], [dense], hashed=True, buckets=100)[1] == [82, 61, 41]
    assert cross([NUMBERS], [np.array([[7], [8]])], hashed=True)[1] == [
        *(3664341731679759082, 4488719386451891652, 7337512518617037356),
    ]


def test_columns_that_do_not_fit_are_said():
    with pytest.raises(InvalidArgumentError, match="Expected batch size 2 got 3 at position 1"):
        cross([TEXT, TEXT], shapes=[SHAPE, np.array([3, 2])])
    with pytest.raises(InvalidArgumentError, match="Expected batch size 2 got 1 at dense tensor 0"):
        cross([TEXT], [np.array([[7]])])
    with pytest.raises(InvalidArgumentError, match="Dense inputs should be a matrix"):
        cross([TEXT], [np.array([7, 8])])
    with pytest.raises(InvalidArgumentError, match="Expected size of values to be 3 got 2"):
        cross([TEXT[:2]])
    with pytest.raises(InvalidArgumentError, match="should be of internal type 7 but received 9"):
        cross([NUMBERS], internal=dtypes.string)
