"""Starting: wall seconds from the start of a process to its first results, beside TensorFlow.

python benchmarks/bench_start.py

A training script of a small perceptron (10 features, 16 hidden units, Adam, 50 steps) runs in
processes of its own: with an empty cache of compiled code, and with what an earlier process left in
it.  SciPy, which the tests' environment has and MiniTF does not ask for, is hidden from MiniTF's
processes, since Numba would import it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from rich.console import Console
from rich.table import Table

ROUNDS = 5
IMPORTS = {
    "MiniTF": "import sys; sys.modules['scipy'] = None; import minitf as tf",
    "TensorFlow": "import tensorflow.compat.v1 as tf; tf.disable_v2_behavior()",
}
SCRIPT = """
import json, time
import numpy as np
times = {"imported": time.time()}
x, y = tf.placeholder(tf.float32, [None, 10]), tf.placeholder(tf.float32, [None, 1])
w = tf.Variable(tf.random_normal([10, 16], stddev=0.1, seed=1))
v = tf.Variable(tf.random_normal([16, 1], stddev=0.1, seed=2))
loss = tf.reduce_mean(tf.square(tf.matmul(tf.nn.relu(tf.matmul(x, w)), v) - y))
train = tf.train.AdamOptimizer(0.01).minimize(loss)
feeds = {x: np.ones([32, 10], np.float32), y: np.ones([32, 1], np.float32)}
initializer = tf.global_variables_initializer()
times["built"] = time.time()
session = tf.Session()
session.run(initializer)
session.run([train, loss], feeds)
times["first step"] = time.time()
for _ in range(49):
    session.run([train, loss], feeds)
times["trained"] = time.time()
print(json.dumps(times))
"""


def times_of(library: str, cache: str) -> dict[str, float]:
    """Return the seconds from the start of a process to what it has done."""
    environment = {**os.environ, "MINITF_CACHE_DIR": cache, "TF_CPP_MIN_LOG_LEVEL": "3"}
    began = time.time()
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORTS[library] + SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    times = json.loads(run.stdout.splitlines()[-1])
    seconds = {what: at - began for what, at in times.items()}
    return {
        "imported": seconds["imported"],
        "from the session's creation to its first step": times["first step"] - times["built"],
        "first step done": seconds["first step"],
        "50 steps done": seconds["trained"],
    }


def main() -> None:
    """Measure all in turns and print the medians."""
    columns: dict[str, list[dict[str, float]]] = {
        "TensorFlow": [],
        "MiniTF, empty cache": [],
        "MiniTF, cached": [],
    }
    with tempfile.TemporaryDirectory() as kept:
        times_of("MiniTF", kept)
        for _ in range(ROUNDS):
            columns["TensorFlow"].append(times_of("TensorFlow", kept))
            with tempfile.TemporaryDirectory() as empty:
                columns["MiniTF, empty cache"].append(times_of("MiniTF", empty))
            columns["MiniTF, cached"].append(times_of("MiniTF", kept))
    table = Table("", *columns, title="Seconds from the start of a process")
    for what in columns["TensorFlow"][0]:
        medians = [statistics.median(r[what] for r in runs) for runs in columns.values()]
        table.add_row(what, *[f"{each:.2f}" for each in medians])
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
