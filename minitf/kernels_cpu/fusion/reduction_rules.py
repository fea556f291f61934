"""Rules of the ops that reduce: sums, extremes, softmax and the losses made of them.

Each says what its body says, in the same order of operations; only the order in which a sum adds up
is the loops' own.

Source: the ops' bodies in `minitf/ops/math/reductions.py`, `minitf/ops/nn/`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.dtypes import int32, int64
from minitf.kernels_cpu.fusion.calls import NUMBERS, REALS, Call, lowers
from minitf.kernels_cpu.fusion.scalars import Symbol
from minitf.kernels_cpu.fusion.values import Layout, NotFusedError, View
from minitf.ops.math.axes import normal_axes

_HOW = {"Sum": "sum", "Prod": "prod", "Max": "max", "Min": "min", "All": "all", "Any": "any"}


def _axes(call: Call) -> tuple[int, ...]:
    return normal_axes(call.known[1], len(call.view(0).layout))


def _dims(layout: Layout, axes: Sequence[int]) -> list[int]:
    return [dim for axis in axes if (dim := layout[axis]) is not None]


def _kept(call: Call, axes: Sequence[int]) -> Layout:
    """Return the layout of a reduction's output."""
    layout = call.view(0).layout
    if call.attrs["keep_dims"]:
        return tuple(None if axis in axes else dim for axis, dim in enumerate(layout))
    return tuple(dim for axis, dim in enumerate(layout) if axis not in axes)


@lowers("Sum", "Prod", "Max", "Min", types=NUMBERS)
@lowers("All", "Any")
def reduction(call: Call) -> list[Any]:
    x, axes = call.view(0), _axes(call)
    value = call.program.reduce(_HOW[call.operation.type], x.value, _dims(x.layout, axes))
    return [View(value, _kept(call, axes))]


@lowers("Mean", types=REALS)
def mean(call: Call) -> list[Any]:
    x, axes = call.view(0), _axes(call)
    dims = _dims(x.layout, axes)
    total = call.trace.symbol(call.program.reduce("sum", x.value, dims))
    if dims:
        count = math.prod(call.program.sizes[dim] for dim in dims)
        total = total / call.trace.symbol(call.program.number(count, x.value.dtype))
    return [View(total.value, _kept(call, axes))]


@lowers("EuclideanNorm", types=REALS)
def euclidean_norm(call: Call) -> list[Any]:
    x, axes = call.symbol(0), _axes(call)
    total = _sum(call, x * x, _dims(call.layout, axes))
    return [View(total.does("sqrt").value, _kept(call, axes))]


def _sum(call: Call, x: Symbol, dims: Sequence[int]) -> Symbol:
    return call.trace.symbol(call.program.reduce("sum", x.value, dims))


@lowers("L2Loss", types=REALS)
def l2_loss(call: Call) -> list[Any]:
    x = call.symbol(0)
    total = _sum(call, x * x, _dims(call.layout, range(len(call.layout))))
    return [View((total / 2).value, ())]


@lowers("BiasAddGrad", types=NUMBERS)
def bias_add_grad(call: Call) -> list[Any]:
    grad = call.view(0)
    rank = len(grad.layout)
    channel = 1 if call.attrs["data_format"] == "NCHW" else rank - 1
    dims = _dims(grad.layout, [axis for axis in range(rank) if axis != channel])
    return [View(call.program.reduce("sum", grad.value, dims), (grad.layout[channel],))]


# --- rows of scores ------------------------------------------------------------------------------


class _Rows:
    """Rows of scores: less their greatest, the powers of that, and the sums of powers."""

    def __init__(self, call: Call, scores: Symbol) -> None:
        self._call = call
        self._dims = _dims(call.layout, [len(call.layout) - 1])
        greatest = call.program.reduce("max", scores.value, self._dims)
        self.greatest = call.trace.symbol(greatest)
        self.shifted = scores - self.greatest
        self.powers = self.shifted.does("exp")
        self.totals = self.summed(self.powers)

    def summed(self, x: Symbol) -> Symbol:
        """Return the sum of each row."""
        return _sum(self._call, x, self._dims)


@lowers("Softmax", types=REALS)
def softmax(call: Call) -> list[Any]:
    rows = _Rows(call, call.symbol(0))
    return [rows.powers / rows.totals]


@lowers("LogSoftmax", types=REALS)
def log_softmax(call: Call) -> list[Any]:
    rows = _Rows(call, call.symbol(0))
    return [rows.shifted - rows.totals.does("log")]


@lowers("SoftmaxCrossEntropyWithLogits", types=REALS)
def cross_entropy(call: Call) -> list[Any]:
    scores, labels = call.symbol(0), call.symbol(1)
    rows = _Rows(call, scores)
    term = labels * (rows.totals.does("log") - rows.shifted)
    zero = call.trace.symbol(call.program.literal(0, labels.value.dtype))
    loss = rows.summed((labels != 0).where(term, zero))
    return [View(loss.value, call.layout[:1]), rows.powers / rows.totals - labels]


@lowers("SparseSoftmaxCrossEntropyWithLogits", types=REALS | {int32, int64})
def sparse_cross_entropy(call: Call) -> list[Any]:
    """Give loss and gradient; the positions picked are checked before they are used."""
    scores, labels = call.symbol(0), call.view(1)
    program, trace = call.program, call.trace
    program.joined([call.layout[:1], labels.layout])
    classes = call.layout[1]
    if classes is None:
        raise NotFusedError("one class")
    rows = _Rows(call, scores)
    label = trace.symbol(program.cast(labels.value, np.dtype(np.int64)))
    at_label = trace.symbol(program.pick(scores.value, classes, label.value))
    loss = rows.totals.does("log") - (at_label - rows.greatest)
    shares = rows.powers / rows.totals
    # picked too, so that it is checked where nobody wants the loss
    numbers = program.index(classes)
    whole = program.spread(numbers, scores.value.dims)
    checked = trace.symbol(program.pick(whole, classes, label.value))
    is_label = trace.symbol(numbers) == checked
    return [View(loss.value, call.layout[:1]), is_label.where(shares - 1, shares)]
