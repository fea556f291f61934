"""`Session.run` of small cached steps, beside TensorFlow.

python benchmarks/bench_session.py
"""

from __future__ import annotations

from types import ModuleType

import numpy as np
from beside import backends, compare, seconds_per_call, settings


def calls(tf: ModuleType, config: object) -> dict[str, object]:
    """Return what is measured -> a call, on one session."""
    with tf.Graph().as_default():
        constant = tf.constant(1.0)
        x = tf.placeholder(tf.float32, [])
        plus = x + 1.0
        variable = tf.Variable(0.0)
        increment = tf.assign_add(variable, 1.0)
        nothing = tf.no_op()
        many = [tf.placeholder(tf.float32, []) for _ in range(10)]
        total = tf.add_n(many)
        matrix = tf.placeholder(tf.float32, [3, 3])
        product = tf.matmul(matrix, matrix)
        session = tf.Session(config=config)
        session.run(tf.global_variables_initializer())
    one, eye = np.float32(1), np.eye(3, dtype=np.float32)
    feeds = dict.fromkeys(many, one)
    plus_callable = session.make_callable(plus, [x])
    return {
        "fetch a no_op": lambda: session.run(nothing),
        "fetch a constant": lambda: session.run(constant),
        "feed a scalar, fetch x + 1": lambda: session.run(plus, {x: one}),
        "the same by make_callable": lambda: plus_callable(one),
        "assign_add": lambda: session.run(increment.op),
        "feed 10 scalars, fetch add_n": lambda: session.run(total, feeds),
        "matmul of 3x3": lambda: session.run(product, {matrix: eye}),
    }


if __name__ == "__main__":
    by_backend = {
        column: calls(tf, config)
        for name, tf in backends().items()
        for column, config in settings(tf, name).items()
    }
    rows = {
        what: {
            name: lambda call=made[what]: seconds_per_call(call)
            for name, made in by_backend.items()
        }
        for what in by_backend["MiniTF"]
    }
    compare("Session.run of a cached step", rows, "us")
