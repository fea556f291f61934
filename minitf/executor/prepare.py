"""Compiling a plan's kernels before it runs, for values like those of an earlier run.

A kernel finds out what it has to compile by being called: `Device.prepare` calls it with arrays of
zeros, and its compiled loops run nothing.  What a kernel is given here is never the step's own:
variables, containers and counters are stand-ins.

Source: 2015 §10 (a just-in-time compiler).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from minitf.devices import Cluster, Device
from minitf.executor.binding import bound
from minitf.executor.plan import Node, Plan
from minitf.executor.prune import Subgraph
from minitf.operation import Operation
from minitf.resources import Context, Handle, ResourceStore, Variable
from minitf.tensor import Tensor

Examples = dict[Tensor, Any]


def example_of(value: Any) -> Any:
    """Return something of the kind of a value that holds no memory; None for what may be held.

    A lock, for instance, is free when the last who knows it lets go.
    """
    if isinstance(value, (np.ndarray, np.generic)):
        return np.broadcast_to(np.zeros((), value.dtype), value.shape)
    return value if isinstance(value, (Variable, Handle)) else None


def prepare(
    subgraph: Subgraph, plan: Plan, placement: dict[Operation, Device], examples: Examples
) -> None:
    """Compile the kernels of a plan for inputs like the examples.

    A kernel that cannot be prepared is compiled when it first runs.

    Args:
        subgraph: what the plan was made of.
        plan: with compiled kernels.
        placement: where each operation runs.
        examples: tensor -> an array of the type and shape that it had, or the variable behind it.
    """
    for node in plan.nodes:
        operation = node.operation
        if operation is None:
            continue
        device, definition = placement[operation], operation.definition
        kernel = device.kernel(definition, operation.attrs)
        inputs = _inputs(subgraph, node, examples)
        if inputs is None or not _is_ours(kernel):
            continue
        if definition.takes_context:
            context = Context(operation.name, ResourceStore(), {}, threading.Lock())
            kernel = bound(kernel, operation, context=context)
        else:
            kernel = bound(kernel, operation)
        with contextlib.suppress(Exception):  # zeros may be no valid input
            device.prepare(kernel, inputs)


def _is_ours(kernel: Any) -> bool:
    """Tell whether a kernel may be called for nothing: a program's own may have effects."""
    return str(getattr(kernel, "__module__", "")).startswith("minitf.kernels_")


def _inputs(subgraph: Subgraph, node: Node, examples: Examples) -> list[Any] | None:
    """Return stand-ins for a node's inputs, None if nothing is known of one of them."""
    assert node.operation is not None
    found = []
    for i, tensor in enumerate(map(subgraph.source, node.operation.inputs)):
        value = subgraph.constants.get(tensor)
        if value is None:
            value = _known(tensor, examples)
        if value is None:
            return None
        found.append(_stand_in(value, is_read=i in node.reads))
    return found


def prepare_clusters(
    subgraph: Subgraph, clusters: Mapping[Cluster, Any], examples: Examples
) -> None:
    """Compile the kernels of clusters for inputs like the examples.

    Args:
        subgraph: what they were found in.
        clusters: each with its kernel.
        examples: as of `prepare`.
    """
    for cluster, kernel in clusters.items():
        arrays = [
            _known(source, examples) if value is None else value
            for source in map(subgraph.source, cluster.inputs)
            for value in (subgraph.constants.get(source),)
        ]
        shapes = [_read_shape(array) for array in arrays]
        if None not in shapes:
            types = [tensor.dtype.base_dtype.numpy for tensor in cluster.inputs]
            kernel.prepare(list(zip(types, shapes, strict=True)))


def _read_shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of an array, or of a variable's value; None if it is not known."""
    if isinstance(value, Variable):
        return value.read().shape if value.is_initialized else None
    return getattr(value, "shape", None)


def _known(tensor: Tensor, examples: Examples) -> Any:
    """Return an array of a tensor's type and shape, or what an earlier run has seen of it."""
    shape, dtype = tensor.static_shape, tensor.dtype
    if shape.is_full and dtype.is_numpy_compatible and not dtype.is_ref:
        sizes: Any = shape.dims
        return np.broadcast_to(np.zeros((), dtype.numpy), sizes)
    origin = tensor.op.origin
    return examples.get(tensor if origin is None else origin.outputs[tensor.value_index])


def _stand_in(value: Any, *, is_read: bool) -> Any:
    if isinstance(value, Handle) and isinstance(value.resource, Variable):
        return Handle(_stand_in(value.resource, is_read=False), value.container, value.name)
    if isinstance(value, np.ndarray):
        return np.zeros(value.shape, value.dtype)  # pages that nobody writes to cost nothing
    if not isinstance(value, Variable):
        return value
    made = Variable(value.name, value.dtype, value.shape)
    if value.is_initialized:
        made.write(np.zeros(value.read().shape, value.dtype.numpy))
    return made.read() if is_read else made
