"""How RaggedTensors are made of values and a way to cut them; every way becomes splits.

Source: TensorFlow 1.15's class methods of `tf.RaggedTensor`.
"""

from __future__ import annotations

from typing import Any, Self

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.static_value import constant_value
from minitf.tensor import Tensor


class Factories:
    """The class methods that make a RaggedTensor.

    With `validate` the result's values wait for checks of the cut, which fail with
    InvalidArgumentError; what is known to be wrong before the graph runs fails at once.
    """

    @classmethod
    def _made(cls, values: Any, splits: Tensor, **kept: Tensor) -> Self:
        return cls(values, splits, internal=True, **kept)  # type: ignore[call-arg]

    @classmethod
    def from_row_splits(
        cls, values: Any, row_splits: Any, name: str | None = None, validate: bool = True
    ) -> Self:
        """Cut values where each row begins.

        Args:
            values: a Tensor or a RaggedTensor: the rows, one behind the other.
            row_splits: where each row begins, and the end of the last: never falling, from 0 to the
                number of values.
            name: name of the scope.
            validate: whether that is checked.

        Raises:
            ValueError: if `row_splits` is empty, or shapes cannot fit.
        """
        if isinstance(row_splits, (list, tuple)) and not row_splits:
            raise ValueError("row_splits tensor may not be empty.")
        with name_scope(name, "RaggedFromRowSplits", [values, row_splits]):
            values, splits = _parts(values, row_splits, "row_splits")
            if validate:
                checks = [
                    _equal(splits[:1], _same(0, splits), "row_splits"),
                    *_in_order(splits, "row_splits"),
                    _equal(splits[-1], _count(values, splits), "row_splits"),
                ]
                splits = _after(checks, splits)
            return cls._made(values, splits)

    @classmethod
    def from_row_lengths(
        cls, values: Any, row_lengths: Any, name: str | None = None, validate: bool = True
    ) -> Self:
        """Cut values into rows of these lengths, whose sum is the number of values."""
        with name_scope(name, "RaggedFromRowLengths", [values, row_lengths]):
            values, lengths = _parts(values, row_lengths, "row_lengths")
            if validate:
                checks = [
                    _at_least(lengths, 0, "row_lengths"),
                    _equal(ops.sum_op(lengths, 0), _count(values, lengths), "row_lengths"),
                ]
                lengths = _after(checks, lengths)
            return cls._made(values, _splits(lengths), cached_row_lengths=lengths)

    @classmethod
    def from_row_starts(
        cls, values: Any, row_starts: Any, name: str | None = None, validate: bool = True
    ) -> Self:
        """Cut values where each row begins: never falling, from 0."""
        with name_scope(name, "RaggedFromRowStarts", [values, row_starts]):
            values, starts = _parts(values, row_starts, "row_starts")
            count = _count(values, starts)
            if validate:
                checks = [
                    _equal(starts[:1], _same(0, starts), "row_starts"),
                    *_in_order(starts, "row_starts"),
                    _at_most(starts[-1:], count, "row_starts"),
                ]
                starts = _after(checks, starts)
            splits = ops.concat_v2_op([starts, ops.expand_dims_op(count, 0)], 0)
            return cls._made(values, splits)

    @classmethod
    def from_row_limits(
        cls, values: Any, row_limits: Any, name: str | None = None, validate: bool = True
    ) -> Self:
        """Cut values where each row ends: never falling, to the number of values."""
        with name_scope(name, "RaggedFromRowLimits", [values, row_limits]):
            values, limits = _parts(values, row_limits, "row_limits")
            if validate:
                checks = [
                    _at_least(limits[:1], 0, "row_limits"),
                    *_in_order(limits, "row_limits"),
                    _equal(limits[-1:], _count(values, limits), "row_limits"),
                ]
                limits = _after(checks, limits)
            zero = ops.expand_dims_op(_same(0, limits), 0)
            return cls._made(values, ops.concat_v2_op([zero, limits], 0))

    @classmethod
    def from_value_rowids(
        cls,
        values: Any,
        value_rowids: Any,
        nrows: Any = None,
        name: str | None = None,
        validate: bool = True,
    ) -> Self:
        """Put each value into the row that it is said to belong to.

        Args:
            values: a Tensor or a RaggedTensor: the rows, one behind the other.
            value_rowids: the row of each value, never falling.
            nrows: the number of rows; one more than the last row with a value if None.
            name: name of the scope.
            validate: whether the rows are checked.

        Raises:
            ValueError: if shapes cannot fit, or there are values of more than `nrows` rows.
        """
        with name_scope(name, "RaggedFromValueRowIds", [values, value_rowids, nrows]):
            values, ids = _parts(values, value_rowids, "value_rowids")
            values.shape[:1].assert_is_compatible_with(ids.shape)
            known_ids, known_rows = constant_value(ids), None
            if nrows is None and known_ids is not None:
                known_rows = int(known_ids[-1]) + 1 if known_ids.size else 0
                nrows = convert_to_tensor(known_rows, ids.dtype, "nrows")
            elif nrows is None:
                nrows = (
                    ops.concat_v2_op([ids[-1:], ops.expand_dims_op(_same(-1, ids), 0)], 0)[0] + 1
                )
            else:
                nrows = convert_to_tensor(nrows, ids.dtype, "nrows")
                nrows.shape.assert_has_rank(0)
                known_rows = _checked_count(constant_value(nrows), known_ids)
            if validate:
                checks = [
                    _equal(_count(ids, ids), _count(values, ids), "value_rowids"),
                    _at_least(ids[:1], 0, "value_rowids"),
                    *_in_order(ids, "value_rowids"),
                    _at_least(nrows, 0, "value_rowids"),
                    _at_most(ids[-1:], nrows - 1, "value_rowids"),
                ]
                ids = _after(checks, ids)
            ones = ops.ones_like_op(ids)
            lengths = ops.unsorted_segment_sum_op(ones, ids, nrows)
            lengths.set_shape([known_rows])
            return cls._made(
                values,
                _splits(lengths),
                cached_row_lengths=lengths,
                cached_value_rowids=ids,
                cached_nrows=nrows,
            )

    # --- of several dimensions -------------------------------------------------------------------

    @classmethod
    def from_nested_row_splits(
        cls,
        flat_values: Any,
        nested_row_splits: Any,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Cut values on several levels: splits, the outermost first."""
        _refuse_tensor(nested_row_splits, "nested_row_splits")
        with name_scope(name, "RaggedFromNestedRowSplits", [flat_values, *nested_row_splits]):
            return _nest(cls.from_row_splits, flat_values, nested_row_splits, validate=validate)

    @classmethod
    def from_nested_row_lengths(
        cls,
        flat_values: Any,
        nested_row_lengths: Any,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Cut values on several levels: lengths of rows, the outermost first."""
        _refuse_tensor(nested_row_lengths, "nested_row_lengths")
        with name_scope(name, "RaggedFromNestedRowLengths", [flat_values, *nested_row_lengths]):
            return _nest(cls.from_row_lengths, flat_values, nested_row_lengths, validate=validate)

    @classmethod
    def from_nested_value_rowids(
        cls,
        flat_values: Any,
        nested_value_rowids: Any,
        nested_nrows: Any = None,
        name: str | None = None,
        validate: bool = True,
    ) -> Any:
        """Cut values on several levels: the row of each value, the outermost first.

        Raises:
            TypeError: if a Tensor stands for the list of them.
            ValueError: if there are more or fewer numbers of rows than levels.
        """
        _refuse_tensor(nested_value_rowids, "nested_value_rowids")
        if nested_nrows is None:
            nested_nrows = [None] * len(nested_value_rowids)
        _refuse_tensor(nested_nrows, "nested_nrows")
        if len(nested_nrows) != len(nested_value_rowids):
            raise ValueError("nested_nrows must have the same length as nested_value_rowids")
        with name_scope(name, "RaggedFromNestedValueRowIds", [flat_values, *nested_value_rowids]):
            levels = list(zip(nested_value_rowids, nested_nrows, strict=True))
            for ids, rows in reversed(levels):
                flat_values = cls.from_value_rowids(flat_values, ids, rows, validate=validate)
            return as_given(flat_values)

    # --- of other kinds of tensors ---------------------------------------------------------------

    @classmethod
    def from_tensor(
        cls,
        tensor: Any,
        lengths: Any = None,
        padding: Any = None,
        ragged_rank: int = 1,
        name: str | None = None,
        row_splits_dtype: Any = dtypes.int64,
    ) -> Any:
        """Return a dense tensor as rows: see `minitf.ragged.conversions.from_tensor`."""
        from minitf.ragged import conversions

        return conversions.from_tensor(
            tensor, lengths, padding, ragged_rank, row_splits_dtype, name
        )

    @classmethod
    def from_sparse(
        cls, st_input: Any, name: str | None = None, row_splits_dtype: Any = dtypes.int64
    ) -> Any:
        """Return a sparse matrix as rows: see `minitf.ragged.conversions.from_sparse`."""
        from minitf.ragged import conversions

        return conversions.from_sparse(st_input, name, row_splits_dtype)

    @classmethod
    def _from_variant(
        cls,
        variant: Tensor,
        dtype: Any,
        output_ragged_rank: int,
        input_ragged_rank: int | None = None,
        row_splits_dtype: Any = dtypes.int64,
        name: str | None = None,
    ) -> Any:
        """Take what `_to_variant` made out of variants, and stack them."""
        variant = convert_to_tensor(variant, dtypes.variant, "variant")
        rank = variant.static_shape.rank
        if rank is not None and input_ragged_rank is not None:
            expected = input_ragged_rank + rank
            if output_ragged_rank != expected:
                raise ValueError(
                    f"output_ragged_rank must be equal to input_ragged_rank + variant.shape.ndims, "
                    f"found variant.shape.ndims: {rank}, input_ragged_rank: {input_ragged_rank}, "
                    f"output_ragged_rank: {output_ragged_rank}"
                )
        with name_scope(name, "RaggedFromVariant", [variant]):
            splits, values = ops.ragged_tensor_from_variant_op(
                variant,
                input_ragged_rank=-1 if input_ragged_rank is None else input_ragged_rank,
                output_ragged_rank=output_ragged_rank,
                Tvalues=dtypes.as_dtype(dtype),
                Tsplits=dtypes.as_dtype(row_splits_dtype),
            )
            return _nest(cls.from_row_splits, values, splits, validate=False)


# --- parts ---------------------------------------------------------------------------------------


def _parts(values: Any, cut: Any, name: str) -> tuple[Any, Tensor]:
    """Return values and a way to cut them as tensors whose splits have one type."""
    from minitf.ragged.tensor import RaggedTensor

    values = as_given(values)
    if not isinstance(cut, Tensor):
        cut = convert_to_tensor(cut, name=name, preferred_dtype=dtypes.int64)
    if cut.dtype not in (dtypes.int32, dtypes.int64):
        raise ValueError(f"{name} must have dtype int32 or int64, not {cut.dtype.name}")
    cut.shape.assert_has_rank(1)
    if isinstance(values, RaggedTensor) and values.row_splits.dtype != cut.dtype:
        cut = ops.cast_op(cut, DstT=dtypes.int64)
        values = values.with_row_splits_dtype(dtypes.int64)
    return values, cut


def as_given(values: Any) -> Any:
    """Return values as a RaggedTensor if they are one, as a Tensor if not."""
    from minitf.ragged.tensor import as_tensor_or_ragged

    return as_tensor_or_ragged(values, name="values")


def _nest(make: Any, values: Any, levels: Any, *, validate: bool) -> Any:
    for level in reversed(levels):
        values = make(values, level, validate=validate)
    return as_given(values)


def _refuse_tensor(value: Any, name: str) -> None:
    if isinstance(value, Tensor):
        raise TypeError(f"{name} must be a list of Tensors")


def _splits(lengths: Tensor) -> Tensor:
    from minitf.ragged.axes import lengths_to_splits

    return lengths_to_splits(lengths)


def _count(values: Any, like: Tensor) -> Tensor:
    """Return the number of values, of the type of a way to cut them."""
    from minitf.ragged.tensor import RaggedTensor

    if isinstance(values, RaggedTensor):
        return values.nrows(like.dtype)
    count: Tensor = ops.shape_op(values, out_type=like.dtype)[0]
    return count


def _same(value: int, like: Tensor) -> Tensor:
    return convert_to_tensor(value, like.dtype)


def _checked_count(rows: Any, ids: Any) -> int | None:
    if rows is None:
        return None
    if rows < 0:
        raise ValueError(f"Expected nrows >= 0; got {rows}")
    if ids is not None and ids.size and rows <= ids[-1]:
        raise ValueError(
            f"Expected nrows >= value_rowids[-1] + 1; got nrows={rows}, value_rowids[-1]={ids[-1]}"
        )
    return int(rows)


# --- checks --------------------------------------------------------------------------------------


def _said(name: str) -> str:
    return f"Arguments to from_{name} do not form a valid RaggedTensor"


def _equal(x: Tensor, y: Tensor, name: str) -> Any:
    from minitf.api.assertions import assert_equal

    return assert_equal(x, y, message=_said(name))


def _at_least(x: Tensor, least: int, name: str) -> Any:
    from minitf.api.assertions import assert_greater_equal

    return assert_greater_equal(x, _same(least, x), message=_said(name))


def _at_most(x: Tensor, y: Tensor, name: str) -> Any:
    from minitf.api.assertions import assert_less_equal

    return assert_less_equal(x, y, message=_said(name))


def _in_order(x: Tensor, name: str) -> list[Any]:
    return [_at_least(x[1:] - x[:-1], 0, name)]


def _after(checks: list[Any], tensor: Tensor) -> Tensor:
    from minitf.ragged.axes import checked

    made: Tensor = checked(checks, tensor)
    return made
