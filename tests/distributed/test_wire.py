"""Frames: what is written is read, whatever the type; hostile bytes are errors and nothing else."""

import re
import socket
import struct
import threading

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.distributed import wire
from minitf.distributed.messages import (
    DeviceAttributes,
    Done,
    GetStatus,
    PartitionDef,
    RegisterGraph,
    RunGraph,
    Status,
    TensorSent,
)
from minitf.dtypes import DTYPES
from minitf.errors import InvalidArgumentError, UnavailableError, UnimplementedError
from minitf.testing.strategies import anything, shapes


def array(kind, values):
    """Return an extension as it stands in a head."""
    return msgpack.ExtType(kind, msgpack.packb(values))


SENT = [name for name in DTYPES if name not in {"resource", "variant"}]


def bytes_of(message, number=7):
    """Return the head and the body of a message's frame."""
    flat = b"".join(map(bytes, wire.frame(number, message)))
    (head_size,) = struct.unpack("!I", flat[4:8])
    return flat[16 : 16 + head_size], np.frombuffer(flat[16 + head_size :], np.uint8)


def carried(message):
    """Return a message after it was bytes."""
    number, made = wire.parsed(*bytes_of(message))
    assert number == 7
    return made


@pytest.fixture
def pair():
    left, right = socket.socketpair()
    with left, right:
        yield left, right


@pytest.mark.parametrize("name", SENT)
@given(data=st.data())
def test_a_tensor_of_any_type_and_layout_arrives_as_it_was(name, data):
    value = data.draw(anything(data.draw(shapes()), name))

    found = carried(TensorSent(value, False)).value

    assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert found.tolist() == value.tolist() or found.tobytes() == value.tobytes()  # NaN


def test_what_arrives_is_a_view_that_nobody_writes_to():
    found = carried(TensorSent(np.arange(3.0), False)).value

    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1


def test_messages_hold_messages_texts_and_numbers():
    long = bytes(range(256)) * 40
    part = PartitionDef("/job:w/task:0/device:CPU:0", long, ["x"], [3], ["y:0"], True)
    device = DeviceAttributes("/job:w/task:0/device:CPU:0", "CPU", 1 << 40, 2**63)

    for message in (
        RegisterGraph("s", [part, part], b"", b"config"),
        Status(17, [device]),
        RunGraph("g", 2**62, [np.array(1, np.float32), np.array([b"a", b""], object)], b"options"),
        TensorSent(None, True),
        Done(),
    ):
        assert str(carried(message)) == str(message)


def test_a_handle_stays_with_its_task():
    for value in (object(), np.array([object()], object)):
        with pytest.raises(UnimplementedError, match="stays with its task"):
            wire.frame(1, TensorSent(value, False))


def test_frames_of_any_size_pass_through_a_socket(pair):
    values = [np.full(n, n, np.float32) for n in (0, 1, 1000, 3_000_000)] * 300
    message = RunGraph("g", 1, values[:4] + values[:3] * 400, b"")
    writer = threading.Thread(target=lambda: wire.write(pair[0], wire.frame(5, message)))
    writer.start()

    number, found = wire.read(pair[1])
    writer.join()

    assert number == 5
    for value, wanted in zip(found.values, message.values, strict=True):
        np.testing.assert_array_equal(value, wanted)


@given(data=st.data())
def test_torn_and_changed_frames_are_errors_and_nothing_else(data):
    head, body = bytes_of(RunGraph("g", 3, [np.arange(40.0), np.array([b"a"], object)], b"x"))
    changed = bytearray(head)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(head) - 1))] = data.draw(st.integers(0, 255))
    changed = bytes(changed[: data.draw(st.integers(0, len(head)))])

    try:
        number, message = wire.parsed(changed, body)
    except InvalidArgumentError as error:
        assert "Malformed" in error.message  # noqa: PT017 most changes are noticed
    else:
        assert type(number) is int
        wire.frame(number, message)  # some are other messages


@pytest.mark.parametrize(
    ("packed", "phrase"),
    [
        ([1, "GetStatus"], "3 values are wanted"),
        ([1, "System", []], "no message 'System'"),
        ([1, "__class__", []], "no message '__class__'"),
        ([1, "Message", []], "no message 'Message'"),
        (["1", "GetStatus", []], "its head is no"),
        ([1, "GetStatus", [1]], "has 0 fields, not 1"),
        ([1, "AbortStep", [True, 1, "x"]], "AbortStep.step is no"),
        ([1, "AbortStep", [1, 1, b"x"]], "AbortStep.text is no"),
        ([1, "RunStep", ["s", [1], [], [], [], b""]], "RunStep.feeds is no"),
        ([1, "TensorSent", [msgpack.ExtType(1, b"\x93"), False]], "torn"),
        ([1, "TensorSent", [array(1, ["float32", [2], 0]), False]], "8 bytes at 0 of 4"),
        ([1, "TensorSent", [array(1, ["float32", [1], 1]), False]], "nothing lies at 1"),
        ([1, "TensorSent", [array(1, ["float32", [-1], 0]), False]], "is no shape"),
        ([1, "TensorSent", [array(1, ["float32", [2**40, 2**40], 0]), False]], "bytes at 0"),
        ([1, "TensorSent", [array(1, ["int7", [1], 0]), False]], "no type 'int7'"),
        ([1, "TensorSent", [array(1, ["string", [1], 0]), False]], "does not lie in the body"),
        ([1, "TensorSent", [array(2, [[2], [b"a"]]), False]], "1 strings for shape"),
        ([1, "TensorSent", [array(2, [[1], ["a"]]), False]], "holds bytes only"),
        ([1, "TensorSent", [array(9, []), False]], "no extension 9"),
    ],
)
def test_a_head_that_says_something_else_is_refused(packed, phrase):
    with pytest.raises(InvalidArgumentError, match=re.escape(phrase)):
        wire.parsed(msgpack.packb(packed), np.zeros(4, np.uint8))


@pytest.mark.parametrize(
    "start",
    [
        b"GET / HTTP/1.1\r\n",
        struct.pack("!4sIQ", b"MTF1", wire.MOST_HEAD + 1, 0),
        struct.pack("!4sIQ", b"MTF1", 0, wire.MOST_BODY + 1),
    ],
)
def test_what_is_no_frame_is_not_waited_for(pair, start):
    pair[0].sendall(start)

    with pytest.raises(InvalidArgumentError, match="Malformed frame: it begins with"):
        wire.read(pair[1])


def test_a_peer_that_leaves_within_a_frame_is_noticed(pair):
    first, *_ = wire.frame(1, GetStatus())
    pair[0].sendall(bytes(first)[:-1])
    pair[0].close()

    with pytest.raises(UnavailableError, match="Socket closed"):
        wire.read(pair[1])
