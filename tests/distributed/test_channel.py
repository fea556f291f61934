"""Channels: one suite for the way over TCP and the way within a process; then what only TCP has."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from minitf.distributed.channel import Connection, Direct
from minitf.distributed.listener import Listener
from minitf.distributed.messages import (
    AbortStep,
    DeregisterGraph,
    Done,
    GetStatus,
    ReceiveTensor,
    RunGraph,
    TensorSent,
)
from minitf.errors import (
    AbortedError,
    InternalError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
)

KEY = b"0123456789abcdef"
PATIENCE_S = 60


class Echo:
    """A service: it gives back what it gets, later if it is told so."""

    def __init__(self):
        self.waiting = {}

    def answer(self, request):
        reply = Future()
        if isinstance(request, GetStatus):
            raise ValueError("a mistake")
        if isinstance(request, DeregisterGraph):
            raise NotFoundError(None, None, f"No graph {request.handle}")
        if isinstance(request, ReceiveTensor):
            self.waiting[request.key] = reply
            return reply
        if isinstance(request, AbortStep):
            self.waiting.pop(request.text).set_exception(AbortedError(None, None, "stopped"))
            reply.set_result(Done())
        elif request.handle == "handle":
            reply.set_result(TensorSent(object(), False))
        else:
            reply.set_result(TensorSent(request.values[0], False))
        return reply


def run(value, handle="g"):
    return RunGraph(handle, 1, [np.asarray(value)], b"")


@pytest.fixture(params=["direct", "tcp"])
def way(request):
    """Return a service and a channel to it."""
    service = Echo()
    if request.param == "direct":
        channel = Direct(service)
        yield service, channel
        channel.close()
        return
    with Listener("localhost", 0, service, KEY) as listener:
        channel = Connection.to(listener.address, KEY)
        yield service, channel
        channel.close()


def test_a_request_brings_its_reply(way):
    found = way[1].call(run([1.0, 2.0])).result(PATIENCE_S)

    np.testing.assert_array_equal(found.value, [1, 2])


def test_replies_come_in_any_order(way):
    service, channel = way
    late = [channel.call(ReceiveTensor(1, key)) for key in "ab"]

    assert channel.call(run(3)).result(PATIENCE_S).value == 3
    assert not any(reply.done() for reply in late)
    service.waiting["b"].set_result(TensorSent(None, True))
    assert late[1].result(PATIENCE_S).is_dead
    assert not late[0].done()
    service.waiting["a"].set_result(TensorSent(np.array(1), False))
    assert late[0].result(PATIENCE_S).value == 1


def test_an_error_keeps_its_class_and_text(way):
    with pytest.raises(NotFoundError, match="No graph 7"):
        way[1].call(DeregisterGraph("7")).result(PATIENCE_S)


def test_a_mistake_of_the_service_is_told_and_ends_nothing(way):
    with pytest.raises(InternalError, match="ValueError: a mistake"):
        way[1].call(GetStatus()).result(PATIENCE_S)
    assert way[1].call(run(1)).result(PATIENCE_S).value == 1


def test_a_call_can_fail_while_it_waits(way):
    late = way[1].call(ReceiveTensor(1, "a"))
    way[1].call(AbortStep(1, 10, "a")).result(PATIENCE_S)

    with pytest.raises(AbortedError, match="stopped"):
        late.result(PATIENCE_S)


def test_a_closed_channel_takes_no_calls(way):
    way[1].close()

    with pytest.raises(UnavailableError, match="is closed"):
        way[1].call(run(1)).result(PATIENCE_S)


def test_many_threads_use_one_channel(way):
    found = {}

    def ask(number):
        found[number] = way[1].call(run(np.full(number * 997, number))).result(PATIENCE_S).value

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(1, 33)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all((found[n] == n).all() and found[n].size == n * 997 for n in range(1, 33))


# --- over TCP only --------------------------------------------------------------------------------


@pytest.fixture
def listener():
    with Listener("localhost", 0, Echo(), KEY) as made:
        yield made


@pytest.fixture
def channel(listener):
    made = Connection.to(listener.address, KEY)
    yield made
    made.close()


def test_calls_that_wait_end_when_the_other_side_goes(listener, channel):
    late = channel.call(ReceiveTensor(1, "never"))
    listener.close()

    with pytest.raises(UnavailableError, match="Socket closed"):
        late.result(PATIENCE_S)
    with pytest.raises(UnavailableError, match="Socket closed"):
        channel.call(run(1)).result(PATIENCE_S)


def test_calls_that_wait_end_when_this_side_closes(channel):
    late = channel.call(ReceiveTensor(1, "never"))
    channel.close()

    with pytest.raises(UnavailableError, match="is closed"):
        late.result(PATIENCE_S)


def test_a_value_that_cannot_be_sent_fails_its_call_only(channel):
    with pytest.raises(UnimplementedError, match="stays with its task"):
        channel.call(run(1, handle="handle")).result(PATIENCE_S)
    with pytest.raises(UnimplementedError, match="stays with its task"):
        channel.call(RunGraph("g", 1, [object()], b"")).result(PATIENCE_S)
    assert channel.call(run(2)).result(PATIENCE_S).value == 2


def test_a_caller_without_the_key_is_refused_and_others_are_served(listener, channel, caplog):
    with pytest.raises(UnauthenticatedError):
        Connection.to(listener.address, KEY[::-1])

    assert channel.call(run(2)).result(PATIENCE_S).value == 2


def test_hostile_bytes_end_their_connection_alone(listener, channel):
    with socket.create_connection(listener.address) as stranger:
        stranger.sendall(bytes(1000))
        with contextlib.suppress(ConnectionResetError):
            while stranger.recv(4096):
                pass

    assert channel.call(run(2)).result(PATIENCE_S).value == 2


def test_nobody_at_an_address_is_unavailable(listener):
    host, port = listener.address
    listener.close()

    with pytest.raises(UnavailableError, match=f"failed to connect to {host}:{port}: "):
        Connection.to((host, port), KEY)


def test_a_port_is_taken_once(listener):
    host, port = listener.address

    with pytest.raises(UnavailableError, match="Could not start gRPC server"):
        Listener(host, port, Echo(), KEY)


SERVING = """
import sys
sys.path.insert(0, sys.argv[1])
from test_channel import KEY, Echo
from minitf.distributed.listener import Listener
print(Listener("localhost", 0, Echo(), KEY).address[1], flush=True)
sys.stdin.read()
"""


@pytest.mark.thorough
def test_a_process_that_is_killed_is_noticed_at_once():
    here = str(Path(__file__).parent)
    with subprocess.Popen(
        [sys.executable, "-c", SERVING, here], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        channel = Connection.to(("localhost", int(server.stdout.readline())), KEY)
        assert channel.call(run(5)).result(PATIENCE_S).value == 5
        late = channel.call(ReceiveTensor(1, "never"))
        server.send_signal(signal.SIGKILL)

        with pytest.raises(UnavailableError, match="Socket closed"):
            late.result(PATIENCE_S)
    channel.close()
