"""A message as bytes: a head that says what it is, then tensors as they lie in memory.

    "MTF1"  head length  body length  head                    body
    4       4            8            msgpack, <= 64 MiB      arrays and long texts, each at a
                                                              multiple of 64 bytes

The head is `[number, kind, fields]`.  In place of an array it has its type, its shape and where it
lies in the body; strings, which lie all over memory, it holds themselves.  An array that arrives is
a view of the body, which nobody may write to: nothing is copied but from the socket.

**Invariants**
1. Nothing that arrives is run or looked up by name, but for the kinds of `messages.py` and the
   types of tensors.  What is too long, torn or of another form is an error before it is believed.
2. A frame is written whole or the connection is over: who writes holds its lock.

Source: 2015 §3.3 (TCP between tasks); the layout is ours.
"""

from __future__ import annotations

import itertools
import math
import socket
import struct
from collections import deque
from collections.abc import Sequence
from typing import Any

import msgpack
import numpy as np

from minitf.distributed.messages import KINDS, Message, fields_of, message_of
from minitf.dtypes import as_dtype, by_numpy, string
from minitf.errors import InvalidArgumentError, UnavailableError, UnimplementedError

Array = np.ndarray[Any, Any]
Buffer = bytes | memoryview

MAGIC = b"MTF1"
MOST_HEAD = 64 << 20  # bytes
MOST_BODY = 1 << 40
_START = struct.Struct("!4sIQ")
_ALIGNMENT = 64
_LONG = 4096  # bytes of a text that goes into the body
_ARRAY, _STRINGS, _TEXT, _MESSAGE = range(1, 5)  # msgpack's extension types
_MOST_BUFFERS = 512  # that one call of the system takes


# --- to bytes -------------------------------------------------------------------------------------


def frame(number: int, message: Message) -> list[Buffer]:
    """Return a message as buffers to be written one after the other.

    Args:
        number: which call it belongs to.
        message: the message.

    Raises:
        UnimplementedError: if a value is no tensor, such as a handle of what one task holds.
    """
    body = _Body()
    head = msgpack.packb(
        [number, type(message).__name__, [body.plain(v) for v in fields_of(message)]]
    )
    start = _START.pack(MAGIC, len(head), body.size)
    return [start + head, *body.buffers]


class _Body:
    """The body of a frame that is being made.

    Attributes:
        buffers: its parts; `size`: bytes of all of them.
    """

    def __init__(self) -> None:
        self.buffers: list[Buffer] = []
        self.size = 0

    def plain(self, value: Any) -> Any:
        """Return what stands for a value in the head."""
        if isinstance(value, list):
            return [self.plain(each) for each in value]
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if isinstance(value, Message):
            inner = [type(value).__name__, [self.plain(each) for each in fields_of(value)]]
            return msgpack.ExtType(_MESSAGE, msgpack.packb(inner))
        if isinstance(value, bytes) and len(value) >= _LONG:
            return msgpack.ExtType(_TEXT, msgpack.packb([self._put(value), len(value)]))
        if value is None or isinstance(value, bool | int | float | str | bytes):
            return value
        raise UnimplementedError(
            None, None, f"{type(value).__name__} stays with its task: it cannot be sent to another"
        )

    def _array(self, array: Array) -> Any:
        shape = list(array.shape)
        if array.dtype == object:
            values = array.ravel().tolist()
            if not all(isinstance(each, bytes) for each in values):
                raise UnimplementedError(
                    None, None, "A handle stays with its task: it cannot be sent to another"
                )
            return msgpack.ExtType(_STRINGS, msgpack.packb([shape, values]))
        whole = np.ascontiguousarray(array)
        place = self._put(_bytes_of(whole))
        name = by_numpy(array.dtype).name
        return msgpack.ExtType(_ARRAY, msgpack.packb([name, shape, place]))

    def _put(self, buffer: Buffer) -> int:
        """Append a buffer and return where it lies."""
        gap = -self.size % _ALIGNMENT
        if gap:
            self.buffers.append(bytes(gap))
        place = self.size + gap
        self.buffers.append(buffer)
        self.size = place + len(buffer)
        return place


def _bytes_of(array: Array) -> memoryview:
    return memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]


def write(
    to: socket.socket, buffers: Sequence[Buffer], *, may_wait: bool = True
) -> Sequence[Buffer]:
    """Write buffers one after the other; return what is left if it may not wait, else nothing.

    Raises:
        UnavailableError: if the other side is gone.
    """
    left = deque(memoryview(buffer) for buffer in buffers if len(buffer))
    flags = 0 if may_wait else socket.MSG_DONTWAIT
    try:
        while left:
            sent = to.sendmsg(list(itertools.islice(left, _MOST_BUFFERS)), [], flags)
            while left and sent >= len(left[0]):
                sent -= len(left.popleft())
            if sent:
                left[0] = left[0][sent:]
    except BlockingIOError:
        return list(left)
    except OSError as error:
        raise gone(error) from error
    return ()


