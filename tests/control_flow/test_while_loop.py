"""`tf.while_loop`: what it computes, keeps apart and refuses."""

from __future__ import annotations

import collections
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


@pytest.mark.paper("W-32", "O-15")
@given(trips=st.integers(-2, 12), parallel=st.integers(1, 12), swap=st.booleans())
def test_a_loop_repeats_while_its_condition_holds(trips, parallel, swap):
    tf.reset_default_graph()
    n = tf.placeholder(tf.int32, [])
    i, s = tf.while_loop(
        lambda i, s: i < n,
        lambda i, s: (i + 1, s + i),
        [0, 0],
        parallel_iterations=parallel,
        swap_memory=swap,
    )
    wanted = max(trips, 0)

    assert run([i, s], {n: trips}) == [wanted, sum(range(wanted))]


def test_the_number_of_trips_may_depend_on_the_data():
    x = tf.placeholder(tf.int32, [])
    steps, _ = tf.while_loop(
        lambda k, x: tf.not_equal(x, 1),
        lambda k, x: (k + 1, tf.cond(tf.equal(x % 2, 0), lambda: x // 2, lambda: 3 * x + 1)),
        [0, x],
    )
    with tf.Session() as session:
        assert [session.run(steps, {x: n}) for n in (1, 2, 3, 27)] == [0, 1, 7, 111]


def test_what_a_body_takes_from_outside_is_computed_once():
    ran = []
    outside = tf.py_func(lambda: ran.append(1) or np.int32(2), [], tf.int32)
    outside.set_shape([])
    y = tf.while_loop(lambda i: i < 10, lambda i: i + outside, [0])

    assert run(y) == 10
    assert ran == [1]


def test_a_body_runs_once_per_iteration_and_never_when_the_loop_has_ended():
    ran = []

    def body(i):
        constant = tf.py_func(lambda: ran.append("constant") or np.int32(1), [], tf.int32)
        constant.set_shape([])
        return i + constant

    assert run(tf.while_loop(lambda i: i < 3, body, [0])) == 3
    assert ran == ["constant"] * 3


@pytest.mark.parametrize("use_resource", [False, True])
def test_a_body_writes_variables_and_reads_what_it_wrote(use_resource):
    w = tf.get_variable("w", initializer=1.0, use_resource=use_resource)

    def body(i, seen):
        with tf.control_dependencies([tf.assign(w, w.read_value() * 2.0)]):
            return i + 1, seen.write(i, w.read_value())

    _, seen = tf.while_loop(
        lambda i, _: i < 4,
        body,
        [0, tf.TensorArray(tf.float32, 4)],
        parallel_iterations=1,
    )

    assert run(seen.stack()).tolist() == [2, 4, 8, 16]


def test_a_ref_variable_taken_from_outside_is_read_where_it_is_used():
    w = tf.Variable(1.0)

    def body(i, s):
        with tf.control_dependencies([tf.assign_add(w, 1.0)]):
            return i + 1, s + w

    _, s = tf.while_loop(lambda i, _: i < 3, body, [0, 0.0], parallel_iterations=1)

    assert run(s) == 2 + 3 + 4


def test_a_loop_waits_for_what_is_around_it():
    w = tf.Variable(1.0)
    with tf.control_dependencies([tf.assign(w, 5.0)]):
        _, s = tf.while_loop(lambda i, _: i < 2, lambda i, s: (i + 1, s + w.read_value()), [0, 0.0])

    assert run(s) == 10


def test_what_is_around_an_operation_inside_is_waited_for_by_way_of_its_output():
    w = tf.Variable(1.0)
    written = tf.assign(w, 5.0)

    def body(i, s):
        with tf.control_dependencies([written]):
            return i + 1, s + w.read_value()

    assert run(tf.while_loop(lambda i, _: i < 2, body, [0, 0.0])[1]) == 10


def test_a_loop_on_a_branch_and_a_branch_in_a_loop():
    p = tf.placeholder(tf.bool, [])
    x = tf.placeholder(tf.float32, [])

    def halved():
        return tf.while_loop(lambda y: y >= 1.0, lambda y: y / 2.0, [x])

    y = tf.cond(p, halved, lambda: x)
    z = tf.while_loop(
        lambda i, s: i < 4,
        lambda i, s: (i + 1, tf.cond(tf.equal(i % 2, 0), lambda: s + x, lambda: -s)),
        [0, 0.0],
    )[1]

    assert run([y, z], {p: True, x: 12}) == [0.75, 0]
    assert run([y, z], {p: False, x: 12}) == [12, 0]


def test_nested_loops_each_with_its_own_trip_count():
    n = tf.placeholder(tf.int32, [])

    def row(i, t):
        def cell(j, t):
            return j + 1, t + i * j

        return i + 1, tf.while_loop(lambda j, _: j < i, cell, [0, t])[1]

    total = tf.while_loop(lambda i, _: i < n, row, [0, 0])[1]

    assert run(total, {n: 6}) == sum(i * j for i in range(6) for j in range(i))


# --- structures -----------------------------------------------------------------------------------


def test_variables_keep_their_structure():
    Pair = collections.namedtuple("Pair", "low high")  # noqa: PYI024 as users write
    i, pair, rest = tf.while_loop(
        lambda i, p, d: i < 3,
        lambda i, p, d: [i + 1, Pair(p.low - 1, p.high + 1), {"k": [d["k"][0] * 2.0]}],
        (0, Pair(0, 0), {"k": [1.0]}),
    )

    assert run([i, pair, rest]) == [3, Pair(-3, 3), {"k": [8]}]


def test_a_single_variable_comes_alone_unless_asked_otherwise():
    body = {"cond": lambda i: i < 3, "body": lambda i: [i + 1]}

    assert run(tf.while_loop(loop_vars=[0], **body)) == 3
    assert run(tf.while_loop(loop_vars=[0], return_same_structure=True, **body)) == [3]


def test_sparse_tensors_and_slices_are_variables():
    start = tf.SparseTensor([[0], [2]], [1.0, 2.0], [4])
    rows = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([1]), tf.constant([3, 1]))

    def body(i, s, r):
        doubled = tf.SparseTensor(s.indices, s.values * 2.0, s.dense_shape)
        grown = tf.IndexedSlices(
            tf.concat([r.values, r.values], 0), tf.concat([r.indices, r.indices], 0), r.dense_shape
        )
        return i + 1, doubled, grown

    _, sparse, slices = tf.while_loop(
        lambda i, *_: i < 2,
        body,
        [0, start, rows],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([4]), tf.TensorShape([None, 1])],
    )
    got, taken = run([sparse, slices])

    assert got.values.tolist() == [4, 8]
    assert got.indices.tolist() == [[0], [2]]
    assert taken.indices.tolist() == [1] * 4
    assert slices.values.shape.as_list() == [None, 1]


