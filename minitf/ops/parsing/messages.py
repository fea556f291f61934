"""Protobuf messages as arrays, a field each, and back.

Source: TensorFlow's ops of the same names.
"""

from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import ANY, DType, by_numpy, c_name
from minitf.dtypes import string as text
from minitf.errors import DataLossError, invalid
from minitf.io.descriptors import message_descriptor
from minitf.io.wire import FIELDS, FieldKind, fields_of, values_of, written
from minitf.op_def import op
from minitf.ops.strings.arrays import octets
from minitf.shapes import UNKNOWN, Shape
from minitf.symbols import Tinput_types, TypeList, int32, output_types, string

Array = np.ndarray[Any, Any]

_KINDS = dict(enumerate(FIELDS, 1))  # by protobuf's number of the type


class Field(NamedTuple):
    """A field of a message that is wanted.

    Attributes:
        full_name: its name in messages.
        number: its number.
        kind: how it stands in bytes.
        is_repeated: whether it may have many values.
        is_packed: whether these stand in one row.
        default: what it is where it is not.
    """

    full_name: str
    number: int
    kind: FieldKind
    is_repeated: bool
    is_packed: bool
    default: Any


# --- DecodeProtoV2 --------------------------------------------------------------------------------


@op("DecodeProtoV2", output_types=ANY.at_least(0), outputs=("sizes", "values"))
def decode_proto_v2_op(
    bytes: string,
    *,
    message_type: str,
    field_names: tuple[str, ...],
    output_types: tuple[DType, ...],
    descriptor_source: str = "local://",
    message_format: str = "binary",
    sanitize: bool = False,
) -> tuple[int32, TypeList[output_types]]:
    """Read fields of serialized messages.

    Whole numbers without a sign may be had as uint32 and uint64, or in the two's complement as
    int32 and int64; messages and groups as their bytes.

    Args:
        bytes: string[...], a message each.
        message_type: their full name.
        field_names: the fields that are wanted.
        output_types: the type of each.
        descriptor_source: where the message is described; see `minitf.io.descriptors`.
        message_format: "binary", or "text" for protobuf's text form.
        sanitize: whether messages are parsed as a whole and written anew first.

    Returns:
        sizes: int32[..., n], how many values each field has; values: for each field an array
        [..., most], in which defaults stand behind the values, and one where there is none.

    Raises:
        InvalidArgumentError: if the message or a field is not known, or a field is of another type.
        DataLossError: if something is no such message.

    Source: TensorFlow's op of the same name.
    """
    descriptor, fields = _described(descriptor_source, message_type, field_names)
    if len(field_names) != len(output_types):
        raise invalid("field_names and output_types attributes must have the same length")
    for field, dtype in zip(fields, output_types, strict=True):
        if dtype.name not in field.kind.dtypes:
            raise invalid(f"Unexpected output type for {field.full_name} to {c_name(dtype)}")
    if message_format not in ("binary", "text"):
        raise invalid("format must be one of binary or text", message_format=message_format)
    if not bytes.size:
        raise invalid("Bufs argument must contain at least one value")
    rows = []
    for each in bytes.flat:
        content = each
        if message_format == "text" or sanitize:
            content = _rewritten(each, descriptor, is_text=message_format == "text")
        rows.append(_values(content, fields))
    sizes = np.array([[len(values) for values in row] for row in rows], np.int32)
    arrays = [
        _array([row[i] for row in rows], field, dtype)
        for i, (field, dtype) in enumerate(zip(fields, output_types, strict=True))
    ]
    return (
        sizes.reshape(*bytes.shape, len(fields)),
        [each.reshape(*bytes.shape, each.shape[1]) for each in arrays],
    )


def _described(source: str, message_type: str, names: tuple[str, ...]) -> tuple[Any, list[Field]]:
    """Return the descriptor of a message, and the fields of some names."""
    try:
        descriptor = message_descriptor(octets(source), message_type)
    except KeyError:
        raise invalid(f"No descriptor found for message type {message_type}") from None
    except ValueError as error:
        raise invalid(
            "Source does not represent serialized file descriptor set proto.", reason=error
        ) from None
    fields = []
    for name in names:
        found = descriptor.fields_by_name.get(name)
        if found is None:
            raise invalid(f"Unknown field: {name} in message type {message_type}")
        word = _KINDS[found.type]
        fields.append(
            Field(
                f"{message_type}.{name}: {word}",
                found.number,
                FIELDS[word],
                found.is_repeated,
                found.is_packed,
                _default(found, word),
            )
        )
    return descriptor, fields


def _default(found: Any, word: str) -> Any:
    """Return what a field is where it is not."""
    if word == "enum":
        return found.enum_type.values[0].number if found.is_repeated else found.default_value
    if word in ("string", "bytes", "group", "message"):
        given = found.default_value if not found.is_repeated else None
        return (given.encode() if isinstance(given, str) else given) or b""
    return 0 if found.is_repeated else found.default_value


