"""`map_fn`, `foldl`, `foldr`, `scan` against Python."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf

WHOLE = st.lists(st.integers(-9, 9), min_size=1, max_size=7)


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


def step(a, e):
    return a * 2 - e


@pytest.mark.paper("O-15")
@given(values=WHOLE, parallel=st.integers(1, 10), is_known=st.booleans())
def test_map_is_a_list_of_what_the_function_gives(values, parallel, is_known):
    tf.reset_default_graph()
    x = tf.placeholder(tf.int32, [len(values) if is_known else None])
    y = tf.map_fn(lambda e: e * e + 1, x, parallel_iterations=parallel)

    assert run(y, {x: values}).tolist() == [e * e + 1 for e in values]


@pytest.mark.paper("O-15")
@given(values=WHOLE, start=st.none() | st.integers(-9, 9))
def test_folds_are_reduce_from_either_end(values, start):
    tf.reset_default_graph()
    x = tf.placeholder(tf.int32, [None])
    left = tf.foldl(step, x, initializer=start)
    right = tf.foldr(step, x, initializer=start)
    first = [] if start is None else [start]

    assert run([left, right], {x: values}) == [
        functools.reduce(step, first + values),
        functools.reduce(step, first + values[::-1]),
    ]


@pytest.mark.paper("O-15")
@given(values=WHOLE, start=st.none() | st.integers(-9, 9), reverse=st.booleans())
def test_scan_is_accumulate(values, start, reverse):
    tf.reset_default_graph()
    x = tf.placeholder(tf.int32, [None])
    y = tf.scan(step, x, initializer=start, reverse=reverse)
    ordered = values[::-1] if reverse else values
    wanted = list(itertools.accumulate(ordered, step, initial=start))
    wanted = wanted[start is not None :]

    assert run(y, {x: values}).tolist() == (wanted[::-1] if reverse else wanted)


def test_map_takes_and_gives_structures():
    x = {"a": tf.constant([1, 2]), "b": (tf.constant([1.0, 2.0]),)}
    made = tf.map_fn(
        lambda e: [e["a"] + 1, {"k": e["b"][0] * 2.0}], x, dtype=[tf.int32, {"k": tf.float32}]
    )
    whole, double = run([made[0], made[1]["k"]])

    assert whole.tolist() == [2, 3]
    assert double.tolist() == [2, 4]


def test_scan_carries_structures():
    made = tf.scan(
        lambda a, e: {"sum": a["sum"] + e, "count": a["count"] + 1},
        tf.constant([1.0, 2.0, 3.0]),
        initializer={"sum": 0.0, "count": 0},
    )
    values = run(made)

    assert values["sum"].tolist() == [1, 3, 6]
    assert values["count"].tolist() == [1, 2, 3]


def test_folds_walk_several_tensors_together():
    pair = (tf.constant([1, 2]), tf.constant([10, 20]))

    assert run(tf.foldl(lambda a, e: a + e[0] * e[1], pair, initializer=0)) == 50
    assert run(tf.foldr(lambda a, e: a * 2 + e[0] - e[1], pair, initializer=0)) == -45


def test_static_shapes_say_what_is_known():
    x = tf.placeholder(tf.float32, [4, 2])
    y = tf.map_fn(lambda row: tf.concat([row, row], 0), x)
    free = tf.map_fn(lambda row: row, x, infer_shape=False)

    assert y.shape.as_list() == [4, 4]
    assert free.shape.ndims is None or free.shape.as_list()[0] == 4
    assert tf.scan(lambda a, e: a + e, x).shape.as_list() == [4, 2]


def test_no_elements_give_none():
    x = tf.placeholder(tf.float32, [None, 2])
    y = tf.map_fn(lambda row: row * 2.0, x)

    assert run(y, {x: np.zeros((0, 2))}).shape == (0, 2)


def test_a_variable_of_the_function_is_one_for_all_elements():
    def scaled(e):
        return e * tf.get_variable("scale", initializer=3.0)

    y = tf.map_fn(scaled, tf.constant([1.0, 2.0]))

    assert run(y).tolist() == [3, 6]
    assert [v.name for v in tf.global_variables()] == ["scale:0"]


def test_py_func_runs_once_per_element_in_any_thread():
    seen = []

    def note(e):
        seen.append(int(e))
        return e

    y = tf.map_fn(lambda e: tf.py_func(note, [e], tf.int32), tf.range(20), infer_shape=False)

    assert run(y).tolist() == list(range(20))
    assert sorted(seen) == list(range(20))


def test_an_error_of_py_func_tells_the_element():
    def refuse(e):
        if e == 3:
            raise ValueError("not three")
        return e

    y = tf.map_fn(lambda e: tf.py_func(refuse, [e], tf.int32), tf.range(9), parallel_iterations=1)

    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"not three(.|\n)*in iteration map/while/.*:3\n"
    ):
        run(y)


@pytest.mark.parametrize("function", [tf.map_fn, tf.foldl, tf.foldr, tf.scan])
def test_the_function_must_be_one_and_elements_must_be_there(function):
    with pytest.raises(TypeError, match="fn must be callable"):
        function(3, [1, 2])
    with pytest.raises(ValueError, match="elems must be a"):
        function(lambda *_: 1, tf.constant(3))
    with pytest.raises(ValueError, match="does not contain any Tensors"):
        function(lambda *_: 1, [])
    with pytest.raises(ValueError, match="elements in elems must be"):
        function(lambda *_: 1, (tf.constant([3]), tf.constant(3)))


def test_map_refuses_sparse_tensors_and_other_structures():
    sparse = tf.SparseTensor([[0]], [1.0], [1])

    with pytest.raises(TypeError, match="map over the values of a sparse tensor"):
        tf.map_fn(lambda e: e, sparse)
    with pytest.raises(ValueError, match="don't have the same nested structure"):
        tf.map_fn(lambda e: [e, e], tf.constant([1]))
    with pytest.raises(ValueError, match="are not compatible"):
        tf.map_fn(lambda e: e[0], (tf.constant([1]), tf.constant([1, 2])), dtype=tf.int32)
