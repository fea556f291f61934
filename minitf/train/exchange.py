"""Variables and checkpoints to safetensors files and back, which other frameworks write and read.

    tf.train.export_safetensors(session, "model.safetensors")           the values in a session
    tf.train.export_safetensors("checkpoints", "model.safetensors")     the latest checkpoint's
    tf.train.import_safetensors(session, "model.safetensors", {"encoder.weight": kernel})

Only numbers go there: a safetensors file has no strings, no step number in its name and no policy
of retention.  To go on training, keep checkpoints.

**Invariant**: a file that does not fit is refused before any variable is changed.

Source: no paper; the safetensors format.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError, NotFoundError
from minitf.graph_keys import GraphKeys
from minitf.io import safetensors
from minitf.io.checkpoints import open_checkpoint
from minitf.io.os_errors import told
from minitf.io.safetensors import Described, SafetensorsFile
from minitf.io.tensor_bundle import BundleWriter
from minitf.train.checkpoint_reader import checkpoint_path
from minitf.variables.base import Variable
from minitf.variables.partitioned import PartitionedVariable

Array = np.ndarray[Any, Any]


def export_safetensors(
    source: Any,
    path: str | os.PathLike[str],
    var_list: Any = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write variables to a safetensors file, whole or not at all.

    Args:
        source: the session that holds them; or a checkpoint's path, or a folder, whose latest
            checkpoint is meant.
        path: the file.
        var_list: variables, or a dict from names in the file to them; by default all global
            variables.  Of a checkpoint: names, or a dict from names in the file to names there; by
            default all.
        metadata: texts to keep in the file.

    Raises:
        TypeError: if `source` or `var_list` is something else.
        NotFoundError: if the checkpoint, or a name in it, is not there.
        InvalidArgumentError: if one has a type that the format lacks: strings, say.
    """
    if isinstance(source, (str, bytes, os.PathLike)):
        files = open_checkpoint(checkpoint_path(source))
        names = _names(files.names() if var_list is None else var_list)
        described: dict[str, Described] = {}
        for name, stored in names.items():
            described[name] = files.dtype(stored), files.shape(stored)
        with told(path):
            safetensors.write(path, described, lambda name: files.read(names[name]), metadata)
        return
    wholes = _wholes(_session_graph(source), var_list)
    fetched = source.run({each.name: each.variables for each in wholes})
    values = {each.name: each.joined(fetched[each.name]) for each in wholes}
    types = {each.name: (each.dtype, values[each.name].shape) for each in wholes}
    with told(path):
        safetensors.write(path, types, values.__getitem__, metadata)


def import_safetensors(target: Any, path: str | os.PathLike[str], var_list: Any = None) -> None:
    """Give variables the values of a safetensors file; they need not be initialized.

    Args:
        target: the session that holds them; or the path of a checkpoint to write.
        path: the file.
        var_list: variables, or a dict from names in the file to them; by default all global
            variables.  For a checkpoint: names, or a dict from names in the file to names there; by
            default all.

    Raises:
        TypeError: if `target` or `var_list` is something else.
        NotFoundError: if there is no file, or it lacks some: all of them are told.
        InvalidArgumentError: if types or shapes differ: all are told.
        DataLossError: if the file is damaged.
    """
    file = SafetensorsFile(path)
    if isinstance(target, (str, bytes, os.PathLike)):
        names = _names(file.names() if var_list is None else var_list)
        _must_have(file, names)
        checkpoint = os.fsdecode(target)
        with told(checkpoint), BundleWriter(checkpoint) as writer:
            for name, stored in sorted(names.items(), key=lambda each: each[1]):
                writer.add(stored, file.read(name))
        return
    wholes = _wholes(_session_graph(target), var_list)
    _must_have(file, [each.name for each in wholes])
    _must_fit(file, wholes)
    feeds: dict[Any, Array] = {}
    for each in wholes:
        value = file.read(each.name)
        for variable, place in zip(each.variables, each.places, strict=True):
            feeds[variable.initializer.inputs[1]] = value[place]
    target.run([v.initializer for each in wholes for v in each.variables], feeds)


def _session_graph(session: Any) -> Any:
    if not hasattr(session, "sess_str"):  # what a session has, and nothing that wraps one
        raise TypeError(f"Expected a Session or a checkpoint's path, got {session!r}")
    return session.graph


