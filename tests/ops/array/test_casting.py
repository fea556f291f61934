"""Cast, Bitcast: cases, rounding, what does not fit."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given

from minitf import dtypes
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.array.casting import bitcast_op, cast_op
from minitf.testing.array_cases import NUMBERS, arrays_of
from minitf.testing.strategies import whole


def cast(x, dtype, **attrs):
    return cast_op.body(np.asarray(x), DstT=dtypes.as_dtype(dtype), **attrs)


def test_a_float_loses_its_fraction_towards_zero():
    assert cast([1.9, -1.9, 0.5], "int32").tolist() == [1, -1, 0]


def test_a_complex_number_loses_its_imaginary_part():
    assert cast([1.5 + 2j], "float32").tolist() == [1.5]


def test_anything_but_zero_is_true():
    assert cast([0.0, -0.0, 0.1, np.nan], "bool").tolist() == [False, False, True, True]


def test_a_narrow_float_is_rounded_to_even_or_cut_off():
    third = np.float32([1 + 3 * 2.0**-8])  # half way between two bfloat16 numbers

    assert cast(third, "bfloat16").astype(float).tolist() == [1 + 4 * 2.0**-8]
    assert cast(third, "bfloat16", Truncate=True).astype(float).tolist() == [1 + 2 * 2.0**-8]


def test_strings_are_refused():
    with pytest.raises(UnimplementedError, match="Cast string to float is not supported"):
        cast(np.array([b"1"], object), "float32")
    with pytest.raises(UnimplementedError, match="Cast float to string is not supported"):
        cast(np.float32([1]), "string")


@given(x=arrays_of(NUMBERS, min_side=1))
def test_bitcast_there_and_back_is_the_identity(x):
    there = bitcast_op.body(x, type=dtypes.uint8)
    back = bitcast_op.body(there, type=dtypes.by_numpy(x.dtype))

    assert back.tobytes() == np.ascontiguousarray(x).tobytes()
    assert back.shape == x.shape


def test_bitcast_needs_the_right_last_size():
    with pytest.raises(InvalidArgumentError, match="3 does not match 4"):
        bitcast_op.body(np.zeros((2, 3), np.uint8), type=dtypes.float32)


@given(x=whole((3,), np.float32))
def test_a_static_value_is_cast_as_the_body_casts(x):
    import minitf as tf

    for dtype in (tf.int32, tf.float64, tf.bool, tf.bfloat16):
        value = tf.get_static_value(tf.cast(x, dtype))

        assert value.dtype == (ml_dtypes.bfloat16 if dtype is tf.bfloat16 else dtype.numpy)
        np.testing.assert_array_equal(value, cast(x, dtype))