def test_what_is_returned_may_be_a_number_or_what_came_in():
    i, x, y = tf.while_loop(lambda i, *_: i < 3, lambda i, x, y: (i + 1, 7.0, y), [0, 1.0, 2.0])

    assert run([i, x, y]) == [3, 7, 2]


@given(limit=st.integers(0, 5))
def test_a_limit_stops_the_loop(limit):
    tf.reset_default_graph()
    most = tf.placeholder(tf.int32, [])
    alone = tf.while_loop(lambda x: x < 100, lambda x: x * 2, [1], maximum_iterations=most)
    both = tf.while_loop(
        lambda x, y: x < 100, lambda x, y: [x * 2, y + 1], [1, 0], maximum_iterations=most
    )

    assert run([alone, *both], {most: limit}) == [2**limit, 2**limit, limit]


# --- shapes ---------------------------------------------------------------------------------------


def test_a_shape_that_an_invariant_allows_may_change():
    x = tf.while_loop(
        lambda i, x: i < 3,
        lambda i, x: (i + 1, tf.concat([x, x], 0)),
        [0, tf.ones([1, 2])],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 2])],
    )[1]

    assert x.shape.as_list() == [None, 2]
    assert run(x).shape == (8, 2)


def test_a_limited_loop_takes_invariants_too():
    x = tf.while_loop(
        lambda x: True,
        lambda x: tf.concat([x, x], 0),
        [tf.ones([1])],
        shape_invariants=[tf.TensorShape([None])],
        maximum_iterations=3,
    )

    assert run(x).shape == (8,)


def test_an_array_may_have_any_invariant():
    array = tf.TensorArray(tf.float32, 2)
    _, array = tf.while_loop(
        lambda i, _: i < 2,
        lambda i, a: (i + 1, a.write(i, 1.0)),
        [0, array],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape(None)],
    )

    assert run(array.stack()).tolist() == [1, 1]


def grown(i, state):
    doubled = tf.concat([state["x"]] * 2, 0)
    return i + 1, {"x": doubled, "y": [tf.expand_dims(state["y"][0], 0)], "z": state["z"]}


