"""Columns of numbers, and of the buckets that numbers fall into.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import expand_dims, reshape, stack, tile, transpose
from minitf.api.casting import cast
from minitf.api.features import FixedLenFeature
from minitf.api.sequences import one_hot
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape as shape_of
from minitf.composite import SparseTensor
from minitf.feature_column.columns import (
    CategoricalColumn,
    DenseColumn,
    Features,
    IdWeightPair,
    check_key,
)
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


@dataclass(frozen=True)
class NumericColumn(DenseColumn):
    """The column that `numeric_column` makes.

    Source: TensorFlow 1.15.
    """

    key: str
    shape: tuple[int, ...]
    default_value: Any
    dtype: Any
    normalizer_fn: Callable[[Any], Any] | None

    @property
    def name(self) -> str:
        """Its key."""
        return self.key

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Its feature, of a fixed shape."""
        return {self.key: FixedLenFeature(self.shape, self.dtype, self.default_value)}

    def transform_feature(self, features: Features, state_manager: Any = None) -> Tensor:
        """Return the normalized feature as float32.

        Raises:
            ValueError: if it is sparse.
        """
        feature = features.get(self.key)
        if isinstance(feature, SparseTensor):
            raise ValueError(
                "The corresponding Tensor of numerical column must be a Tensor. SparseTensor is "
                f"not supported. key: {self.key}"
            )
        if self.normalizer_fn is not None:
            feature = self.normalizer_fn(feature)
        return cast(feature, dtypes.float32)

    @property
    def variable_shape(self) -> TensorShape:
        """Its shape."""
        return TensorShape(self.shape)

    def get_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> Tensor:
        """Return its numbers."""
        found: Tensor = features.get(self)
        return found


@dataclass(frozen=True)
class BucketizedColumn(DenseColumn, CategoricalColumn):
    """The column that `bucketized_column` makes.

    Source: TensorFlow 1.15.
    """

    source_column: NumericColumn
    boundaries: tuple[float, ...]

    @property
    def name(self) -> str:
        """That of the numbers, and "_bucketized"."""
        return f"{self.source_column.name}_bucketized"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """That of the numbers."""
        return self.source_column.parse_example_spec

    def transform_feature(self, features: Features, state_manager: Any = None) -> Tensor:
        """Return the bucket of each number: int32."""
        source = features.get(self.source_column)
        found: Tensor = ops.bucketize_op(source, boundaries=self.boundaries, name="Bucketize")
        return found

    @property
    def variable_shape(self) -> TensorShape:
        """A one for the bucket of each number, zeros for the others."""
        return TensorShape((*self.source_column.shape, len(self.boundaries) + 1))

    def get_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> Tensor:
        """Return the buckets one-hot."""
        buckets = cast(features.get(self), dtypes.int64)
        return one_hot(buckets, len(self.boundaries) + 1, on_value=1.0, off_value=0.0)

    @property
    def num_buckets(self) -> int:
        """As many ids as there are buckets of all numbers of an example."""
        return (len(self.boundaries) + 1) * self.source_column.shape[0]

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return ids: bucket b of the d-th number is b + d * buckets."""
        buckets = features.get(self)
        batch = shape_of(buckets)[0]
        numbers = self.source_column.shape[0]
        rows = reshape(tile(expand_dims(range_(0, batch), 1), [1, numbers]), (-1,))
        columns = tile(range_(0, numbers), [batch])
        ids = reshape(buckets, (-1,)) + (len(self.boundaries) + 1) * columns
        places = cast(transpose(stack((rows, columns))), dtypes.int64)
        size = cast(stack([batch, numbers]), dtypes.int64)
        return IdWeightPair(SparseTensor(places, cast(ids, dtypes.int64), size), None)


def numeric_column(
    key: str,
    shape: Any = (1,),
    default_value: Any = None,
    dtype: Any = dtypes.float32,
    normalizer_fn: Callable[[Any], Any] | None = None,
) -> NumericColumn:
    """Return a column of numbers.

    Args:
        key: the feature's key and the column's name.
        shape: the shape of the numbers of one example.
        default_value: what stands for a feature that an Example lacks: a number for all, or one
            array of `shape`; an Example without it is an error if None.
        dtype: the type of the feature.
        normalizer_fn: a function of the feature, such as `lambda x: (x - 3.0) / 4.2`.

    Raises:
        ValueError: if the shape is not of whole numbers >= 1, or the type is not of numbers.
        TypeError: if the default is not of the type and shape, or `normalizer_fn` not a function.
    """
    sizes = check_shape(shape, key)
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_integer and not dtype.is_floating:
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    default = check_default(sizes, default_value, dtype, key)
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    return NumericColumn(check_key(key), sizes, default, dtype, normalizer_fn)


def bucketized_column(source_column: Any, boundaries: Sequence[float]) -> BucketizedColumn:
    """Return a column of the buckets that numbers fall into.

    Args:
        source_column: a `numeric_column` of one dimension.
        boundaries: where buckets begin, ascending: [0, 1] stands for (-inf, 0), [0, 1), [1, inf).

    Raises:
        ValueError: if it is no such column, or boundaries do not ascend.
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError(
            "source_column must be a column generated with numeric_column(). "
            f"Given: {source_column}"
        )
    if len(source_column.shape) > 1:
        raise ValueError(f"source_column must be one-dimensional column. Given: {source_column}")
    if not boundaries or not isinstance(boundaries, (list, tuple)):
        raise ValueError("boundaries must be a sorted list.")
    ends = tuple(boundaries)
    if any(low >= high for low, high in itertools.pairwise(ends)):
        raise ValueError("boundaries must be a sorted list.")
    return BucketizedColumn(source_column, ends)


def check_shape(shape: Any, key: Any) -> tuple[int, ...]:
    """Return a column's shape as a tuple.

    Raises:
        TypeError: if a size is not a whole number.
        ValueError: if one is below 1.
    """
    sizes = tuple(shape) if isinstance(shape, (list, tuple, TensorShape)) else (shape,)
    for size in sizes:
        if not isinstance(size, (int, np.integer)):
            raise TypeError(f"shape dimensions must be integer. shape: {shape}, key: {key}")
        if size < 1:
            raise ValueError(f"shape dimensions must be greater than 0. shape: {shape}, key: {key}")
    return tuple(map(int, sizes))


def check_default(sizes: tuple[int, ...], default: Any, dtype: dtypes.DType, key: str) -> Any:
    """Return a column's default value as nested tuples of its shape.

    Raises:
        ValueError: if it has another shape.
        TypeError: if it is not of the type.
    """
    if default is None:
        return None
    array = np.asarray(default)
    fits = np.issubdtype(array.dtype, np.integer) or (
        np.issubdtype(array.dtype, np.floating) and dtype.is_floating
    )
    if not fits:
        raise TypeError(
            f"default_value must be compatible with dtype. default_value: {default}, "
            f"dtype: {dtype}, key: {key}"
        )
    if array.shape not in {(), sizes}:
        raise ValueError(
            f"The shape of default_value must be equal to given shape. default_value: {default}, "
            f"shape: {sizes}, key: {key}"
        )
    whole = np.broadcast_to(array, sizes).astype(dtype.numpy)
    return _tuples(whole.tolist())


def _tuples(nested: Any) -> Any:
    return tuple(map(_tuples, nested)) if isinstance(nested, list) else nested
