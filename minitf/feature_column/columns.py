"""What a feature column is, and the features that columns read.

A column says how features become the input of a model.  There are two kinds: a dense column gives
a matrix of numbers, a categorical one a sparse matrix of ids, each below the number of its buckets.

    Numeric, Indicator, Embedding, ...    dense          get_dense_tensor(features)
    HashedCategorical, Crossed, ...       categorical    get_sparse_tensors(features)
    Bucketized                            both

**State** of `Features`: the tensors that the program gave, by key; what columns made of them.

**Invariants**
1. Columns are values: two of equal arguments are equal, and what one has made of the features
   serves the other.
2. A feature has a rank of at least 2: a vector is a column of one number per example.

Source: TensorFlow 1.15's `tf.feature_column`.
"""

from __future__ import annotations

import abc
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from minitf import dtypes
from minitf.api.array import expand_dims
from minitf.api.comparison import equal, not_equal
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.api.gathering import gather_nd, where
from minitf.api.sizes import rank, shape
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.control_flow.cond import cond
from minitf.convert import convert_to_tensor
from minitf.feature_column.old_protocol import OldProtocol
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class IdWeightPair(NamedTuple):
    """The ids of a categorical column, and a weight for each; None for weights of 1."""

    id_tensor: SparseTensor
    weight_tensor: SparseTensor | None


class FeatureColumn(OldProtocol, abc.ABC):
    """How features become numbers.

    Source: TensorFlow 1.15.
    """

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Its name, which its variables are called by."""

    @property
    @abc.abstractmethod
    def parse_example_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to know to read its features."""

    @property
    def variable_scope_name(self) -> str:
        """The name of the scope of its variables."""
        return self.name

    @abc.abstractmethod
    def transform_feature(self, features: Features, state_manager: Any = None) -> Any:
        """Return what the column makes of its features, which `Features.get` keeps.

        Args:
            features: what it reads.
            state_manager: accepted, without effect: a column makes its variables itself.
        """


class DenseColumn(FeatureColumn):
    """A column of numbers, as many for each example.

    Source: TensorFlow 1.15.
    """

    @property
    @abc.abstractmethod
    def variable_shape(self) -> TensorShape:
        """The shape of what it gives for one example."""

    @abc.abstractmethod
    def get_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> Tensor:
        """Return the numbers: float32[batch, ...variable_shape].

        Args:
            features: what it reads.
            weight_collections: collections that its variables join.
            trainable: whether its variables are trained.
        """


class CategoricalColumn(FeatureColumn):
    """A column of ids.

    Source: TensorFlow 1.15.
    """

    @property
    @abc.abstractmethod
    def num_buckets(self) -> int:
        """The number that ids are below."""

    @abc.abstractmethod
    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return the ids: SparseTensor of int64, ids below 0 are no ids; and their weights.

        Args:
            features: what it reads.
            state_manager: accepted, without effect.
        """


class SequenceDenseColumn(FeatureColumn):
    """A column of numbers for each step of a sequence.

    Source: TensorFlow 1.15.
    """

    @property
    @abc.abstractmethod
    def variable_shape(self) -> TensorShape:
        """The shape of what it gives for one step."""

    @abc.abstractmethod
    def get_sequence_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the numbers, float32[batch, steps, ...], and int64[batch]: the steps of each."""


class Features:
    """The tensors that columns read, and what columns made of them.

    Args:
        tensors: feature by key: a Tensor or SparseTensor, or what one can be made of.

    Source: TensorFlow 1.15's FeatureTransformationCache.
    """

    def __init__(self, tensors: Mapping[Any, Any]) -> None:
        self._tensors = dict(tensors)
        self._made: dict[Any, Any] = {}

    def get(self, key: Any, state_manager: Any = None) -> Any:
        """Return a feature, or what a column makes of its features.

        Args:
            key: the feature's key, or the column.
            state_manager: accepted, without effect.

        Raises:
            ValueError: if there is no such feature, or it is a scalar.
            TypeError: if it is neither a key nor a column.
        """
        if key in self._made:
            return self._made[key]
        if key in self._tensors:
            found = self._feature(key)
        elif isinstance(key, str):
            raise ValueError(
                f"Feature {key} is not in features dictionary. It has: {sorted(self._tensors)}"
            )
        elif not isinstance(key, FeatureColumn):
            raise TypeError(f'"key" must be either a "str" or "_FeatureColumn". Provided: {key}')
        else:
            found = key.transform_feature(self)
        self._made[key] = found
        return found

    def _feature(self, key: Any) -> Any:
        """Return a feature that the program gave, of a rank of at least 2."""
        feature = self._tensors[key]
        if isinstance(feature, SparseTensorValue):
            feature = SparseTensor.from_value(feature)
        if not isinstance(feature, SparseTensor):
            feature = convert_to_tensor(feature)
        known = feature.get_shape().ndims
        if known == 0:
            raise ValueError(f"Feature (key: {key}) cannot have rank 0. Given: {feature}")
        if known is not None and known > 1:
            return feature
        if isinstance(feature, SparseTensor):
            if known == 1:
                raise ValueError(
                    f"Feature (key: {key}) is sparse and must have a rank of at least 2. "
                    f"Given: {feature}"
                )
            return feature
        if known == 1:
            return expand_dims(feature, -1)
        return cond(equal(1, rank(feature)), lambda: expand_dims(feature, -1), lambda: feature)


