"""Convolutions and their gradients, beside TensorFlow: one op a run, nothing fetched.

python benchmarks/bench_conv.py [words]     only layers whose name contains one of the words

`MINITF_NUM_THREADS=1` and `TF_NUM_INTRAOP_THREADS=1` compare on one thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import NamedTuple

import numpy as np
from beside import backends, compare, seconds_per_call


class Layer(NamedTuple):
    """A layer: images of [n, size, size, c], k filters of window x window."""

    name: str
    n: int
    size: int
    c: int
    k: int
    window: int
    stride: int = 1

    @property
    def attrs(self) -> dict[str, object]:
        """The attributes of its ops."""
        return {"strides": [1, self.stride, self.stride, 1], "padding": "SAME"}

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return images, filters, gradients of the output."""
        random, out = np.random.default_rng(0), -(-self.size // self.stride)
        shapes = (
            (self.n, self.size, self.size, self.c),
            (self.window, self.window, self.c, self.k),
            (self.n, out, out, self.k),
        )
        images, filters, grads = (random.standard_normal(each, np.float32) for each in shapes)
        return images, filters, grads


LAYERS = (
    Layer("mnist 5x5 1-32@28 b50", 50, 28, 1, 32, 5),
    Layer("mnist 5x5 32-64@14 b50", 50, 14, 32, 64, 5),
    Layer("vgg 3x3 3-64@224 b4", 4, 224, 3, 64, 3),
    Layer("vgg 3x3 128-128@56 b8", 8, 56, 128, 128, 3),
    Layer("vgg 3x3 512-512@14 b8", 8, 14, 512, 512, 3),
    Layer("alexnet 5x5 64-192@27 b16", 16, 27, 64, 192, 5),
    Layer("resnet 7x7s2 3-64@224 b4", 4, 224, 3, 64, 7, 2),
    Layer("resnet 3x3 64-64@56 b8", 8, 56, 64, 64, 3),
    Layer("resnet 3x3 64-64@56 b1", 1, 56, 64, 64, 3),
    Layer("resnet 3x3s2 128-128@56 b8", 8, 56, 128, 128, 3, 2),
    Layer("resnet 1x1 64-256@56 b8", 8, 56, 64, 256, 1),
    Layer("googlenet 1x1 832-384@7 b32", 32, 7, 832, 384, 1),
)
OPS: dict[str, Callable] = {
    "": lambda tf, x, w, _, layer: tf.nn.conv2d(x, w, **layer.attrs),
    "to input": lambda tf, x, w, grads, layer: tf.nn.conv2d_backprop_input(
        x.shape.as_list(), w, grads, **layer.attrs
    ),
    "to filter": lambda tf, x, w, grads, layer: tf.nn.conv2d_backprop_filter(
        x, w.shape.as_list(), grads, **layer.attrs
    ),
}


def timed(tf: ModuleType, layer: Layer) -> Iterator[Callable[[], float]]:
    """Return calls that measure one run of each op of a layer."""
    graph = tf.Graph()
    with graph.as_default():
        variables = [tf.Variable(array) for array in layer.arrays()]
        made = [op(tf, *variables, layer).op for op in OPS.values()]
        session = tf.Session(graph=graph)
        session.run(tf.global_variables_initializer())
    for op in made:
        yield lambda op=op: seconds_per_call(lambda: session.run(op))


def main(words: list[str]) -> None:
    rows: dict[str, dict[str, Callable[[], float]]] = {}
    for layer in LAYERS:
        if words and not any(word in layer.name for word in words):
            continue
        for backend, tf in backends().items():
            for what, call in zip(OPS, timed(tf, layer), strict=True):
                rows.setdefault(f"{layer.name} {what}".strip(), {})[backend] = call
    compare("Convolutions of float32", rows, "us")


if __name__ == "__main__":
    main(sys.argv[1:])
