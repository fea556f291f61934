"""Const, Placeholder and its kin: cases, messages."""

import numpy as np
import pytest

import minitf as tf
from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.ops.array.constants import placeholder_op, placeholder_v2_op
from minitf.shapes import Shape


@pytest.mark.parametrize("make", [placeholder_op, placeholder_v2_op])
def test_a_placeholder_that_is_not_fed_says_what_it_wants(make):

    x = make(dtype=dtypes.float32, shape=Shape([2, None]), name="x")
    with (
        tf.Session() as session,
        pytest.raises(
            InvalidArgumentError,
            match=r"You must feed a value for placeholder tensor 'x' with dtype float32 and shape "
            r"\[2,\?\]",
        ),
    ):
        session.run(x + 1.0)


def test_a_constant_keeps_its_value_whatever_becomes_of_the_array():
    import minitf as tf

    array = np.array([1.0, 2.0])
    made = tf.constant(array)
    array[0] = 9
    with tf.Session() as session:
        fetched = session.run(made)
        fetched[0] = 7

        assert session.run(made).tolist() == [1, 2]


def test_a_default_may_be_replaced_by_feeding():
    import minitf as tf

    x = tf.placeholder_with_default([1.0, 2.0], [None])
    with tf.Session() as session:
        assert session.run(x * 2).tolist() == [2, 4]
        assert session.run(x * 2, {x: [5.0]}).tolist() == [10]


def mapped(path, shape, dtype=tf.float32):
    return tf.raw_ops.ImmutableConst(dtype=dtype, shape=shape, memory_region_name=str(path))


def test_a_constant_is_mapped_from_a_file(tmp_path):
    path = tmp_path / "bytes"
    path.write_bytes(np.arange(6, dtype=np.float32).tobytes())
    with tf.Session() as session:
        assert session.run(mapped(path, [2, 2])).tolist() == [[0, 1], [2, 3]]
        assert session.run(mapped(path, [0, 2])).shape == (0, 2)
        with pytest.raises(tf.errors.InternalError, match=r"wrong length \(24\) when allocating"):
            session.run(mapped(path, [2, 4]))
        with pytest.raises(tf.errors.NotFoundError, match="No such file"):
            session.run(mapped(tmp_path / "none", [1]))
        with pytest.raises(tf.errors.UnimplementedError, match="DT_STRING is not currently"):
            session.run(mapped(path, [1], tf.string))
