"""Random small programs, built alike by MiniTF and by TensorFlow, and run without a Session.

A program is a list of steps; each adds one operation, under random name scopes, devices, control
dependencies and colocations.  All values are float32 matrices of small whole numbers.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minitf
from minitf import ops, protos, tensor_proto
from minitf.dtypes import float32

NAMES = ("x", "y", "Layer", "layer", "x_1", "a.b", "")


@dataclass(frozen=True)
class Step:
    """One operation: `inputs` are numbers of earlier outputs, lists of them, or values."""

    op: str
    inputs: tuple[Any, ...]
    attrs: tuple[tuple[str, Any], ...] = ()
    name: str = ""
    scopes: tuple[str, ...] = ()
    devices: tuple[str | None, ...] = ()
    controls: tuple[tuple[int, ...] | None, ...] = ()  # None clears
    colocate: int | None = None


@dataclass(frozen=True)
class Value:
    """An input given as a Python value."""

    value: Any


SHAPE = (2, 2)
SOURCES = ("Placeholder", "Const")


@st.composite
def steps(draw: Any, op: str, shapes: list[tuple[int, ...]]) -> tuple[Step, list[tuple[int, ...]]]:
    """Draw one step and the shapes of its outputs."""
    inputs: tuple[Any, ...] = ()
    attrs: tuple[tuple[str, Any], ...] = ()
    made: list[tuple[int, ...]] = [SHAPE]
    if op in SOURCES:
        attrs = (("dtype", "float32"), ("shape" if op == "Placeholder" else "value", SHAPE))
    else:
        one = draw(st.integers(0, len(shapes) - 1))
        like = [i for i, shape in enumerate(shapes) if shape == shapes[one]]
        shape = shapes[one]
        other = draw(st.sampled_from(like))
        inputs = (one,)
        made = [shape]
        if op in ("AddV2", "Mul", "Maximum"):
            inputs = (one, draw(st.sampled_from([other, Value(2.0)])))
        elif op == "MatMul":
            inputs, attrs = (one, other), (("transpose_b", True),)
            made = [(shape[0], shape[0])]
        elif op == "AddN":
            inputs = (draw(st.lists(st.sampled_from(like), min_size=1, max_size=3)),)
        elif op == "ConcatV2":
            axis = draw(st.integers(0, 1))
            inputs = ([one, other], Value(axis))
            made = [tuple(n * 2 if i == axis else n for i, n in enumerate(shape))]
        elif op == "Split":
            inputs, attrs = (Value(0), one), (("num_split", shape[0]),)
            made = [(1, shape[1])] * shape[0]
        elif op == "Sum":
            axis = draw(st.integers(0, 1))
            inputs, attrs = (one, Value([axis])), (("keep_dims", True),)
            made = [tuple(1 if i == axis else n for i, n in enumerate(shape))]
    step = Step(
        op,
        inputs,
        attrs,
        draw(st.sampled_from(NAMES)),
        tuple(draw(st.lists(st.sampled_from(NAMES[:-1]), max_size=2))),
        tuple(draw(st.lists(st.sampled_from(DEVICES), max_size=2))),
        tuple(draw(st.lists(controls(len(shapes)), max_size=2))),
        draw(st.one_of(st.none(), st.integers(0, len(shapes) - 1))) if shapes else None,
    )
    return step, made


DEVICES = ("/cpu:0", "/job:ps", "/job:worker/task:1", "/device:GPU:*", None)
POINTWISE = ("Neg", "Identity", "AddV2", "Mul", "Maximum")
OPS = (*SOURCES, *POINTWISE, "MatMul", "AddN", "ConcatV2", "Split", "Sum")


def controls(count: int) -> st.SearchStrategy[Any]:
    """Draw which of the steps so far a step waits for, or None to leave the scope alone."""
    if not count:
        return st.none()
    return st.one_of(st.none(), st.lists(st.integers(0, count - 1), max_size=2).map(tuple))


@st.composite
def programs(draw: Any, max_steps: int = 10) -> list[Step]:
    """Draw a program; its first step is a Placeholder."""
    program: list[Step] = []
    shapes: list[tuple[int, ...]] = []
    for i in range(draw(st.integers(1, max_steps))):
        op = draw(st.sampled_from(OPS)) if i else "Placeholder"
        step, made = draw(steps(op, shapes))
        program.append(step)
        shapes += made
    return program


def build_ours(program: list[Step]) -> tuple[Any, list[Any]]:
    """Return the Graph and all outputs."""

    def call(step: Step, inputs: list[Any]) -> Any:
        attrs = dict(step.attrs)
        if step.op in SOURCES:
            attrs["dtype"] = float32
        if step.op == "Const":
            attrs["value"] = np.full(attrs["value"], 3, np.float32)
        return ops.find_op(step.op)(*inputs, **attrs, name=step.name or None)

    return _build(minitf, program, call)


def build_theirs(tf: Any, program: list[Step]) -> tuple[Any, list[Any]]:
    """Return TensorFlow's Graph and all outputs."""
    from tensorflow.python.framework import op_def_library, op_def_registry

    def call(step: Step, inputs: list[Any]) -> Any:
        attrs = dict(step.attrs)
        if step.op in SOURCES:
            attrs["dtype"] = tf.float32
        if step.op == "Placeholder":
            attrs["shape"] = tf.TensorShape(attrs["shape"])
        if step.op == "Const":
            return tf.constant(np.full(attrs["value"], 3, np.float32), name=step.name or "Const")
        names = [arg.name for arg in ops.find_op(step.op).inputs]
        keywords = dict(zip(names, inputs, strict=True))
        flags = [a for a in op_def_registry.get(step.op).attr if a.type == "bool"]
        attrs = {flag.name: flag.default_value.b for flag in flags} | attrs
        return op_def_library.apply_op(step.op, name=step.name or None, **keywords, **attrs)

    return _build(tf, program, call)


