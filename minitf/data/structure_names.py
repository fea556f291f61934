"""Specs under the names that they had as structures: functions of the type, then the shape.

Source: TensorFlow 1.15, `tf.data.experimental`.
"""

from __future__ import annotations

from typing import Any

from minitf.composite_specs import SparseTensorSpec
from minitf.tensor_array_spec import TensorArraySpec
from minitf.tensor_spec import TensorSpec


def TensorStructure(dtype: Any, shape: Any) -> TensorSpec:  # noqa: N802
    """Return what is known of a tensor, as `tf.TensorSpec` says it."""
    return TensorSpec(shape, dtype)


def SparseTensorStructure(dtype: Any, shape: Any) -> SparseTensorSpec:  # noqa: N802
    """Return what is known of a sparse tensor, as `tf.SparseTensorSpec` says it."""
    return SparseTensorSpec(shape, dtype)


def TensorArrayStructure(  # noqa: N802
    dtype: Any, element_shape: Any, dynamic_size: bool, infer_shape: bool
) -> TensorArraySpec:
    """Return what is known of a TensorArray, as `tf.TensorArraySpec` says it."""
    return TensorArraySpec(element_shape, dtype, dynamic_size, infer_shape)
