"""Nested Python values as messages: what a function takes and returns, and its signature.

Source: TensorFlow 1.15, `struct.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Enum,
    Message,
    OneOf,
    bool_,
    double,
    mapping,
    message_named,
    repeated,
    sint64,
    string,
)
from minitf.schema.tensor import DataType, TensorShapeProto


class NoneValue(Message):
    """None."""


class ListValue(Message):
    """A list."""

    values = repeated(message_named("tensorflow.StructuredValue", 1))


class TupleValue(Message):
    """A tuple."""

    values = repeated(message_named("tensorflow.StructuredValue", 1))


class DictValue(Message):
    """A dict whose keys are text."""

    fields = mapping(string, message_named("tensorflow.StructuredValue", 1))


class PairValue(Message):
    """An entry of a namedtuple."""

    key = string(1)
    value = message_named("tensorflow.StructuredValue", 2)


class NamedTupleValue(Message):
    """A namedtuple with its class's name."""

    name = string(1)
    values = repeated(PairValue(2))


class TensorSpecProto(Message):
    """A `tf.TensorSpec`."""

    name = string(1)
    shape = TensorShapeProto(2)
    dtype = DataType(3)


class TypeSpecProto(Message):
    """A `tf.TypeSpec` of a value of several tensors."""

    class TypeSpecClass(Enum):
        """Which class it is."""

        UNKNOWN = 0
        SPARSE_TENSOR_SPEC = 1
        INDEXED_SLICES_SPEC = 2
        RAGGED_TENSOR_SPEC = 3
        TENSOR_ARRAY_SPEC = 4
        DATA_DATASET_SPEC = 5
        DATA_ITERATOR_SPEC = 6
        OPTIONAL_SPEC = 7
        PER_REPLICA_SPEC = 8

    type_spec_class = TypeSpecClass(1)
    type_state = message_named("tensorflow.StructuredValue", 2)
    type_spec_class_name = string(3)


class StructuredValue(Message):
    """Any of these."""

    kind = OneOf(
        none_value=NoneValue(1),
        float64_value=double(11),
        int64_value=sint64(12),
        string_value=string(13),
        bool_value=bool_(14),
        tensor_shape_value=TensorShapeProto(31),
        tensor_dtype_value=DataType(32),
        tensor_spec_value=TensorSpecProto(33),
        type_spec_value=TypeSpecProto(34),
        list_value=ListValue(51),
        tuple_value=TupleValue(52),
        dict_value=DictValue(53),
        named_tuple_value=NamedTupleValue(54),
    )