def _build(tf: Any, program: list[Step], call: Any) -> tuple[Any, list[Any]]:
    outputs: list[Any] = []

    def tensor(each: Any) -> Any:
        if isinstance(each, list):
            return [tensor(one) for one in each]
        return each.value if isinstance(each, Value) else outputs[each]

    with tf.Graph().as_default() as graph:
        for step in program:
            with contextlib.ExitStack() as stack:
                for scope in step.scopes:
                    stack.enter_context(tf.name_scope(scope))
                for device in step.devices:
                    stack.enter_context(tf.device(device))
                for each in step.controls:
                    operations = None if each is None else [outputs[i] for i in each]
                    stack.enter_context(tf.control_dependencies(operations))
                if step.colocate is not None:
                    stack.enter_context(graph.colocate_with(outputs[step.colocate].op))
                made = call(step, [tensor(each) for each in step.inputs])
            outputs += made if isinstance(made, list) else [made]
    return graph, outputs


def run_by_bodies(graph: Any, feed: Any) -> dict[str, Any]:
    """Compute every tensor of a graph in order of construction, Placeholders as `feed`."""
    values: dict[str, Any] = {}
    for operation in graph.get_operations():
        if operation.type == "Placeholder":
            made = feed
        else:
            definition = operation.definition
            inputs = [
                [values[t.name] for t in each] if isinstance(each, list) else values[each.name]
                for each in operation.arguments.values()
            ]
            attrs = {name: operation.attrs[name] for name in definition.explicit_attrs}
            made = definition.body(*inputs, **attrs)
        many = len(operation.outputs) > 1 or isinstance(made, list)
        for output, value in zip(operation.outputs, made if many else [made], strict=True):
            values[output.name] = value
    return values


def as_plain(graph_def: Any) -> list[dict[str, Any]]:
    """Return the nodes of a GraphDef of either library so that they compare with `==`.

    Attributes that are newer than TensorFlow 1.15 are left out.
    """
    nodes = []
    for node in graph_def.node:
        known = ops.find_op(node.op).attrs
        attrs = {
            name: _plain_value(value)
            for name, value in node.attr.items()
            if name in known or (name[0] == "_" and name != "_has_manual_control_dependencies")
        }
        nodes.append(
            {
                "name": node.name,
                "op": node.op,
                "inputs": list(node.input),
                "device": node.device,
                "attrs": attrs,
            }
        )
    return nodes


def _plain_value(value: Any) -> Any:
    """Return an AttrValue as its bytes, a constant as its elements."""
    if value.WhichOneof("value") == "tensor":
        ours = protos.TensorProto.FromString(value.tensor.SerializeToString())
        return tensor_proto.decode(ours).tolist()
    return value.SerializeToString(deterministic=True)
