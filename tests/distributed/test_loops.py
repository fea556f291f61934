"""Loops whose parts are in three processes: trips, nested, with branches, with gradients."""

from __future__ import annotations

import numpy as np
import pytest
from distributed.clusters import TASKS

import minitf as tf

PS, FIRST, SECOND = TASKS


@pytest.mark.paper("W-34", "O-16")
@pytest.mark.parametrize("parallel_iterations", [1, 10])
def test_a_body_over_three_processes_makes_so_many_trips(cluster, parallel_iterations):
    n = tf.placeholder(tf.int32, [])

    def body(i, a):
        for task in TASKS:
            with tf.device(task):
                a = a * 2 + i
        return i + 1, a

    results = tf.while_loop(
        lambda i, _: i < n,
        body,
        [tf.constant(0), tf.constant(1)],
        parallel_iterations=parallel_iterations,
    )
    with tf.Session(cluster.target()) as session:
        for trips in (0, 1, 2, 9):
            expected = 1
            for i in range(trips):
                expected = ((expected * 2 + i) * 2 + i) * 2 + i
            for _ in range(2):
                assert session.run(results, {n: trips}) == (trips, expected)


@pytest.mark.paper("W-34")
def test_loops_in_loops_over_processes(cluster):
    n, m = tf.placeholder(tf.int32, []), tf.placeholder(tf.int32, [])

    def around(i, total):
        def body(j, total):
            with tf.device(SECOND):
                return j + 1, total + i * j

        def goes_on(j, _):
            with tf.device(PS):
                return j < m + i

        return i + 1, tf.while_loop(goes_on, body, [0, total])[1]

    total = tf.while_loop(lambda i, _: i < n, around, [0, tf.constant(0)])[1]
    with tf.Session(cluster.target()) as session:
        for trips, most in ((0, 3), (1, 0), (3, 2)):
            wanted = sum(i * j for i in range(trips) for j in range(most + i))
            assert session.run(total, {n: trips, m: most}) == wanted


@pytest.mark.paper("W-34", "L10")
def test_branches_in_a_loop_over_processes(cluster):
    n = tf.placeholder(tf.int32, [])

    def on(task, function):
        def branch():
            with tf.device(task):
                return function()

        return branch

    def body(i, a):
        with tf.device(FIRST):
            is_even = tf.equal(i % 2, 0)
        return i + 1, tf.cond(is_even, on(PS, lambda: a + 10), on(SECOND, lambda: a * 2))

    result = tf.while_loop(lambda i, _: i < n, body, [0, tf.constant(1)])[1]
    with tf.Session(cluster.target()) as session:
        for trips in (0, 1, 2, 5):
            wanted = 1
            for i in range(trips):
                wanted = wanted * 2 if i % 2 else wanted + 10
            assert session.run(result, {n: trips}) == wanted


@pytest.mark.paper("W-34")
def test_gradients_of_a_loop_over_processes(cluster):
    x, n = tf.placeholder(tf.float32, []), tf.placeholder(tf.int32, [])

    def body(i, a):
        with tf.device(PS):
            b = a * x
        with tf.device(SECOND):
            return i + 1, b * a

    y = tf.while_loop(lambda i, _: i < n, body, [0, tf.constant(1.0)])[1]
    slope = tf.gradients(y, x)[0]
    with tf.Session(cluster.target()) as session:
        for trips in (0, 1, 2, 3):  # y is x to the power of 2**trips - 1
            power = 2**trips - 1
            found = session.run([y, slope], {x: 2.0, n: trips})
            np.testing.assert_allclose(found, [2.0**power, power * 2.0 ** (power - 1)])


@pytest.mark.paper("W-34")
def test_variables_of_another_process_change_within_a_loop(cluster):
    with tf.device(PS):
        v = tf.get_variable("in_loop", initializer=np.zeros(3))
    n = tf.placeholder(tf.int32, [])

    def body(i):
        with tf.device(SECOND):
            step = tf.cast(tf.fill([3], i), tf.float64)
        with tf.device(PS), tf.control_dependencies([tf.assign_add(v, step)]):
            return i + 1

    loop = tf.while_loop(lambda i: i < n, body, [0], parallel_iterations=1)
    with tf.Session(cluster.target()) as session:
        session.run(v.initializer)
        session.run(loop, {n: 5})
        np.testing.assert_array_equal(session.run(v), [10, 10, 10])
