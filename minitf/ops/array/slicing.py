"""Parts of an array: rectangles (Slice) and NumPy's indexing (StridedSlice).

StridedSlice packs a NumPy index into three vectors and five bit masks: `x[1:, ..., None, 0]` is

    begin = [1, 0, 0, 0]   end_mask = 0b0001        ellipsis_mask = 0b0010
    end = [0, 0, 0, 1]     new_axis_mask = 0b0100   shrink_axis_mask = 0b1000
    strides = [1, 1, 1, 1]

Bodies return views: an executor copies what it hands out.

Source: 2015 Table 1, row "Array operations": Slice; TensorFlow's ops of the same names.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, merge, shape_of_value
from minitf.symbols import Index, T, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Slice -------------------------------------------------------------------------------------


@op("Slice", T=ANY, Index=INDICES)
def slice_op(input: T, begin: Index[n], size: Index[n]) -> T:
    """Cut out a rectangle.

    Args:
        input: T[...].
        begin: its first corner.
        size: its sizes; -1 is all that follows `begin`.

    Returns:
        T[size].

    Raises:
        InvalidArgumentError: if it does not lie inside.

    Source: 2015 Table 1.
    """
    sizes = _slice_sizes(input.shape, tuple(begin.tolist()), tuple(size.tolist()))
    corners = zip(begin.tolist(), sizes, strict=True)
    return input[(*(slice(first, first + count) for first, count in corners), ...)]


def _slice_sizes(shape: tuple[int, ...], begin: Any, size: Any) -> list[int]:
    """Return the sizes of the rectangle, -1 replaced and all checked."""
    rank = len(shape)
    if not len(begin) == len(size) == rank:
        raise invalid(
            f"Expected begin and size arguments to be 1-D tensors of size {rank}, but got shapes "
            f"[{len(begin)}] and [{len(size)}] instead."
        )
    found = []
    for i, (dim, first, count) in enumerate(zip(shape, begin, size, strict=True)):
        found.append(dim - first if count == -1 else count)
        if not 0 <= first <= dim:
            raise invalid(f"Expected begin[{i}] in [0, {dim}], but got {first}")
        if not 0 <= found[i] <= dim - first:
            raise invalid(f"Expected size[{i}] in [0, {dim - first}], but got {count}")
    return found


@slice_op.shape(values_of=("begin", "size"))
def slice_shape(input: Shape, begin: tuple[Any, ...] | None, size: tuple[Any, ...] | None) -> Shape:
    lengths = [len(each) for each in (begin, size) if each is not None]
    if input.dims is None and not lengths:
        return input
    rank = lengths[0] if lengths else len(input)
    corner = (UNKNOWN,) * rank if begin is None else begin
    sizes = (UNKNOWN,) * rank if size is None else size
    merge(Shape([len(corner)]), Shape([len(sizes)]))
    rest = [_rest(dim, at) for dim, at in zip(input.with_rank(rank), corner, strict=True)]
    given = shape_of_value(sizes)
    return Shape(
        left if known(count) and count == -1 else dim
        for left, count, dim in zip(rest, sizes, given, strict=True)
    )


def _rest(dim: Any, begin: Any) -> Any:
    """Return how much of a dimension lies behind `begin`; whether it is inside, the run tells."""
    return dim - begin if known(dim, begin) and 0 <= begin <= dim else UNKNOWN


slice_op.value_by_body(needs=("begin", "size"))


@slice_op.gradient
def slice_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    input, begin, _ = op.inputs
    index = begin.dtype.base_dtype
    inside = ops.add_op(begin, ops.shape_op(op.outputs[0], out_type=index))
    after = ops.sub_op(ops.shape_op(input, out_type=index), inside)
    return [ops.pad_op(grad, ops.pack_op([begin, after], axis=1)), None, None]


# --- StridedSlice ------------------------------------------------------------------------------


@op("StridedSlice", T=ANY, Index=INDICES | types("int16"))
def strided_slice_op(
    input: T,
    begin: Index[n],
    end: Index[n],
    strides: Index[n],
    *,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> T:
    """Index as NumPy does, with slices, integers, `...` and newaxis.

    Args:
        input: T[...].
        begin: per entry of the index the first place, or the only one.
        end: per entry the bound, not included.
        strides: per entry the step, not 0.
        begin_mask: bit i: entry i begins at the near end, whatever begin[i] is.
        end_mask: bit i: entry i runs to the far end.
        ellipsis_mask: bit i: entry i is `...`; at most one.
        new_axis_mask: bit i: entry i is a new dimension of size 1.
        shrink_axis_mask: bit i: entry i is the integer begin[i].

    Returns:
        What NumPy's indexing gives.

    Raises:
        InvalidArgumentError: if an integer is out of range, a step is 0, or entries are too many.

    Source: TensorFlow's op of the same name.
    """
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    return input[index_of(input.shape, begin, end, strides, masks)]


def index_of(
    shape: tuple[int, ...], begin: Array, end: Array, strides: Array, masks: tuple[int, ...]
) -> tuple[Any, ...]:
    """Return NumPy's index; it ends with `...` so that even one element comes as an array."""
    entries: list[Any] = []
    for i, axis in _entries(len(shape), len(begin), masks):
        begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_mask = (
            m >> i & 1 for m in masks
        )
        if ellipsis_mask:
            entries.append(Ellipsis)
        elif new_axis_mask:
            entries.append(None)
        elif shrink_mask:
            entries.append(_place(i, axis, shape[axis], int(begin[i]), int(strides[i])))
        else:
            first = None if begin_mask else int(begin[i])
            stop = None if end_mask else int(end[i])
            entries.append(slice(first, stop, _step(i, int(strides[i]))))
    return tuple(entries) if Ellipsis in entries else (*entries, Ellipsis)


