"""One NodeDef read and checked against its OpDef, before anything is built.

What comes in is not trusted: whatever does not fit is a ValueError with TensorFlow's phrase and the
node's name.

**Departure**: an attribute that our OpDef does not have is ignored if it is blank (false, 0 or
empty), since newer versions of TensorFlow write such ones; TensorFlow 1.15 refuses them all.

Source: 2015 §2 (attributes); TensorFlow 1.15, `node_def.proto`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from minitf.attr_value import is_blank, stored_value, stored_value_of
from minitf.devices import DeviceSpec
from minitf.dtypes import DType, by_enum, c_name
from minitf.errors import (
    GraphBuildError,
    InvalidArgumentError,
    NotFoundError,
    UnimplementedError,
    house_message,
)
from minitf.function_op import find_definition
from minitf.grammar import REQUIRED, Attr
from minitf.graph import Graph, is_operation_name
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.shapes import Shape, merge
from minitf.tensor import Tensor

CONTROL = -1  # the index of an input that is a control dependency
Source = tuple[str, int]  # the node that an input names, and which output of it or CONTROL


@dataclass(slots=True)
class Node:
    """What a NodeDef says.

    Attributes:
        name: its name in the message.
        definition: its op.
        inputs: in order, control dependencies last.
        attrs: as operations store them, defaults filled in.
        device: the requested device.
        shapes: what its writer knew of the outputs' shapes (`_output_shapes`), or None.
        full_name: its name in the graph, once it is settled.
    """

    name: str
    definition: OpDef
    inputs: list[Source]
    attrs: dict[str, Any]
    device: str
    shapes: tuple[Shape, ...] | None
    full_name: str = ""

    def wrong(self, message: str) -> GraphBuildError:
        """Make the error that says what does not fit."""
        return _wrong(message, self.name, self.definition.name)


def read_node(message: Any, version: int, producer_ops: Mapping[str, Any], graph: Graph) -> Node:
    """Read a NodeDef.

    Args:
        message: the NodeDef.
        version: the GraphDef version of whoever wrote it.
        producer_ops: that writer's OpDef messages by name: attributes that we do not know are left
            out where they have the default that stands there.
        graph: whose functions a node may call.

    Raises:
        ValueError: if it does not fit its op.
        NotFoundError: if its op is not registered.
        UnimplementedError: if its op was removed before that version.
    """
    if not is_operation_name(message.name):
        raise _wrong(f"Node '{message.name}': Node name contains invalid characters")
    try:
        definition = find_definition(graph, message.op)
    except NotFoundError as error:
        facts = {"node": f"'{message.name}'"}
        raise NotFoundError(None, None, house_message(error.message, facts)) from None
    if definition.deprecated and version >= definition.deprecated[0]:
        since, explanation = definition.deprecated
        raise UnimplementedError(
            None,
            None,
            f"Op {message.op} is not available in GraphDef version {version}. It has been removed "
            f"in version {since}. {explanation}.",
        )
    try:
        attrs = _attributes(message, definition, producer_ops.get(message.op))
        device = DeviceSpec.from_string(message.device).to_string()
    except ValueError as error:
        raise _wrong(str(error), message.name, message.op) from None
    inputs = list(_inputs(message))
    return Node(message.name, definition, inputs, attrs, device, attrs.pop("_output_shapes", None))


def _wrong(message: str, name: str = "", op: str = "") -> GraphBuildError:
    facts = {"node": f"'{name}' (op: '{op}')"} if op else {}
    return GraphBuildError(None, None, house_message(message, facts))


# --- inputs -----------------------------------------------------------------------------------


def _inputs(message: Any) -> Iterator[Source]:
    """Read `node`, `node:1` and `^node`; control dependencies must come last."""
    is_control = False
    for text in message.input:
        source = parse_input(text)
        if is_control and source[1] != CONTROL:
            raise _wrong(
                f"Node '{message.name}': Control dependencies must come after regular dependencies"
            )
        is_control = source[1] == CONTROL
        yield source


def parse_input(text: str) -> Source:
    """Read `node`, `node:1` or `^node`; anything else is taken for a node's name."""
    if text.startswith("^"):
        return text[1:], CONTROL
    name, colon, index = text.rpartition(":")
    return (name, int(index)) if colon and index.isascii() and index.isdigit() else (text, 0)


def input_text(source: Source) -> str:
    """Write an input as NodeDefs do; output 0 with its number."""
    name, index = source
    return f"^{name}" if index == CONTROL else f"{name}:{index}"


