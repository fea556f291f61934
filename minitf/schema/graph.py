"""Graphs: nodes, their attributes, op definitions, functions.

Source: TensorFlow 1.15, `graph.proto`, `node_def.proto`, `attr_value.proto`, `op_def.proto`,
`function.proto`, `versions.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Message,
    OneOf,
    bool_,
    bytes_,
    deprecated,
    float_,
    int32,
    int64,
    mapping,
    message_named,
    repeated,
    string,
    uint32,
)
from minitf.schema.tensor import DataType, TensorProto, TensorShapeProto


class VersionDef(Message):
    """Who wrote the data, and the oldest reader that may read them."""

    producer = int32(1)
    min_consumer = int32(2)
    bad_consumers = repeated(int32(3))


class AttrValue(Message):
    """The value of one attribute of a node."""

    class ListValue(Message):
        """A list, all in one field; which field is known from the op's definition."""

        s = repeated(bytes_(2))
        i = repeated(int64(3))
        f = repeated(float_(4))
        b = repeated(bool_(5))
        type = repeated(DataType(6))
        shape = repeated(TensorShapeProto(7))
        tensor = repeated(TensorProto(8))
        func = repeated(message_named("tensorflow.NameAttrList", 9))

    value = OneOf(
        s=bytes_(2),
        i=int64(3),
        f=float_(4),
        b=bool_(5),
        type=DataType(6),
        shape=TensorShapeProto(7),
        tensor=TensorProto(8),
        list=ListValue(1),
        func=message_named("tensorflow.NameAttrList", 10),
        placeholder=string(9),  # in a function's body: an attribute of the function
    )


class NameAttrList(Message):
    """A function by name, with the attributes that it is to be made for."""

    name = string(1)
    attr = mapping(string, AttrValue(2))


class NodeDef(Message):
    """One operation of a graph."""

    class ExperimentalDebugInfo(Message):
        """Where an optimizer took the node from."""

        original_node_names = repeated(string(1))
        original_func_names = repeated(string(2))

    name = string(1)
    op = string(2)
    input = repeated(string(3))  # "node", "node:1"; control inputs "^node" last
    device = string(4)
    attr = mapping(string, AttrValue(5))
    experimental_debug_info = ExperimentalDebugInfo(6)


class OpDeprecation(Message):
    """From which graph version on an op must not be used, and what to use."""

    version = int32(1)
    explanation = string(2)


class OpDef(Message):
    """The definition of an op: inputs, outputs, attributes, flags."""

    class ArgDef(Message):
        """One input or output; its type is fixed or named by an attribute."""

        name = string(1)
        description = string(2)
        type = DataType(3)
        type_attr = string(4)
        number_attr = string(5)
        type_list_attr = string(6)
        is_ref = bool_(16)

    class AttrDef(Message):
        """One attribute: its type, default and limits."""

        name = string(1)
        type = string(2)  # "int", "type", "list(shape)", ...
        default_value = AttrValue(3)
        description = string(4)
        has_minimum = bool_(5)
        minimum = int64(6)  # of an int, or of a list's length
        allowed_values = AttrValue(7)

    name = string(1)
    input_arg = repeated(ArgDef(2))
    output_arg = repeated(ArgDef(3))
    control_output = repeated(string(20))
    attr = repeated(AttrDef(4))
    deprecation = OpDeprecation(8)
    summary = string(5)
    description = string(6)
    is_commutative = bool_(18)
    is_aggregate = bool_(16)
    is_stateful = bool_(17)
    allows_uninitialized_input = bool_(19)


class OpList(Message):
    """A collection of ops."""

    op = repeated(OpDef(1))


class FunctionDef(Message):
    """A graph that is called as an op."""

    class ArgAttrs(Message):
        """Attributes of one argument."""

        attr = mapping(string, AttrValue(1))

    signature = OpDef(1)
    attr = mapping(string, AttrValue(5))
    arg_attr = mapping(uint32, ArgAttrs(7))
    node_def = repeated(NodeDef(3))
    ret = mapping(string, string(4))  # output name -> "node:output:index"
    control_ret = mapping(string, string(6))


class GradientDef(Message):
    """The function that is another function's gradient."""

    function_name = string(1)
    gradient_func = string(2)


class FunctionDefLibrary(Message):
    """The functions of a graph."""

    function = repeated(FunctionDef(1))
    gradient = repeated(GradientDef(2))


class GraphDef(Message):
    """A graph."""

    node = repeated(NodeDef(1))
    versions = VersionDef(4)
    version = deprecated(int32(3))
    library = FunctionDefLibrary(2)
