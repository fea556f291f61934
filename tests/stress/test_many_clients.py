"""Many threads use one graph and one session: every result is right and nothing is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import minitf as tf

THREADS = 8
RUNS = 10_000  # of one cached step, by all threads together


def all_at_once(work):
    """Run `work(number)` in THREADS threads that start together; return the results."""
    barrier = threading.Barrier(THREADS)

    def started(number):
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(started, range(THREADS)))


@pytest.mark.thorough
@pytest.mark.paper("O-11", "W-08")
def test_ten_thousand_runs_of_one_step_with_distinct_feeds_are_all_right():
    x = tf.placeholder(tf.int64, [2])
    y = x * x - x
    each = RUNS // THREADS
    with tf.Session() as session:

        def work(number):
            wrong = []
            for i in range(each):
                value = number * each + i
                got = session.run(y, {x: np.array([value, -value])})
                if got.tolist() != [value * value - value, value * value + value]:
                    wrong.append(value)
            return wrong

        assert all_at_once(work) == [[]] * THREADS
        assert session._steps.counts["plan"] == 1


@pytest.mark.thorough
@pytest.mark.paper("O-11", "O-12")
@pytest.mark.filterwarnings("ignore:(?s).*adds operations between runs")
def test_building_feeding_and_fetching_at_once_loses_nothing():
    graph = tf.get_default_graph()
    before = graph.version
    times = 40
    with tf.Session() as session:
        w = tf.Variable(np.zeros(4, np.int64))
        session.run(w.initializer)
        add = tf.assign_add(w, np.ones(4, np.int64))
        built = graph.version - before

        def work(number):
            results = []
            with graph.as_default():
                for i in range(times):
                    x = tf.placeholder(tf.int64, [], name=f"x{number}_{i}")
                    y = tf.add(x, number, name=f"y{number}_{i}")
                    got, _ = session.run([y, add.op], {x: i})
                    results.append(got)
            return results

        results = all_at_once(work)
        total = session.run(w)

    assert results == [[number + i for i in range(times)] for number in range(THREADS)]
    assert total.tolist() == [THREADS * times] * 4
    assert graph.version - before - built == THREADS * times * 3  # placeholder, constant, sum
    assert len({op.name for op in graph.get_operations()}) == graph.version
