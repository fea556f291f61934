"""Many threads put, take, close and give up at random: nothing is lost, nothing comes twice."""

from __future__ import annotations

import gc
import random
import threading
import time
from collections import Counter

import numpy as np
import pytest

import minitf as tf
from minitf.waiting import Attempt

THREADS = 16
STEPS = 40  # of each thread in a round
ROUNDS = 3
SOAK_S = 120
KINDS = ("FIFOQueue", "RandomShuffleQueue", "PaddingFIFOQueue", "PriorityQueue")


class Pipeline:
    """A queue of distinct numbers, and what 16 threads know that they have put and taken."""

    def __init__(self, kind, seed):
        self.seed = seed
        self.lock = threading.Lock()
        self.numbers = iter(range(1 << 40))
        self.sure, self.unsure, self.taken = [], [], []
        with tf.Graph().as_default() as graph:
            options = {"min_after_dequeue": 2} if kind == "RandomShuffleQueue" else {}
            self.is_keyed = kind == "PriorityQueue"
            types = {"types" if self.is_keyed else "dtypes": tf.int64, "shapes": [[]]}
            queue = getattr(tf, kind)(6, **types, **options)
            self.values = tf.placeholder(tf.int64, [None])
            self.count = tf.placeholder(tf.int32, [])
            components = [self.values % 3, self.values] if self.is_keyed else [self.values]
            self.put_one = queue.enqueue([component[0] for component in components])
            self.put_many = queue.enqueue_many(components)
            takes = [
                queue.dequeue(),
                queue.dequeue_many(self.count),
                queue.dequeue_up_to(self.count),
            ]
            self.takes = [take[-1] if self.is_keyed else take for take in takes]
            self.close = queue.close()
            self.cancel = queue.close(cancel_pending_enqueues=True)
            self.rest = self.takes[2]
        self.session = tf.Session(graph=graph)

    def run(self, step, feeds, rnd):
        """Run a step that gives up after a moment, or is one of several; None if it failed."""
        limit = tf.RunOptions(timeout_in_ms=rnd.choice([1, 2, 5, 20]))
        try:
            return True, self.session.run(step, feeds, options=limit)
        except (
            tf.errors.DeadlineExceededError,
            tf.errors.CancelledError,
            tf.errors.OutOfRangeError,
        ):
            return False, None

    def put(self, rnd):
        many = rnd.random() < 0.5
        with self.lock:
            values = [next(self.numbers) for _ in range(rnd.randint(1, 9) if many else 1)]
        is_done, _ = self.run(self.put_many if many else self.put_one, {self.values: values}, rnd)
        with self.lock:
            (self.sure if is_done else self.unsure).extend(values)

    def take(self, rnd):
        step, count = rnd.choice(self.takes), rnd.randint(1, 9)
        is_done, found = self.run(step, {self.count: count}, rnd)
        if is_done:
            with self.lock:
                self.taken.extend(np.ravel(found).tolist())

    def work(self, number):
        rnd = random.Random(f"{self.seed} {number}")
        for i in range(STEPS):
            rnd.choice([self.put, self.take])(rnd)
            if i > STEPS // 2 and rnd.random() < 0.01:
                self.run(rnd.choice([self.close, self.cancel]), {}, rnd)

    def drain(self):
        """Close the queue and take what is left."""
        try:
            self.session.run(self.cancel)
            while True:
                self.taken.extend(self.session.run(self.rest, {self.count: 5}).tolist())
        except tf.errors.OutOfRangeError:
            self.session.close()

    def check(self):
        counts = Counter(self.taken)
        assert [number for number, times in counts.items() if times > 1] == []
        assert set(self.sure) <= set(counts)
        assert set(counts) <= set(self.sure) | set(self.unsure)


def soak(seed):
    """Let 16 threads use a queue of each kind; check what they know at the end."""
    pipelines = [Pipeline(kind, f"{seed} {kind}") for kind in KINDS]
    for pipeline in pipelines:
        threads = [
            threading.Thread(target=pipeline.work, args=[number]) for number in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipeline.drain()
        pipeline.check()


def wait_for_timers():
    """Wait until the threads of time limits have ended, which hold the steps that they limit."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()


def attempts_alive():
    """Count what is left of operations that waited."""
    wait_for_timers()
    gc.collect()
    return sum(issubclass(type(each), Attempt) for each in gc.get_objects())  # of proxies their own


@pytest.mark.thorough
@pytest.mark.paper("W-37", "O-09", "O-11")
def test_nothing_is_lost_and_nothing_comes_twice():
    for seed in range(ROUNDS):
        soak(seed)

    assert attempts_alive() == 0


@pytest.mark.long
@pytest.mark.paper("W-37")
def test_for_minutes_nothing_is_lost_and_nothing_is_kept():
    end_s, seed, objects = time.monotonic() + SOAK_S, ROUNDS, []
    while time.monotonic() < end_s:
        soak(seed)
        seed += 1
        assert attempts_alive() == 0
        objects.append(len(gc.get_objects()))

    # after the first rounds have filled the caches, the number of objects stays as it is
    assert max(objects[5:]) < 1.02 * max(objects[:5])
