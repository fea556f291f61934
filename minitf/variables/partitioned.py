"""One variable kept in several: partitioners, the parts' shapes, and the whole again.

    with tf.variable_scope("embed", partitioner=tf.fixed_size_partitioner(3)):
        table = tf.get_variable("table", [100, 8])        # parts of 34, 33 and 33 rows

Source: OSDI §4.2 (embedding tables sharded over parameter servers).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf.api.array import concat, split
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, name_scope
from minitf.convert import register_tensor_conversion_function
from minitf.dtypes import DType, as_dtype, string
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

Partitioner = Callable[..., Sequence[int]]

# --- partitioners --------------------------------------------------------------------------------


def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Partitioner:
    """Return a partitioner into a fixed number of parts.

    Args:
        num_shards: how many, but no more than the size of the axis.
        axis: the dimension to cut.
    """

    def partition(shape: TensorShape, **_: Any) -> list[int]:
        sizes = _known(shape)
        return _along(axis, len(sizes), min(num_shards, sizes[axis]))

    return partition


def variable_axis_size_partitioner(
    max_shard_bytes: int,
    axis: int = 0,
    bytes_per_string_element: int = 16,
    max_shards: int | None = None,
) -> Partitioner:
    """Return a partitioner into as few parts as fit a size.

    Args:
        max_shard_bytes: the greatest size of a part; a part has one slice at least.
        axis: the dimension to cut.
        bytes_per_string_element: how large to take a string.
        max_shards: the greatest number of parts, or None.

    Raises:
        ValueError: if a limit is not positive.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError("Both max_shard_bytes and bytes_per_string_element must be positive.")
    if max_shards and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def partition(shape: TensorShape, dtype: DType) -> list[int]:
        sizes = _known(shape)
        element = bytes_per_string_element if as_dtype(dtype) is string else as_dtype(dtype).size
        slice_bytes = math.prod(sizes) / sizes[axis] * element
        slices_per_shard = max(1, math.floor(max_shard_bytes / slice_bytes))
        shards = math.ceil(sizes[axis] / slices_per_shard)
        return _along(axis, len(sizes), min(max_shards, shards) if max_shards else shards)

    return partition


def min_max_variable_partitioner(
    max_partitions: int = 1,
    axis: int = 0,
    min_slice_size: int = 256 << 10,
    bytes_per_string_element: int = 16,
) -> Partitioner:
    """Return a partitioner into parts of at least a size.

    Args:
        max_partitions: the greatest number of parts.
        axis: the dimension to cut.
        min_slice_size: the least size of a part in bytes.
        bytes_per_string_element: how large to take a string.
    """

    def partition(shape: TensorShape, dtype: DType) -> list[int]:
        sizes = _known(shape)
        if axis >= len(sizes):
            raise ValueError(
                f"Cannot partition variable along axis {axis} when shape is only {shape}"
            )
        element = bytes_per_string_element if as_dtype(dtype) is string else as_dtype(dtype).size
        wanted = math.ceil(math.prod(sizes) * element / min_slice_size)
        return _along(axis, len(sizes), max(1, min(sizes[axis], max_partitions, wanted)))

    return partition


def _known(shape: TensorShape) -> list[int]:
    if not shape.is_fully_defined():
        raise ValueError(f"shape is not fully defined: {shape}")
    return [size for size in shape.as_list() if size is not None]


def _along(axis: int, rank: int, count: int) -> list[int]:
    partitions = [1] * rank
    partitions[axis] = count
    return partitions


# --- the parts -----------------------------------------------------------------------------------