def _rewritten(content: bytes, descriptor: Any, *, is_text: bool) -> bytes:
    """Return a message parsed as a whole, and written anew."""
    from google.protobuf import message_factory, text_format
    from google.protobuf.message import DecodeError

    made = message_factory.GetMessageClass(descriptor)()
    try:
        if is_text:
            text_format.Parse(content.decode(), made, descriptor_pool=descriptor.file.pool)
        else:
            made.ParseFromString(content)
    except (text_format.ParseError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = "text" if is_text else "binary"
        raise DataLossError(None, None, f"Unable to parse {what} protobuf: {error}") from None
    found: bytes = made.SerializePartialToString(deterministic=True)
    return found


def _values(content: bytes, fields: list[Field]) -> list[list[Any]]:
    """Return the values of fields in a message; of several of one value the last."""
    wanted: dict[int, list[Any]] = {field.number: [] for field in fields}
    kinds = {field.number: field.kind for field in fields}
    try:
        for number, form, part in fields_of(content):
            if number in wanted:
                wanted[number] += values_of(kinds[number], form, part)
    except ValueError as error:
        raise DataLossError(
            None, None, f"CountFields: Failed to consume entire buffer: {error}"
        ) from None
    return [
        wanted[field.number] if field.is_repeated else wanted[field.number][-1:] for field in fields
    ]


def _array(rows: list[list[Any]], field: Field, dtype: DType) -> Array:
    """Return the values of a field as a matrix, filled up with its default."""
    most = max(1, *map(len, rows))
    filled = [[*row, *[field.default] * (most - len(row))] for row in rows]
    if dtype is text:
        made = np.empty((len(rows), most), object)
        made[:] = filled
        return made
    if dtype.is_integer:
        bits = dtype.size * 8
        kind = np.uint64 if bits == 64 else np.uint32
        masked = [[each & ((1 << bits) - 1) for each in row] for row in filled]
        return np.array(masked, kind).astype(dtype.numpy)
    return np.array(filled, dtype.numpy)


@decode_proto_v2_op.shape
def decode_proto_v2_shape(
    bytes: Shape,
    *,
    field_names: tuple[str, ...],
    output_types: tuple[DType, ...],
    **attrs: Any,
) -> tuple[Shape, list[Shape]]:
    """Return the shapes of the messages with one more size."""
    if bytes.rank is None:
        return Shape.unknown(), [Shape.unknown()] * len(output_types)
    return Shape((*bytes, len(field_names))), [Shape((*bytes, UNKNOWN))] * len(output_types)


decode_proto_v2_op.no_gradient("a message is no number")

# --- EncodeProto ----------------------------------------------------------------------------------


@op("EncodeProto", Tinput_types=ANY.at_least(1), outputs=("bytes",))
def encode_proto_op(
    sizes: int32,
    values: TypeList[Tinput_types],
    *,
    field_names: tuple[str, ...],
    message_type: str,
    descriptor_source: str = "local://",
) -> string:
    """Write messages of which the values of fields are given.

    Args:
        sizes: int32[..., n], how many values each field has.
        values: for each field an array [..., most]; see DecodeProtoV2 for the types.
        field_names: the fields.
        message_type: the messages' full name.
        descriptor_source: where the message is described; see `minitf.io.descriptors`.

    Returns:
        string[...], a message each, its fields in the order of their numbers.

    Raises:
        InvalidArgumentError: if the message or a field is not known, a field is of another type, or
            the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    _, fields = _described(descriptor_source, message_type, field_names)
    if len(fields) != len(values):
        raise invalid("Length of inputs list and field_names list must be the same")
    for field, name, value in zip(fields, field_names, values, strict=True):
        if value.ndim < 2:
            raise invalid(
                f"Invalid shape for field {name}.  Saw shape {list(value.shape)} but it should be "
                "at least a matrix."
            )
        if by_numpy(value.dtype).name not in field.kind.dtypes:
            raise invalid(
                f"Incompatible type for field {name}.  Saw dtype: {by_numpy(value.dtype).name} but "
                f"field type is: {field.full_name.rpartition(' ')[2]}"
            )
    batch = values[0].shape[:-1]
    for name, value in zip(field_names, values, strict=True):
        if value.shape[:-1] != batch:
            raise invalid(
                f"Values must match up to the last dimension.  Saw: {list(value.shape)} of field "
                f"{name} but expected: {[*batch, -1]}"
            )
    if sizes.shape != (*batch, len(fields)):
        raise invalid(
            f"sizes should be batch_size + [len(field_names)].  Saw: {list(sizes.shape)} but "
            f"expected: {[*batch, len(fields)]}"
        )
    counts = sizes.reshape(-1, len(fields))
    rows = [value.reshape(len(counts), value.shape[-1]) for value in values]
    order = sorted(range(len(fields)), key=lambda i: fields[i].number)
    made = np.empty(len(counts), object)
    for number, sizes_of_message in enumerate(counts):
        parts = []
        for i in order:
            size = int(sizes_of_message[i])
            if size > rows[i].shape[1]:
                raise invalid(
                    "Size to write must not be larger than value tensor; but saw: "
                    f"{size} > {rows[i].shape[1]} at message {number} field {i}"
                )
            parts.append(_field_bytes(fields[i], rows[i][number, : max(size, 0)]))
        made[number] = b"".join(parts)
    return made.reshape(batch)


def _field_bytes(field: Field, values: Array) -> bytes:
    return written(field.number, field.kind, list(values), is_packed=field.is_packed)


@encode_proto_op.shape
def encode_proto_shape(sizes: Shape, values: list[Shape], **attrs: Any) -> Shape:
    """Return the shape of `sizes` without its last size."""
    for each in (sizes, *values):
        if each.rank is not None and each.rank < 2:
            raise invalid(f"Shape must be at least rank 2 but is rank {each.rank}")
    if sizes.rank is None:
        return Shape.unknown()
    return Shape(tuple(sizes)[:-1])


encode_proto_op.no_gradient("a message is no number")
