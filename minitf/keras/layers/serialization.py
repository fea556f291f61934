"""Layers by configuration: what a saved model says of them.

Source: TensorFlow 1.15's `tf.keras.layers.deserialize`.
"""

from __future__ import annotations

from typing import Any

from minitf.keras.utils.objects import deserialize_keras_object


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """Return the layer of a configuration.

    Args:
        config: {"class_name": ..., "config": {...}}.
        custom_objects: name -> class, for those of the program.

    Raises:
        ValueError: if no layer has that name.
    """
    return deserialize_keras_object(config, _registry(), custom_objects, "layer")


def serialize(layer: Any) -> dict[str, Any]:
    """Return the configuration of a layer."""
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def _registry() -> dict[str, Any]:
    """Return the public layers by name."""
    from minitf.keras import layers, models

    found = {name: getattr(layers, name) for name in dir(layers) if name[:1].isupper()}
    # later releases call a graph of layers Functional
    own = {"Functional": models.Model, "Model": models.Model, "Sequential": models.Sequential}
    return found | own