def partitions_of(partitioner: Partitioner, shape: TensorShape, dtype: DType) -> list[int]:
    """Return how many parts a partitioner wants along each dimension.

    Raises:
        ValueError: if it cannot be asked about that shape, or gives something else.
    """
    if not shape.is_fully_defined():
        raise ValueError(
            f"Shape of a new partitioned variable must be fully defined, but instead was {shape}."
        )
    if not shape.rank:
        raise ValueError(f"A partitioned Variable must have rank at least 1, shape: {shape}")
    found = partitioner(shape=shape, dtype=dtype)
    if not isinstance(found, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {found}")
    if len(found) != shape.ndims:
        raise ValueError(
            "Partitioner returned a partition list that does not match the Variable's rank: "
            f"{found} vs. {shape}"
        )
    if any(count < 1 for count in found):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {found}")
    if sum(count > 1 for count in found) > 1:
        raise ValueError(
            f"Can only slice a variable along one dimension: shape: {shape}, partitioning: {found}"
        )
    for size, count in zip(_known(shape), found, strict=True):
        if count > size:
            raise ValueError(
                f"Partitioner wants {count} parts of a dimension of size {size}: {found} of {shape}"
            )
    return list(found)


def part_shapes(shape: Sequence[int], partitions: Sequence[int]) -> Iterator[Any]:
    """Walk (offset, shape) of the parts; the first ones take what does not divide evenly."""
    axis = next((i for i, count in enumerate(partitions) if count > 1), 0)
    count = partitions[axis]
    least, rest = divmod(shape[axis], count)
    offset = [0] * len(shape)
    for i in range(count):
        part = list(shape)
        part[axis] = least + (i < rest)
        yield list(offset), part
        offset[axis] += part[axis]


class PartitionedVariable:
    """A variable kept in several parts along one axis; as a Tensor it is their concatenation.

    Args:
        name: the whole's name.
        shape: the whole's shape.
        dtype: type of the elements.
        variable_list: the parts in order.
        partitions: how many parts there are along each dimension.

    Raises:
        ValueError: if these do not fit together.

    Source: OSDI §4.2.
    """

    def __init__(
        self,
        name: str,
        shape: Sequence[int],
        dtype: DType,
        variable_list: Sequence[Any],
        partitions: Sequence[int],
    ) -> None:
        for what, value in (("variable_list", variable_list), ("partitions", partitions)):
            if not isinstance(value, (list, tuple)):
                raise TypeError(f"{what} is not a list or tuple: {value}")
        if any(count < 1 for count in partitions):
            raise ValueError(f"partition values must be positive: {partitions}")
        if not variable_list:
            raise ValueError("variable_list may not be empty")
        self._name = name
        self._shape = TensorShape(shape)
        self._dtype = dtype
        self._variable_list = list(variable_list)
        self._partitions = list(partitions)

    @property
    def name(self) -> str:
        """The whole's name."""
        return self._name

    @property
    def dtype(self) -> DType:
        """Type of the elements."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The whole's shape."""
        return self._shape

    def get_shape(self) -> TensorShape:
        """Return the whole's shape."""
        return self._shape

    def __iter__(self) -> Iterator[Any]:
        """Walk the parts."""
        return iter(self._variable_list)

    def __len__(self) -> int:
        """Return the number of parts."""
        return len(self._variable_list)

    def __repr__(self) -> str:
        """Show name, shape, type and number of parts."""
        return (
            f"<tf.PartitionedVariable {self._name!r} shape={self._shape} "
            f"dtype={self._dtype.name} parts={len(self)}>"
        )

    def _get_variable_list(self) -> list[Any]:
        """Return the parts, by TensorFlow's private name that programs call."""
        return self._variable_list

    def _get_partitions(self) -> list[int]:
        return self._partitions

    @property
    def _axis(self) -> int:
        return next((i for i, count in enumerate(self._partitions) if count > 1), 0)

    def as_tensor(self) -> Tensor:
        """Return the whole: the parts one after the other.

        It waits for nothing, and is made outside of branches and loops.
        """
        with control_dependencies(None):
            whole = self._variable_list[0]
            if len(self) > 1:
                with name_scope(f"{self._name}/ConcatPartitions/"):
                    whole = concat(self._variable_list, self._axis)
            with name_scope(None):
                return identity(whole, name=self._name)  # type: ignore[no-any-return]

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        """Add an operation per part that gives it its share of `value`."""
        return self._each("assign", value, use_locking, name, read_value)

    def assign_add(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        """Add an operation per part that adds its share of `value`."""
        return self._each("assign_add", value, use_locking, name, read_value)

    def assign_sub(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        """Add an operation per part that subtracts its share of `value`."""
        return self._each("assign_sub", value, use_locking, name, read_value)

    def _each(
        self, method: str, value: Any, use_locking: bool, name: str | None, read_value: bool
    ) -> list[Any]:
        if isinstance(value, (list, PartitionedVariable)):
            shares = list(value)
        else:
            sizes = [part.shape[self._axis].value for part in self]
            shares = split(value, sizes, axis=self._axis)
        return [
            getattr(part, method)(share, use_locking, name, read_value)
            for part, share in zip(self, shares, strict=True)
        ]


def _whole(
    variable: PartitionedVariable,
    dtype: DType | None = None,
    name: str | None = None,
    as_ref: bool = False,
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type "
            f"'{variable.dtype.name}'"
        )
    if as_ref:
        raise NotImplementedError("PartitionedVariable doesn't support being used as a reference.")
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _whole)
