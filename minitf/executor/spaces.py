"""The spaces over which operations run, and which of them can be one space of a cluster.

A space is the largest shape that an operation reads or makes, as far as it is known.  Another shape
is part of it if its sizes are some of the space's in their order: a row, a column, a number.

    [?, 256] with [256], [?, 1], [?], []       one space
    [?, 256] with [?, 128]                     two

Source: no paper; broadcasting and reduction relate shapes so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from minitf.operation import Operation
from minitf.shapes import Dim, Shape, Unknown
from minitf.tensor import Tensor

# Their inputs or outputs are parts of an array: both the whole and the parts are spaces.
PARTS = frozenset(("Split", "SplitV", "Slice", "StridedSlice", "Unpack", "ConcatV2"))
_UNKNOWN_SIZE = 64  # what a size counts for that is not known


def weight(shape: Shape) -> tuple[int, int]:
    """Return what sorts shapes by size, as far as that is known."""
    if shape.dims is None:
        return (_UNKNOWN_SIZE**2, 0)
    sizes = [_UNKNOWN_SIZE if isinstance(dim, Unknown) else dim for dim in shape.dims]
    return (math.prod(sizes), len(sizes))


def spaces_of(op: Operation, reads: Sequence[Tensor]) -> tuple[Shape, ...]:
    """Return the shapes over which an operation runs: one, or the whole's and the parts'."""
    sides = [reads, op.outputs] if op.type in PARTS else [[*reads, *op.outputs]]
    return tuple(max((t.static_shape for t in side), key=weight) for side in sides if side)


def united(one: tuple[Shape, ...], other: tuple[Shape, ...]) -> tuple[Shape, ...] | None:
    """Return the spaces of both, None if none of one fits to one of the other."""
    found = list(one)
    is_joined = False
    for space in other:
        for i, have in enumerate(found):
            small, large = sorted((space, have), key=weight)
            if fits(small, large):
                found[i], is_joined = large, True
                break
        else:
            found.append(space)
    return tuple(dict.fromkeys(found)) if is_joined else None


def fits(small: Shape, large: Shape) -> bool:
    """Tell whether a shape may be part of another: some of its sizes in their order, and ones."""
    if small.dims is None or large.dims is None:
        return True
    others = iter(dim for dim in large.dims if isinstance(dim, Unknown) or dim != 1)
    for dim in small.dims:
        if not isinstance(dim, Unknown) and dim == 1:
            continue
        if not any(_may_equal(dim, other) for other in others):  # goes on where it stopped
            return False
    return True


def _may_equal(one: Dim, other: Dim) -> bool:
    return isinstance(one, Unknown) or isinstance(other, Unknown) or one == other
