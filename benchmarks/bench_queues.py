"""Input pipelines of queues, beside TensorFlow: elements per second.

python benchmarks/bench_queues.py [words]     only rows whose name contains one of the words

TensorFlow is measured in two settings: some rows are fast in one, some in the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import numpy as np
from beside import backends, compare, seconds_per_call, settings

IMAGE = [28, 28]
BATCH = 128
MEASURED_S = 1.0  # of a pipeline whose threads run
WARM_UP = 1000  # elements, taken before

Row = Callable[[ModuleType, ExitStack, Any], Callable[[], float]]


def pair(tf: ModuleType, stack: ExitStack, config: Any) -> Callable[[], float]:
    """Put one element and take it again, in two runs."""
    queue = tf.FIFOQueue(1000, [tf.float32], [[]])
    put, take = queue.enqueue([1.0]), queue.dequeue()
    session = stack.enter_context(tf.Session(config=config))
    return lambda: seconds_per_call(lambda: (session.run(put), session.run(take)))


def in_one_run(tf: ModuleType, stack: ExitStack, config: Any) -> Callable[[], float]:
    """Put 100 elements and take them again, in one run of 200 operations."""
    queue = tf.FIFOQueue(1000, [tf.float32], [[]])
    with tf.control_dependencies([queue.enqueue([1.0]) for _ in range(100)]):
        step = tf.group(*[queue.dequeue() for _ in range(100)])
    session = stack.enter_context(tf.Session(config=config))
    return lambda: seconds_per_call(lambda: session.run(step)) / 100


def batches(kind: str, shape: list[int]) -> Row:
    """Put a batch and take it again."""

    def build(tf: ModuleType, stack: ExitStack, config: Any) -> Callable[[], float]:
        options = {"min_after_dequeue": BATCH} if kind == "RandomShuffleQueue" else {}
        queue = getattr(tf, kind)(4 * BATCH, dtypes=[tf.float32], shapes=[shape], **options)
        value = tf.Variable(np.ones([BATCH, *shape], np.float32))
        put, take = queue.enqueue_many([value]), queue.dequeue_many(BATCH)
        session = stack.enter_context(tf.Session(config=config))
        session.run(value.initializer)
        session.run(put)
        session.run(put)
        step = tf.group(take)
        return lambda: seconds_per_call(lambda: (session.run(put), session.run(step))) / BATCH

    return build


def pipeline(threads: int, shape: list[int], batch: int, kind: str = "FIFOQueue") -> Row:
    """Take elements that the threads of a queue runner put."""

    def build(tf: ModuleType, _: ExitStack, config: Any) -> Callable[[], float]:
        options = {"min_after_dequeue": 500} if kind == "RandomShuffleQueue" else {}
        queue = getattr(tf, kind)(1000, dtypes=[tf.float32], shapes=[shape], **options)
        enqueue = queue.enqueue([tf.random_uniform(shape)])
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, [enqueue] * threads))
        take = queue.dequeue_many(batch) if batch else queue.dequeue()
        graph = tf.get_default_graph()

        def measured() -> float:
            """Run the threads for this measurement only: or they would disturb others."""
            with tf.Session(graph=graph, config=config) as session:
                coord = tf.train.Coordinator()
                running = tf.train.start_queue_runners(session, coord)
                for _ in range(WARM_UP // (batch or 1)):
                    session.run(take)
                calls, start = 0, time.perf_counter()
                while time.perf_counter() - start < MEASURED_S:
                    session.run(take)
                    calls += 1
                seconds = (time.perf_counter() - start) / (calls * (batch or 1))
                coord.request_stop()
                coord.join(running)
            return seconds

        return measured

    return build


ROWS: dict[str, Row] = {
    "enqueue, dequeue: two runs": pair,
    "100 enqueues, 100 dequeues: one run": in_one_run,
    "enqueue_many, dequeue_many of 128 scalars": batches("FIFOQueue", []),
    "enqueue_many, dequeue_many of 128 28x28": batches("FIFOQueue", IMAGE),
    "the same, shuffled": batches("RandomShuffleQueue", IMAGE),
    "1 runner thread, dequeue of scalars": pipeline(1, [], 0),
    "4 runner threads, dequeue of scalars": pipeline(4, [], 0),
    "1 runner thread, dequeue_many of 28x28": pipeline(1, IMAGE, BATCH),
    "4 runner threads, dequeue_many of 28x28": pipeline(4, IMAGE, BATCH),
    "4 runner threads, shuffled, of 28x28": pipeline(4, IMAGE, BATCH, "RandomShuffleQueue"),
}


if __name__ == "__main__":
    chosen = [name for name in ROWS if not sys.argv[1:] or any(w in name for w in sys.argv[1:])]
    libraries = backends()
    with ExitStack() as sessions:
        rows: dict[str, dict[str, Callable[[], float]]] = {}
        for name in chosen:
            rows[name] = {}
            for library, module in libraries.items():
                for column, config in settings(module, library).items():
                    with module.Graph().as_default():
                        rows[name][column] = ROWS[name](module, sessions, config)
        compare("Elements through queues", rows, "1/s")
