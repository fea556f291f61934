"""`tf.RaggedTensor`: rows of different lengths.

    rt = tf.RaggedTensor.from_row_splits([3, 1, 4, 1, 5], [0, 4, 4, 5])
    rt                  # [[3, 1, 4, 1], [], [5]]
    rt.values           # the rows, one behind the other: a Tensor, or a RaggedTensor again
    rt.row_splits       # where each begins, and the end of the last

How the rows are cut may also be said by their lengths, by where they start or end, or by the row
that each value belongs to; it is kept as splits, and what else was given beside them.

**Invariants**
1. `row_splits` is a vector of int32 or int64, of one type on all levels.
2. It begins with 0, never falls, and ends with the number of values; the factories check that
   (`minitf.ragged.factories`) unless told not to.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any, NoReturn

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.api.sizes import shape as shape_of
from minitf.convert import convert_to_tensor
from minitf.dispatch import when_given
from minitf.dtypes import DType, as_dtype
from minitf.operation import Operation
from minitf.ragged.factories import Factories
from minitf.ragged.operators import Operators
from minitf.ragged.value import RaggedTensorValue, meaning_of
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.type_spec import CompositeTensor, TypeSpec


class RaggedTensor(Factories, Operators, CompositeTensor):
    """Rows of different lengths; made by its class methods, whose names begin with `from_`.

    Args:
        values: a Tensor or a RaggedTensor: the rows, one behind the other.
        row_splits: where each row begins, and the end of the last.
        cached_row_lengths: the lengths of the rows, if a tensor of them exists.
        cached_value_rowids: the row of each value, if a tensor of them exists.
        cached_nrows: the number of rows, if a tensor of it exists.
        internal: True; programs call the class methods.

    Raises:
        ValueError: if `internal` is not set, or the parts cannot fit together.
        TypeError: if they are no tensors of the right types.
    """

    def __init__(
        self,
        values: Any,
        row_splits: Any,
        cached_row_lengths: Tensor | None = None,
        cached_value_rowids: Tensor | None = None,
        cached_nrows: Tensor | None = None,
        internal: bool = False,
    ) -> None:
        if not internal:
            raise ValueError(
                "RaggedTensor constructor is private; please use one of the factory methods "
                "instead (e.g., RaggedTensor.from_row_lengths())"
            )
        if not isinstance(row_splits, Tensor) or row_splits.dtype not in (
            dtypes.int32,
            dtypes.int64,
        ):
            raise TypeError(f"Row-partitioning argument must be a Tensor, got {row_splits!r}")
        if not isinstance(values, (RaggedTensor, Tensor)):
            raise TypeError(f"values must be a Tensor or RaggedTensor, got {values!r}")
        row_splits.shape.assert_has_rank(1)
        values.shape.with_rank_at_least(1)
        if isinstance(values, RaggedTensor) and values.row_splits.dtype != row_splits.dtype:
            raise ValueError("row_splits and values.row_splits must have the same dtype")
        self._values = values
        self._row_splits = row_splits
        self._row_lengths = cached_row_lengths
        self._value_rowids = cached_value_rowids
        self._nrows = cached_nrows

    # --- what it is made of ----------------------------------------------------------------------

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        return self._values.dtype

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape; the size of a ragged dimension never is."""
        splits = self._row_splits.shape[0].value
        rows = None if splits is None else max(splits - 1, 0)
        return TensorShape([rows, None]).concatenate(self._values.shape[1:])

    def get_shape(self) -> TensorShape:
        """Return what is known of the shape."""
        return self.shape

    @property
    def ragged_rank(self) -> int:
        """The number of ragged dimensions."""
        return len(self.nested_row_splits)

    @property
    def values(self) -> Any:
        """The rows, one behind the other: a Tensor, or a RaggedTensor again."""
        return self._values

    @property
    def row_splits(self) -> Tensor:
        """Where each row begins, and the end of the last."""
        return self._row_splits

    @property
    def flat_values(self) -> Tensor:
        """The innermost values, without any of the ragged dimensions."""
        found: Any = self._values
        while isinstance(found, RaggedTensor):
            found = found.values
        return found  # type: ignore[no-any-return]

    @property
    def nested_row_splits(self) -> tuple[Tensor, ...]:
        """The splits of all ragged dimensions, the outermost first."""
        inner = self._values.nested_row_splits if isinstance(self._values, RaggedTensor) else ()
        return (self._row_splits, *inner)

    @property
    def op(self) -> Operation:
        """The operation that makes the flat values."""
        return self.flat_values.op

    @property
    def graph(self) -> Any:
        """The graph of its tensors."""
        return self._row_splits.graph

    @property
    def _type_spec(self) -> TypeSpec:
        from minitf.ragged.spec import RaggedTensorSpec

        return RaggedTensorSpec(self.shape, self.dtype, self.ragged_rank, self._row_splits.dtype)

    def _shape_invariant_to_type_spec(self, shape: Any) -> TypeSpec:
        from minitf.ragged.spec import RaggedTensorSpec

        wanted = TensorShape(shape)
        if wanted.ndims is not None and wanted.ndims <= self.ragged_rank:
            raise ValueError(f"{shape} is not a shape of a RaggedTensor of rank {self.shape.ndims}")
        return RaggedTensorSpec(wanted, self.dtype, self.ragged_rank, self._row_splits.dtype)

    def consumers(self) -> list[Operation]:
        """Return the operations that take one of its tensors as an input."""
        parts = [self.flat_values, *self.nested_row_splits]
        return list(dict.fromkeys(op for part in parts for op in part.consumers()))

    # --- how it is cut ---------------------------------------------------------------------------

    def value_rowids(self, name: str | None = None) -> Tensor:
        """Return the row that each value belongs to."""
        if self._value_rowids is not None:
            return self._value_rowids
        from minitf.ragged.segments import row_splits_to_segment_ids

        with name_scope(name, "RaggedValueRowIds", [self]):
            return row_splits_to_segment_ids(self._row_splits)

    def nested_value_rowids(self, name: str | None = None) -> tuple[Tensor, ...]:
        """Return the row of each value, of all ragged dimensions, the outermost first."""
        with name_scope(name, "RaggedNestedValueRowIds", [self]):
            return tuple(level.value_rowids() for level in self._levels())

    def nrows(self, out_type: Any = None, name: str | None = None) -> Tensor:
        """Return the number of rows, of the type of the splits unless another is given."""
        dtype = self._row_splits.dtype if out_type is None else as_dtype(out_type)
        if self._nrows is not None:
            return self._nrows if self._nrows.dtype == dtype else _cast(self._nrows, dtype)
        with name_scope(name, "RaggedNRows", [self]):
            return shape_of(self._row_splits, out_type=dtype)[0] - 1

    def row_starts(self, name: str | None = None) -> Tensor:
        """Return where each row begins."""
        with name_scope(name, "RaggedRowStarts", [self]):
            return self._row_splits[:-1]

    def row_limits(self, name: str | None = None) -> Tensor:
        """Return where each row ends."""
        with name_scope(name, "RaggedRowLimits", [self]):
            return self._row_splits[1:]

    def row_lengths(self, axis: int = 1, name: str | None = None) -> Any:
        """Return how long each row is.

        Args:
            axis: the dimension along which they are counted.
            name: name of the scope.

        Returns:
            A vector; ragged if there are ragged dimensions outside of `axis`.
        """
        from minitf.ragged.axes import positive_axis

        if axis == 1 and self._row_lengths is not None:
            return self._row_lengths
        with name_scope(name, "RaggedRowLengths", [self]):
            axis = positive_axis(axis, self.shape.ndims)
            if axis == 0:
                return self.nrows()
            if axis == 1:
                return self._row_splits[1:] - self._row_splits[:-1]
            if isinstance(self._values, RaggedTensor):
                return self.with_values(self._values.row_lengths(axis - 1))
            sizes = shape_of(self._values, out_type=self._row_splits.dtype)
            return self.with_values(ops.fill_op(sizes[:1], sizes[axis - 1]))

    def nested_row_lengths(self, name: str | None = None) -> tuple[Tensor, ...]:
        """Return how long the rows of all ragged dimensions are, the outermost first."""
        with name_scope(name, "RaggedNestedRowLengths", [self]):
            return tuple(level.row_lengths() for level in self._levels())

    def bounding_shape(
        self, axis: Any = None, name: str | None = None, out_type: Any = None
    ) -> Any:
        """Return the shape of the smallest dense tensor that holds all rows.

        Args:
            axis: a dimension, or several, whose size is wanted; all if None.
            name: name of the scope.
            out_type: type of the sizes; that of the splits if None.
        """
        from minitf.ragged import conversions

        return conversions.bounding_shape(self, axis, name, out_type)

    def _levels(self) -> list[RaggedTensor]:
        """Return it and the RaggedTensors in it, the outermost first."""
        inner = self._values._levels() if isinstance(self._values, RaggedTensor) else []  # noqa: SLF001 its own class
        return [self, *inner]

    # --- others like it --------------------------------------------------------------------------

    def with_values(self, new_values: Any) -> RaggedTensor:
        """Return other values cut in the same way.

        Raises:
            ValueError: if there cannot be as many as of its own.
        """
        new_values = as_tensor_or_ragged(new_values)
        new_values.shape.with_rank_at_least(1)
        self._values.shape[:1].assert_is_compatible_with(new_values.shape[:1])
        if isinstance(new_values, RaggedTensor) and (
            new_values.row_splits.dtype != self._row_splits.dtype
        ):
            new_values = new_values.with_row_splits_dtype(dtypes.int64)
            return self.with_row_splits_dtype(dtypes.int64).with_values(new_values)
        return RaggedTensor(
            new_values,
            self._row_splits,
            self._row_lengths,
            self._value_rowids,
            self._nrows,
            internal=True,
        )

    def with_flat_values(self, new_values: Any) -> RaggedTensor:
        """Return other flat values cut in the same way on all levels."""
        if isinstance(self._values, RaggedTensor):
            new_values = self._values.with_flat_values(new_values)
        return self.with_values(new_values)

    def with_row_splits_dtype(self, dtype: Any) -> RaggedTensor:
        """Return it with splits of another type, int32 or int64.

        Raises:
            ValueError: if it is another one.
        """
        wanted = as_dtype(dtype)
        if wanted not in (dtypes.int32, dtypes.int64):
            raise ValueError("dtype must be int32 or int64")
        if self._row_splits.dtype == wanted:
            return self
        values = self._values
        if isinstance(values, RaggedTensor):
            values = values.with_row_splits_dtype(wanted)
        kept = (self._row_lengths, self._value_rowids, self._nrows)
        lengths, rowids, nrows = (None if each is None else _cast(each, wanted) for each in kept)
        splits = _cast(self._row_splits, wanted)
        return RaggedTensor(values, splits, lengths, rowids, nrows, internal=True)

    # --- conversions -----------------------------------------------------------------------------

    def to_tensor(self, default_value: Any = None, name: str | None = None) -> Tensor:
        """Return a dense tensor, the rows filled up to the longest with zeros or a value given."""
        from minitf.ragged import conversions

        return conversions.to_tensor(self, default_value, name)

    def to_sparse(self, name: str | None = None) -> Any:
        """Return a SparseTensor of the same values."""
        from minitf.ragged import conversions

        return conversions.to_sparse(self, name)

    def to_list(self) -> NoReturn:
        """Refuse: there are no values before the graph runs."""
        raise ValueError("to_list can only be used in eager mode.")

    def _to_variant(self, batched_input: bool = False, name: str | None = None) -> Tensor:
        """Return it as a variant, or each of its rows as one."""
        with name_scope(name, "RaggedToVariant", [self]):
            variant: Tensor = ops.ragged_tensor_to_variant_op(
                list(self.nested_row_splits), self.flat_values, batched_input=batched_input
            )
            return variant

    def __getitem__(self, key: Any) -> Any:
        """Pick rows, columns, pieces of them: indices, slices, newaxis, ellipsis."""
        from minitf.ragged.indexing import ragged_tensor_getitem

        return ragged_tensor_getitem(self, key)

    def __len__(self) -> NoReturn:
        """Refuse: the number of rows is not known before the graph runs."""
        raise TypeError("object of type 'RaggedTensor' has no len()")

    def __iter__(self) -> NoReturn:
        """Refuse: the number of rows is not known before the graph runs."""
        raise TypeError("'RaggedTensor' object is not iterable")

    def __bool__(self) -> NoReturn:
        """Refuse: the value is not known before the graph runs."""
        raise TypeError("RaggedTensor may not be used as a boolean.")

    def __repr__(self) -> str:
        """Show its tensors."""
        return f"tf.RaggedTensor(values={self._values}, row_splits={self._row_splits})"