setattr(CategoricalColumn, "IdWeightPair", IdWeightPair)  # noqa: B010 its place in TensorFlow


def sparse_of(feature: Any, ignore_value: Any = None) -> SparseTensor:
    """Return a feature as a SparseTensor, without the elements that say that there is nothing.

    Args:
        feature: a Tensor or a SparseTensor, which is returned as it is.
        ignore_value: what stands for nothing: by default "" of text, -1 of whole numbers and 0 of
            others.
    """
    if isinstance(feature, SparseTensor):
        return feature
    with name_scope(None, "to_sparse_input", [feature, ignore_value]):
        if ignore_value is None:
            kind = feature.dtype.base_dtype
            ignore_value = "" if kind is dtypes.string else -1 if kind.is_integer else 0
        nothing = constant(ignore_value, dtype=feature.dtype.base_dtype, name="ignore_value")
        places = where(not_equal(feature, nothing), name="indices")
        return SparseTensor(
            places,
            gather_nd(feature, places, name="values"),
            shape(feature, out_type=dtypes.int64, name="dense_shape"),
        )


def as_columns(feature_columns: Any) -> list[FeatureColumn]:
    """Return columns as a list.

    Raises:
        ValueError: if they are not feature columns, none, or two have one name.
    """
    if isinstance(feature_columns, FeatureColumn):
        feature_columns = [feature_columns]
    elif isinstance(feature_columns, Mapping):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    elif not isinstance(feature_columns, Iterable):
        raise ValueError(f"Expected feature_columns to be iterable, found: {feature_columns}")
    columns = list(feature_columns)
    for column in columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                "Items of feature_columns must be a _FeatureColumn. "
                f"Given (type {type(column)}): {column}."
            )
    if not columns:
        raise ValueError("feature_columns must not be empty.")
    by_name: dict[str, FeatureColumn] = {}
    for column in columns:
        if column.name in by_name:
            raise ValueError(
                "Duplicate feature column name found for columns: "
                f"{column} and {by_name[column.name]}. This usually means that these columns refer "
                "to same base feature. Either one must be discarded or a duplicated but renamed "
                "item must be inserted in features dict."
            )
        by_name[column.name] = column
    return columns


def check_key(key: Any) -> str:
    """Return a column's key.

    Raises:
        ValueError: if it is not a string.
    """
    if not isinstance(key, str):
        raise ValueError(f"key must be a string. Got: type {type(key)}. Given key: {key}.")
    return key


def check_text_or_integer(dtype: Any, what: str) -> None:
    """Raise ValueError unless a type is of text or whole numbers."""
    if dtype is not dtypes.string and not dtype.is_integer:
        raise ValueError(f"{what} dtype must be string or integer. dtype: {dtype}.")


def check_batch_sizes(tensors: list[Tensor], columns: list[Any]) -> None:
    """Raise ValueError if what columns gave is known to be for different numbers of examples."""
    first: int | None = None
    which = 0
    for position, tensor in enumerate(tensors):
        size = tensor.get_shape().as_list()[0] if tensor.get_shape().ndims else None
        if size is None:
            continue
        if first is None:
            first, which = size, position
        elif size != first:
            raise ValueError(
                "Batch size (first dimension) of each feature must be same. Batch size of columns "
                f"({columns[which].name}, {columns[position].name}): ({first}, {size})"
            )


def transform_features(
    features: Any, feature_columns: Iterable[Any], state_manager: Any = None
) -> dict[Any, Any]:
    """Return what each column makes of features.

    Args:
        features: feature by key: a Tensor or SparseTensor.
        feature_columns: the columns.
        state_manager: accepted, without effect.
    """
    cache = Features(features)
    return {column: cache.get(column) for column in as_columns(feature_columns)}
