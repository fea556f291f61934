"""Fused clusters on arrays, beside TensorFlow, JAX and PyTorch on the same operations.

python benchmarks/bench_fusion.py [words]     only rows whose name contains one of the words

All run on one thread, then on two; `MINITF_NUM_THREADS` asks for one number.  TensorFlow reads its
inputs from variables and fetches an operation, so it copies nothing.  "kept" reuses the outputs'
memory, as a step does whose outputs are dropped; "fresh" pays this machine's page faults for every
large output, as the others do.  "copy" is what it takes to copy the input to memory that is there.
JAX and PyTorch (`pip install jax torch`; JAX compiles, PyTorch runs operation by operation) stand
beside the chains of operations where they are installed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import util
from types import ModuleType
from typing import Any

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np
from beside import backends, seconds_per_call
from rich.console import Console
from rich.table import Table

ASKED = "MINITF_NUM_THREADS"
THREADS = int(os.environ.get(ASKED, "0"))
ROUNDS = 7
CHAINS = ("cheap10 ", "gelu10 1")
RNG = np.random.default_rng(0)
Case = tuple[str, tuple[tuple[int, ...], ...], Callable[..., Any]]


def gelu(tf: ModuleType, x: Any) -> Any:
    u = x * x * x * 0.044715 + x
    return (tf.tanh(u * 0.7978845608) + 1.0) * x * 0.5 + 0.1


def cheap(tf: ModuleType, x: Any) -> Any:
    u = tf.maximum(x * 1.1 + 0.1, -0.2) * x - 0.3
    return tf.abs(tf.minimum(u, 5.0) * 0.9 + x) * 0.5


def layer_norm(tf: ModuleType, x: Any, scale: Any, offset: Any) -> Any:
    mean, variance = tf.nn.moments(x, [1], keep_dims=True)
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)


def batch_norm(tf: ModuleType, x: Any, scale: Any, offset: Any) -> Any:
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)


def with_gradients(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """Return what gives a function's gradients of the sum of squares to its first inputs."""

    def build(tf: ModuleType, *inputs: Any) -> Any:
        y = function(tf, *inputs)
        return tf.gradients(y * y, list(inputs[:count]))

    return build


def cross_entropy(tf: ModuleType, scores: Any) -> Any:
    labels = tf.constant(np.arange(scores.shape.as_list()[0], dtype=np.int32))
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=scores)
    return tf.gradients(loss, scores)[0]


def cases() -> Iterator[Case]:
    for size in (1_000, 100_000, 10_000_000):
        yield f"cheap10 {size:.0e}", ((size,),), cheap
        yield f"gelu10 {size:.0e}", ((size,),), gelu
    yield "gelu10 gradient 1e+07", ((10_000_000,),), with_gradients(gelu, 1)
    rows = (4096, 2048)
    yield "sum axis 0", (rows,), lambda tf, x: tf.reduce_sum(x, 0)
    yield "sum axis 1", (rows,), lambda tf, x: tf.reduce_sum(x, 1)
    yield "sum all", (rows,), lambda tf, x: tf.reduce_sum(x)
    yield "max axis 1", (rows,), lambda tf, x: tf.reduce_max(x, 1)
    for shape in ((128, 10_000), (4096, 2048), (32, 10)):
        yield f"softmax {shape}", (shape,), lambda tf, x: tf.nn.softmax(x)
    yield "sparse xent gradient 128x10000", ((128, 10_000),), cross_entropy
    normal = ((2048, 1024), (1024,), (1024,))
    yield "layer norm 2048x1024", normal, layer_norm
    yield "layer norm gradient", normal, with_gradients(layer_norm, 1)
    yield "layer norm gradient, parameters too", normal, with_gradients(layer_norm, 3)
    images = ((32, 56, 56, 64), (64,), (64,))
    yield "batch norm 32x56x56x64", images, batch_norm
    yield "batch norm gradient", images, with_gradients(batch_norm, 3)
    yield (
        "bias add, relu 32x56x56x256",
        ((32, 56, 56, 256), (256,)),
        lambda tf, x, b: tf.nn.relu(tf.nn.bias_add(x, b)),
    )


def theirs(tf: ModuleType, build: Callable[..., Any], arrays: list[Any]) -> Callable[[], Any]:
    with tf.Graph().as_default():
        made = build(tf, *[tf.Variable(array) for array in arrays])
        made = made if isinstance(made, (list, tuple)) else [made]
        session = tf.Session(
            config=tf.ConfigProto(
                intra_op_parallelism_threads=THREADS, inter_op_parallelism_threads=THREADS
            )
        )
        session.run(tf.global_variables_initializer())
        operations = [each.op for each in made]
    return lambda: session.run(operations)


class Kept:
    """Allocates by handing out the same arrays in each call."""

    def __init__(self) -> None:
        self.arrays: dict[Any, list[Any]] = {}
        self.taken: dict[Any, int] = {}

    def __call__(self, shape: tuple[int, ...], dtype: Any) -> Any:
        key = shape, dtype
        arrays = self.arrays.setdefault(key, [])
        place = self.taken.get(key, 0)
        self.taken[key] = place + 1
        if place == len(arrays):
            arrays.append(np.empty(shape, dtype))
        return arrays[place]