def check_inputs(node: Node, inputs: Sequence[Tensor]) -> None:
    """Check the Tensors that a node is to take against the types that its attributes ask for."""
    wanted = node.definition.input_types(node.attrs)
    for i, (tensor, dtype) in enumerate(zip(inputs, wanted, strict=True)):
        if not dtype.is_compatible_with(tensor.dtype):
            raise node.wrong(
                f"Input {i} of node {node.full_name} was passed {c_name(tensor.dtype)} from "
                f"{tensor.name} incompatible with expected {c_name(dtype)}."
            )


def input_types(node: Node) -> list[DType]:
    """Return the types of the inputs that a node's op asks for, if it has that many inputs."""
    wanted = node.definition.input_types(node.attrs)
    count = sum(index != CONTROL for _, index in node.inputs)
    if len(wanted) != count:
        types = ", ".join(map(c_name, wanted))
        raise node.wrong(f"NodeDef expected inputs '{types}' do not match {count} inputs specified")
    return wanted


# --- attributes -------------------------------------------------------------------------------


def _attributes(message: Any, definition: OpDef, producer: Any) -> dict[str, Any]:
    """Return a node's attributes, defaults filled in."""
    given = message.attr
    missing = [
        f"'{attr.name}'"
        for attr in definition.attrs.values()
        if attr.name not in given and attr.default is REQUIRED
    ]
    if missing:
        plural = "s" if missing[1:] else ""
        raise _wrong(f"NodeDef missing attr{plural} {', '.join(missing)} from {definition}")
    attrs = {attr.name: attr.default for attr in definition.attrs.values()}
    for name in sorted(given):
        attr = definition.attrs.get(name)
        if attr is not None:
            attrs[name] = _checked_value(attr, given[name])
            if attr.kind == "tensor" and "dtype" in definition.attrs:
                _check_constant(given[name].tensor, given["dtype"].type)
        elif name.startswith("_"):
            attrs[name] = stored_value(given[name])
        elif not is_blank(given[name]) and not _has_default(producer, name, given[name]):
            raise _wrong(f"NodeDef mentions attr '{name}' not in {definition}")
    return attrs


def _has_default(producer: Any, name: str, value: Any) -> bool:
    """Tell whether a value is the default of its writer's OpDef message."""
    return producer is not None and any(
        attr.name == name and attr.default_value == value for attr in producer.attr
    )


def _checked_value(attr: Attr, message: Any) -> Any:
    """Return an attribute's value, if its OpDef allows it."""
    try:
        value = stored_value_of(attr, message)
    except TypeError as error:
        raise _wrong(f"Value for attr '{attr.name}' cannot be read: {error}") from error
    is_list = isinstance(value, tuple)
    for item in value if is_list else (value,):
        if attr.allowed is not None and item not in attr.allowed:
            allowed = ", ".join(sorted(map(_shown, attr.allowed)))
            raise _wrong(
                f"Value for attr '{attr.name}' of {_shown(item)} is not in the list of allowed "
                f"values: {allowed}"
            )
    size = len(value) if is_list else value
    if attr.minimum is not None and size < attr.minimum:
        raise _wrong(
            f"{'Length' if is_list else 'Value'} for attr '{attr.name}' of {size} must be at least "
            f"minimum {attr.minimum}"
        )
    return value


def _check_constant(tensor: Any, dtype: int) -> None:
    if tensor.dtype != dtype:
        value, wanted = c_name(by_enum(tensor.dtype)), c_name(by_enum(dtype))
        raise _wrong(f"Type mismatch between value ({value}) and dtype ({wanted})")


def _shown(value: Any) -> str:
    return c_name(value) if isinstance(value, DType) else f'"{value}"'


# --- outputs ----------------------------------------------------------------------------------


def refine_shapes(node: Node, operation: Operation) -> None:
    """Add to the shapes that were inferred what the message's writer knew of them."""
    if node.shapes is None:
        return
    if len(node.shapes) != len(operation.outputs):
        raise node.wrong(
            f"Node '{node.full_name}' has {len(operation.outputs)} outputs but the _output_shapes "
            f"attribute specifies shapes for {len(node.shapes)} outputs"
        )
    for i, (tensor, shape) in enumerate(zip(operation.outputs, node.shapes, strict=True)):
        try:
            tensor.static_shape = merge(tensor.static_shape, shape)
        except InvalidArgumentError as error:
            raise node.wrong(
                f"Node '{node.full_name}' has an _output_shapes attribute inconsistent with the "
                f"GraphDef for output #{i}: {error.message}. Shapes are {tensor.static_shape} and "
                f"{shape}."
            ) from None
