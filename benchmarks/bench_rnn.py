"""Recurrent networks along time, and their gradients, beside TensorFlow.

python benchmarks/bench_rnn.py

TensorFlow's cells are in the package tf_keras since 2.16.
"""

from __future__ import annotations

import functools
import os
import warnings
from types import ModuleType

import numpy as np
from beside import backends, compare, seconds_per_call, settings

from minitf.executor.hot import NATIVE_RUN
from minitf.executor.tiers import COMPILED_RUN

BATCH, UNITS, STEPS = 32, 64, 100


def calls(tf: ModuleType, config: object) -> dict[str, object]:
    """Return what is measured -> a call that runs all steps."""
    found = {}
    for kind in ("BasicRNNCell", "GRUCell", "LSTMCell"):
        for way in ("loop", "unrolled"):
            with tf.Graph().as_default():
                x = tf.placeholder(tf.float32, [BATCH, STEPS, UNITS])
                cell = getattr(tf.nn.rnn_cell, kind)(UNITS)
                if way == "loop":
                    outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
                    last = outputs[:, -1]
                else:
                    steps, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
                    last = steps[-1]
                slopes = tf.gradients(tf.reduce_sum(last), tf.trainable_variables())
                session = tf.Session(config=config)
                session.run(tf.global_variables_initializer())
            feed = {x: np.random.default_rng(0).normal(size=x.shape).astype(np.float32)}
            for what, fetches in {"": last, ", gradient": [last, slopes]}.items():
                found[f"{kind}, {way}{what}"] = functools.partial(session.run, fetches, feed)
    return found


if __name__ == "__main__":
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        by_backend = {
            column: calls(tf, config)
            for name, tf in backends().items()
            for column, config in settings(tf, name).items()
        }
    for call in by_backend["MiniTF"].values():
        for _ in range(COMPILED_RUN + NATIVE_RUN):
            call()
    rows = {
        what: {
            name: lambda call=made[what]: seconds_per_call(call) / STEPS
            for name, made in by_backend.items()
        }
        for what in by_backend["MiniTF"]
    }
    title = f"A step of a recurrent network, {BATCH} sequences of {STEPS}, {UNITS} units"
    compare(title, rows, "us")
