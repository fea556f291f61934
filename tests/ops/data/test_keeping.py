"""Datasets keep elements of another, or leave some out."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset


def counted(size):
    """A dataset of numbers, and the list of those that were made so far."""
    made = []

    def note(number):
        made.append(int(number))
        return number

    return Dataset.range(size).map(lambda n: tf.py_func(note, [n], tf.int64)), made


@pytest.mark.parametrize("in_file", [False, True])
def test_elements_are_made_once(in_file, tmp_path):
    data, made = counted(3)

    assert (
        elements_of(data.cache(str(tmp_path / "kept") if in_file else "").repeat(3))
        == [0, 1, 2] * 3
    )
    assert made == [0, 1, 2]


def test_a_memory_keeps_nothing_of_an_iteration_that_is_left_off():
    data, made = counted(3)
    iterator = data.cache().take(2).repeat(2).make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        session.run(iterator.initializer)
        assert [int(session.run(following)) for _ in range(4)] == [0, 1, 0, 1]
    assert made == [0, 1, 0, 1]


def test_a_file_serves_later_runs(tmp_path):
    name = str(tmp_path / "kept")

    def pair(n):
        return {"n": n, "s": tf.as_string(n), "m": tf.fill([n, 2], 0.5)}

    first = elements_of(Dataset.range(3).map(pair).cache(name))
    later = elements_of(Dataset.range(1).map(pair).cache(name))

    assert later == first
    assert len(first) == 3


def test_two_iterations_do_not_write_one_file(tmp_path):
    name = str(tmp_path / "kept")
    both = Dataset.zip((Dataset.range(3).cache(name), Dataset.range(3).cache(name)))

    with pytest.raises(errors.AlreadyExistsError, match="concurrent caching iterator"):
        elements_of(both)


def test_a_file_that_an_iteration_left_off_writing_is_gone(tmp_path):
    data = Dataset.range(3).cache(str(tmp_path / "kept"))
    iterator = data.make_initializable_iterator()
    following = iterator.get_next()
    with tf.Session() as session:
        session.run(iterator.initializer)
        session.run(following)
        assert list(tmp_path.iterdir())
    del session
    gc.collect()

    assert not list(tmp_path.iterdir())
    assert elements_of(data) == [0, 1, 2]


def test_errors_are_ignored():
    data = Dataset.from_tensor_slices([1.0, 2.0, 0.0, 4.0]).map(
        lambda x: tf.debugging.check_numerics(1 / x, "bad")
    )

    assert elements_of(data.apply(tf.data.experimental.ignore_errors())) == [1.0, 0.5, 0.25]
    with pytest.raises(errors.InvalidArgumentError, match="bad"):
        elements_of(data)


@given(values=st.lists(st.sampled_from(["a", "b", "c"]), max_size=9))
def test_unique_elements_are_the_first_of_each(values):
    with tf.Graph().as_default():
        data = Dataset.from_tensor_slices(np.array(values, object).astype("S1"))
        found = elements_of(data.apply(tf.data.experimental.unique()))

    assert found == [value.encode() for value in dict.fromkeys(values)]


PIPELINES = {
    "ignored": lambda lib: (
        lib.data.Dataset.range(5)
        .map(lambda n: lib.debugging.check_numerics(1 / lib.cast(n % 2, lib.float32), "bad"))
        .apply(lib.data.experimental.ignore_errors())
    ),
    "unique": lambda lib: (
        lib.data.Dataset.range(9).map(lambda n: n * n % 5).apply(lib.data.experimental.unique())
    ),
    "cached": lambda lib: lib.data.Dataset.range(3).cache().repeat(2),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_what_is_kept_is_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
