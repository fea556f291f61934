"""A model as JSON: what it is made of, without its weights.

    {"class_name": "Sequential", "config": {...}, "keras_version": ..., "backend": "tensorflow"}

Source: TensorFlow 1.15's `tf.keras.models.model_from_json`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.tensor_shape import Dimension, TensorShape

KERAS_VERSION = "2.2.4-tf"


def plain(value: Any) -> Any:
    """Return what JSON can hold in the place of a value that it can not.

    Raises:
        TypeError: if there is nothing.
    """
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, DType):
        return value.name
    if isinstance(value, TensorShape):
        return value.as_list()
    if isinstance(value, Dimension):
        return value.value
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    if callable(value):
        return value.__name__
    raise TypeError("Not JSON Serializable:", value)


def model_data(model: Any) -> dict[str, Any]:
    """Return a model as data."""
    return {
        "class_name": type(model).__name__,
        "config": model.get_config(),
        "keras_version": KERAS_VERSION,
        "backend": "tensorflow",
    }


def model_json(model: Any, **kwargs: Any) -> str:
    """Return a model as JSON.

    Args:
        model: the model.
        **kwargs: see `json.dumps`.
    """
    return json.dumps(model_data(model), default=plain, **kwargs)


def model_from_config(config: Any, custom_objects: Any = None) -> Any:
    """Return the model of data.

    Args:
        config: {"class_name": ..., "config": ...}.
        custom_objects: name -> class or function, for those of the program.

    Raises:
        TypeError: if it is a list: that of a Sequential model's layers alone.
    """
    from minitf.keras.layers.serialization import deserialize

    if isinstance(config, list):
        raise TypeError(
            "`model_from_config` expects a dictionary, not a list. Maybe you meant to use "
            "`Sequential.from_config(config)`?"
        )
    return deserialize(config, custom_objects=custom_objects)


def model_from_json(json_string: str, custom_objects: Any = None) -> Any:
    """Return the model of JSON, its variables not yet started; see `Model.to_json`."""
    return model_from_config(json.loads(json_string), custom_objects)


def model_from_yaml(yaml_string: str, custom_objects: Any = None) -> Any:
    """Return the model of YAML.

    Args:
        yaml_string: what `Model.to_yaml` of TensorFlow returned.
        custom_objects: name -> class or function, for those of the program.

    Raises:
        ImportError: if PyYAML is not installed.
    """
    try:
        import yaml  # type: ignore[import-untyped, unused-ignore]
    except ImportError as error:
        raise ImportError("Requires yaml module installed (`pip install pyyaml`).") from error
    return model_from_config(yaml.safe_load(yaml_string), custom_objects)
