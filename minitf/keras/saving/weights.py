"""Weights in HDF5: a group for each layer, a data set for each of its variables.

    attributes   layer_names, backend, keras_version
    dense/       attribute weight_names = [dense/kernel:0, dense/bias:0]; data sets of these names,
                 the trainable ones first

A file that does not end as one of HDF5's is a checkpoint of the objects of the model.

Source: TensorFlow 1.15's `tf.keras.Model.save_weights`, whose files these are.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from minitf.keras.backend.sessions import batch_get_value, batch_set_value, get_session
from minitf.keras.saving.model_config import KERAS_VERSION
from minitf.object_checkpoint.saver import TrackableSaver, saver_with_op_caching
from minitf.object_checkpoint.status import NameBasedSaverStatus, streaming_restore
from minitf.train import checkpoint_state

_LIMIT = 64512  # bytes of an HDF5 attribute
_SAVERS: weakref.WeakKeyDictionary[Any, TrackableSaver] = weakref.WeakKeyDictionary()


def h5py_or_error() -> Any:
    """Return the package h5py.

    Raises:
        ImportError: if it is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError(
            "`save_model` and `load_model` require h5py: pip install 'minitf[keras]'"
        ) from error
    return h5py


def is_hdf5(filepath: Any, save_format: str | None = None) -> bool:
    """Tell whether a file is one of HDF5, by its name.

    Raises:
        ValueError: if there is no such format.
    """
    if save_format is None:
        return str(filepath).endswith((".h5", ".keras", ".hdf5"))
    if save_format.lower() in {"tensorflow", "tf"}:
        return False
    if save_format.lower() in {"hdf5", "h5", "keras"}:
        return True
    raise ValueError(f'Unknown format "{save_format}". Was expecting one of {{"tf", "h5"}}.')


def may_write(filepath: Any, overwrite: bool) -> bool:
    """Tell whether a file may be written; ask, if it exists and may not be replaced unasked."""
    if overwrite or not Path(filepath).is_file():
        return True
    answer = ""
    while answer not in {"y", "n"}:
        answer = input(f"[WARNING] {filepath} already exists - overwrite? [y/n]").strip().lower()
    return answer == "y"


def save_weights(
    model: Any, filepath: Any, overwrite: bool = True, save_format: str | None = None
) -> None:
    """Write the weights of a model; see `Model.save_weights`.

    Raises:
        ValueError: if there are none yet.
    """
    if not model.built:
        raise ValueError(
            "Unable to save weights: the model was not built. Build it first by calling `build()` "
            "or calling the model on a batch of data."
        )
    if not is_hdf5(filepath, save_format):
        path = saver_of(model).save(str(filepath), session=get_session())
        folder = os.path.dirname(path)  # noqa: PTH120 "" is the working directory
        state = checkpoint_state.generate_checkpoint_state_proto(folder, path, [path])
        checkpoint_state.write_state(folder, checkpoint_state.relative_state(state, folder), None)
        return
    if may_write(filepath, overwrite):
        with h5py_or_error().File(filepath, "w") as file:
            write_layers(file, model.layers)


def saver_of(model: Any) -> TrackableSaver:
    """Return what writes and restores the objects of a model; it is made once."""
    if model not in _SAVERS:
        _SAVERS[model] = saver_with_op_caching(model)
    return _SAVERS[model]


def load_weights(model: Any, filepath: Any, by_name: bool = False) -> Any:
    """Read the weights of a model; see `Model.load_weights`.

    Returns:
        Of a checkpoint, a status as of `tf.train.Checkpoint.restore`; else None.

    Raises:
        ValueError: if the layers of the file are not the model's.
    """
    path = Path(filepath)
    if not is_hdf5(filepath) and Path(f"{filepath}.index").exists():
        if by_name:
            raise NotImplementedError(
                "Weights may only be loaded based on topology into Models when loading "
                "TensorFlow-formatted weights (got by_name=True to load_weights)."
            )
        status = saver_of(model).restore(str(filepath))
        session = get_session()
        if isinstance(status, NameBasedSaverStatus):
            status.run_restore_ops(session)
        else:  # variables that a subclass makes later are restored then
            streaming_restore(status, session)
        status.assert_nontrivial_match()
        return status
    if not model.built:
        raise ValueError(
            "Unable to load weights saved in HDF5 format into a subclassed Model which has not "
            "created its variables yet. Call the Model first, then load the weights."
        )
    with h5py_or_error().File(path, "r") as file:
        group = file.get("model_weights", file)
        (read_by_name if by_name else read_layers)(group, model.layers)
    return None


