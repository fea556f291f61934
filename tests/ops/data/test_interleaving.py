"""Interleaved datasets take turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset


def test_two_datasets_at_a_time_give_elements_in_turns():
    data = Dataset.range(1, 4).interleave(
        lambda n: Dataset.from_tensors(n).repeat(2), cycle_length=2, block_length=1
    )

    assert elements_of(data) == [1, 2, 1, 2, 3, 3]


def test_a_block_is_taken_in_one_turn():
    data = Dataset.range(1, 4).interleave(lambda n: Dataset.from_tensors(n).repeat(3), 2, 2)

    assert elements_of(data) == [1, 1, 2, 2, 1, 2, 3, 3, 3]


@given(
    sizes=st.lists(st.integers(0, 4), max_size=6),
    cycle=st.integers(1, 4),
    block=st.integers(1, 3),
    calls=st.none() | st.integers(1, 4),
)
def test_each_dataset_gives_all_its_elements_in_order(sizes, cycle, block, calls):
    calls = calls and min(calls, cycle)
    with tf.Graph().as_default():
        both = Dataset.zip((Dataset.range(len(sizes)), Dataset.from_tensor_slices([*sizes, 0])))
        data = both.interleave(
            lambda number, size: Dataset.range(tf.cast(size, tf.int64)).map(lambda m: (number, m)),
            cycle,
            block,
            calls,
        )
        found = elements_of(data)

    assert sorted(found) == [(n, m) for n, size in enumerate(sizes) for m in range(size)]
    for number in range(len(sizes)):
        own = [m for n, m in found if n == number]
        assert own == sorted(own)
    if cycle == 1:
        assert found == sorted(found)


def test_threads_change_nothing():
    def make(calls):
        with tf.Graph().as_default():
            data = Dataset.range(5).interleave(Dataset.range, 3, 2, calls)
            return elements_of(data)

    assert make(None) == make(1) == make(3) == make(tf.data.experimental.AUTOTUNE)


def test_lengths_are_positive():
    with pytest.raises(errors.InvalidArgumentError, match="cycle_length must be greater than zero"):
        elements_of(Dataset.range(3).interleave(Dataset.range, 0))
    with pytest.raises(errors.InvalidArgumentError, match="block_length must be greater than zero"):
        elements_of(Dataset.range(3).interleave(Dataset.range, 1, 0))
    with pytest.raises(TypeError, match="must return a `Dataset`"):
        Dataset.range(3).interleave(lambda n: n, 2)


PIPELINES = {
    f"{cycle}, {block}, {calls}": lambda lib, cycle=cycle, block=block, calls=calls: (
        lib.data.Dataset.range(7).interleave(
            lambda n: lib.data.Dataset.range(n % 4).map(lambda m: n * 10 + m), cycle, block, calls
        )
    )
    for cycle in (1, 2, 3, 9)
    for block in (1, 2)
    for calls in (None, 2)
    if calls is None or calls <= cycle
}
PIPELINES["errors"] = lambda lib: lib.data.Dataset.range(4).interleave(
    lambda n: lib.data.Dataset.range(3).map(lambda m: 6 // (n - m)), 2
)
PIPELINES["experimental"] = lambda lib: lib.data.Dataset.range(5).apply(
    lib.data.experimental.parallel_interleave(lib.data.Dataset.range, 2)
)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_turns_are_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
