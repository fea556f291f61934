"""Rules of elementwise ops that are no rows of a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.dtypes import bool_
from minitf.kernels_cpu.fusion.calls import REALS, Call, lowers
from minitf.kernels_cpu.fusion.values import NotFusedError, View
from minitf.operation import Operation
from minitf.ops.elementwise.rows import ROWS
from minitf.static_value import constant_value


@lowers("Identity", "StopGradient", "PreventGradient")
def same(call: Call) -> list[Any]:
    return [call.view(0)]


@lowers("AddN", "AccumulateNV2")
def add_n(call: Call) -> list[Any]:
    total = call.symbol(0)
    for i in range(1, len(call.operation.inputs)):
        total += call.symbol(i)
    return [total]


def _raises_on_shapes(operation: Operation) -> bool:
    return bool(operation.attrs["incompatible_shape_error"])


@lowers("Equal", when=_raises_on_shapes)
def equal(call: Call) -> list[Any]:
    return [call.symbol(0) == call.symbol(1)]


@lowers("NotEqual", when=_raises_on_shapes)
def not_equal(call: Call) -> list[Any]:
    return [call.symbol(0) != call.symbol(1)]


@lowers("ApproximateEqual", types=REALS | {bool_})
def approximate_equal(call: Call) -> list[Any]:
    return [abs(call.symbol(0) - call.symbol(1)) <= call.attrs["tolerance"]]


@lowers("LeakyRelu", types=REALS)
def leaky_relu(call: Call) -> list[Any]:
    x = call.symbol(0)
    return [(x > 0.0).where(x, x * call.attrs["alpha"])]


@lowers("LeakyReluGrad", types=REALS)
def leaky_relu_grad(call: Call) -> list[Any]:
    grad, x = call.symbol(0), call.symbol(1)
    return [(x > 0.0).where(grad, grad * call.attrs["alpha"])]


@lowers("ClipByValue")
def clip_by_value(call: Call) -> list[Any]:
    t = call.view(0)
    limits = [call.view(1), call.view(2)]
    for limit in limits:
        if limit.layout and call.program.shape_of(limit.layout) != call.shapes[0]:
            raise NotFusedError("a limit has a shape of its own")
    low, high = (call.placed(limit).value for limit in limits)
    dtype = t.value.dtype
    below = call.trace.apply(ROWS["Minimum"].scalar, [call.placed(t).value, high], dtype)
    return [call.trace.symbol(call.trace.apply(ROWS["Maximum"].scalar, [below, low], dtype))]


def _exponent(operation: Operation) -> Any:
    """Return the exponent of a power if it is a constant of one value, else None."""
    value = constant_value(operation.inputs[1])
    if value is None or not value.size or np.any(value != value.flat[0]):
        return None
    return value.flat[0].item()


@lowers("Pow", types=REALS, when=lambda op: _exponent(op) in (1, 2, 3, -1))
def power(call: Call) -> list[Any]:
    x, exponent = call.symbol(0), _exponent(call.operation)
    call.symbol(1)  # its shape counts
    if exponent == -1:
        return [1.0 / x]
    return [{1: x, 2: x * x, 3: x * x * x}[exponent]]


@lowers("Cast", when=lambda op: not op.attrs["Truncate"])
def cast(call: Call) -> list[Any]:
    x, wanted = call.symbol(0), call.attrs["DstT"].numpy
    if x.value.dtype == wanted:
        return [x]
    if wanted.kind == "b":
        return [x != 0]
    return [call.trace.symbol(call.program.cast(x.value, wanted))]


@lowers("Select", "SelectV2")
def select(call: Call) -> list[Any]:
    condition, rank = call.view(0), len(call.shapes[0])
    if call.operation.type == "Select" and len(condition.layout) == 1 < rank:
        layout = (*condition.layout, *[None] * (rank - 1))  # it chooses whole rows
        condition = View(condition.value, layout)
    return [call.placed(condition).where(call.symbol(1), call.symbol(2))]


@lowers("BiasAdd", "BiasAddV1")
def bias_add(call: Call) -> list[Any]:
    bias = call.view(1)
    if call.attrs.get("data_format") == "NCHW":
        ones = len(call.shapes[0]) - 2
        bias = View(bias.value, (*bias.layout, *[None] * ones))
    return [call.symbol(0) + call.placed(bias)]
