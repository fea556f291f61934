"""Changes of shape and order, joining and cutting.

Source: 2015 Table 1, row "Array operations"; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.api.old_orders import axis_first, value_last, warn_of_old_order
from minitf.convert import convert_to_tensor, holds_tensors
from minitf.default_graph import graph_of
from minitf.dispatch import dispatchable
from minitf.shapes import Shape
from minitf.tensor import Tensor, hooks
from minitf.tensor_shape import Dimension

newaxis = None


def renamed_argument(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """Return an argument that has a deprecated name too; ValueError if both are given."""
    if old is not None and new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return new if old is None else old


# --- shape -------------------------------------------------------------------------------------


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """Return the same elements, in their order, with other sizes.

    Args:
        tensor: a Tensor of any type.
        shape: int32 or int64[rank], the sizes; one may be -1: what is left.

    Raises:
        ValueError: if the number of elements would change.
    """
    return ops.reshape_op(tensor, shape, name=name)


@dispatchable
def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Insert a dimension of size 1.

    Args:
        input: the tensor.
        axis: where it stands in the result.
        name: name of the operation.
        dim: deprecated name of `axis`.
    """
    axis = renamed_argument("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return ops.expand_dims_op(input, axis, name=name)


@dispatchable
def squeeze(
    input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None
) -> Tensor:
    """Remove dimensions of size 1.

    Args:
        input: the tensor.
        axis: which, one or several; all of size 1 by default.
        name: name of the operation.
        squeeze_dims: deprecated name of `axis`.
    """
    axis = renamed_argument("axis", axis, "squeeze_dims", squeeze_dims)
    if axis is None:
        axis = ()
    elif not isinstance(axis, Tensor):
        axis = tuple(np.ravel(axis).tolist())
    return ops.squeeze_op(input, squeeze_dims=axis, name=name)


# --- order -------------------------------------------------------------------------------------


def transpose(a: Any, perm: Any = None, name: str = "transpose", conjugate: bool = False) -> Tensor:
    """Permute the dimensions.

    Args:
        a: the tensor.
        perm: dimension i of the result is dimension perm[i] of `a`; reversed by default.
        name: name of the operation.
        conjugate: conjugate the elements, if they are complex.
    """
    with name_scope(name, "transpose", [a]) as scope:
        a = convert_to_tensor(a, name="a")
        move = ops.conjugate_transpose_op if conjugate and a.dtype.is_complex else ops.transpose_op
        rank = a.static_shape.rank
        if perm is None and rank is None:
            perm = ops.range_op(ops.rank_op(a) - 1, -1, -1)
        elif perm is None:
            perm = np.arange(rank, dtype=np.int32)[::-1]
        return move(a, perm, name=scope)


def matrix_transpose(a: Any, name: str = "matrix_transpose", conjugate: bool = False) -> Tensor:
    """Exchange the last two dimensions.

    Raises:
        ValueError: if there are fewer than two.
    """
    with name_scope(name, None, [a]):
        a = convert_to_tensor(a, name="a")
        rank = a.static_shape.rank
        if rank is None:
            count = ops.rank_op(a)
            leading = ops.range_op(0, count - 2, 1)
            perm: Any = concat((leading, [count - 1, count - 2]), 0)
        elif rank < 2:
            raise ValueError(
                f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {a.shape}"
            )
        else:
            perm = [*range(rank - 2), rank - 1, rank - 2]
        return transpose(a, perm, conjugate=conjugate)


def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """Return the permutation that undoes a permutation."""
    return ops.invert_permutation_op(x, name=name)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """Turn the order around along some dimensions."""
    return ops.reverse_v2_op(tensor, axis, name=name)


reverse_v2 = reverse


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Tensor:
    """Turn the order of the first `seq_lengths[i]` elements around, in each member of a batch.

    Args:
        input: the tensor.
        seq_lengths: a length per member.
        seq_axis: the dimension along which a sequence runs.
        batch_axis: the dimension that counts the members, 0 by default.
        name: name of the operation.
        seq_dim: deprecated name of `seq_axis`.
        batch_dim: deprecated name of `batch_axis`.
    """
    seq_axis = renamed_argument("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch_axis = renamed_argument("batch_axis", batch_axis, "batch_dim", batch_dim)
    return ops.reverse_sequence_op(
        input, seq_lengths, seq_dim=seq_axis, batch_dim=batch_axis or 0, name=name
    )


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:
    """Shift elements along dimensions; what leaves at one end enters at the other."""
    return ops.roll_op(input, shift, axis, name=name)


# --- joining and cutting -----------------------------------------------------------------------


@dispatchable
def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Join tensors end to end along one dimension.

    Args:
        values: tensors, equal in every size but that along `axis`; or one tensor.
        axis: the dimension.
        name: name of the operation.
    """
    if axis_first(values, axis):
        warn_of_old_order("concat", "axis, values", "write concat(values, axis)", 4)
        values, axis = axis, values
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) != 1:
        return ops.concat_v2_op(values, axis, name=name)
    with name_scope(name, None, values):
        axis = convert_to_tensor(axis, dtypes.int32, "concat_dim")
        axis.shape.assert_has_rank(0)
        return ops.identity_op(values[0], name=name)


@dispatchable
def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Join tensors of one shape along a dimension that is made.

    Args:
        values: tensors of one shape.
        axis: where the dimension stands in the result.
        name: name of the operation.
    """
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            pass  # of several types: the operation below converts what it can, or tells
    return ops.pack_op(_checked_axis(values, axis, name), axis=axis, name=name)


def _checked_axis(values: Any, axis: int, name: str) -> Any:
    shape = convert_to_tensor(values[0], name=name).static_shape
    if shape.rank is not None and not -shape.rank - 1 <= axis <= shape.rank:
        raise ValueError(f"axis = {axis} not in [{-shape.rank - 1}, {shape.rank + 1})")
    return values


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """Join tensors of one known shape along a first dimension that is made, as each arrives."""
    with name_scope(name):
        shape = convert_to_tensor(values[0]).get_shape()
        rows = [expand_dims(value, 0) for value in values]
        stacked = Shape((len(values), *shape.static_shape))
        return ops.parallel_concat_op(rows, shape=stacked)


def unstack(
    value: Any, num: int | None = None, axis: int = 0, name: str = "unstack"
) -> list[Tensor]:
    """Cut a tensor into its slices along one dimension, which is removed.

    Args:
        value: the tensor.
        num: the size along `axis`; by default the one that is known.
        axis: the dimension.
        name: name of the operation.

    Raises:
        ValueError: if the size is not known.
    """
    if num is None:
        value = convert_to_tensor(value)
        rank = value.static_shape.rank
        if rank is not None:
            if not -rank <= axis < rank:
                raise ValueError(f"axis = {axis} not in [{-rank}, {rank})")
            num = value.shape.as_list()[axis]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {value.shape}")
    return ops.unpack_op(value, num=num, axis=axis, name=name)


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> list[Tensor]:
    """Cut a tensor into parts along one dimension.

    Args:
        value: the tensor.
        num_or_size_splits: how many equal parts; or their sizes, one of which may be -1.
        axis: the dimension.
        num: how many sizes, where that is not known.
        name: name of the operation.

    Raises:
        ValueError: if the number of parts is not known.
    """
    if value_last(value, num_or_size_splits, axis):
        warn_of_old_order("split", "axis, number, value", "write split(value, number, axis)", 4)
        value, axis = axis, value
    if isinstance(num_or_size_splits, (int, np.integer, Dimension)):
        return ops.split_op(axis, value, num_split=int(num_or_size_splits), name=name)
    sizes = convert_to_tensor(num_or_size_splits)
    if sizes.static_shape.rank == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to split. "
            f"Argument provided: {num_or_size_splits}"
        )
    if num is None:
        (num,) = sizes.static_shape.with_rank(1).as_list() or [None]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {num_or_size_splits}")
    return ops.split_v_op(value, sizes, axis, num_split=num, name=name)


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """Cut a rectangle out of a tensor.

    Args:
        input_: a Tensor of any type.
        begin: int32 or int64[rank], where it begins.
        size: as many, its sizes; -1 is all that follows.

    Raises:
        InvalidArgumentError: from the run, if it does not lie within the tensor.
    """
    return ops.slice_op(input_, begin, size, name=name)


@dispatchable
def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """Lay copies of a tensor side by side.

    Args:
        input: a Tensor of any type.
        multiples: int32 or int64[rank], how many copies along each axis.
    """
    return ops.tile_op(input, multiples, name=name)


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: Any = 0,
) -> Tensor:
    """Add a border.

    Args:
        tensor: the tensor.
        paddings: per dimension how many before and how many after.
        mode: CONSTANT: of one value; REFLECT: the mirror image without the edge; SYMMETRIC: the
            mirror image with the edge.
        name: name of the operation.
        constant_values: the value.

    Raises:
        ValueError: if the mode is none of these.
    """
    mode = mode.upper()
    if mode in ("REFLECT", "SYMMETRIC"):
        return ops.mirror_pad_op(tensor, paddings, mode=mode, name=name)
    if mode != "CONSTANT":
        raise ValueError(f"Unknown padding mode: {mode}")
    if isinstance(constant_values, Tensor) or constant_values != 0:
        return ops.pad_v2_op(tensor, paddings, constant_values, name=name)
    return ops.pad_op(tensor, paddings, name=name)


