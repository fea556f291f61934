"""Files read through decompression: what is sound is delivered before what is not.

`open_stream` gives a buffered stream of plain bytes, whatever a file's compression is.

**State** of an `Inflated` stream: the file; the decompressor; input that it has not taken; output
that nobody has read; the error that follows that output.

**Invariants**
1. Every byte that can be decompressed is delivered before an error is raised.
2. The end is told only where a compressed stream ends: a cut one raises DataLossError.
3. Memory is bounded, however much a few bytes expand to.

Several compressed streams in a row read as one, so `cat a.gz b.gz` is a file too.

Source: TensorFlow 1.15's compression types; RFC 1950 (ZLIB), RFC 1952 (GZIP).
"""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO, cast

from minitf.errors import DataLossError, InvalidArgumentError, house_message
from minitf.io.os_errors import told

WINDOW_BITS = {"ZLIB": zlib.MAX_WBITS, "GZIP": zlib.MAX_WBITS + 16}
BUFFER_BYTES = 1 << 18
_CHUNK_BYTES = 1 << 16


def open_stream(
    path: str, compression_type: str = "", buffer_bytes: int = BUFFER_BYTES
) -> BinaryIO:
    """Open a file to be read as a stream of plain bytes.

    Args:
        path: its path.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_bytes: how much is read ahead.

    Raises:
        NotFoundError: if there is no such file; likewise the other errors of opening.
        InvalidArgumentError: if there is no such compression.
    """
    window_bits = window_bits_of(compression_type)
    with told(path):
        file = io.FileIO(path)
    raw = file if window_bits is None else Inflated(file, path, window_bits)
    return cast("BinaryIO", io.BufferedReader(raw, max(buffer_bytes, 1)))


def window_bits_of(compression_type: str) -> int | None:
    """Return zlib's number for a compression type, None for none.

    Raises:
        InvalidArgumentError: if there is no such compression.
    """
    if not compression_type:
        return None
    if compression_type not in WINDOW_BITS:
        raise InvalidArgumentError(
            None, None, f"Unsupported compression_type:{compression_type}. Expected ZLIB or GZIP."
        )
    return WINDOW_BITS[compression_type]


class Inflated(io.RawIOBase):
    """A compressed file as a stream of plain bytes.

    Args:
        file: an unbuffered file.
        path: its path, for messages.
        window_bits: zlib's number for the format.
    """

    def __init__(self, file: io.FileIO, path: str, window_bits: int) -> None:
        self._file = file
        self._path = path
        self._window_bits = window_bits
        self._decompress = zlib.decompressobj(window_bits)
        self._has_begun = False  # whether the present stream has taken any input
        self._input = b""
        self._output = memoryview(b"")
        self._error: DataLossError | None = None

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with what comes next; 0 is the end.

        Raises:
            DataLossError: if the compressed bytes are damaged or end too soon.
        """
        while not self._output and self._error is None:
            if not self._input:
                self._input = self._file.read(_CHUNK_BYTES) or b""
                if not self._input and not self._has_begun:
                    return 0
            at_end = not self._input
            self._output = memoryview(self._inflated())
            if at_end and not self._output and self._has_begun and self._error is None:
                self._error = self._data_loss("the compressed stream is cut short")
        if not self._output:
            assert self._error is not None
            raise self._error
        size = min(len(buffer), len(self._output))
        buffer[:size] = self._output[:size]
        self._output = self._output[size:]
        return size

    def _inflated(self) -> bytes:
        """Decompress some of the input; note the error that stops it."""
        before = self._decompress.copy()
        self._has_begun = True
        try:
            output = self._decompress.decompress(self._input, BUFFER_BYTES)
        except zlib.error as error:
            output, taken = _sound_part(before, self._input)
            behind = len(self._input) - taken
            reason = str(error).removeprefix("Error -3 while decompressing data: ")
            self._error = self._data_loss(
                f"inflate() failed with error -3: {reason}", self._file.tell() - behind
            )
            return output
        self._input = self._decompress.unconsumed_tail
        if self._decompress.eof:
            self._input = self._decompress.unused_data
            self._decompress = zlib.decompressobj(self._window_bits)
            self._has_begun = False
        return output

    def _data_loss(self, message: str, offset: int | None = None) -> DataLossError:
        facts = {"file": self._path, "offset": self._file.tell() if offset is None else offset}
        return DataLossError(None, None, house_message(message, facts))


def _sound_part(decompress: zlib._Decompress, data: bytes) -> tuple[bytes, int]:
    """Decompress bytes one by one up to one that cannot be; return also how many that were."""
    output = []
    for i in range(len(data)):
        try:
            output.append(decompress.decompress(data[i : i + 1]))
        except zlib.error:
            return b"".join(output), i
    return b"".join(output), len(data)
