"""Conditional accumulators of sparse gradients: some rows of a large tensor.

**State**, beside that of `gathering`: the sum as `Rows`: indices in order, each once; the sum of
the rows of that index; how many gradients had it.

**Invariants**
1. The mean of a row is over the gradients that had it, not over all.
2. Rows of one gradient that have the same index are added up first.

Worked example: rows 0 and 2, then row 2 again.

    apply [0, 2], [[1], [2]]        apply [2], [[4]]        take(2) -> [0, 2], [[1], [3]]

**Departure from TensorFlow**: there indices that are not in order, or come twice, give rows that
are not added up, and a negative index is taken.

Source: OSDI §4.4, §4.2 (sparse gradients); TensorFlow's ops of the same names.
"""

from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import NUMBERS, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.precision import wide
from minitf.ops.queue.gathering import (
    Accumulator,
    Gathered,
    Reduction,
    accumulator_handle,
    check_type,
)
from minitf.ops.queue.sharing import behind
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Ref, dtype, int32, int64, string

Array = np.ndarray[Any, Any]


class Rows(NamedTuple):
    """Some rows of a tensor: indices in order, a row and a number of gradients for each."""

    indices: Array
    values: Array
    counts: Array


class Gradient(NamedTuple):
    """A sparse gradient as it comes: the shape is None where it does not say."""

    indices: Array
    values: Array
    shape: Array | None


class SparseAccumulator(Accumulator):
    """Gathers gradients that are rows of a tensor.

    Source: OSDI §4.4, §4.2.
    """

    def check(self, gradient: Gradient) -> None:
        """Check that the parts of a gradient fit together, and the accumulator."""
        indices, values, shape = gradient
        check_type(self, values.dtype)
        if not values.ndim:
            raise invalid("Values cannot be 0-dimensional.")
        if indices.ndim != 1:
            raise invalid(
                "Input indices should be vector but received shape: "
                f"{str(Shape(indices.shape)).replace(' ', '')}"
            )
        if len(values) != len(indices):
            raise invalid(f"Expected {len(indices)} non-empty input values, got {len(values)}")
        if shape is not None:
            self._check_shape(shape)
        self._check_values(values)
        self._check_indices(indices)

    def _check_shape(self, shape: Array) -> None:
        wanted = self._sizes()
        if len(shape) < len(wanted):
            raise invalid(
                f"Shape mismatch: expected shape rank at least {len(wanted)}, got {len(shape)}"
            )
        for axis, size in enumerate(wanted):
            if size is not None and size != shape[axis]:
                raise invalid(
                    f"Shape mismatch: expected shape dim {axis} to be {size}, got {shape[axis]}"
                )

    def _check_values(self, values: Array) -> None:
        wanted = self._sizes()
        if self.total is not None:
            wanted = [None, *self.total.values.shape[1:]]
        elif not self.shape.rank:  # SyncReplicasOptimizer declares (), as TensorFlow's, for any
            return
        if values.ndim != len(wanted):
            raise invalid(f"Shape mismatch: expected values rank {len(wanted)}, got {values.ndim}")
        for axis, size in enumerate(wanted[1:], 1):
            if size is not None and size != values.shape[axis]:
                raise invalid(
                    f"Shape mismatch: expected values dim {axis} to be {size}, "
                    f"got {values.shape[axis]}"
                )

    def _check_indices(self, indices: Array) -> None:
        sizes = self._sizes()
        limit = sizes[0] if sizes else None
        outside = indices < 0 if limit is None else (indices < 0) | (indices >= limit)
        if outside.any():
            at = int(outside.argmax())
            raise invalid(
                f"Shape mismatch: index of slice {at} exceeded limits of shape; "
                f"index is {indices[at]} exceeded {'0' if limit is None else limit}"
            )

    def _sizes(self) -> list[int | None]:
        """Return the declared sizes, as far as they are known."""
        return self.shape.as_list() or []

    def first(self, gradient: Gradient) -> Rows:
        """Return the rows of a gradient, those of equal index added up."""
        indices, place = np.unique(gradient.indices, return_inverse=True)
        rows = wide(gradient.values)
        values = np.zeros((len(indices), *rows.shape[1:]), rows.dtype)
        np.add.at(values, place.reshape(-1), rows)
        return Rows(indices, values, np.ones(len(indices), np.int64))

    def added(self, total: Rows, gradient: Rows) -> Rows:
        """Merge the rows of both."""
        indices = np.union1d(total.indices, gradient.indices)
        values = np.zeros((len(indices), *total.values.shape[1:]), total.values.dtype)
        counts = np.zeros(len(indices), np.int64)
        for part in (total, gradient):
            at = np.searchsorted(indices, part.indices)
            values[at] += part.values
            counts[at] += part.counts
        return Rows(indices, values, counts)

    def reduced(self, gathered: Gathered) -> list[Array]:
        """Return indices, the mean or sum of each row, and the shape, -1 for unknown sizes."""
        indices, values, counts = gathered.total
        if self.is_mean:
            values = values / counts.reshape(-1, *[1] * (values.ndim - 1)).astype(values.dtype)
        sizes = self._sizes() or [None, *values.shape[1:]]
        shape = np.array([-1 if size is None else size for size in sizes], np.int64)
        return [indices, values.astype(self.dtype.numpy), shape]