# --- which variables ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Whole:
    """A variable, in one or several parts.

    Attributes:
        name: its name in the file.
        shape: its whole shape, None where the first value decides.
        variables: its parts.
        places: which box of it each of them is.
    """

    name: str
    shape: tuple[int, ...] | None
    variables: list[Variable]
    places: list[Any]

    @property
    def dtype(self) -> DType:
        return self.variables[0].dtype.base_dtype

    def joined(self, values: list[Any]) -> Array:
        """Return the whole value of those of its parts."""
        if len(values) == 1 and self.places[0] is Ellipsis:
            return np.asarray(values[0])
        made = np.empty(self.shape or (), self.dtype.numpy)
        for place, value in zip(self.places, values, strict=True):
            made[place] = value
        return made


def _wholes(graph: Any, var_list: Any) -> list[_Whole]:
    if var_list is None:
        var_list = graph.get_collection(GraphKeys.GLOBAL_VARIABLES)
    if not isinstance(var_list, (Mapping, list, tuple, set)):
        raise TypeError(f"Variables should be passed in a dict or a list: {var_list!r}")
    by_name: dict[str, list[Variable]] = {}
    items = var_list.items() if isinstance(var_list, Mapping) else [(None, v) for v in var_list]
    for name, item in items:
        for variable in item if isinstance(item, (list, tuple, PartitionedVariable)) else [item]:
            by_name.setdefault(name or _name_of(variable), []).append(variable)
    return [_whole(name, variables) for name, variables in sorted(by_name.items())]


def _name_of(item: Any) -> str:
    """Return the name that something has in a checkpoint."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Variable):
        raise TypeError(f"Not a Variable, nor a name: {item!r}")
    info = item.save_slice_info
    return item.op.name if info is None else str(info.full_name)


def _whole(name: str, variables: list[Variable]) -> _Whole:
    """Raises ValueError if several variables are not the parts of one."""
    first, *others = variables
    if not isinstance(first, Variable):
        raise TypeError(f"Not a Variable: {first!r}")
    if first.save_slice_info is None:
        if others:
            raise ValueError(f"At least two variables have the same name: {name}")
        known = first.shape.is_fully_defined()
        sizes = tuple(size or 0 for size in first.shape.as_list()) if known else None
        return _Whole(name, sizes, [first], [...])
    infos = [v.save_slice_info for v in variables if v.save_slice_info is not None]
    if len(infos) < len(variables) or len({info.full_name for info in infos}) > 1:
        raise ValueError(f"Slices must all be from the same tensor: {name}")
    places = [
        tuple(slice(a, a + n) for a, n in zip(info.var_offset, info.var_shape, strict=True))
        for info in infos
    ]
    return _Whole(name, tuple(infos[0].full_shape), variables, places)


def _names(var_list: Any) -> dict[str, str]:
    """Return name in the file -> name in the checkpoint."""
    if isinstance(var_list, Mapping):
        return {name: _name_of(item) for name, item in var_list.items()}
    if not isinstance(var_list, (list, tuple, set)):
        raise TypeError(f"Names should be passed in a dict or a list: {var_list!r}")
    return {_name_of(item): _name_of(item) for item in var_list}


# --- what does not fit ----------------------------------------------------------------------------


def _must_have(file: SafetensorsFile, names: Iterable[str]) -> None:
    missing = sorted(set(names) - set(file.names()))
    if missing:
        raise NotFoundError(
            None,
            None,
            f"Key {missing[0]} not found in {file.prefix}\n  it lacks: {', '.join(missing)}\n"
            f"  it has: {', '.join(file.names())}",
        )


def _must_fit(file: SafetensorsFile, wholes: list[_Whole]) -> None:
    lines = []
    for each in wholes:
        dtype, shape = file.find(each.name) or (None, ())
        if dtype != each.dtype or each.shape not in (None, shape):
            wanted = "[?]" if each.shape is None else list(each.shape)
            lines.append(
                f"  {each.name}: {each.dtype.name}{wanted} in the graph, "
                f"{dtype.name if dtype else None}{list(shape)} in the file"
            )
    if lines:
        raise InvalidArgumentError(
            None, None, f"{file.prefix} does not fit the variables:\n" + "\n".join(lines)
        )
