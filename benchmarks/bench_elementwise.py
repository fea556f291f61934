"""Elementary functions on 100,000 floats, beside TensorFlow: one op a run, nothing fetched.

python benchmarks/bench_elementwise.py [words]     only functions whose name contains one of them

`MINITF_NUM_THREADS=1` and `TF_NUM_INTRAOP_THREADS=1` compare on one thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import numpy as np
from beside import backends, compare, seconds_per_call

SIZE = 100_000
FUNCTIONS: dict[str, Callable[[ModuleType], Callable]] = {
    "exp": lambda tf: tf.exp,
    "log": lambda tf: tf.log,
    "tanh": lambda tf: tf.tanh,
    "sigmoid": lambda tf: tf.sigmoid,
    "erf": lambda tf: tf.erf,
    "erfc": lambda tf: tf.erfc,
    "expm1": lambda tf: tf.expm1,
    "log1p": lambda tf: tf.log1p,
    "softplus": lambda tf: tf.nn.softplus,
    "elu": lambda tf: tf.nn.elu,
    "rsqrt": lambda tf: tf.rsqrt,
    "pow": lambda tf: lambda x: tf.pow(x, 2.5),
    "sin": lambda tf: tf.sin,
    "tan": lambda tf: tf.tan,
    "atan": lambda tf: tf.atan,
    "sinh": lambda tf: tf.sinh,
    "asinh": lambda tf: tf.asinh,
}


def timed(tf: ModuleType, function: Callable[[ModuleType], Callable]) -> Callable[[], float]:
    """Return a call that measures one run."""
    values = 3 * np.random.default_rng(0).random(SIZE, np.float32) + np.float32(0.01)
    graph = tf.Graph()
    with graph.as_default():
        variable = tf.Variable(values)
        op = function(tf)(variable).op
        session = tf.Session(graph=graph)
        session.run(tf.global_variables_initializer())
    return lambda: seconds_per_call(lambda: session.run(op))


def main(words: list[str]) -> None:
    rows = {
        name: {backend: timed(tf, function) for backend, tf in backends().items()}
        for name, function in FUNCTIONS.items()
        if not words or any(word in name for word in words)
    }
    compare(f"{SIZE:,} float32 numbers", rows, "us")


if __name__ == "__main__":
    main(sys.argv[1:])
