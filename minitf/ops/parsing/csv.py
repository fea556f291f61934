"""Lines of separated fields as columns of numbers and strings.

Source: RFC 4180; TensorFlow's op of the same name.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.dtypes import by_numpy, c_name, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.strings.arrays import letters, octets
from minitf.ops.strings.numbers import put_number
from minitf.shapes import Shape
from minitf.symbols import OUT_TYPE, TypeList, string

Array = np.ndarray[Any, Any]

COLUMNS = types("float32", "float64", "int32", "int64", "string").at_least(1)
_LINE_ENDS = b"\n\r"

# --- DecodeCSV -----------------------------------------------------------------------------------


@op("DecodeCSV", OUT_TYPE=COLUMNS)
def decode_csv_op(
    records: string,
    record_defaults: TypeList[OUT_TYPE],
    *,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    select_cols: tuple[int, ...] = (),
) -> TypeList[OUT_TYPE]:
    """Read strings as lines of fields, a column each.

    Args:
        records: string[...], a line each.
        record_defaults: for each column what an empty field means, or an empty vector if a field
            must not be empty; its type is the column's.
        field_delim: one character, which separates fields.
        use_quote_delim: whether `"` may begin a field that ends at the next `"`; within it `""` is
            a quotation mark, and separators and line ends are ordinary.
        na_value: a field of this text is as good as empty.
        select_cols: numbers of the columns that are wanted, in order; all if there are none.

    Returns:
        OUT_TYPE: an array of the shape of `records` for each column.

    Raises:
        InvalidArgumentError: if a line has another number of fields, a field is missing or no
            number, or quotation marks do not pair.

    Source: RFC 4180; TensorFlow's op of the same name.
    """
    delimiter = octets(field_delim)
    if len(delimiter) != 1:
        raise invalid("field_delim should be only 1 char")
    check_columns(select_cols, len(record_defaults))
    rows = []
    for number, line in enumerate(records.flat):
        fields = fields_of(line, delimiter, select_cols, quotes=use_quote_delim)
        check_count(fields, len(record_defaults), number, line)
        rows.append(fields)
    missing = (b"", octets(na_value))
    return [
        column([row[i] for row in rows], i, default, missing).reshape(records.shape)
        for i, default in enumerate(record_defaults)
    ]


def check_columns(columns: tuple[int, ...], count: int) -> None:
    """Raise InvalidArgumentError unless numbers of columns ascend and are as many as defaults."""
    if any(column < 0 for column in columns):
        raise invalid("select_cols should be non-negative indices")
    if list(columns) != sorted(set(columns)):
        raise invalid("select_cols should be strictly increasing indices")
    if columns and len(columns) != count:
        raise invalid("select_cols should match output size")


def check_count(fields: list[bytes], count: int, number: int, line: bytes) -> None:
    """Raise InvalidArgumentError unless a line has as many fields as there are defaults."""
    if len(fields) != count:
        raise invalid(
            f"Expect {count} fields but have {len(fields)} in record {number}",
            record=letters(line[:120]),
        )


def fields_of(
    line: bytes, delimiter: bytes, columns: tuple[int, ...], *, quotes: bool
) -> list[bytes]:
    """Return the fields of a line that are wanted; all if there are no columns."""
    return list(_selected(_fields(line, delimiter, quotes=quotes), columns))


def _selected(fields: Iterator[bytes], columns: tuple[int, ...]) -> Iterator[bytes]:
    """Yield the fields that are wanted; what comes after the last one is not looked at."""
    if not columns:
        yield from fields
        return
    wanted = set(columns)
    for number, field in enumerate(fields):
        if number in wanted:
            yield field
        if number == columns[-1]:
            return


def _fields(line: bytes, delimiter: bytes, *, quotes: bool) -> Iterator[bytes]:
    """Yield the fields of a line; line ends before a field are passed over."""
    at, end = 0, len(line)
    while at < end:
        if line[at] in _LINE_ENDS:
            at += 1
            continue
        if quotes and line[at : at + 1] == b'"':
            field, at = _quoted(line, at + 1, delimiter)
        else:
            stop = line.find(delimiter, at)
            stop = end if stop < 0 else stop
            field = line[at:stop]
            if any(byte in field for byte in (b'"\n\r' if quotes else _LINE_ENDS)):
                raise invalid(
                    "Unquoted fields cannot have quotes/CRLFs inside", field=letters(field)
                )
            at = stop
        yield field
        at += 1
    if line.endswith(delimiter):
        yield b""


def _quoted(line: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
    """Return a field that begins behind a quotation mark, and where it is followed by more."""
    parts = []
    while True:
        stop = line.find(b'"', at)
        behind = line[stop + 1 : stop + 2]
        if stop < 0:
            raise invalid("Quoted field has to end with quote followed by delim or end")
        parts.append(line[at:stop])
        if behind in (b"", delimiter):
            return b"".join(parts), stop + 1
        if behind != b'"':
            raise invalid("Quote inside a string has to be escaped by another quote")
        parts.append(b'"')
        at = stop + 2


def column(fields: list[bytes], number: int, default: Array, missing: tuple[bytes, ...]) -> Array:
    """Return the fields of one column as an array.

    Args:
        fields: the fields.
        number: which column it is, for messages.
        default: what an empty field means; an empty vector if none may be.
        missing: texts that are as good as none.

    Raises:
        InvalidArgumentError: if a field is missing or no number.
    """
    dtype = by_numpy(default.dtype)
    is_string = dtype is string
    out = np.empty(len(fields), dtype.numpy)
    for record, field in enumerate(fields):
        if field in missing:
            if not default.size:
                raise invalid(f"Field {number} is required but missing in record {record}!")
            out[record] = default.item()
        elif is_string:
            out[record] = field
        else:
            try:
                put_number(out, record, field, is_floating=dtype.is_floating)
            except ValueError:
                raise invalid(
                    f"Field {number} in record {record} is not a valid {c_name(dtype)}: "
                    f"{letters(field)}"
                ) from None
    return out


@decode_csv_op.shape
def decode_csv_shape(
    records: Shape, record_defaults: list[Shape], *, select_cols: tuple[int, ...], **_: Any
) -> list[Shape]:
    for default in record_defaults:
        if default.rank is not None and default.rank > 1:
            raise invalid(f"Shape must be at most rank 1 but is rank {default.rank}")
        if default.is_full and default.size > 1:
            raise invalid("Shape of a default must be a length-0 or length-1 vector, or a scalar.")
    return [records] * len(record_defaults)


decode_csv_op.no_gradient("nothing flows to a default", refuse=True)
