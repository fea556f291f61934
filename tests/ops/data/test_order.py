"""repeat, take, skip, shard and shuffle change which elements come, and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of

import minitf as tf
from minitf import errors, ops

Dataset = tf.data.Dataset


@given(size=st.integers(0, 6), count=st.integers(-1, 8))
def test_take_and_skip_are_slices(size, count):
    numbers = list(range(size))
    with tf.Graph().as_default():
        assert elements_of(Dataset.range(size).take(count)) == (
            numbers if count < 0 else numbers[:count]
        )
        assert elements_of(Dataset.range(size).skip(count)) == (
            [] if count < 0 else numbers[count:]
        )


@given(size=st.integers(0, 4), count=st.integers(0, 4))
def test_repeat_is_a_product(size, count):
    with tf.Graph().as_default():
        assert elements_of(Dataset.range(size).repeat(count)) == list(range(size)) * count


def test_repeat_without_end_of_nothing_ends():
    assert elements_of(Dataset.range(0).repeat()) == []
    assert elements_of(Dataset.range(2).repeat(), limit=7) == [0, 1, 0, 1, 0, 1, 0]


@given(size=st.integers(0, 9), shares=st.integers(1, 4), data=st.data())
def test_shares_are_slices_with_a_step(size, shares, data):
    index = data.draw(st.integers(0, shares - 1))
    with tf.Graph().as_default():
        found = elements_of(Dataset.range(size).shard(shares, index))

    assert found == list(range(size))[index::shares]


def test_a_share_must_exist():
    with pytest.raises(ValueError, match="Number of shards must be greater than zero"):
        Dataset.range(3).shard(0, 0)
    with pytest.raises(errors.InvalidArgumentError, match="Index must be between 0 and 1"):
        Dataset.range(3).shard(2, 2)
    with pytest.raises(errors.InvalidArgumentError, match="Index must be between 0 and 1"):
        elements_of(Dataset.range(3).shard(tf.constant(2, tf.int64), tf.constant(2, tf.int64)))
    with pytest.raises(errors.InvalidArgumentError, match="Number of shards must be greater"):
        elements_of(Dataset.range(3).shard(tf.constant(0, tf.int64), tf.constant(0, tf.int64)))


def test_sizes_follow_from_sizes():
    def size(dataset):
        with tf.Session() as session:
            return int(session.run(tf.data.experimental.cardinality(dataset)))

    five = Dataset.range(5)
    assert size(five.repeat(2).skip(3)) == 7
    assert size(five.take(-1).shard(2, 1)) == 2
    assert size(five.repeat()) == size(five.repeat().skip(2)) == -1
    assert size(five.repeat().take(3)) == 3
    assert size(five.filter(lambda x: x > 2)) == -2
    assert size(five.batch(2)) == 3
    assert size(five.batch(2, drop_remainder=True).prefetch(1)) == 2
    assert size(five.map(lambda x: x)) == -2  # the function may end it
    assert size(five.skip(-1)) == size(five.repeat(0)) == 0
    assert size(five.concatenate(five.repeat())) == -1
    assert size(Dataset.zip((five, five.repeat(), five.take(2)))) == 2


def test_count_of_shuffle_and_repeat_must_be_one():
    dataset = Dataset.range(3).made_by(ops.shuffle_and_repeat_dataset_op, 2, 1, 2, 0)

    with pytest.raises(errors.InvalidArgumentError, match="count must be greater than zero"):
        elements_of(dataset)
