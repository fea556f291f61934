"""A whole model in one HDF5 file: layers, weights, the arguments of `compile`, the optimizer.

    attributes           keras_version, backend, model_config, training_config (JSON)
    model_weights/       see `minitf.keras.saving.weights`
    optimizer_weights/   the optimizer's, in order

Nothing of a file is run: layers are found by name among Keras's and those that the program gives.

Source: TensorFlow 1.15's `tf.keras.models.save_model`, whose files these are.
"""

from __future__ import annotations

import json
from typing import Any

from minitf.compat import logging
from minitf.keras import optimizers
from minitf.keras.backend.sessions import batch_get_value
from minitf.keras.saving.model_config import KERAS_VERSION, model_data, model_from_config, plain
from minitf.keras.saving.weights import (
    h5py_or_error,
    may_write,
    read_layers,
    read_values,
    text,
    write_layers,
    write_values,
)


def save_model(
    model: Any, filepath: Any, overwrite: bool = True, include_optimizer: bool = True
) -> None:
    """Write a model to a file.

    Args:
        model: a graph of layers, or a Sequential.
        filepath: of the file, or an open `h5py.File`.
        overwrite: whether a file may be replaced.
        include_optimizer: whether the optimizer's state is written.

    Raises:
        ImportError: if h5py is not installed.
        NotImplementedError: if the model has no configuration.
    """
    h5py = h5py_or_error()
    data = model_data(model)
    if isinstance(filepath, h5py.Group):
        _write(model, filepath, data, include_optimizer)
    elif may_write(filepath, overwrite):
        with h5py.File(filepath, "w") as file:
            _write(model, file, data, include_optimizer)


def _write(model: Any, file: Any, data: dict[str, Any], include_optimizer: bool) -> None:
    file.attrs["keras_version"] = KERAS_VERSION.encode()
    file.attrs["backend"] = b"tensorflow"
    whole = {key: data[key] for key in ("class_name", "config")}
    file.attrs["model_config"] = json.dumps(whole, default=plain).encode()
    write_layers(file.create_group("model_weights"), model.layers)
    if not include_optimizer or model.optimizer is None:
        return
    if isinstance(model.optimizer, optimizers.TFOptimizer):
        logging.warning(
            "TensorFlow optimizers do not make it possible to access optimizer attributes or "
            "optimizer state after instantiation: the model is saved without them."
        )
        return
    file.attrs["training_config"] = json.dumps(_training(model), default=plain).encode()
    variables = model.optimizer.weights
    if variables:
        group = file.create_group("optimizer_weights")
        write_values(group, variables, batch_get_value(variables))


def _training(model: Any) -> dict[str, Any]:
    optimizer = model.optimizer
    return {
        "optimizer_config": {
            "class_name": type(optimizer).__name__,
            "config": optimizer.get_config(),
        },
        **model.compiled_with(),
    }


def load_model(filepath: Any, custom_objects: Any = None, compile: bool = True) -> Any:
    """Read a model of a file.

    Args:
        filepath: of the file, or an open `h5py.File`.
        custom_objects: name -> class or function, for those of the program.
        compile: whether it is compiled as the model that was written.

    Raises:
        ImportError: if h5py is not installed.
        OSError: if there is no such file.
        ValueError: if it holds no model.
    """
    h5py = h5py_or_error()
    if isinstance(filepath, h5py.Group):
        return _read(filepath, custom_objects, compile)
    with h5py.File(filepath, "r") as file:
        return _read(file, custom_objects, compile)


def _read(file: Any, custom_objects: Any, compile: bool) -> Any:
    config = file.attrs.get("model_config")
    if config is None:
        raise ValueError("No model found in config file.")
    model = model_from_config(json.loads(text(config)), custom_objects)
    read_layers(file["model_weights"], model.layers)
    training = file.attrs.get("training_config")
    if not compile:
        return model
    if training is None:
        logging.warning(
            "No training configuration found in save file: the model was *not* compiled. Compile "
            "it manually."
        )
        return model
    _compile(model, json.loads(text(training)), custom_objects)
    if "optimizer_weights" in file and model.inputs is not None:
        model.start_optimizer()
        values = read_values(file["optimizer_weights"])
        try:
            model.optimizer.set_weights(values)
        except ValueError:
            logging.warning(
                "Error in loading the saved optimizer state. As a result, your model is starting "
                "with a freshly initialized optimizer."
            )
    return model


def _compile(model: Any, training: dict[str, Any], custom_objects: Any) -> None:
    own = custom_objects or {}

    def found(value: Any) -> Any:
        if isinstance(value, list):
            return [found(each) for each in value]
        if isinstance(value, dict) and "class_name" not in value:
            return {key: found(each) for key, each in value.items()}
        return own.get(value, value) if isinstance(value, str) else value

    from minitf.keras.utils.objects import CustomObjectScope

    with CustomObjectScope(own):
        model.compile(
            optimizer=optimizers.deserialize(training["optimizer_config"], own),
            loss=found(training.get("loss")),
            metrics=found(training.get("metrics")),
            loss_weights=training.get("loss_weights"),
            sample_weight_mode=training.get("sample_weight_mode"),
            weighted_metrics=found(training.get("weighted_metrics")),
        )
