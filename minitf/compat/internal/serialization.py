"""`tensorflow.python.util.serialization`: what JSON is to write of objects that it does not know.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.tensor_shape import Dimension, TensorShape

__all__ = ["get_json_type"]


def get_json_type(obj: Any) -> Any:
    """Return what stands for an object in JSON: the `default` of `json.dumps`.

    Raises:
        TypeError: if nothing does.
    """
    if hasattr(obj, "get_config"):
        return {"class_name": type(obj).__name__, "config": obj.get_config()}
    if isinstance(obj, np.ndarray):
        return obj.tolist()
    if isinstance(obj, np.generic):
        return obj.item()
    if isinstance(obj, Dimension):
        return obj.value
    if isinstance(obj, TensorShape):
        return obj.as_list()
    if isinstance(obj, DType):
        return obj.name
    if isinstance(obj, Mapping):
        return dict(obj)
    if callable(obj):
        return obj.__name__
    raise TypeError("Not JSON Serializable:", obj)
