"""`minitf warmup` and `minitf cache`: compiled kernels made ahead, shown, and removed.

A kernel is compiled when a program first needs it for these types, and kept on disk for all
programs after it (`kernel_cache.py`).  `minitf warmup` runs small models of the usual kinds, or a
script of yours, with every step compiled before its first run, so that what they need is there.

Source: no paper; compiling takes 0.1 to 0.4 s a kernel, reading one 5 ms.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from rich.console import Console

import minitf as tf
from minitf.compat.run import run_to_end
from minitf.kernels_cpu.kernel_cache import cache_directory, clear, entries

Model = tuple[Any, dict[Any, Any]]  # what to run, what to feed
_RUNS = 6  # of each step: code for feeds of any shapes, then for these


def main(script: str | None = None) -> int:
    """Compile what a script needs, or else what the usual models need; returns the exit code.

    Raises:
        OSError: if the script cannot be read.
    """
    directory = cache_directory()
    if directory is None:
        return _no_cache("warmup")
    before = len(entries(directory))
    began_s = time.perf_counter()
    code = 0
    if script is None:
        _run_models()
    else:
        os.environ["MINITF_JIT"] = "eager"
        code = run_to_end(script)
    made = len(entries(directory)) - before
    elapsed_s = time.perf_counter() - began_s
    _print(f"{made} loops compiled in {elapsed_s:.1f} s, {before + made} kept in {directory}")
    return code


def show_cache(*, clears: bool) -> int:
    """Print where compiled loops are kept and how many there are; or remove them.

    Args:
        clears: whether to remove them.
    """
    directory = cache_directory()
    if directory is None:
        return _no_cache("cache")
    if clears:
        _print(f"{clear(directory)} files removed from {directory}")
        return 0
    found = entries(directory)
    _print(f"location  {directory}")
    _print(f"entries   {len(found)}")
    _print(f"size      {sum(entry.nbytes for entry in found) / 1e6:.1f} MB")
    torn = [entry for entry in found if not entry.is_whole]
    if torn:
        _print(f"torn      {len(torn)}: passed over, and compiled anew when needed")
    return 0


def _no_cache(command: str) -> int:
    _print(
        f"minitf {command}: there is no directory that is yours, writable, and writable by nobody "
        "else\n  hint: set MINITF_CACHE_DIR to one",
        to_stderr=True,
    )
    return 1


def _print(text: str, *, to_stderr: bool = False) -> None:
    Console(stderr=to_stderr, highlight=False, soft_wrap=True).print(text, markup=False)


# --- the usual models -----------------------------------------------------------------------------


def _run_models() -> None:
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(MODELS))
        for name, build in MODELS.items():
            progress.update(task, description=name)
            _train(build)
            progress.advance(task)


def _train(build: Callable[[], Model]) -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        train, feeds = build()
        session.run(tf.global_variables_initializer())
        for _ in range(_RUNS):
            session.run(train, feeds)


def _classifier(logits: Any, optimizer: Any) -> Any:
    labels = tf.constant([0, 1, 2, 3])
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return optimizer.minimize(tf.reduce_mean(losses))


def _weights(*shape: int) -> Any:
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1))


def _images(*shape: int) -> Any:
    return np.zeros((4, *shape), np.float32)


def _softmax_regression() -> Model:
    x = tf.placeholder(tf.float32, [None, 8])
    labels = tf.one_hot([0, 1, 2, 3], 5)
    logits = tf.matmul(x, _weights(8, 5)) + tf.Variable(tf.zeros([5]))
    losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(losses))
    hits = tf.equal(tf.argmax(logits, 1), tf.argmax(labels, 1))
    return [train, tf.reduce_mean(tf.cast(hits, tf.float32))], {x: _images(8)}


def _perceptron() -> Model:
    x = tf.placeholder(tf.float32, [None, 8])
    hidden = tf.nn.relu(tf.matmul(x, _weights(8, 8)) + tf.Variable(tf.zeros([8])))
    hidden = tf.nn.dropout(tf.tanh(tf.matmul(hidden, _weights(8, 8))), rate=0.5)
    logits = tf.sigmoid(tf.matmul(hidden, _weights(8, 5)))
    return _classifier(logits, tf.train.AdamOptimizer()), {x: _images(8)}


def _convnet() -> Model:
    x = tf.placeholder(tf.float32, [None, 8, 8, 3])
    value = tf.nn.conv2d(x, _weights(3, 3, 3, 4), strides=[1, 1, 1, 1], padding="SAME")
    value = tf.nn.relu(tf.nn.bias_add(value, tf.Variable(tf.zeros([4]))))
    value = tf.nn.max_pool(value, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    value = tf.nn.avg_pool(value, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    logits = tf.matmul(tf.reshape(value, [-1, 16]), _weights(16, 5))
    return _classifier(logits, tf.train.MomentumOptimizer(0.1, 0.9)), {x: _images(8, 8, 3)}


MODELS: dict[str, Callable[[], Model]] = {
    "softmax regression": _softmax_regression,
    "perceptron with dropout": _perceptron,
    "convolutional network": _convnet,
}
