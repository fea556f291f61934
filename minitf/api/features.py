"""How features of examples are wanted: of fixed or varying length, sparse, with what defaults.

    features = {"label": tf.FixedLenFeature([], tf.int64), "words": tf.VarLenFeature(tf.string)}

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from minitf.api.array import reshape
from minitf.api.constants import constant
from minitf.api.sparse_dense import sparse_merge
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype, int64, string
from minitf.shapes import UNKNOWN, Shape, as_shape
from minitf.tensor import Tensor


class VarLenFeature(NamedTuple):
    """A feature of varying length, which becomes a SparseTensor."""

    dtype: Any


class FixedLenFeature(NamedTuple):
    """A feature of a fixed shape, which becomes a Tensor.

    Attributes:
        shape: of one example.
        dtype: float32, int64 or string.
        default_value: what an example without the feature has; None if each must have it.
    """

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """A feature of any number of rows, which becomes a Tensor; a batch is padded.

    Attributes:
        shape: of one row.
        dtype: float32, int64 or string.
        allow_missing: whether an example may lack it.
        default_value: a scalar that pads; None for 0 or "".
    """

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class SparseFeature(NamedTuple):
    """A SparseTensor whose coordinates and values are features of their own.

    Attributes:
        index_key: the feature of the coordinates, or a list of one for each dimension.
        value_key: the feature of the values.
        dtype: of the values.
        size: of the dimension, or a list of sizes.
        already_sorted: whether coordinates come in row-major order.
    """

    index_key: Any
    value_key: str
    dtype: Any
    size: Any
    already_sorted: bool = False


class Dense(NamedTuple):
    """A dense feature as the ops take it; a default of None stands for none."""

    dtype: DType
    shape: Shape
    default: Any
    may_lack: bool


@dataclass
class Wanted:
    """Features as the ops take them, by key and in order.

    Attributes:
        sparse: key -> type.
        dense: key -> how it is wanted.
    """

    sparse: dict[str, DType] = field(default_factory=dict)
    dense: dict[str, Dense] = field(default_factory=dict)

    @property
    def dense_shapes(self) -> list[Shape]:
        """The shapes of the dense features."""
        return [each.shape for each in self.dense.values()]

    @property
    def dense_types(self) -> list[DType]:
        """The types of the dense features."""
        return [each.dtype for each in self.dense.values()]

    def default_tensors(self) -> list[Tensor]:
        """Return a Tensor of each dense feature's default, empty if it has none."""
        return [_default_tensor(key, each) for key, each in self.dense.items()]

    def tensors(self, parts: Any, values: Any) -> dict[str, Any]:
        """Return what an op gives, by key.

        Args:
            parts: indices, values and shapes of the sparse features.
            values: the dense features.
        """
        found: dict[str, Any] = {
            key: SparseTensor(*each)
            for key, each in zip(self.sparse, zip(*parts, strict=True), strict=True)
        }
        return found | dict(zip(self.dense, values, strict=True))


def _default_tensor(key: str, wanted: Dense) -> Tensor:
    """Return a dense feature's default: a scalar that pads where rows vary."""
    varies = bool(wanted.shape.rank) and wanted.shape[0] is UNKNOWN
    if wanted.default is None:
        if varies:
            return convert_to_tensor("" if wanted.dtype is string else 0, wanted.dtype)
        return constant([], wanted.dtype)
    if isinstance(wanted.default, Tensor) and not varies:
        return wanted.default
    name = ("padding_" if varies else "key_") + safe_name(key)
    tensor = convert_to_tensor(wanted.default, wanted.dtype, name)
    return reshape(tensor, [] if varies else wanted.shape.as_list())


def safe_name(key: str) -> str:
    """Return a key as part of an operation's name."""
    return re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)


# --- reading a dict of features ------------------------------------------------------------------


