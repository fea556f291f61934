"""Rules of ops that give the same elements another shape, or fill a shape.

They cost nothing in a loop: only the view of a value changes.
"""

from __future__ import annotations

from typing import Any

from minitf.kernels_cpu.fusion.calls import Call, lowers
from minitf.kernels_cpu.fusion.values import NotFusedError, View
from minitf.operation import Operation
from minitf.shapes import Unknown


def _only_ones_move(operation: Operation) -> bool:
    """Tell whether input and output may have the same sizes but for ones, as far as is known."""
    before, after = (
        [d for d in shape if isinstance(d, Unknown) or d != 1] if shape.rank is not None else None
        for shape in (operation.inputs[0].static_shape, operation.outputs[0].static_shape)
    )
    if before is None or after is None:
        return True
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and all(
        isinstance(a, Unknown) or isinstance(b, Unknown) or a == b for a, b in pairs
    )


@lowers("Reshape", "ExpandDims", "Squeeze", when=_only_ones_move)
def reshape(call: Call) -> list[Any]:
    x, (shape,) = call.view(0), call.shapes
    dims = [dim for dim in x.layout if dim is not None]
    if [call.program.sizes[dim] for dim in dims] != [size for size in shape if size != 1]:
        raise NotFusedError("a reshape joins or parts dimensions")
    rest = iter(dims)
    return [View(x.value, tuple(None if size == 1 else next(rest) for size in shape))]


@lowers("BroadcastTo")
def broadcast_to(call: Call) -> list[Any]:
    x, whole = call.view(0), call.program.dims_of(call.shapes[0])
    return [View(x.value, call.program.joined([x.layout, whole]))]


@lowers("Fill")
def fill(call: Call) -> list[Any]:
    return [View(call.view(1).value, call.program.dims_of(call.shapes[0]))]


@lowers("ZerosLike", "OnesLike")
def like(call: Call) -> list[Any]:
    x, number = call.view(0), int(call.operation.type == "OnesLike")
    return [View(call.program.literal(number, x.value.dtype), x.layout)]
