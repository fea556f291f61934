"""Building a graph: operations per second, beside TensorFlow.

python benchmarks/bench_graph.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType

from beside import backends, compare

N = 2_000


def chain(tf: ModuleType, step: Callable[..., object]) -> float:
    """Return the seconds per operation of a chain of N."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        y = tf.placeholder(tf.float32, [])
        last = x
        start = time.perf_counter()
        for _ in range(N):
            last = step(tf, last, y)
        return (time.perf_counter() - start) / N


def ordered(tf: ModuleType, last: object, _: object) -> object:
    """Make a no-op that waits for the last one."""
    with tf.control_dependencies([last]):
        return tf.no_op()


def gradients(tf: ModuleType) -> float:
    """Return the seconds per operation of differentiating a chain of N."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        last = x
        for _ in range(N):
            last = tf.tanh(last)
        start = time.perf_counter()
        tf.gradients(last, x)
        return (time.perf_counter() - start) / N


STEPS = {
    "identity": lambda tf, last, _: tf.identity(last),
    "subtract": lambda tf, last, y: tf.subtract(y, last),
    "multiply by a constant": lambda tf, last, _: last * 2.0,
    "no_op with a control dependency": ordered,
}

if __name__ == "__main__":
    modules = backends()
    rows = {
        what: {name: lambda tf=tf, s=step: chain(tf, s) for name, tf in modules.items()}
        for what, step in STEPS.items()
    }
    rows["gradients of a chain"] = {
        name: lambda tf=tf: gradients(tf) for name, tf in modules.items()
    }
    compare(f"Graph building, chains of {N:,} operations", rows, "1/s")