def wanted_features(features: Mapping[str, Any] | None, kinds: tuple[Any, ...]) -> Wanted:
    """Return features as the ops take them, in the order of their keys.

    Args:
        features: key -> VarLenFeature, FixedLenFeature, ...
        kinds: the classes that the op can give.

    Raises:
        ValueError: if a feature is of another class, or its type, shape or keys are missing.
    """
    wanted = Wanted()
    for key, feature in sorted((features or {}).items()):
        if not isinstance(feature, kinds):
            if not isinstance(feature, _ALL):
                raise ValueError(f"Invalid feature {key}:{feature}.")
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
        if not feature.dtype:
            raise ValueError(f"Missing type for feature {key}.")
        _ADD[type(feature)](wanted, key, feature)
    if common := wanted.sparse.keys() & wanted.dense.keys():
        raise ValueError(f"Dense and sparse keys must not intersect; intersection: {common}")
    return wanted


def _add_varying(wanted: Wanted, key: str, feature: VarLenFeature) -> None:
    _add_sparse(wanted, key, as_dtype(feature.dtype))


def _add_sparse(wanted: Wanted, key: str, dtype: DType) -> None:
    have = wanted.sparse.setdefault(key, dtype)
    if have is not dtype:
        raise ValueError(f"Conflicting type {have} vs {dtype.name} for feature {key}.")


def _add_coordinates(wanted: Wanted, key: str, feature: SparseFeature) -> None:
    if not feature.index_key:
        raise ValueError(f"Missing index_key for SparseFeature {feature}.")
    if not feature.value_key:
        raise ValueError(f"Missing value_key for SparseFeature {feature}.")
    keys = [feature.index_key] if isinstance(feature.index_key, str) else feature.index_key
    for each in sorted(keys):
        _add_sparse(wanted, each, int64)
    _add_sparse(wanted, feature.value_key, as_dtype(feature.dtype))


def _add_fixed(wanted: Wanted, key: str, feature: FixedLenFeature) -> None:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {key}.")
    shape = as_shape(feature.shape)
    if shape.rank and shape[0] is UNKNOWN:
        raise ValueError(
            f"First dimension of shape for feature {key} unknown. Consider using "
            "FixedLenSequenceFeature."
        )
    if not shape.is_full:
        raise ValueError(
            f"All dimensions of shape for feature {key} need to be known but received "
            f"{feature.shape}."
        )
    default = feature.default_value
    wanted.dense[key] = Dense(as_dtype(feature.dtype), shape, default, default is not None)


def _add_rows(wanted: Wanted, key: str, feature: FixedLenSequenceFeature) -> None:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {key}.")
    wanted.dense[key] = Dense(
        as_dtype(feature.dtype),
        as_shape(feature.shape),
        feature.default_value,
        feature.allow_missing,
    )


_ADD: dict[type, Any] = {
    VarLenFeature: _add_varying,
    SparseFeature: _add_coordinates,
    FixedLenFeature: _add_fixed,
    FixedLenSequenceFeature: _add_rows,
}
_ALL: tuple[Any, ...] = tuple(_ADD)


def with_open_rows(features: Mapping[str, Any]) -> dict[str, Any]:
    """Return features of an Example, in which sequences get a first dimension of any size.

    Raises:
        ValueError: if an example may not lack a sequence: an Example has no feature lists.
    """
    found = dict(features)
    for key, feature in features.items():
        if isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError(
                    "Unsupported: FixedLenSequenceFeature requires allow_missing to be True."
                )
            sizes = as_shape(feature.shape).as_list() or ()
            found[key] = feature._replace(shape=[None, *sizes])
    return found


def with_sparse_features(features: Mapping[str, Any], tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was read by the keys of `features`, with SparseFeatures put together."""
    found = dict(tensors)
    for key, feature in sorted(features.items()):
        if isinstance(feature, SparseFeature):
            keys = feature.index_key
            ids = tensors[keys] if isinstance(keys, str) else [tensors[each] for each in keys]
            found[key] = sparse_merge(
                ids,
                tensors[feature.value_key],
                vocab_size=feature.size,
                already_sorted=feature.already_sorted,
            )
    return {key: value for key, value in found.items() if key in features}