# --- lists that hold Tensors -------------------------------------------------------------------


def pack(values: Sequence[Any], dtype: dtypes.DType | None, name: str | None) -> Tensor:
    """Stack a nested list that holds Tensors, as `convert_to_tensor` does.

    The other elements take the type of its first Tensor.  If `dtype` is another one, every Tensor
    is cast to it.

    Raises:
        TypeError: if Tensors of several types would have to become one.
    """
    found = _type_of_tensors(values)
    return _packed(values, dtype or found, name or "packed", casts=dtype not in (None, found))


def _packed(values: Sequence[Any], dtype: dtypes.DType, name: str, *, casts: bool) -> Tensor:
    with name_scope(name) as scope:
        parts = []
        for i, each in enumerate(values):
            if isinstance(each, (list, tuple)) and any(holds_tensors(each)):
                parts.append(_packed(each, dtype, str(i), casts=casts))
            elif any(holds_tensors([each])):
                parts.append(_of_type(convert_to_tensor(each), dtype, casts=casts))
            else:
                if isinstance(each, (list, tuple)):  # TensorFlow opens a scope for it, to no use
                    graph_of(()).unique_name(str(i))
                parts.append(convert_to_tensor(each, dtype, str(i)))
        return ops.pack_op(parts, name=scope)


def _of_type(tensor: Tensor, dtype: dtypes.DType, *, casts: bool) -> Tensor:
    if tensor.dtype.base_dtype is dtype:
        return tensor
    if not casts:
        raise TypeError(
            f"Cannot convert a list containing a tensor of dtype {tensor.dtype} to {dtype} "
            f"(Tensor is: {tensor!r})"
        )
    return ops.cast_op(tensor, DstT=dtype)


def _type_of_tensors(values: Sequence[Any]) -> dtypes.DType:
    """Return the type of the first Tensor in nested lists."""
    for each in values:
        if isinstance(each, (list, tuple)):
            if any(holds_tensors(each)):
                return _type_of_tensors(each)
        elif any(holds_tensors([each])):
            return convert_to_tensor(each).dtype.base_dtype
    raise AssertionError("a list without Tensors is a constant")


hooks.fill(pack=pack)
