"""create_partitioned_variables: slices whose numbers the program gives."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_slices_together_are_the_whole():
    whole = np.arange(40, dtype=np.float32).reshape(10, 4)
    with tf.variable_scope("hi"):
        parts = tf.create_partitioned_variables([10, 4], [3, 1], tf.constant(whole), name="w")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = sess.run(list(parts))

    assert [each.op.name for each in parts] == ["hi/w/part_0", "hi/w/part_1", "hi/w/part_2"]
    assert [len(each) for each in found] == [4, 3, 3]
    assert np.concatenate(found).tolist() == whole.tolist()
    assert {each._save_slice_info.full_name for each in parts} == {"hi/w"}


def test_slices_are_shared_by_name_and_named_apart_without_one():
    made = tf.create_partitioned_variables([4], [2], tf.zeros_initializer(), name="w")

    again = tf.create_partitioned_variables([4], [2], tf.zeros_initializer(), name="w", reuse=True)
    others = tf.create_partitioned_variables([4], [2], tf.zeros_initializer())

    assert again == made
    assert [each.op.name for each in others] == [
        "PartitionedVariable/part_0",
        "PartitionedVariable/part_1",
    ]


@pytest.mark.parametrize(
    ("shape", "slicing", "message"),
    [
        ([4], [2, 1], "must have the length"),
        ([], [], "rank at least 1"),
        ([4, 4], [2, 2], "Can only slice a variable along one dimension"),
    ],
)
def test_slicing_that_is_not_possible_is_refused(shape, slicing, message):
    with pytest.raises(ValueError, match=message):
        tf.create_partitioned_variables(shape, slicing, tf.zeros_initializer())
