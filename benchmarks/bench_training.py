"""Training loops of small models, with feeds, beside TensorFlow.

python benchmarks/bench_training.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType

import numpy as np
from beside import backends, compare, seconds_per_call, settings

LEAST_RUNS, MOST_RUNS, MOST_WARM_S = 20, 2000, 3.0
Model = tuple[object, dict[object, np.ndarray]]  # what to run, what to feed


def random(*shape: int) -> np.ndarray:
    return np.random.RandomState(0).rand(*shape).astype(np.float32)


def tiny_perceptron(tf: ModuleType) -> Model:
    """Return a step of a 10-16-1 perceptron on a batch of 32."""
    x, y = tf.placeholder(tf.float32, [None, 10]), tf.placeholder(tf.float32, [None, 1])
    w = tf.Variable(tf.random_normal([10, 16], stddev=0.1, seed=1))
    hidden = tf.nn.relu(tf.matmul(x, w) + tf.Variable(tf.zeros([16])))
    v = tf.Variable(tf.random_normal([16, 1], stddev=0.1, seed=2))
    loss = tf.reduce_mean(tf.square(tf.matmul(hidden, v) + tf.Variable(tf.zeros([1])) - y))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return train, {x: random(32, 10), y: random(32, 1)}


def softmax_regression(tf: ModuleType) -> Model:
    """Return a step of the MNIST tutorial's softmax regression on a batch of 100."""
    x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
    w, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    scores = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=scores))
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    labels = np.eye(10, dtype=np.float32)[np.random.RandomState(1).randint(0, 10, 100)]
    return train, {x: random(100, 784), y: labels}


def adam(tf: ModuleType) -> Model:
    """Return an Adam step of 1e7 parameters."""
    parameters = tf.Variable(tf.zeros([10_000_000]))
    loss = tf.reduce_sum(parameters)
    return tf.train.AdamOptimizer(0.001).minimize(loss), {}


MODELS = {
    "10-16-1 perceptron, batch 32": tiny_perceptron,
    "softmax regression, batch 100": softmax_regression,
    "Adam on 1e7 parameters": adam,
}


def calls(tf: ModuleType, name: str, build: Callable[[ModuleType], Model]) -> dict[str, object]:
    """Return column -> a call that returns the seconds of a step."""
    found = {}
    with tf.Graph().as_default() as graph:
        train, feeds = build(tf)
        initializer = tf.global_variables_initializer()
    for column, config in settings(tf, name).items():
        session = tf.Session(graph=graph, config=config)
        session.run(initializer)
        _warm_up(lambda session=session: session.run(train, feeds))
        found[column] = lambda session=session: seconds_per_call(lambda: session.run(train, feeds))
    return found


def _warm_up(step: Callable[[], object]) -> None:
    """Run a step until it has become as fast as it gets, if that takes no more than seconds."""
    began_s = time.perf_counter()
    for runs in range(MOST_RUNS):
        if runs >= LEAST_RUNS and time.perf_counter() - began_s > MOST_WARM_S:
            break
        step()


if __name__ == "__main__":
    modules = backends()
    rows = {
        what: {
            column: call
            for name, tf in modules.items()
            for column, call in calls(tf, name, build).items()
        }
        for what, build in MODELS.items()
    }
    compare("A training step", rows, "us")
