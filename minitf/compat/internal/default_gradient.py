"""`tensorflow.python.ops.default_gradient`: gradients where nothing has flowed.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.constants import zeros
from minitf.autodiff import zeros as autodiff_zeros
from minitf.autodiff.starts import zeros_like
from minitf.dtypes import DType
from minitf.static_value import rule_argument
from minitf.tensor import Tensor

__all__ = ["get_zeros_dtype", "shape_and_dtype", "zeros", "zeros_like"]


def get_zeros_dtype(t: Tensor) -> DType:
    """Return the type of the gradient of a tensor; of the variable's for its handle."""
    return autodiff_zeros.value_type(t)


def shape_and_dtype(t: Tensor) -> tuple[Any, DType]:
    """Return shape and type of the gradient of a tensor."""
    held = rule_argument(t) if t.dtype.name == "resource" else None
    return (t.shape, t.dtype) if held is None else (held.shape, held.dtype)