def _entries(rank: int, count: int, masks: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Walk the entries of an index with the dimension of the input where each stands."""
    _, _, ellipsis_mask, new_axis_mask, _ = masks
    ellipsis_mask &= (1 << count) - 1
    if ellipsis_mask & (ellipsis_mask - 1):
        raise invalid("Multiple ellipses in slice spec not allowed")
    used = count - (ellipsis_mask | new_axis_mask & (1 << count) - 1).bit_count()
    if used > rank:
        what = "" if rank else "Attempting to slice scalar input. "
        raise invalid(
            f"{what}Index out of range using input dim {rank}; input has only {rank} dims"
        )
    axis = 0
    for i in range(count):
        yield i, axis
        if ellipsis_mask >> i & 1:
            axis += rank - used
        elif not new_axis_mask >> i & 1:
            axis += 1


def _step(i: int, stride: int) -> int:
    if stride == 0:
        raise invalid(f"strides[{i}] must be non-zero")
    return stride


def _place(i: int, axis: int, dim: Any, begin: int, stride: int) -> int:
    if _step(i, stride) < 0:
        raise invalid("only stride 1 allowed on non-range indexing.")
    if known(dim) and not -dim <= begin < dim:
        forward = begin + dim if begin < 0 else begin
        raise invalid(f"slice index {forward} of dimension {axis} out of bounds.")
    return begin


@strided_slice_op.shape(values_of=("begin", "end", "strides"))
def strided_slice_shape(
    input: Shape,
    begin: tuple[Any, ...] | None,
    end: tuple[Any, ...] | None,
    strides: tuple[Any, ...] | None,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> Shape:
    if input.dims is None or begin is None or end is None or strides is None:
        return Shape.unknown()
    if not known(*strides):
        return Shape.unknown()
    for each in (end, strides):
        merge(Shape([len(begin)]), Shape([len(each)]))
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    sizes: list[Any] = []
    done = 0
    for i, axis in _entries(len(input), len(begin), masks):
        sizes += input[done:axis]
        done = axis
        if ellipsis_mask >> i & 1:
            continue
        if new_axis_mask >> i & 1:
            sizes.append(1)
            continue
        done = axis + 1
        if shrink_axis_mask >> i & 1:
            _place(i, axis, input[axis] if known(begin[i]) else UNKNOWN, begin[i], strides[i])
            continue
        first = None if begin_mask >> i & 1 else begin[i]
        stop = None if end_mask >> i & 1 else end[i]
        sizes.append(_slice_length(input[axis], first, stop, _step(i, strides[i])))
    return Shape([*sizes, *input[done:]])


def _slice_length(dim: Any, first: Any, stop: Any, stride: int) -> Any:
    if not known(dim, first, stop):
        return UNKNOWN
    return len(range(*slice(first, stop, stride).indices(dim)))


strided_slice_op.value_by_body(needs=("begin", "end", "strides"))


@strided_slice_op.gradient
def strided_slice_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    input, *index = op.inputs
    shape = ops.shape_op(input, out_type=index[0].dtype)
    return [ops.strided_slice_grad_op(shape, *index, grad, **masks_of(op)), None, None, None]


def masks_of(op: Operation) -> dict[str, int]:
    return {name: value for name, value in op.attrs.items() if name.endswith("_mask")}


# --- StridedSliceGrad --------------------------------------------------------------------------


@op("StridedSliceGrad", T=ANY, Index=INDICES)
def strided_slice_grad_op(
    shape: Index[n],
    begin: Index[n],
    end: Index[n],
    strides: Index[n],
    dy: T,
    *,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> T:
    """Put a gradient back where StridedSlice took the values from, zeros elsewhere.

    Args:
        shape: the sizes of StridedSlice's input.
        begin: as StridedSlice's.
        end: as StridedSlice's.
        strides: as StridedSlice's.
        dy: the gradient of StridedSlice's output.
        begin_mask: as StridedSlice's.
        end_mask: as StridedSlice's.
        ellipsis_mask: as StridedSlice's.
        new_axis_mask: as StridedSlice's.
        shrink_axis_mask: as StridedSlice's.

    Returns:
        T[shape].

    Raises:
        InvalidArgumentError: if `dy` has not the shape of the slice.

    Source: TensorFlow's op of the same name.
    """
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    out = np.zeros(tuple(shape), dy.dtype)
    part = out[index_of(out.shape, begin, end, strides, masks)]
    if part.shape != dy.shape:
        raise invalid(f"shape of dy was {Shape(dy.shape)} instead of {Shape(part.shape)}")
    part[...] = dy
    return out


@strided_slice_grad_op.shape(values_of=("shape",))
def strided_slice_grad_shape(
    shape: tuple[Any, ...] | None,
    begin: Shape,
    end: Shape,
    strides: Shape,
    dy: Shape,
    **_: int,
) -> Shape:
    return shape_of_value(shape)


@strided_slice_grad_op.gradient
def strided_slice_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    index = op.inputs[1:4]
    return [None, None, None, None, ops.strided_slice_op(grad, *index, **masks_of(op))]
