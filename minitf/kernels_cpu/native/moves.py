"""Forms of operations that move elements to other places.

Source: 2015 §10.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from minitf.devices import Call
from minitf.kernels_cpu.fusion.compiling import Generated
from minitf.kernels_cpu.fusion.source import Text
from minitf.kernels_cpu.native.forms import form
from minitf.kernels_cpu.native.loops import place
from minitf.kernels_cpu.native.text import Body, NotNativeError
from minitf.operation import Operation
from minitf.ops.array.slicing import strided_slice_op

_MOST_PLACES = 1 << 16


@form("Transpose")
def transpose(body: Body, _: Operation, call: Call) -> None:
    """Write loops over a transpose whose order of axes is known."""
    x, order = body.value(call.inputs[0]), body.constant(call.inputs[1])
    if order is None:
        raise NotNativeError("the order of axes is not known")
    axes = tuple(int(axis) % len(x.shape) for axis in order)
    made = body.array(call.outputs[0], x.dtype, [x.shape[axis] for axis in axes])
    loops = body.callee(transposed(axes), "transposed")
    body.lines.append(f"{loops}({x.name}, {made.name})")
    body.work += x.size


@cache
def transposed(axes: tuple[int, ...]) -> Generated:
    """Return loops `fused(x, out)` for out = x with its axes in another order."""
    names = [f"i{position}" for position in range(len(axes))]
    read = [names[axes.index(axis)] for axis in range(len(axes))]
    lines = ["def fused(x, out):"]
    for depth, name in enumerate(names):
        lines.append(f"{'    ' * (depth + 1)}for {name} in range(out.shape[{depth}]):")
    inner = "    " * (len(axes) + 1)
    lines.append(f"{inner}out[{', '.join(names)}] = x[{', '.join(read)}]")
    return Generated(Text("\n".join(lines) + "\n"))


@form("StridedSliceGrad")
def strided_slice_grad(body: Body, operation: Operation, call: Call) -> None:
    """Write zeros, and the elements of a gradient where they were cut out."""
    shape, *bounds = (body.constant(each) for each in call.inputs[:4])
    if shape is None or any(each is None for each in bounds):
        raise NotNativeError("it is not known where elements are cut out")
    sizes: Any = tuple(shape.tolist())
    grad = body.value(call.inputs[4])
    if grad.size > _MOST_PLACES:
        raise NotNativeError("too many elements are cut out")
    masks = {name: operation.attrs[name] for name in operation.attrs if name.endswith("_mask")}
    numbers = np.arange(np.prod(sizes, dtype=np.int64)).reshape(sizes)
    places = np.ascontiguousarray(strided_slice_op.body(numbers, *bounds, **masks).reshape(-1))
    at = body.value(places)
    made = body.array(call.outputs[0], grad.dtype, sizes)
    rows = f"{grad.name}.reshape(-1), {at.name}, {made.name}.reshape(-1)"
    body.lines.append(f"{body.callee(place, 'place')}({rows})")
    body.work += made.size