def _cast(tensor: Tensor, dtype: DType) -> Tensor:
    made: Tensor = tensor if tensor.dtype == dtype else ops.cast_op(tensor, DstT=dtype)
    return made


def as_tensor_or_ragged(
    value: Any, dtype: Any = None, preferred_dtype: Any = None, name: str | None = None
) -> Any:
    """Return a RaggedTensor as it is, or of a RaggedTensorValue; of anything else a Tensor.

    Args:
        value: what is converted.
        dtype: the type that it has to have.
        preferred_dtype: a type to try first where `dtype` is None.
        name: name of what is made.

    Raises:
        ValueError: if it is a tensor of another type.
        TypeError: if it cannot become a Tensor.
    """
    if isinstance(value, RaggedTensorValue):
        with name_scope(name, "ConvertToTensorOrRaggedTensor", []):
            flat = convert_to_tensor(value.flat_values, dtype, "flat_values", preferred_dtype)
            return _nested(flat, value.nested_row_splits)
    if not isinstance(value, RaggedTensor):
        return convert_to_tensor(value, dtype, name, preferred_dtype)
    if dtype is not None and not as_dtype(dtype).is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {as_dtype(dtype).name} for RaggedTensor with dtype "
            f"{value.dtype.name}: {value!r}"
        )
    return value


def is_ragged(value: Any) -> bool:
    """Tell whether a value is a RaggedTensor or a RaggedTensorValue."""
    return isinstance(value, (RaggedTensor, RaggedTensorValue))


def _nested(values: Any, nested_splits: Any) -> Any:
    for splits in reversed(nested_splits):
        values = RaggedTensor(values, convert_to_tensor(splits, name="row_splits"), internal=True)
    return values


when_given((RaggedTensor,), meaning_of)
