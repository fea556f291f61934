"""Branches and loops in a cached step, beside TensorFlow.

python benchmarks/bench_control_flow.py
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
from beside import backends, compare, seconds_per_call

from minitf.executor.hot import NATIVE_RUN
from minitf.executor.tiers import COMPILED_RUN

TRIPS = 300


def calls(tf: ModuleType) -> dict[str, tuple[object, int]]:
    """Return what is measured -> a call, and how many units of work it does."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        branch = tf.cond(x > 0.0, lambda: x + 1.0, lambda: -x)
        counter = tf.while_loop(
            lambda i, s: i < TRIPS, lambda i, s: (i + 1, s + x), [0, 0.0], back_prop=True
        )[1]
        weights = tf.constant(np.eye(16, dtype=np.float32))
        matrix = tf.while_loop(
            lambda i, h: i < TRIPS, lambda i, h: (i + 1, tf.matmul(h, weights)), [0, weights]
        )[1]
        slope = tf.gradients(counter, x)[0]
        mapped = tf.map_fn(lambda e: e * x, tf.zeros([TRIPS]))
        session = tf.Session()
    feed = {x: np.float32(1)}
    return {
        "a cond": (lambda: session.run(branch, feed), 1),
        "an iteration of two scalars": (lambda: session.run(counter, feed), TRIPS),
        "an iteration with a 16x16 matmul": (lambda: session.run(matrix), TRIPS),
        "an iteration and its gradient": (lambda: session.run(slope, feed), TRIPS),
        "an element of map_fn": (lambda: session.run(mapped, feed), TRIPS),
    }


if __name__ == "__main__":
    by_backend = {name: calls(tf) for name, tf in backends().items()}
    for call, _ in by_backend["MiniTF"].values():
        for _ in range(COMPILED_RUN + NATIVE_RUN):
            call()
    rows = {
        what: {
            name: lambda call=made[what][0], units=made[what][1]: seconds_per_call(call) / units
            for name, made in by_backend.items()
        }
        for what in by_backend["MiniTF"]
    }
    compare("Branches and loops of a cached step", rows, "us")
