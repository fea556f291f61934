"""`tf.keras.models`: models, their copies, and their files.

Source: TensorFlow 1.15's `tf.keras.models`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.keras.engine.input_layer import Input
from minitf.keras.engine.nodes import history_of
from minitf.keras.engine.sequential import Sequential
from minitf.keras.engine.training import Model
from minitf.keras.saving.hdf5 import load_model, save_model
from minitf.keras.saving.model_config import (
    model_from_config,
    model_from_json,
    model_from_yaml,
)


def clone_model(
    model: Any, input_tensors: Any = None, clone_function: Callable[[Any], Any] | None = None
) -> Any:
    """Return a model with the same layers and variables of its own.

    Args:
        model: a graph of layers, or a Sequential.
        input_tensors: tensors that the copy begins with; placeholders by default.
        clone_function: layer -> its copy.

    Raises:
        ValueError: if the model is known only by its `call`.
    """
    copy = clone_function or (lambda layer: type(layer).from_config(layer.get_config()))
    if isinstance(model, Sequential):
        made = Sequential(name=model.name)
        if input_tensors is not None:
            tensor = nest.flatten(input_tensors)[0]
            begin = tensor if history_of(tensor) is not None else Input(tensor=tensor)
            made.add(history_of(begin).layer)
        elif model.inputs is not None:
            shape = model.inputs[0].shape.as_list()
            made.add(history_of(Input(batch_shape=shape, dtype=model.inputs[0].dtype)).layer)
        for layer in model.layers:
            made.add(copy(layer))
        return made
    if model.inputs is None:
        raise ValueError(
            "Expected `model` argument to be a functional `Model` instance, but got a subclass "
            "model instead."
        )
    given = None if input_tensors is None else nest.flatten(input_tensors)
    begins = given or [
        Input(batch_shape=each.shape.as_list(), dtype=each.dtype, name=history_of(each).layer.name)
        for each in model.inputs
    ]
    copies: dict[Any, Any] = {}

    def copied(layer: Any) -> Any:
        if layer not in copies:
            copies[layer] = copy(layer)
        return copies[layer]

    outputs = model.run_copies(begins, copied)
    return Model(begins[0] if len(begins) == 1 else begins, outputs, name=model.name)


__all__ = [
    "Model",
    "Sequential",
    "clone_model",
    "load_model",
    "model_from_config",
    "model_from_json",
    "model_from_yaml",
    "save_model",
]