# --- SparseConditionalAccumulator -----------------------------------------------------------------


@op("SparseConditionalAccumulator", "stateful", dtype=NUMBERS, outputs=("handle",))
def sparse_conditional_accumulator_op(
    *,
    dtype: DType,
    shape: Shape,
    container: str = "",
    shared_name: str = "",
    reduction_type: Reduction = "MEAN",
    context: Context,
) -> Ref[string]:
    """Give the handle of an accumulator of sparse gradients.

    Args:
        dtype: their type.
        shape: the shape of the tensor whose rows they are; may be unknown.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.
        reduction_type: whether a take gives the mean or the sum.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a shared one of that name differs.

    Source: OSDI §4.4.
    """
    spec = dtype, shape, reduction_type
    return accumulator_handle(context, container, shared_name, SparseAccumulator, spec)


@sparse_conditional_accumulator_op.shape
def sparse_conditional_accumulator_shape(**attrs: Any) -> Shape:
    return Shape((2,))


sparse_conditional_accumulator_op.no_gradient("it has no inputs")

# --- SparseAccumulatorApplyGradient, SparseAccumulatorTakeGradient --------------------------------


@op("SparseAccumulatorApplyGradient", dtype=NUMBERS)
def sparse_accumulator_apply_gradient_op(
    handle: Ref[string],
    local_step: int64[()],
    gradient_indices: int64,
    gradient_values: dtype,
    gradient_shape: int64,
    *,
    has_known_shape: bool,
) -> None:
    """Add rows to an accumulator; those of a stale gradient are dropped.

    Args:
        handle: the accumulator's handle.
        local_step: the step that the gradient was computed for.
        gradient_indices: int64[N], which rows.
        gradient_values: dtype[N, ...].
        gradient_shape: int64[R], the shape of the whole.
        has_known_shape: whether `gradient_shape` is to be looked at.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or the accumulator.

    Source: OSDI §4.4, §4.2.
    """
    shape = gradient_shape if has_known_shape else None
    gradient = Gradient(gradient_indices, gradient_values, shape)
    behind(handle, SparseAccumulator).apply(int(local_step), gradient)


@op(
    "SparseAccumulatorTakeGradient",
    "asynchronous",
    dtype=NUMBERS,
    outputs=("indices", "values", "shape"),
)
def sparse_accumulator_take_gradient_op(
    handle: Ref[string], num_required: int32[()], *, dtype: DType
) -> tuple[int64, dtype, int64]:
    """Give the mean or sum of each row of an accumulator; wait until there are enough gradients.

    Args:
        handle: the accumulator's handle.
        num_required: how many gradients there must be at least.
        dtype: their type.

    Returns:
        indices: int64[N], in order; values: dtype[N, ...]; shape: int64[R], -1 for unknown sizes.

    Raises:
        InvalidArgumentError: if none is required, or the type differs.

    Source: OSDI §4.4, §4.2.
    """
    accumulator = behind(handle, SparseAccumulator)
    check_type(accumulator, dtype.numpy)
    return accumulator.take(int(num_required))


@sparse_accumulator_take_gradient_op.shape
def sparse_accumulator_take_gradient_shape(
    handle: Shape, num_required: Shape, *, dtype: DType
) -> list[Shape]:
    return [Shape.unknown()] * 3


sparse_accumulator_apply_gradient_op.no_gradient("it has no outputs")
sparse_accumulator_take_gradient_op.no_gradient("what it holds is no function of its handle")
