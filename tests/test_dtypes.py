"""DTypes: one object per type, TensorFlow's names, enums and relations."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import minitf as tf
from minitf import dtypes
from minitf.dtypes import ANY, DTYPES, FLOATS, INDICES, as_dtype

NAMES = sorted(DTYPES)


@pytest.mark.tensorflow
@pytest.mark.paper("W-14")
@pytest.mark.parametrize("name", NAMES)
def test_a_type_has_tensorflows_properties(tensorflow, name):
    ours, theirs = DTYPES[name], tensorflow.as_dtype(name)

    for member in (
        *("as_datatype_enum", "is_floating", "is_integer", "is_unsigned", "is_complex", "is_bool"),
        *("is_quantized", "is_numpy_compatible", "size", "name", "as_numpy_dtype"),
    ):
        if member == "as_numpy_dtype" and not ours.is_numpy_compatible:
            continue
        if member == "size" and ours.numpy.kind == "O":
            continue  # 1.15 says 8 for strings and 1 for handles, 2.21 says 0
        assert getattr(ours, member) == getattr(theirs, member), member
    assert repr(ours) == repr(theirs)
    assert str(ours) == str(theirs)
    assert ours.real_dtype.name == theirs.real_dtype.name
    assert ours.as_ref.name == theirs._as_ref.name
    assert ours.as_ref.enum == theirs._as_ref.as_datatype_enum


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", [n for n in NAMES if DTYPES[n].is_numpy_compatible])
def test_a_type_has_tensorflows_limits(tensorflow, name):
    for member in ("min", "max", "limits"):
        try:
            theirs = getattr(tensorflow.as_dtype(name), member)
        except (TypeError, ValueError, KeyError) as error:
            if member != "limits":
                with pytest.raises(type(error), match=f"Cannot find {member}imum value of"):
                    getattr(DTYPES[name], member)
            continue  # TensorFlow has none

        assert getattr(DTYPES[name], member) == theirs, member


@pytest.mark.parametrize("name", NAMES)
def test_a_type_is_found_by_name_enum_and_numpy(name):
    dtype = DTYPES[name]

    assert as_dtype(name) is dtype
    assert as_dtype(dtype.enum) is dtype
    assert as_dtype(f"{name}_ref") is dtype.as_ref
    assert as_dtype(dtype.enum + 100) is dtype.as_ref
    assert dtype.as_ref.base_dtype is dtype
    if dtype.is_numpy_compatible:
        assert as_dtype(dtype.as_numpy_dtype) is dtype
    assert pickle.loads(pickle.dumps(dtype)) is dtype


def test_python_types_and_aliases_mean_what_they_mean_in_tensorflow():
    assert as_dtype(float) is dtypes.float32
    assert as_dtype(int) is dtypes.int32
    assert as_dtype(bool) is dtypes.bool_
    assert as_dtype(str) is dtypes.string
    assert as_dtype("half") is dtypes.float16
    assert as_dtype(np.dtype(">f4")) is dtypes.float32
    assert dtypes.float32 == np.float32
    assert dtypes.float32 == "float32"
    assert dtypes.float32 != "no type"
    assert dtypes.float32 != dtypes.float32.as_ref


@pytest.mark.parametrize("value", ["float33", 4711, object(), None, np.dtype("datetime64[s]")])
def test_what_is_no_type_is_refused_with_its_value(value):
    with pytest.raises(TypeError, match="Cannot convert value"):
        as_dtype(value)


def test_a_set_of_types_carries_its_default_and_least_length():
    limited = INDICES.default(dtypes.int32).at_least(2)

    assert limited == INDICES
    assert (limited.default_type, limited.minimum) == (dtypes.int32, 2)
    assert dtypes.float16 in FLOATS | INDICES
    assert not ANY


def test_a_ref_type_feeds_its_base_type_but_not_the_other_way_round():
    assert dtypes.float32.is_compatible_with(dtypes.float32.as_ref)
    assert not dtypes.float32.as_ref.is_compatible_with(dtypes.float32)
    assert not dtypes.float32.is_compatible_with(dtypes.float64)


def test_the_namespace_has_all_that_tensorflow_1_15_lists():
    types = {"bool", "double", "half", *DTYPES}
    others = {"DType", "QUANTIZED_DTYPES", "as_dtype", "as_string", "cast", "complex"}
    assert types | others | {"saturate_cast"} <= set(dir(tf.dtypes))
    assert [tf.dtypes.half, tf.dtypes.double, tf.dtypes.bool] == [tf.half, tf.double, tf.bool]
    assert tf.dtypes.complex is tf.complex
    assert tf.dtypes.cast([1.5], tf.dtypes.int32).dtype is tf.int32
    assert {tf.qint8, tf.quint16.as_ref} <= tf.dtypes.QUANTIZED_DTYPES
    with pytest.raises(AttributeError, match=r"minitf.dtypes.* no attribute 'cats'"):
        _ = tf.dtypes.cats
