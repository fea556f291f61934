"""`tf.map_fn` of ragged tensors: a function of each row.

    tf.map_fn(tf.reduce_sum, rt, dtype=tf.int32)                        # a number of each row
    tf.map_fn(lambda row: row[:2], rt)                                  # rows again
    tf.map_fn(tf.range, n, dtype=RaggedTensorType(tf.int32, 1))         # rows of numbers

What rows become is collected as its flat values and the lengths of its rows, level by level.

Source: TensorFlow 1.15's `ragged_map_ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import dtypes, nest, ops
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.control_flow.while_loop import while_loop
from minitf.functional import elements
from minitf.ragged.axes import lengths_to_splits
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.ragged.value import RaggedTensorType
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape


def map_fn(
    fn: Callable[[Any], Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """Apply a function to each row; put what it gives together.

    Args:
        fn: function of one row, in the structure of `elems`; returns tensors, ragged or not, in the
            structure of `dtype`.
        elems: tensors of one number of rows, ragged or not, in any structure.
        dtype: what `fn` returns put together: a type, or a RaggedTensorType, in any structure; that
            of `elems` if None.
        parallel_iterations: how many rows may be worked on at once; 10 if None.
        back_prop: whether it may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        infer_shape: whether all that `fn` returns has one static shape, where it is not ragged.
        name: name of the scope.

    Raises:
        TypeError: if `fn` is no function, or structures differ in kind.
        ValueError: if there are no elements, or `fn` returns something of other ragged dimensions.
    """
    elements.check_callable(fn)
    leaves = [as_tensor_or_ragged(each) for each in nest.flatten(elems)]
    if not leaves:
        raise ValueError("elems must be a Tensor or a structure of them: there are no elements")
    like = elems if dtype is None else dtype
    types = [_type_of(each) for each in leaves] if dtype is None else nest.flatten(dtype)
    with name_scope(name, "map", leaves), elements.variables_read_once():
        count = _count(leaves[0])
        inner = [_inner_shape(each) if dtype is None else None for each in leaves]
        inner += [None] * (len(types) - len(inner))
        results = [
            _Result(each, count, shape, infer_shape=infer_shape)
            for each, shape in zip(types, inner, strict=False)
        ]

        def apply(i: Tensor, arrays: Any) -> Any:
            given = fn(nest.pack_sequence_as(elems, [each[i] for each in leaves]))
            nest.assert_same_structure(like, given)
            rows = zip(results, arrays, nest.flatten(given), strict=True)
            return i + 1, [result.written(array, i, row) for result, array, row in rows]

        _, arrays = while_loop(
            lambda i, _: i < count,
            apply,
            (constant(0), [each.arrays for each in results]),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        made = [each.whole(array) for each, array in zip(results, arrays, strict=True)]
        return nest.pack_sequence_as(like, made)


def _type_of(value: Any) -> Any:
    if not isinstance(value, RaggedTensor):
        return value.dtype
    return RaggedTensorType(value.dtype, value.ragged_rank, value.row_splits.dtype)


def _inner_shape(value: Any) -> Any:
    """Return what is known of the shape of the flat values of a part of a ragged tensor."""
    if not isinstance(value, RaggedTensor):
        return None
    return TensorShape([None]).concatenate(value.flat_values.shape[1:])


def _count(value: Any) -> Tensor:
    if isinstance(value, RaggedTensor):
        return value.nrows(dtypes.int32)
    count: Tensor = ops.shape_op(value)[0]
    return count


class _Result:
    """What the rows become: dense elements stacked, or ragged ones joined.

    Attributes:
        arrays: empty TensorArrays: of elements; or of flat values, of the number of rows of each
            element, and of the lengths of its rows on each level, the outermost first.
    """

    def __init__(self, kind: Any, count: Tensor, shape: Any, *, infer_shape: bool) -> None:
        self._levels = kind.ragged_rank if isinstance(kind, RaggedTensorType) else 0
        self._dtype = dtypes.as_dtype(kind.dtype if self._levels else kind)
        self._splits_dtype = kind.row_splits_dtype if self._levels else dtypes.int64

        def array(dtype: Any, shape: Any = None, *, same: bool) -> TensorArray:
            return TensorArray(
                dtype, count, dynamic_size=False, infer_shape=same, element_shape=shape
            )

        self.arrays = [array(self._dtype, shape, same=infer_shape and not self._levels)]
        if self._levels:
            self.arrays.append(array(self._splits_dtype, same=True))
            lengths = (
                array(self._splits_dtype, [None], same=False) for _ in range(self._levels - 1)
            )
            self.arrays.extend(lengths)

    def written(self, arrays: list[TensorArray], i: Tensor, row: Any) -> list[TensorArray]:
        """Return the arrays with another element written.

        Raises:
            ValueError: if it has other ragged dimensions.
        """
        row = as_tensor_or_ragged(row)
        found = row.ragged_rank if isinstance(row, RaggedTensor) else 0
        if found != max(self._levels - 1, 0):
            raise ValueError(
                f"The declared ragged rank ({self._levels}) mismatches the result "
                f"({found + 1 if self._levels else found})"
            )
        if not self._levels:
            return [arrays[0].write(i, row)]
        if not isinstance(row, RaggedTensor):
            parts = [row, ops.shape_op(row, out_type=self._splits_dtype)[0]]
        else:
            row = row.with_row_splits_dtype(self._splits_dtype)
            parts = [row.flat_values, row.nrows(), *row.nested_row_lengths()]
        return [array.write(i, part) for array, part in zip(arrays, parts, strict=True)]

    def whole(self, arrays: list[TensorArray]) -> Any:
        """Return all elements as one tensor."""
        if not self._levels:
            return arrays[0].stack()
        flat, rows, *lengths = arrays
        splits = [lengths_to_splits(rows.stack())]
        splits += [lengths_to_splits(each.concat()) for each in lengths]
        return RaggedTensor.from_nested_row_splits(flat.concat(), splits, validate=False)
