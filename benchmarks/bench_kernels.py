"""CPU kernels beside their ops' bodies: milliseconds, best of several rounds.

python benchmarks/bench_kernels.py [words]     only rows whose name contains one of the words

A case is a row of CASES: what it is called, the op's registry name, its inputs, its attributes.
BLAS runs on one thread in bodies and kernels alike; what splits work among threads is the kernel.
"""

from __future__ import annotations

import math
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from minitf import ops
from minitf.dtypes import by_numpy, float32
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.blas import one_threaded
from minitf.kernels_cpu.device import import_mirror
from minitf.ops.elementwise.rows import ROWS
from minitf.resources import Variable

Row = tuple[str, str, tuple[Any, ...], dict[str, Any]]
ROUNDS = 7
RNG = np.random.default_rng(0)


def floats(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape, np.float32)


def convolutions() -> Iterator[Row]:
    """The layers of the demo's convnet, and some of the papers' nets."""
    for name, n, size, c, k, window, stride in (
        ("mnist 1: 5x5 1-32@28 b50", 50, 28, 1, 32, 5, 1),
        ("mnist 2: 5x5 32-64@14 b50", 50, 14, 32, 64, 5, 1),
        ("3x3 64-64@56 b8", 8, 56, 64, 64, 3, 1),
        ("3x3 128-128@28 b16", 16, 28, 128, 128, 3, 1),
        ("7x7s2 3-64@224 b8", 8, 224, 3, 64, 7, 2),
        ("1x1 192-64@28 b32", 32, 28, 192, 64, 1, 1),
    ):
        attrs = {"strides": (1, stride, stride, 1), "padding": "SAME"}
        images, filters = floats(n, size, size, c), floats(window, window, c, k)
        out = -(-size // stride)
        grads = floats(n, out, out, k)
        yield f"conv {name}", "Conv2D", (images, filters), attrs
        sizes = np.int32(images.shape)
        yield f"  to input {name}", "Conv2DBackpropInput", (sizes, filters, grads), attrs
        sizes = np.int32(filters.shape)
        yield f"  to filter {name}", "Conv2DBackpropFilter", (images, sizes, grads), attrs


def volumes() -> Iterator[Row]:
    """Layers of a network for clips of video, and of one for scans."""
    for name, n, depth, size, c, k, stride in (
        ("3x3x3 3-64@8x56 b2", 2, 8, 56, 3, 64, 1),
        ("3x3x3 32-32@16x28 b2", 2, 16, 28, 32, 32, 1),
        ("3x3x3s2 32-64@16x28 b2", 2, 16, 28, 32, 64, 2),
    ):
        attrs = {"strides": (1, stride, stride, stride, 1), "padding": "SAME"}
        cells, filters = floats(n, depth, size, size, c), floats(3, 3, 3, c, k)
        grads = floats(n, depth // stride, size // stride, size // stride, k)
        yield f"conv {name}", "Conv3D", (cells, filters), attrs
        sizes = np.int32(cells.shape)
        yield f"  to input {name}", "Conv3DBackpropInputV2", (sizes, filters, grads), attrs
        sizes = np.int32(filters.shape)
        yield f"  to filter {name}", "Conv3DBackpropFilterV2", (cells, sizes, grads), attrs


def channels_alone() -> Iterator[Row]:
    """Depthwise layers of networks for small devices."""
    for name, n, size, c, m, stride in (
        ("depthwise 3x3 32@112 b8", 8, 112, 32, 1, 1),
        ("depthwise 3x3 64@56 b8", 8, 56, 64, 1, 1),
        ("depthwise 3x3s2 128@56 b8", 8, 56, 128, 1, 2),
        ("depthwise 3x3 512@14 b16", 16, 14, 512, 1, 1),
        ("depthwise 3x3 16x4@28 b32", 32, 28, 16, 4, 1),
    ):
        attrs = {"strides": (1, stride, stride, 1), "padding": "SAME"}
        images, filters = floats(n, size, size, c), floats(3, 3, c, m)
        grads = floats(n, size // stride, size // stride, c * m)
        yield name, "DepthwiseConv2dNative", (images, filters), attrs
        sizes = np.int32(images.shape)
        op_name = "DepthwiseConv2dNativeBackpropInput"
        yield f"  to input {name}", op_name, (sizes, filters, grads), attrs
        sizes = np.int32(filters.shape)
        op_name = "DepthwiseConv2dNativeBackpropFilter"
        yield f"  to filter {name}", op_name, (images, sizes, grads), attrs


def pools() -> Iterator[Row]:
    for name, n, size, c, window in (
        ("2x2s2 32@28 b50", 50, 28, 32, 2),
        ("3x3s2 64@56 b16", 16, 56, 64, 3),
    ):
        attrs = {"ksize": (1, window, window, 1), "strides": (1, 2, 2, 1), "padding": "SAME"}
        images, grads = floats(n, size, size, c), floats(n, size // 2, size // 2, c)
        pooled = ops.max_pool_op.body(images, **attrs)
        yield f"max pool {name}", "MaxPool", (images,), attrs
        yield f"  gradient {name}", "MaxPoolGrad", (images, pooled, grads), attrs
        yield f"avg pool {name}", "AvgPool", (images,), attrs
        yield f"  gradient {name}", "AvgPoolGrad", (np.int32(images.shape), grads), attrs


def more_pools() -> Iterator[Row]:
    """Pooling of volumes, and pooling that tells places."""
    for name, n, size, c, window in (
        ("2x2x2s2 32@16 b4", 4, 16, 32, 2),
        ("3s2 64@14 b8", 8, 14, 64, 3),
    ):
        attrs = {"ksize": (1, *[window] * 3, 1), "strides": (1, 2, 2, 2, 1), "padding": "SAME"}
        volumes = floats(n, size, size, size, c)
        pooled = ops.max_pool3d_op.body(volumes, **attrs)
        grads = floats(*pooled.shape)
        sizes = np.int32(volumes.shape)
        yield f"volumes: max pool {name}", "MaxPool3D", (volumes,), attrs
        yield f"volumes:   gradient {name}", "MaxPool3DGrad", (volumes, pooled, grads), attrs
        yield f"volumes: avg pool {name}", "AvgPool3D", (volumes,), attrs
        yield f"volumes:   gradient {name}", "AvgPool3DGrad", (sizes, grads), attrs
    attrs = {"ksize": (1, 2, 2, 1), "strides": (1, 2, 2, 1), "padding": "SAME"}
    images = floats(50, 28, 28, 32)
    pooled, places = ops.max_pool_with_argmax_op.body(images, **attrs)
    yield "places: max pool 2x2s2 32@28 b50", "MaxPoolWithArgmax", (images,), attrs
    inputs = images, floats(*pooled.shape), places
    yield "places:   gradient 2x2s2 32@28 b50", "MaxPoolGradWithArgmax", inputs, attrs


def normalisations() -> Iterator[Row]:
    for shape in ((16, 56, 56, 64), (50, 28, 28, 32), (32, 32, 32, 3), (100, 1, 1, 1024)):
        images, grads, none = floats(*shape), floats(*shape), floats(0)
        scale, offset, mean = floats(3, shape[-1])
        given = scale, offset, mean, mean * mean
        made = ops.fused_batch_norm_op.body(images, scale, offset, none, none)
        inputs = images, scale, offset, none, none
        yield f"batch norm {shape}", "FusedBatchNorm", inputs, {}
        yield f"  gradient {shape}", "FusedBatchNormGrad", (grads, images, scale, *made[3:]), {}
        known = {"is_training": False}
        yield f"batch norm, given statistics {shape}", "FusedBatchNorm", (images, *given), known
    for shape, beta in (
        ((50, 28, 28, 32), 0.75),
        ((8, 13, 13, 256), 0.75),
        ((50, 28, 28, 32), 0.6),
    ):
        attrs = {"depth_radius": 2, "alpha": 1e-4, "beta": beta}
        images = floats(*shape)
        made = ops.lrn_op.body(images, **attrs)
        yield f"local responses {shape} beta {beta}", "LRN", (images,), attrs
        yield f"  gradient {shape} beta {beta}", "LRNGrad", (floats(*shape), images, made), attrs


def extremes() -> Iterator[Row]:
    for shape, axis in (
        ((10000, 10), 1),
        ((20000, 20), 1),
        ((16, 56, 56, 21), 3),
        ((64, 20, 300), 1),
        ((1000, 1000), 0),
        ((1000, 1000), 1),
    ):
        yield (
            f"extremes: place {shape} along {axis}",
            "ArgMax",
            (floats(*shape), np.int32(axis)),
            {},
        )
    for shape, axes in (
        ((10000, 10), (1,)),
        ((25088, 32), (0,)),
        ((50, 28, 28, 32), (1, 2)),
        ((1000, 1000), (0,)),
        ((1000, 1000), (1,)),
    ):
        yield f"extremes: value {shape} over {axes}", "Max", (floats(*shape), np.int32(axes)), {}


def rows_of_scores() -> Iterator[Row]:
    for n, c in ((100, 10), (128, 1000), (256, 32000)):
        scores, labels = floats(n, c), RNG.integers(0, c, n)
        shares = np.abs(floats(n, c))
        yield f"softmax {n}x{c}", "Softmax", (scores,), {}
        yield f"log softmax {n}x{c}", "LogSoftmax", (scores,), {}
        yield f"cross entropy {n}x{c}", "SoftmaxCrossEntropyWithLogits", (scores, shares), {}
        yield (
            f"sparse cross entropy {n}x{c}",
            "SparseSoftmaxCrossEntropyWithLogits",
            (scores, labels),
            {},
        )


def biases() -> Iterator[Row]:
    for shape in ((50, 28, 28, 32), (100, 1024)):
        values = floats(*shape)
        yield f"bias add {shape}", "BiasAdd", (values, floats(shape[-1])), {}
        yield f"  gradient {shape}", "BiasAddGrad", (values,), {}


def elementwise() -> Iterator[Row]:
    """Every elementwise op that has a kernel of float32, in the cache and in memory."""
    families = "activations arithmetic division powers transcendental trigonometry"
    for family in families.split():
        import_mirror(f"minitf.ops.elementwise.{family}")
    for size in (100, 1 << 14, 1 << 17, 1 << 20):
        for op_name, row in ROWS.items():
            if row.op_def.find_kernel("CPU", {"T": float32}):
                inputs = tuple(floats(size) for _ in row.op_def.inputs)
                yield f"elementwise {op_name} {size}", op_name, inputs, {}


def reductions() -> Iterator[Row]:
    for shape, axes in (
        ((128, 128), (0,)),
        ((25088, 32), (0,)),
        ((50, 28, 28, 32), (1, 2)),
        ((10000, 10), (1,)),
        ((1000, 1000), (0,)),
        ((1000, 1000), (1,)),
        ((5000, 784), (0, 1)),
    ):
        yield f"sum {shape} over {axes}", "Sum", (floats(*shape), np.int32(axes)), {}


def products() -> Iterator[Row]:
    for m, k, n in (
        (50, 784, 10),
        (50, 3136, 1024),
        (512, 512, 512),
        (10000, 784, 100),
        (32, 4096, 4096),
    ):
        yield f"product {m}x{k}x{n}", "MatMul", (floats(m, k), floats(k, n)), {}


def sequences() -> Iterator[Row]:
    """Speech and handwriting: labels a quarter as long as the scores."""
    for steps, n, classes in ((100, 16, 30), (500, 32, 30)):
        count = steps // 4
        indices = np.argwhere(np.ones((n, count)))
        labels = RNG.integers(0, classes - 1, n * count).astype(np.int32)
        lengths = np.full(n, steps, np.int32)
        inputs = floats(steps, n, classes), indices, labels, lengths
        yield f"ctc {steps}x{n}x{classes}", "CTCLoss", inputs, {}


def steps() -> Iterator[Row]:
    """Optimizer steps on whole variables, and on a tenth of the rows of a table."""
    for op_name in sorted(name for name in ops.names() if re.match("(Sparse)?Apply", name)):
        is_sparse = op_name.startswith("Sparse")
        for size in (1 << 10, 1 << 17, 1 << 20):
            shape = (size // 64, 64) if is_sparse else (size,)
            inputs: list[Any] = []
            for arg in ops.find_op(op_name).inputs:
                if arg.is_ref:
                    inputs.append(Variable(arg.name, float32))
                    inputs[-1].write(1 + np.abs(floats(*shape)))
                elif arg.name == "indices":
                    inputs.append(RNG.integers(0, shape[0], max(1, shape[0] // 10)))
                elif arg.rank == 0:
                    inputs.append(np.float32(-0.5 if arg.name == "lr_power" else 0.01))
                else:
                    inputs.append(floats(max(1, shape[0] // 10), 64) if is_sparse else floats(size))
            yield f"step {op_name} {size}", op_name, tuple(inputs), {}


CASES = (
    *(convolutions, volumes, channels_alone, pools, more_pools, normalisations, rows_of_scores),
    *(biases, sequences, elementwise, reductions, products, extremes, steps),
)


def milliseconds(function: Callable[[], object]) -> float:
    """Return the best time of a call, after one to compile and warm up."""
    function()
    start = time.perf_counter()
    function()
    calls = max(1, math.ceil(0.005 / (time.perf_counter() - start)))
    best = math.inf
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(calls):
            function()
        best = min(best, (time.perf_counter() - start) / calls)
    return best * 1e3


def main(words: list[str]) -> None:
    one_threaded()
    table = Table("", "body", "kernel", "kernel, 2 threads", "times the body", title="ms, 1 thread")
    for rows in CASES:
        for name, op_name, inputs, attrs in rows():
            if words and not any(word in name for word in words):
                continue
            op_def = ops.find_op(op_name)
            import_mirror(op_def.__module__)
            types = {
                arg.type_attr: value.dtype if arg.is_ref else by_numpy(np.asarray(value).dtype)
                for arg, value in zip(op_def.inputs, inputs, strict=True)
                if arg.type_attr
            }
            kernel = op_def.find_kernel("CPU", {**attrs, **types})
            assert kernel is not None, f"no kernel for {op_name} of {types}"
            with np.errstate(all="ignore"):  # as the executor does
                threads.limit(1)
                body = milliseconds(lambda f=op_def.body, x=inputs, a=attrs: f(*x, **a))
                call = partial(kernel.function, *inputs, **attrs)
                ours = milliseconds(call)
                threads.limit(2)
                both = milliseconds(call)
            table.add_row(
                name, *(f"{each:.3f}" for each in (body, ours, both)), f"{body / ours:.1f}x"
            )
    Console(width=120).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
