"""Functions of elements: map, filter, take_while, flat_map, scan, reduce."""

from __future__ import annotations

import collections

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset
Point = collections.namedtuple("Point", "x y")  # noqa: PYI024 - as programs write it


def test_map_gets_a_tuple_as_so_many_arguments_and_others_as_one():
    pairs = Dataset.from_tensor_slices(([1, 2], [10, 20]))
    table = Dataset.from_tensor_slices({"a": [1, 2]})

    assert elements_of(pairs.map(lambda a, b: a + b)) == [11, 22]
    assert elements_of(table.map(lambda row: row["a"] * 2)) == [2, 4]
    points = Dataset.from_tensor_slices(Point([1, 2], [3, 4]))
    assert elements_of(points.map(lambda point: point.x * point.y)) == [3, 8]


def test_map_gives_any_structure():
    data = Dataset.range(2).map(lambda n: {"n": n, "more": (n + 1, Point(2, "s"))})

    assert elements_of(data) == [
        {"n": 0, "more": (1, (2, b"s"))},
        {"n": 1, "more": (2, (2, b"s"))},
    ]
    assert data.output_types == {"n": tf.int64, "more": (tf.int64, Point(tf.int32, tf.string))}


def test_a_list_that_map_gets_is_a_tuple():
    both = Dataset.range(2).map(
        lambda n: tf.py_func(lambda m: (m, m * 0.5), [n], [tf.int64, tf.float64])
    )

    assert both.output_types == (tf.int64, tf.float64)
    assert elements_of(both) == [(0, 0.0), (1, 0.5)]


def test_map_knows_shapes():
    data = Dataset.from_tensors(np.zeros((2, 3))).map(lambda x: (tf.transpose(x), tf.shape(x)))

    assert [shape.as_list() for shape in data.output_shapes] == [[3, 2], [2]]


def test_a_function_uses_tensors_and_variables_of_the_graph_around_it():
    factor = tf.placeholder(tf.int64, [])
    count = tf.Variable(np.int64(0))
    data = Dataset.range(3).map(lambda n: n * factor + count)
    iterator = data.make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        session.run(count.initializer)
        session.run(iterator.initializer, {factor: 10})
        assert session.run(following) == 0
        assert session.run(following) == 10
        session.run(count.assign(7))
        session.run(iterator.initializer, {factor: 100})
        assert [session.run(following) for _ in range(3)] == [7, 107, 207]


def test_functions_in_functions_use_what_is_around_all_of_them():
    factor = tf.constant(100, tf.int64) * 1

    def inner(n):
        return Dataset.range(n).map(lambda m: m * factor + n)

    assert elements_of(Dataset.range(3).flat_map(inner)) == [1, 2, 102]


