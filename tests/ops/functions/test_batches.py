"""BatchFunction calls a function of rows, batch by batch."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.grammar import Function


def called(rows, *others, sizes=(), most=8):
    factor = tf.constant(10.0)
    seen = tf.function(
        lambda x, *rest: (x * factor, tf.fill(tf.shape(x), tf.shape(x)[0])),
        input_signature=[tf.TensorSpec([None], tf.float32)] * (1 + len(others)),
    ).get_concrete_function()
    made = ops.batch_function_op(
        [rows, *others],
        seen.captured_inputs,
        f=Function(seen.name),
        num_batch_threads=1,
        max_batch_size=most,
        batch_timeout_micros=0,
        allowed_batch_sizes=sizes,
        Tout=(tf.float32, tf.int32),
    )
    with tf.Session() as session:
        return session.run(made)


def test_a_call_is_a_batch_of_an_allowed_size():
    rows = tf.constant([1.0, 2.0, 3.0])
    for sizes, size in (((), 3), ((2, 4, 8), 4), ((8,), 8)):
        found, counts = called(rows, sizes=sizes)

        np.testing.assert_array_equal(found, [10.0, 20.0, 30.0])
        np.testing.assert_array_equal(counts, [size] * 3)


def test_batches_that_do_not_fit_are_refused():
    rows = tf.constant([1.0, 2.0, 3.0])
    with pytest.raises(InvalidArgumentError, match="larger than maximum input batch size 2"):
        called(rows, most=2)
    with pytest.raises(InvalidArgumentError, match="must have equal 0th-dimension size"):
        called(rows, tf.constant([1.0]))
    with pytest.raises(InvalidArgumentError, match="monotonically increasing"):
        called(rows, sizes=(4, 2))