# --- from bytes -----------------------------------------------------------------------------------


def read(source: socket.socket) -> tuple[int, Message]:
    """Read a message and the number of its call.

    Raises:
        InvalidArgumentError: if what arrives is no message.
        UnavailableError: if the other side is gone.
    """
    start = bytearray(_START.size)
    read_into(source, memoryview(start))
    magic, head_size, body_size = _START.unpack(start)
    if magic != MAGIC or head_size > MOST_HEAD or body_size > MOST_BODY:
        raise _malformed(f"it begins with {bytes(start)!r}")
    head = bytearray(head_size)
    read_into(source, memoryview(head))
    body = np.empty(body_size, np.uint8)
    read_into(source, _bytes_of(body))
    body.flags.writeable = False
    return parsed(bytes(head), body)


def read_into(source: socket.socket, room: memoryview) -> None:
    """Fill a buffer.

    Raises:
        UnavailableError: if the other side is gone.
    """
    while room:
        try:
            count = source.recv_into(room)
        except OSError as error:
            raise gone(error) from error
        if not count:
            raise UnavailableError(None, None, "Socket closed")
        room = room[count:]


def parsed(head: bytes, body: Array) -> tuple[int, Message]:
    """Return the number and the message that a frame's head and body say.

    Raises:
        InvalidArgumentError: if they say none.
    """
    reader = _Reader(body)
    number, kind, values = reader.unpacked(head, 3)
    if type(number) is not int or type(kind) is not str or type(values) is not list:
        raise _malformed("its head is no [number, kind, fields]")
    return number, message_of(kind, values)


class _Reader:
    """Reads what the head of a frame says.

    Args:
        body: the frame's body.
    """

    def __init__(self, body: Array) -> None:
        self._body = body

    def unpacked(self, packed: bytes, count: int) -> list[Any]:
        """Return a list of so many values.

        Raises:
            InvalidArgumentError: if it is none.
        """
        try:
            values = msgpack.unpackb(packed, ext_hook=self._special, raw=False)
        except InvalidArgumentError:
            raise
        except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
            raise _malformed(f"its head is torn ({error})") from error
        if type(values) is not list or len(values) != count:
            raise _malformed(f"{count} values are wanted, not {str(values)[:80]}")
        return values

    def _special(self, kind: int, packed: bytes) -> Any:
        if kind == _MESSAGE:
            name, values = self.unpacked(packed, 2)
            if name not in KINDS or type(values) is not list:
                raise _malformed(f"there is no message {name!r}")
            return message_of(name, values)
        if kind == _TEXT:
            place, size = self.unpacked(packed, 2)
            return self._part(place, size).tobytes()
        if kind == _STRINGS:
            shape, values = self.unpacked(packed, 2)
            return _strings(_checked(shape), values)
        if kind == _ARRAY:
            name, shape, place = self.unpacked(packed, 3)
            return self._array(name, _checked(shape), place)
        raise _malformed(f"there is no extension {kind}")

    def _array(self, name: Any, shape: tuple[int, ...], place: Any) -> Array:
        try:
            dtype = as_dtype(name)
        except (TypeError, ValueError) as error:
            raise _malformed(f"there is no type {name!r}") from error
        kind = np.dtype(dtype.as_numpy_dtype)
        if kind.kind == "O":
            raise _malformed(f"{name} does not lie in the body")
        found: Array = self._part(place, math.prod(shape) * kind.itemsize).view(kind)
        return found.reshape(shape)

    def _part(self, place: Any, size: Any) -> Array:
        if type(place) is not int or type(size) is not int or place % _ALIGNMENT:
            raise _malformed(f"nothing lies at {place!r}")
        if not (0 <= place <= place + size <= len(self._body)):
            raise _malformed(f"{size} bytes at {place} of {len(self._body)}")
        return self._body[place : place + size]


def _checked(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or not all(type(n) is int and n >= 0 for n in shape):
        raise _malformed(f"{shape!r} is no shape")
    return tuple(shape)


def _strings(shape: tuple[int, ...], values: Any) -> Array:
    if type(values) is not list or not all(type(each) is bytes for each in values):
        raise _malformed(f"a tensor of type {string.name} holds bytes only")
    if math.prod(shape) != len(values):
        raise _malformed(f"{len(values)} strings for shape {list(shape)}")
    found = np.empty(len(values), object)
    found[:] = values
    return found.reshape(shape)


def gone(error: OSError) -> UnavailableError:
    """Return the error of a connection that broke."""
    return UnavailableError(None, None, f"Socket closed ({error.strerror or error})")


def _malformed(what: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"Malformed frame: {what}")
