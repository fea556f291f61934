"""Readers: what takes file names from a queue and gives their records one by one.

An op of this family gives a reader's handle; `minitf.ops.io.reading` reads.  Graphs written before
GraphDef version 26 name readers by refs of strings instead of resources: the second half.

Source: 2015 §4.5 "Input Operations"; TensorFlow's ops of the same names.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from minitf.errors import invalid
from minitf.io import work_units
from minitf.io.compressed import window_bits_of
from minitf.io.reader import Reader
from minitf.io.work_units import Record
from minitf.op_def import op
from minitf.ops.handles import ref_twin
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Ref, Resource, string


def _find_reader(
    context: Context,
    container: str,
    shared_name: str,
    kind: str,
    open_unit: Callable[[bytes], Iterator[Record]],
    *,
    one_each: bool = False,
) -> Handle:
    """Return the handle of the reader of that container and name, made at first use."""
    name = shared_name or context.node_name
    reader = context.resources.find_or_create(
        container, name, lambda: Reader(f"{kind} '{name}'", open_unit, one_each=one_each), Reader
    )
    return Handle(reader, container, name)


def _check_not_negative(**sizes: int) -> None:
    for name, size in sizes.items():
        if size < 0:
            raise invalid(f"{name} must be >= 0 not {size}")


# --- WholeFileReaderV2, IdentityReaderV2 ---------------------------------------------------------


@op("WholeFileReaderV2", "stateful", outputs=("reader_handle",))
def whole_file_reader_v2_op(
    *, container: str = "", shared_name: str = "", context: Context
) -> Resource:
    """Give the handle of a reader whose records are whole files, keyed by their names.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: 2015 §4.5.
    """
    return _find_reader(
        context, container, shared_name, "WholeFileReader", work_units.whole_file, one_each=True
    )


@op("IdentityReaderV2", "stateful", outputs=("reader_handle",))
def identity_reader_v2_op(
    *, container: str = "", shared_name: str = "", context: Context
) -> Resource:
    """Give the handle of a reader whose records are the strings of the queue, keyed by themselves.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: 2015 §4.5.
    """
    return _find_reader(
        context, container, shared_name, "IdentityReader", work_units.itself, one_each=True
    )


# --- TextLineReaderV2 ----------------------------------------------------------------------------


@op("TextLineReaderV2", "stateful", outputs=("reader_handle",))
def text_line_reader_v2_op(
    *,
    skip_header_lines: int = 0,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a reader of lines, keyed `file:number` from 1 on.

    Args:
        skip_header_lines: how many lines at the top of each file are left out.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a number is negative.

    Source: 2015 §4.5.
    """
    _check_not_negative(skip_header_lines=skip_header_lines)
    lines = partial(work_units.text_lines, skip=skip_header_lines)
    return _find_reader(context, container, shared_name, "TextLineReader", lines)


# --- FixedLengthRecordReaderV2 -------------------------------------------------------------------


@op("FixedLengthRecordReaderV2", "stateful", outputs=("reader_handle",))
def fixed_length_record_reader_v2_op(
    *,
    header_bytes: int = 0,
    record_bytes: int,
    footer_bytes: int = 0,
    hop_bytes: int = 0,
    container: str = "",
    shared_name: str = "",
    encoding: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a reader of records of one length, keyed `file:number` from 0 on.

    Args:
        header_bytes: how much is left out at the top of each file.
        record_bytes: the length of a record; what is left at the end is no record.
        footer_bytes: how much is left out at the end of each file.
        hop_bytes: how far the next record begins after this one; 0 for its length.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.
        encoding: "", "ZLIB" or "GZIP".

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a number is negative, a record has no length, or there is no such
            encoding.

    Source: 2015 §4.5.
    """
    sizes: dict[str, Any] = {
        "header_bytes": header_bytes,
        "record_bytes": record_bytes,
        "footer_bytes": footer_bytes,
        "hop_bytes": hop_bytes,
    }
    _check_not_negative(**sizes)
    if not record_bytes:
        raise invalid("record_bytes must be > 0 not 0")
    window_bits_of(encoding)  # complains of what is none
    records = partial(work_units.fixed_length_records, **sizes, encoding=encoding)
    return _find_reader(context, container, shared_name, "FixedLengthRecordReader", records)


# --- TFRecordReaderV2 ----------------------------------------------------------------------------


@op("TFRecordReaderV2", "stateful", outputs=("reader_handle",))
def tf_record_reader_v2_op(
    *, container: str = "", shared_name: str = "", compression_type: str = "", context: Context
) -> Resource:
    """Give the handle of a reader of TFRecord files, keyed `file:offset`.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.
        compression_type: "", "ZLIB" or "GZIP".

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if there is no such compression.

    Source: 2015 §4.5.
    """
    window_bits_of(compression_type)  # complains of what is none
    records = partial(work_units.tf_records, compression_type=compression_type)
    return _find_reader(context, container, shared_name, "TFRecordReader", records)


# --- LMDBReader -----------------------------------------------------------------------------------


@op("LMDBReader", "stateful", outputs=("reader_handle",))
def lmdb_reader_op(*, container: str = "", shared_name: str = "", context: Context) -> Ref[string]:
    """Give the handle of a reader of the entries of LMDB databases, keyed by their keys.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    return _find_reader(context, container, shared_name, "LMDBReader", work_units.lmdb_entries)


lmdb_reader_op.shape(lambda **_: Shape([2]))
lmdb_reader_op.no_gradient("it has no inputs")

_READERS = (
    whole_file_reader_v2_op,
    identity_reader_v2_op,
    text_line_reader_v2_op,
    fixed_length_record_reader_v2_op,
    tf_record_reader_v2_op,
)
for _op in _READERS:
    _op.shape(lambda **_: SCALAR)
    _op.no_gradient("it has no inputs")

# --- the same with refs of strings for handles ---------------------------------------------------

whole_file_reader_op = ref_twin("WholeFileReader", whole_file_reader_v2_op)
identity_reader_op = ref_twin(
    "IdentityReader", identity_reader_v2_op, deprecated=(26, "Use IdentityReaderV2")
)
text_line_reader_op = ref_twin(
    "TextLineReader", text_line_reader_v2_op, deprecated=(26, "Use TextLineReaderV2")
)
fixed_length_record_reader_op = ref_twin(
    "FixedLengthRecordReader",
    fixed_length_record_reader_v2_op,
    left_out="encoding",
    deprecated=(26, "Use FixedLengthRecordReaderV2"),
)
tf_record_reader_op = ref_twin(
    "TFRecordReader", tf_record_reader_v2_op, deprecated=(26, "Use TFRecordReaderV2")
)