@pytest.mark.paper("W-32")
@pytest.mark.parametrize("limit", [None, 9])
def test_a_changed_shape_is_told_by_position_name_line_and_remedy(limit):
    start = {"x": tf.ones([2, 3], name="first"), "y": [tf.constant(0.0)], "z": 0}
    with pytest.raises(ValueError, match="enters the loop") as raised:
        tf.while_loop(lambda i, _: i < 3, grown, [0, start], maximum_iterations=limit)
    message = str(raised.value)

    assert message.startswith(
        "Input tensor 'first:0' enters the loop with shape (2, 3), but has shape (4, 3) after one "
        "iteration. To allow the shape to vary across iterations, use the `shape_invariants` "
        "argument of tf.while_loop to specify a less-specific shape."
    )
    assert "loop_vars[1]['x'], `state` of the body" in message
    assert "loop_vars[1]['y'][0], `state` of the body" in message
    assert "created at " in message
    assert 'doubled = tf.concat([state["x"]] * 2, 0)' in message
    remedy = re.search(r"hint: shape_invariants=(.*)$", message).group(1)
    assert remedy == (
        "[tf.TensorShape([]), {'x': tf.TensorShape([None, 3]), 'y': [tf.TensorShape(None)], "
        "'z': tf.TensorShape([])}]"
    )
    invariants = eval(remedy, {"tf": tf})
    result = tf.while_loop(
        lambda i, _: i < 3, grown, [0, start], invariants, maximum_iterations=limit
    )
    assert run(result[1]["x"]).shape == (16, 3)


def test_a_changed_type_is_told_likewise():
    with pytest.raises(TypeError, match=r"type int32, but has type float64(.|\n)*loop_vars\[1\]"):
        tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x / 2), [0, 1])


def test_the_first_value_must_have_the_invariant_shape():
    with pytest.raises(
        ValueError,
        match=r"shape invariant specified for ones:0 is not compatible with the initial shape of "
        r"the loop variable. It enters the loop with shape \(2,\), but the specified shape "
        r"invariant is \(3,\)",
    ):
        tf.while_loop(
            lambda i, x: i < 3,
            lambda i, x: (i + 1, x),
            [0, tf.ones([2])],
            shape_invariants=[tf.TensorShape([]), tf.TensorShape([3])],
        )


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "phrase"),
    [
        ({"cond": 3}, TypeError, "cond must be callable"),
        ({"body": 3}, TypeError, "body must be callable"),
        ({"loop_vars": []}, ValueError, "No loop variables provided"),
        ({"parallel_iterations": 0}, TypeError, "parallel_iterations must be a positive integer"),
        ({"body": lambda i: (i, i)}, ValueError, "don't have the same nested structure"),
        ({"body": lambda i: None}, ValueError, "None values not supported"),
        ({"cond": lambda i: i}, TypeError, "does not match expected type of bool"),
        ({"cond": lambda i: [True, False]}, ValueError, "must be rank 0"),
        ({"maximum_iterations": [1, 2]}, ValueError, r"must be a scalar, saw shape: \(2,\)"),
        ({"shape_invariants": []}, ValueError, "don't have the same nested structure"),
    ],
)
def test_arguments_must_fit_together(change, error, phrase):
    arguments = {"cond": lambda i: i < 3, "body": lambda i: i + 1, "loop_vars": [0]} | change
    with pytest.raises(error, match=phrase):
        tf.while_loop(**arguments)


def leaked():
    inside = []
    tf.while_loop(lambda i: i < 3, lambda i: inside.append(i) or i + 1, [0])
    return inside[0]


def test_what_is_in_a_loop_is_not_used_outside_or_in_another():
    inside = leaked()

    with pytest.raises(
        ValueError,
        match=r"Cannot use 'while/Identity' as input to 'mul' because .* in a while loop",
    ):
        _ = inside * 2
    with pytest.raises(ValueError, match="because they are in different while loops"):
        tf.while_loop(lambda i: i < 3, lambda i: i + inside, [0])


def test_what_is_in_a_loop_is_neither_fetched_nor_fed():
    inside = leaked()

    with pytest.raises(ValueError, match="has been marked as not fetchable"):
        run(inside)
    with pytest.raises(ValueError, match="may not be fed"):
        run(tf.constant(1), {inside: 1})


def test_an_error_in_a_body_tells_the_iteration():
    y = tf.while_loop(
        lambda i, _: i < 5,
        lambda i, s: (i + 1, tf.cholesky([[3.0 - tf.cast(i, tf.float32)]])[0, 0]),
        [0, 0.0],
        parallel_iterations=1,
    )[1]

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"in iteration while/while_context:3"):
        run(y)


def test_building_a_loop_leaves_cached_steps_of_a_session_alone():
    x = tf.constant(3.0)
    with tf.Session() as session:
        session.run(x)
        before = session._steps.find(session._steps.requests[0])
        tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
        tf.cond(x > 1.0, lambda: x, lambda: -x)
        session.run(x)

        assert session._steps.find(session._steps.requests[0]) is before