def ours(tf: ModuleType, build: Callable[..., Any], arrays: list[Any], allocate: Any) -> Any:
    """Return a call of the one cluster that the operations make."""
    from minitf.executor.binding import bound
    from minitf.executor.fusion import MOST_OPERATIONS, find_clusters, one_by_one
    from minitf.executor.optimize import fold_constants, merge_equal
    from minitf.executor.prune import Request, prune
    from minitf.kernels_cpu.device import CpuDevice
    from minitf.kernels_cpu.fusion import fused

    device = CpuDevice()
    with tf.Graph().as_default():
        inputs = [tf.placeholder(tf.float32, array.shape) for array in arrays]
        made = build(tf, *inputs)
        made = made if isinstance(made, (list, tuple)) else [made]
        subgraph = prune(Request(tuple(made), (), tuple(inputs)))
        merge_equal(subgraph)
        fold_constants(subgraph)
        clusters = find_clusters(subgraph, device.fuses)
        assert len(clusters) == 1, f"{len(clusters)} clusters of at most {MOST_OPERATIONS}"
    (cluster,) = clusters
    plain = one_by_one(cluster, lambda op: bound(device.kernel(op.definition, op.attrs), op))
    values = dict(zip(inputs, arrays, strict=True)) | dict(subgraph.constants)
    given = [values[tensor] for tensor in cluster.inputs]
    kernel = fused(cluster, plain, allocate)
    if isinstance(allocate, Kept):
        return lambda: (allocate.taken.clear(), kernel(*given))
    return lambda: kernel(*given)


def jaxs(build: Callable[..., Any], arrays: list[Any]) -> Callable[[], Any] | None:
    """Return a call of the operations as one compiled function of JAX; None without JAX."""
    if not util.find_spec("jax"):
        return None
    import jax

    function = jax.jit(lambda *inputs: build(jax.numpy, *inputs))
    inputs = [jax.numpy.asarray(array) for array in arrays]
    return lambda: jax.block_until_ready(function(*inputs))


class Torch:
    """PyTorch's functions under the names that the chains use."""

    def __init__(self) -> None:
        import torch

        torch.set_num_threads(THREADS)
        self.abs, self.tanh = torch.abs, torch.tanh
        self.maximum, self.minimum = torch.clamp_min, torch.clamp_max


def torchs(build: Callable[..., Any], arrays: list[Any]) -> Callable[[], Any] | None:
    """Return a call of the operations one by one in PyTorch; None without it."""
    if not util.find_spec("torch"):
        return None
    import torch

    return partial(build, Torch(), *map(torch.from_numpy, arrays))


def measure(words: list[str]) -> None:
    """Print the table of one number of threads."""
    if THREADS == 1:  # JAX has no other way to be kept to one thread
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    others = ("TensorFlow", "JAX", "PyTorch")
    columns = (*others, "copy", "fresh", "kept", *(f"times {each}" for each in others))
    table = Table("", *columns, title=f"us, {THREADS} thread{'s' * (THREADS > 1)}")
    libraries = backends()
    for name, shapes, build in cases():
        if words and not any(word in name for word in words):
            continue
        arrays = [RNG.uniform(-1, 1, shape).astype(np.float32) for shape in shapes]
        copied = np.empty_like(arrays[0])
        calls = {
            "TensorFlow": theirs(libraries["TensorFlow"], build, arrays),
            "JAX": jaxs(build, arrays) if name.startswith(CHAINS) else None,
            "PyTorch": torchs(build, arrays) if name.startswith(CHAINS) else None,
            "copy": partial(np.copyto, copied, arrays[0]) if name.startswith(CHAINS) else None,
            "fresh": ours(libraries["MiniTF"], build, arrays, np.empty),
            "kept": ours(libraries["MiniTF"], build, arrays, Kept()),
        }
        seconds: dict[str, list[float]] = {which: [] for which in calls}
        for _ in range(ROUNDS):
            for which, call in calls.items():
                if call is not None:
                    seconds[which].append(seconds_per_call(call))
        median = {which: statistics.median(each) for which, each in seconds.items() if each}
        shown = [f"{1e6 * median[each]:.1f}" if each in median else "" for each in columns[:6]]
        ratios = [
            f"{median[other] / median['fresh']:.1f}x" if other in median else "" for other in others
        ]
        table.add_row(name, *shown, *ratios)
    Console(width=150).print(table)


def main(words: list[str]) -> None:
    """Measure with the threads that are asked for, or with one and with two."""
    if THREADS:
        measure(words)
        return
    for threads in ("1", "2"):
        command = [sys.executable, "-W", "ignore", __file__, *words]
        subprocess.run(command, check=True, env={**os.environ, ASKED: threads})


if __name__ == "__main__":
    main(sys.argv[1:])
