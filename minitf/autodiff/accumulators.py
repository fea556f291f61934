"""Loop variables that add up the gradients of what every iteration takes.

    acc = 0;  while p: acc += gradient of this iteration

Rows of a large table (IndexedSlices) are put one after the other instead.

Source: 2015 §4.1; OSDI §4.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from minitf import ops
from minitf.autodiff.zeros import constant_of_zeros, shape_of, zeros
from minitf.composite import IndexedSlices
from minitf.contexts.primitives import close_loop, switch
from minitf.shapes import UNKNOWN, Shape
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.autodiff.loop_gradient import LoopGradient


def add_up_tensor(loop: LoopGradient, value: Tensor, grad: Tensor) -> Tensor:
    """Return the sum of a gradient over all iterations of the backward loop.

    Args:
        loop: the gradient of the loop.
        value: what enters the forward loop; the sum has its shape if there is no iteration.
        grad: its gradient in one iteration.
    """
    backward = loop.backward
    with loop.outside():
        start = _start(loop, value, grad)
    with backward.entered():
        merged = backward.begin_variable(start, "b_acc", "b_acc")
        off, on = switch(merged, backward.condition)
        close_loop(merged, ops.add_op(on, grad))
        return backward.end_variable(off, "b_acc")


def _start(loop: LoopGradient, value: Tensor, grad: Tensor) -> Tensor:
    outer = loop.backward.outer
    if grad.static_shape.is_full:
        with loop.inside(outer):
            return constant_of_zeros(grad.static_shape, grad.dtype, "b_acc")
    around = loop.around
    if around is None:
        with loop.inside(outer):
            return zeros(shape_of(value), grad.dtype)
    with loop.inside(loop.forward.outer):
        shape = shape_of(value)
    shapes = around.push(shape)
    with loop.inside(outer):
        return zeros(around.pop(shapes, shape), grad.dtype)


def add_up_rows(loop: LoopGradient, value: Tensor, grad: IndexedSlices) -> IndexedSlices:
    """Return the rows of a gradient of all iterations of the backward loop.

    A row of zeros stands first, so that there is one if there is no iteration.

    Args:
        loop: the gradient of the loop.
        value: what enters the forward loop.
        grad: its gradient in one iteration.
    """
    backward = loop.backward
    with loop.outside(), loop.inside(backward.outer):
        starts = _first_row(loop, value, grad)
    with backward.entered():
        backward.seen.update(starts)
        entered = [backward.enter(start, "b_acc") for start in starts]
        entered[0].set_shape([None])
        if starts[1].static_shape.dims is not None:
            entered[1].static_shape = Shape([UNKNOWN, *starts[1].static_shape[1:]])
        backward.enters += entered
        merged = [ops.merge_op([each, each], name="b_acc").output for each in entered]
        switched = [switch(each, backward.condition) for each in merged]
        (_, indices), (_, values), *whole = switched
        following = [
            ops.concat_v2_op([indices, grad.indices], 0, name="concat"),
            ops.concat_v2_op([values, grad.values], 0, name="concat"),
            *(ops.maximum_op(grad.dense_shape, shape) for _, shape in whole),
        ]
        for each, value_after in zip(merged, following, strict=True):
            close_loop(each, value_after)
        results = [backward.end_variable(off, "b_acc") for off, _ in switched]
    indices, values, *shape = results
    return IndexedSlices(values, indices, shape[0] if shape else None)


def _first_row(loop: LoopGradient, value: Tensor, grad: IndexedSlices) -> list[Tensor]:
    """Return indices, values and, if it is known, shape of one row of zeros."""
    rows, shape = grad.values, grad.dense_shape
    if rows.static_shape.is_full:
        one = Shape([1, *rows.static_shape[1:]])
        values = constant_of_zeros(one, rows.dtype, "b_acc")
    else:
        rest = ops.strided_slice_op(shape_of(value), [1], [0], [1], end_mask=1)
        values = zeros(ops.concat_v2_op([[1], rest], 0, name="concat"), rows.dtype)
    indices = constant_of_zeros(Shape([1]), grad.indices.dtype, "Const")
    if shape is None:
        return [indices, values]
    # TensorFlow begins with zeros: a loop without trips has rows that do not fit its shape
    return [indices, values, ops.cast_op(shape_of(value), DstT=shape.dtype)]
