"""RaggedTensorValue: a ragged tensor as arrays, what a run gives; RaggedTensorType: its types.

    value = sess.run(tf.ragged.constant([[1, 2], [3]]))
    value.values        # array([1, 2, 3])
    value.row_splits    # array([0, 2, 3])
    value.to_list()     # [[1, 2], [3]]

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.dispatch import when_given

Array = np.ndarray[Any, Any]


class RaggedTensorValue:
    """Rows of different lengths: row i is values[row_splits[i]:row_splits[i + 1]].

    Args:
        values: an array, or a RaggedTensorValue.
        row_splits: a vector of int32 or int64.

    Raises:
        TypeError: if they are no such things.
    """

    def __init__(self, values: Any, row_splits: Any) -> None:
        if not isinstance(row_splits, (np.ndarray, np.generic)) or row_splits.dtype not in (
            np.int64,
            np.int32,
        ):
            raise TypeError("row_splits must be a 1D int32 or int64 numpy array")
        if not isinstance(values, (np.ndarray, np.generic, RaggedTensorValue)):
            raise TypeError("values must be a numpy array or a RaggedTensorValue")
        if isinstance(values, RaggedTensorValue) and row_splits.dtype != values.row_splits.dtype:
            raise ValueError("row_splits and values.row_splits must have the same dtype")
        self._values: Any = values
        self._row_splits: Any = row_splits

    @property
    def values(self) -> Any:
        """The rows, one behind the other."""
        return self._values

    @property
    def row_splits(self) -> Any:
        """Where each row begins, and the end of the last."""
        return self._row_splits

    @property
    def dtype(self) -> Any:
        """The type of the values."""
        return self._values.dtype

    @property
    def flat_values(self) -> Any:
        """The values without any of the ragged dimensions."""
        ragged = isinstance(self._values, RaggedTensorValue)
        return self._values.flat_values if ragged else self._values

    @property
    def nested_row_splits(self) -> tuple[Array, ...]:
        """The splits of all ragged dimensions, the outermost first."""
        ragged = isinstance(self._values, RaggedTensorValue)
        return (self._row_splits, *(self._values.nested_row_splits if ragged else ()))

    @property
    def ragged_rank(self) -> int:
        """The number of ragged dimensions."""
        return len(self.nested_row_splits)

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The size of each dimension, None of a ragged one."""
        return (len(self._row_splits) - 1, None, *self._values.shape[1:])

    def to_list(self) -> list[Any]:
        """Return nested lists of Python's numbers."""
        ragged = isinstance(self._values, RaggedTensorValue)
        values = self._values.to_list() if ragged else self._values.tolist()
        ends = self._row_splits.tolist()
        return [values[begin:end] for begin, end in pairwise(ends)]

    def __str__(self) -> str:
        """Show the nested lists."""
        return f"<tf.RaggedTensorValue {self.to_list()}>"

    def __repr__(self) -> str:
        """Show the arrays."""
        return f"tf.RaggedTensorValue(values={self._values!r}, row_splits={self._row_splits!r})"


class RaggedTensorType:
    """The types of a ragged tensor: what `tf.map_fn` is told that a function returns.

    Args:
        dtype: the type of the values.
        ragged_rank: the number of ragged dimensions.
        row_splits_dtype: the type of the splits, int32 or int64.
    """

    def __init__(self, dtype: Any, ragged_rank: int, row_splits_dtype: Any = dtypes.int64) -> None:
        self._dtype = dtypes.as_dtype(dtype)
        self._ragged_rank = ragged_rank
        self._row_splits_dtype = dtypes.as_dtype(row_splits_dtype)

    dtype = property(lambda self: self._dtype)
    ragged_rank = property(lambda self: self._ragged_rank)
    row_splits_dtype = property(lambda self: self._row_splits_dtype)


def meaning_of(function: Any) -> Any:
    """Return what a public function means for ragged tensors, None if nothing else."""
    from minitf.ragged import dispatching

    return dispatching.meaning_of(function)


when_given((RaggedTensorType, RaggedTensorValue), meaning_of)
