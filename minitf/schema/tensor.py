"""Tensors: element types, shapes and values.

Source: TensorFlow 1.15, `types.proto`, `tensor_shape.proto`, `tensor.proto`,
`resource_handle.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Enum,
    Message,
    bool_,
    bytes_,
    double,
    float_,
    int32,
    int64,
    message_named,
    repeated,
    string,
    uint32,
    uint64,
)


class DataType(Enum):
    """Element types; the type of a variable's handle is its element type + 100."""

    DT_INVALID = 0
    DT_FLOAT = 1
    DT_DOUBLE = 2
    DT_INT32 = 3
    DT_UINT8 = 4
    DT_INT16 = 5
    DT_INT8 = 6
    DT_STRING = 7
    DT_COMPLEX64 = 8
    DT_INT64 = 9
    DT_BOOL = 10
    DT_QINT8 = 11
    DT_QUINT8 = 12
    DT_QINT32 = 13
    DT_BFLOAT16 = 14
    DT_QINT16 = 15
    DT_QUINT16 = 16
    DT_UINT16 = 17
    DT_COMPLEX128 = 18
    DT_HALF = 19
    DT_RESOURCE = 20
    DT_VARIANT = 21
    DT_UINT32 = 22
    DT_UINT64 = 23
    DT_FLOAT_REF = 101
    DT_DOUBLE_REF = 102
    DT_INT32_REF = 103
    DT_UINT8_REF = 104
    DT_INT16_REF = 105
    DT_INT8_REF = 106
    DT_STRING_REF = 107
    DT_COMPLEX64_REF = 108
    DT_INT64_REF = 109
    DT_BOOL_REF = 110
    DT_QINT8_REF = 111
    DT_QUINT8_REF = 112
    DT_QINT32_REF = 113
    DT_BFLOAT16_REF = 114
    DT_QINT16_REF = 115
    DT_QUINT16_REF = 116
    DT_UINT16_REF = 117
    DT_COMPLEX128_REF = 118
    DT_HALF_REF = 119
    DT_RESOURCE_REF = 120
    DT_VARIANT_REF = 121
    DT_UINT32_REF = 122
    DT_UINT64_REF = 123


class TensorShapeProto(Message):
    """A shape; with `unknown_rank` the dimensions are empty."""

    class Dim(Message):
        """One dimension; -1 is unknown."""

        size = int64(1)
        name = string(2)

    dim = repeated(Dim(2))
    unknown_rank = bool_(3)


class ResourceHandleProto(Message):
    """The address of a resource: device, container, name."""

    class DtypeAndShape(Message):
        """What a variable behind the handle holds."""

        dtype = DataType(1)
        shape = TensorShapeProto(2)

    device = string(1)
    container = string(2)
    name = string(3)
    hash_code = uint64(4)
    maybe_type_name = string(5)
    dtypes_and_shapes = repeated(DtypeAndShape(6))


class VariantTensorDataProto(Message):
    """An object of a registered C++ type, written as metadata and tensors."""

    type_name = string(1)
    metadata = bytes_(2)
    tensors = repeated(message_named("tensorflow.TensorProto", 3))


class TensorProto(Message):
    """A value: raw bytes in `tensor_content`, or one number each in the field of its type.

    Fewer numbers than elements: the last one fills the rest.
    """

    dtype = DataType(1)
    tensor_shape = TensorShapeProto(2)
    version_number = int32(3)
    tensor_content = bytes_(4)  # little-endian, rows last
    half_val = repeated(int32(13))  # the 16 bits of a float16 or a bfloat16
    float_val = repeated(float_(5))
    double_val = repeated(double(6))
    int_val = repeated(int32(7))  # int32 and everything narrower, plain or quantized
    string_val = repeated(bytes_(8))
    scomplex_val = repeated(float_(9))  # real and imaginary parts in turn
    int64_val = repeated(int64(10))
    bool_val = repeated(bool_(11))
    dcomplex_val = repeated(double(12))
    resource_handle_val = repeated(ResourceHandleProto(14))
    variant_val = repeated(VariantTensorDataProto(15))
    uint32_val = repeated(uint32(16))
    uint64_val = repeated(uint64(17))
