"""Why a checkpoint does not fit a graph: everything at once, before any variable is changed.

TensorFlow tells the first tensor that it misses, or whose shape differs, when some variables are
restored and others are not.  Here the wanted tensors are read off the graph (each Restore
operation, and what is assigned from it), compared with the table of the checkpoint, and told in
three lists.

Source: no paper; tensorflow's users filed "Key not found in checkpoint" and "Assign requires shapes
of both tensors to match".
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

from minitf import source
from minitf.dtypes import DType, string, variant
from minitf.errors import InvalidArgumentError, NotFoundError, OpError
from minitf.io.checkpoints import CheckpointFiles
from minitf.io.tensor_slice import parse_shape_and_slice
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_RESTORES = ("RestoreV2", "Restore", "RestoreSlice")
_PASSED_ON = ("Identity", "Reshape")  # between a Restore and its Assign
_SHOWN = 20  # lines of a list


@dataclass(frozen=True)
class Wanted:
    """A tensor that a graph wants of a checkpoint.

    Attributes:
        name: its name there.
        dtype: its type.
        shape: its whole shape, as far as it is known.
        reshaped: whether only the number of elements counts.
        restore: the operation that reads it.
        variable: the operation of the variable that it is assigned to, if there is one.
        exactly: its type and shape, if nothing else will do.
    """

    name: str
    dtype: DType
    shape: TensorShape
    reshaped: bool
    restore: Operation
    variable: Operation | None
    exactly: tuple[DType, tuple[int, ...]] | None


class Fit:
    """Compares checkpoints with what an operation restores.

    **State**: what it restores, which is read off the graph again only if that has changed.
    """

    def __init__(self) -> None:
        self._wanted: list[Wanted] = []
        self._read_off: tuple[object, ...] = ()

    def misfit(self, restore_all: Operation, files: CheckpointFiles) -> OpError | None:
        """Return the error that restoring would end in, None if the checkpoint fits.

        Args:
            restore_all: the operation that restores.
            files: the checkpoint.
        """
        graph = restore_all.graph
        state = (restore_all, graph.version, graph.structure_version)
        if self._read_off != state:
            self._wanted, self._read_off = wanted_by(restore_all), state
        return _misfit(self._wanted, files)


def _misfit(wanted: list[Wanted], files: CheckpointFiles) -> OpError | None:
    missing, differing = [], []
    for each in wanted:
        found = files.find(each.name)
        if found is None:
            missing.append(each)
        elif found != each.exactly and (text := _difference(each, *found)):
            differing.append((each, text))
    if not missing and not differing:
        return None
    unused = sorted(set(files.names()) - {each.name for each in wanted})
    lists = [
        _list("in the graph, not in the checkpoint", [_missing(m, unused) for m in missing]),
        _list("in the checkpoint, not in the graph", [_unused(n, files) for n in unused]),
        _list("in both, but different", [text for _, text in differing]),
    ]
    report = f"checkpoint: {files.prefix}\n" + "".join(lists)
    if missing:
        cause = "a Variable name or other graph key that is missing"
        original = f"Key {missing[0].name} not found in checkpoint"
        operation = missing[0].restore
        return NotFoundError(None, operation, _message(cause, original, report))
    first, _ = differing[0]
    operation = first.variable or first.restore
    cause = "a mismatch between the current graph and the graph"
    return InvalidArgumentError(None, operation, _message(cause, _original(first, files), report))


def _message(cause: str, original: str, report: str) -> str:
    return (
        f"Restoring from checkpoint failed. This is most likely due to {cause} from the "
        "checkpoint. Please ensure that you have not altered the graph expected based on the "
        "checkpoint. "
        f"Original error:\n\n{original}\n\n{report}"
    )


# --- what the graph wants -------------------------------------------------------------------------


def wanted_by(restore_all: Operation) -> list[Wanted]:
    """Return the tensors that an operation restores, as far as their names are constants."""
    found: list[Wanted] = []
    stack, seen = [restore_all], {restore_all}
    while stack:
        operation = stack.pop()
        if operation.type in _RESTORES:
            found += _wanted_of(operation)
            continue
        for each in (*operation.control_inputs, *[tensor.op for tensor in operation.inputs]):
            if each not in seen:
                seen.add(each)
                stack.append(each)
    return sorted(found, key=lambda each: each.name)


def _wanted_of(restore: Operation) -> list[Wanted]:
    names = constant_value(restore.inputs[1])
    specs = constant_value(restore.inputs[2]) if len(restore.inputs) > 2 else None
    if names is None:
        return []
    names = names.reshape(-1)
    texts = [b""] * len(names) if specs is None else list(specs.reshape(-1))
    found = []
    for name, text, tensor in zip(names, texts, restore.outputs, strict=True):
        variable, shape, reshaped = _target(tensor)
        if text:
            shape, reshaped = TensorShape(parse_shape_and_slice(text.decode())[0]), False
        dtype = tensor.dtype.base_dtype
        if dtype is variant:  # bytes in the file
            dtype = string
        sizes = (
            None if reshaped or not shape.is_fully_defined() else tuple(map(int, shape.dims or ()))
        )
        exactly = None if sizes is None else (dtype, sizes)
        found.append(Wanted(name.decode(), dtype, shape, reshaped, restore, variable, exactly))
    return found


def _target(tensor: Tensor) -> tuple[Operation | None, TensorShape, bool]:
    """Return the variable that a restored tensor goes to, its shape, and if it is reshaped."""
    reshaped = False
    while True:
        consumers = tensor.consumers()
        if len(consumers) != 1:
            return None, TensorShape(None), reshaped
        (consumer,) = consumers
        if consumer.type not in _PASSED_ON:
            break
        reshaped |= consumer.type == "Reshape"
        tensor = consumer.outputs[0]
    if consumer.type not in ("Assign", "AssignVariableOp"):
        return None, TensorShape(None), reshaped
    variable = consumer.inputs[0].op
    is_free = consumer.type == "Assign" and not consumer.attrs["validate_shape"] and not reshaped
    return variable, TensorShape(None if is_free else variable.attrs.get("shape")), reshaped


# --- what differs ---------------------------------------------------------------------------------


def _difference(wanted: Wanted, dtype: DType, shape: tuple[int, ...]) -> str:
    """Say how a tensor of the checkpoint differs from what is wanted, "" if it does not."""
    fits = wanted.shape.static_shape.accepts(shape)
    if wanted.reshaped:
        sizes = wanted.shape
        fits = not sizes.is_fully_defined() or sizes.num_elements() == math.prod(shape)
    if fits and dtype == wanted.dtype:
        return ""
    return (
        f"{wanted.name}: {wanted.dtype.name}{_shown(wanted.shape)} in the graph, "
        f"{dtype.name}{list(shape)} in the checkpoint{_where(wanted)}"
    )


def _original(wanted: Wanted, files: CheckpointFiles) -> str:
    """Return what TensorFlow says of the first tensor that differs."""
    dtype = files.dtype(wanted.name)
    if dtype != wanted.dtype:
        return (
            f"tensor_name = {wanted.name}; expected dtype {wanted.dtype.name} does not equal "
            f"original dtype {dtype.name}"
        )
    return (
        "Assign requires shapes of both tensors to match. lhs shape= "
        f"{_shown(wanted.shape)} rhs shape= {list(files.shape(wanted.name))}"
    )


def _missing(wanted: Wanted, unused: list[str]) -> str:
    near = difflib.get_close_matches(wanted.name, unused, n=1)
    hint = f"; the checkpoint has {near[0]}" if near else ""
    return f"{wanted.name}: {wanted.dtype.name}{_shown(wanted.shape)}{hint}{_where(wanted)}"


def _unused(name: str, files: CheckpointFiles) -> str:
    return f"{name}: {files.dtype(name).name}{list(files.shape(name))}"


def _where(wanted: Wanted) -> str:
    if wanted.variable is None:
        return ""
    return f", created at {source.describe(wanted.variable.site)}"


def _shown(shape: TensorShape) -> str:
    return "[?]" if shape.ndims is None else str(shape.as_list()).replace("None", "?")


def _list(title: str, lines: list[str]) -> str:
    if not lines:
        return ""
    rest = [f"... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    shown = "".join(f"  {line}\n" for line in lines[:_SHOWN] + rest)
    return f"{title}:\n{shown}"
