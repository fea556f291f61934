"""`tensorflow.python.framework.composite_tensor` and `composite_tensor_utils`.

Source: TensorFlow 1.15's modules of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import nest
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.type_spec import CompositeTensor

__all__ = [
    "CompositeTensor",
    "append_composite_tensor",
    "get_shape",
    "is_composite_or_composite_value",
    "replace_composites_with_components",
]


def replace_composites_with_components(structure: object) -> object:
    """Return a structure with the tensors of its composite values in their places."""
    if isinstance(structure, CompositeTensor):
        return nest.flatten(structure, expand_composites=True)
    if not nest.is_nested(structure):
        return structure
    return nest.map_structure(replace_composites_with_components, structure)


def is_composite_or_composite_value(tensor: Any) -> bool:
    """Tell whether a value is a composite of tensors, or what a run gives for one."""
    from minitf.ragged.value import RaggedTensorValue

    return isinstance(tensor, (CompositeTensor, SparseTensorValue, RaggedTensorValue))


def get_shape(tensor: Any) -> Any:
    """Return the shape of a value, of the whole if it is sparse."""
    return tensor.dense_shape if isinstance(tensor, SparseTensorValue) else tensor.shape


def append_composite_tensor(target: Any, to_append: Any) -> Any:
    """Return a batch of ragged or sparse rows with another one behind it.

    Args:
        target: RaggedTensor, RaggedTensorValue, SparseTensor or SparseTensorValue.
        to_append: another of its kind.

    Raises:
        RuntimeError: if they are of different kinds, or of another kind.
    """
    from minitf.api.sparse_slicing import sparse_concat
    from minitf.ragged.joining import concat
    from minitf.ragged.tensor import RaggedTensor
    from minitf.ragged.value import RaggedTensorValue

    if type(target) is not type(to_append):
        raise RuntimeError(f"Unable to concatenate {target} and {to_append}")
    if isinstance(target, RaggedTensor):
        return concat([target, to_append], 0)
    if isinstance(target, RaggedTensorValue):
        return _appended_rows(target, to_append)
    if isinstance(target, SparseTensor):
        return sparse_concat(0, [target, to_append], expand_nonconcat_dim=True)
    if not isinstance(target, SparseTensorValue):
        raise RuntimeError(f"Attempted to concatenate unsupported object {target}.")
    down = np.zeros_like(to_append.indices)
    down[:, 0] = target.dense_shape[0]
    shape = np.maximum(target.dense_shape, to_append.dense_shape)
    shape[0] = target.dense_shape[0] + to_append.dense_shape[0]
    return SparseTensorValue(
        np.concatenate([target.indices, to_append.indices + down]),
        np.concatenate([target.values, to_append.values]),
        shape,
    )


def _appended_rows(one: Any, other: Any) -> Any:
    if not hasattr(one, "row_splits"):
        return np.concatenate([one, other])
    splits = np.concatenate([one.row_splits, other.row_splits[1:] + one.row_splits[-1]])
    return type(one)(_appended_rows(one.values, other.values), splits)