def _as_written(layer: Any) -> list[Any]:
    """Return the variables of a layer in a file's order: those of a model by kind, not by layer."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


# --- writing -------------------------------------------------------------------------------------


def write_layers(group: Any, layers: Sequence[Any]) -> None:
    """Write the weights of layers into a group."""
    set_names(group, "layer_names", [layer.name for layer in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = KERAS_VERSION.encode()
    for layer in layers:
        weights = _as_written(layer)
        write_values(group.create_group(layer.name), weights, batch_get_value(weights))


def write_values(
    group: Any, variables: Sequence[Any], values: Iterable[Any], attribute: str = "weight_names"
) -> None:
    """Write values into data sets that are called as their variables."""
    names = _distinct([each.name for each in variables])
    set_names(group, attribute, names)
    for name, value in zip(names, values, strict=True):
        group.create_dataset(name, data=np.asarray(value))


def _distinct(names: Sequence[str]) -> list[str]:
    made: list[str] = []
    for name in names:
        free, number = name, 1
        while free in made:
            free = f"{name}_{number}"
            number += 1
        made.append(free)
    return made


def set_names(group: Any, attribute: str, names: Sequence[str]) -> None:
    """Write names into an attribute; into several, if they are too long for one."""
    data = np.asarray([each.encode() for each in names]) if names else np.zeros(0)
    if data.nbytes <= _LIMIT:
        group.attrs[attribute] = data
        return
    parts = 2
    while any(each.nbytes > _LIMIT for each in np.array_split(data, parts)):
        parts += 1
    for number, each in enumerate(np.array_split(data, parts)):
        group.attrs[f"{attribute}{number}"] = each


def names_of(group: Any, attribute: str) -> list[str]:
    """Return the names of an attribute; see `set_names`."""
    if attribute in group.attrs:
        held = list(group.attrs[attribute])
    else:
        held, number = [], 0
        while f"{attribute}{number}" in group.attrs:
            held += list(group.attrs[f"{attribute}{number}"])
            number += 1
    return [text(each) for each in held]


def text(value: Any) -> str:
    """Return a string that a file may hold as bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


# --- reading -------------------------------------------------------------------------------------


def read_layers(group: Any, layers: Sequence[Any]) -> None:
    """Give layers the weights of a group, in the order in which both stand.

    Raises:
        ValueError: if there are more or fewer.
    """
    own = [layer for layer in layers if layer.weights]
    names = [
        name for name in names_of(group, "layer_names") if names_of(group[name], "weight_names")
    ]
    if len(names) != len(own):
        raise ValueError(
            f"You are trying to load a weight file containing {len(names)} layers into a model "
            f"with {len(own)} layers."
        )
    pairs: list[tuple[Any, Any]] = []
    for name, layer in zip(names, own, strict=True):
        values = read_values(group[name])
        variables = _as_written(layer)
        if len(variables) != len(values):
            raise ValueError(
                f'Layer "{layer.name}" (named "{name}" in the save file) was found to correspond '
                f"to a layer with {len(values)} weights, but the model's has {len(variables)}."
            )
        pairs += zip(variables, values, strict=True)
    batch_set_value(pairs)


def read_by_name(group: Any, layers: Sequence[Any]) -> None:
    """Give layers the weights of a group, by their names; others keep theirs.

    Raises:
        ValueError: if a layer has other weights in the file.
    """
    by_name = {layer.name: layer for layer in layers}
    pairs: list[tuple[Any, Any]] = []
    for name in names_of(group, "layer_names"):
        layer = by_name.get(name)
        if layer is None:
            continue
        values, variables = read_values(group[name]), _as_written(layer)
        if len(values) != len(variables):
            raise ValueError(
                f'Layer "{name}" expects {len(variables)} weight(s), but the saved weights have '
                f"{len(values)} element(s)."
            )
        for variable, value in zip(variables, values, strict=True):
            if tuple(variable.shape.as_list()) != value.shape:
                raise ValueError(
                    f'Layer "{name}", weight {variable.name} has shape {variable.shape}, but the '
                    f"saved weight has shape {value.shape}."
                )
        pairs += zip(variables, values, strict=True)
    batch_set_value(pairs)


def read_values(group: Any, attribute: str = "weight_names") -> list[Any]:
    """Return the values of a group, in the order in which they were written."""
    return [np.asarray(group[name]) for name in names_of(group, attribute)]
