"""Rules of ops that cut arrays into parts and join them: nothing is copied but what is joined.

Where a part lies is found by the op's own body: it cuts a stand-in, whose elements nobody touches,
and the addresses of the pieces tell.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.kernels_cpu.fusion.calls import Call, by_body, lowers
from minitf.kernels_cpu.fusion.values import NotFusedError, View
from minitf.operation import Operation
from minitf.shapes import normal_axis
from minitf.static_value import constant_value


def _takes_neighbours(operation: Operation) -> bool:
    """Tell whether a part is known to skip no elements and to keep their order."""
    if operation.type != "StridedSlice":
        return True
    strides = constant_value(operation.inputs[3])
    return strides is not None and bool(np.all(strides == 1))


@lowers("Split", "SplitV", "Slice", "StridedSlice", "Unpack", when=_takes_neighbours)
def parts(call: Call) -> list[Any]:
    position = 1 if call.operation.type == "Split" else 0
    whole = call.view(position)
    stand_in = np.empty(call.program.shape_of(whole.layout), np.uint8)
    arrays = [call.known.get(i, stand_in) for i in range(len(call.operation.inputs))]
    return [_part(call, whole, stand_in, piece) for piece in by_body(call.operation, arrays)]


def _part(call: Call, whole: View, stand_in: Any, piece: Any) -> View:
    """Return the view of a piece of a view.

    Raises:
        NotFusedError: if the piece is no rectangle of the whole, its axes in order.
    """
    if not np.may_share_memory(stand_in, piece):
        raise NotFusedError("a part is a copy")
    offset = piece.__array_interface__["data"][0] - stand_in.__array_interface__["data"][0]
    firsts = np.unravel_index(offset, stand_in.shape)
    axes = iter(range(stand_in.ndim))
    cuts: dict[int, tuple[int, int | None]] = {}
    layout: list[int | None] = []
    for size, stride in zip(piece.shape, piece.strides, strict=True):
        if size == 1:
            layout.append(None)
            continue
        for axis in axes:
            if stand_in.shape[axis] > 1 and stand_in.strides[axis] == stride:
                break
            _cut(call, whole, axis, int(firsts[axis]), None, cuts)
        else:
            raise NotFusedError("a part skips elements, or turns them around")
        layout.append(_cut(call, whole, axis, int(firsts[axis]), size, cuts))
    for axis in axes:
        _cut(call, whole, axis, int(firsts[axis]), None, cuts)
    return View(call.program.narrowed(whole.value, cuts), tuple(layout))


def _cut(
    call: Call,
    whole: View,
    axis: int,
    first: int,
    size: int | None,
    cuts: dict[int, tuple[int, int | None]],
) -> int | None:
    """Note the cut along an axis; return the dimension of the piece, None for one index."""
    dim = whole.layout[axis]
    if dim is None:
        return None
    dim = call.program.find(dim)
    if size == call.program.sizes[dim]:
        return dim
    part = None if size is None else call.program.dims_of([size])[0]
    cuts[dim] = first, part
    return part


@lowers("ConcatV2")
def concat(call: Call) -> list[Any]:
    count = len(call.operation.inputs) - 1
    views = [call.view(i) for i in range(count)]
    axis = normal_axis(int(call.known[count]), len(views[0].layout), "axis")
    return [call.program.join(views, axis)]