def test_an_error_in_a_function_is_the_step_s_and_the_next_element_comes():
    data = Dataset.range(3).map(lambda n: 6 // (n - 1))
    iterator = data.make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        session.run(iterator.initializer)
        assert session.run(following) == -6
        with pytest.raises(errors.InvalidArgumentError, match="division by zero") as raised:
            session.run(following)
        assert "test_functional.py" in str(raised.value)
        assert session.run(following) == 6


@given(size=st.integers(0, 9), factor=st.integers(1, 4))
def test_filter_keeps_what_a_function_is_true_for(size, factor):
    with tf.Graph().as_default():
        data = Dataset.range(size)
        assert elements_of(data.filter(lambda n: tf.equal(n % factor, 0))) == [
            n for n in range(size) if n % factor == 0
        ]
        found = elements_of(data.apply(tf.data.experimental.take_while(lambda n: n < factor)))
        assert found == list(range(min(size, factor)))


@pytest.mark.parametrize("predicate", [lambda n: n, lambda n: [n > 1], lambda n: (n > 1, n > 2)])
def test_a_predicate_gives_one_truth(predicate):
    with pytest.raises(ValueError, match="convertible to a scalar boolean"):
        Dataset.range(3).filter(predicate)


@given(sizes=st.lists(st.integers(0, 3), max_size=5))
def test_flat_map_is_a_loop_in_a_loop(sizes):
    with tf.Graph().as_default():
        data = Dataset.from_tensor_slices(np.array(sizes, np.int64)).flat_map(Dataset.range)
        assert elements_of(data) == [n for size in sizes for n in range(size)]


def test_flat_map_needs_datasets():
    with pytest.raises(TypeError, match="must return a `Dataset`"):
        Dataset.range(3).flat_map(lambda n: n)


@given(size=st.integers(0, 8), first=st.integers(-5, 5))
def test_scan_and_reduce_carry_a_state(size, first):
    start = np.int64(first)
    with tf.Graph().as_default(), tf.Session() as session:
        data = Dataset.range(size)
        sums = data.apply(tf.data.experimental.scan(start, lambda s, n: (s + n, s * 10 + n)))
        found = elements_of(sums)
        total, count = session.run(
            data.reduce((start, 0), lambda state, n: (state[0] + n, state[1] + 1))
        )

    assert found == [(first + n * (n - 1) // 2) * 10 + n for n in range(size)]
    assert (total, count) == (first + sum(range(size)), size)


def test_a_state_may_grow_and_keeps_its_type():
    rows = Dataset.range(3).reduce(
        np.zeros(0, np.int64), lambda state, n: tf.concat([state, [n]], 0)
    )

    assert rows.shape.as_list() == [None]
    with tf.Session() as session:
        assert session.run(rows).tolist() == [0, 1, 2]
    with pytest.raises(TypeError, match="element types for the new state must match"):
        Dataset.range(3).reduce(0, lambda _, n: n)


def test_counter_counts():
    count = tf.data.experimental.Counter

    assert elements_of(count(3, 2).take(3)) == [3, 5, 7]
    assert elements_of(count(dtype=tf.float32).take(2)) == [0.0, 1.0]


def tables(lib):
    """A dataset of dicts."""
    return lib.data.Dataset.from_tensor_slices({"b": [1, 2, 3], "a": ["x", "y", "z"]})


PIPELINES = {
    "dicts": lambda lib: tables(lib).map(lambda row: (row["a"], row["b"] * 2)),
    "nested": lambda lib: lib.data.Dataset.range(4).flat_map(
        lambda n: lib.data.Dataset.range(n).map(lambda m: m + n)
    ),
    "errors": lambda lib: lib.data.Dataset.range(4).map(lambda n: 6 // (n - 2)).repeat(2),
    "errors in predicates": lambda lib: lib.data.Dataset.range(5).filter(
        lambda n: 6 // (n - 2) > 0
    ),
    "errors in the inner": lambda lib: lib.data.Dataset.range(4).flat_map(
        lambda n: lib.data.Dataset.range(3).map(lambda m: 6 // (n - m))
    ),
    "scan": lambda lib: lib.data.Dataset.range(5).apply(
        lib.data.experimental.scan(np.int64(1), lambda s, n: (s + n, (s, n)))
    ),
    "take while": lambda lib: lib.data.Dataset.range(9).apply(
        lib.data.experimental.take_while(lambda n: n * n < 10)
    ),
    "sparse": lambda lib: lib.data.Dataset.range(1, 4).map(
        lambda n: lib.SparseTensor([[n]], [n], [4])
    ),
    "sparse again": lambda lib: (
        lib.data.Dataset.range(1, 4)
        .map(lambda n: (lib.SparseTensor([[n]], [n], [4]), n))
        .map(lambda s, n: lib.sparse_tensor_to_dense(s) + n)
    ),
    "random": lambda lib: lib.data.Dataset.range(5).map(
        lambda n: lib.random_uniform([2], seed=3) * lib.cast(n, lib.float32)
    ),
    "strings": lambda lib: lib.data.Dataset.from_tensor_slices(["a b", "c"]).flat_map(
        lambda text: lib.data.Dataset.from_tensor_slices(lib.string_split([text]).values)
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_functions_give_what_tensorflows_give(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
