"""Where Send and Recv meet: either may come first, keys are met once, an abort wakes all."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from executor.on_devices import steps_on
from executor.stepping import request_of
from hypothesis import given
from hypothesis import strategies as st

from minitf import dtypes, ops
from minitf.dead import DEAD
from minitf.errors import AbortedError, InternalError
from minitf.executor.rendezvous import LocalRendezvous
from minitf.graph import Graph
from minitf.ops.comm import current_rendezvous, key_of, meeting_at, received, recv_op, send_op

KEY = {
    "tensor_name": "edge_3_x",
    "send_device": "/device:CPU:0",
    "send_device_incarnation": 31,
    "recv_device": "/device:CPU:1",
}
END = AbortedError(None, None, "over")


class Told(list):
    def __call__(self, value, is_dead, error):
        self.append((value, is_dead, error))


@pytest.mark.paper("O-13")
@given(order=st.permutations(["send a", "send b", "recv a", "recv b"]))
def test_either_may_come_first(order):
    meeting, told = LocalRendezvous(), {"a": Told(), "b": Told()}
    for step in order:
        kind, key = step.split()
        if kind == "send":
            meeting.send(key, key.upper(), False)
        else:
            meeting.recv(key, told[key])

    assert told == {"a": [("A", False, None)], "b": [("B", False, None)]}


@pytest.mark.paper("O-13")
def test_a_key_that_waits_to_be_met_is_refused_a_second_time():
    meeting = LocalRendezvous()
    meeting.send("a", 1, False)
    meeting.recv("b", Told())

    with pytest.raises(InternalError, match="Duplicate send: a"):
        meeting.send("a", 2, False)
    with pytest.raises(InternalError, match="Duplicate recv: b"):
        meeting.recv("b", Told())


@pytest.mark.paper("O-13")
def test_an_abort_wakes_all_who_wait_and_who_comes_later():
    meeting, told = LocalRendezvous(), [Told(), Told(), Told()]
    meeting.recv("a", told[0])
    meeting.recv("b", told[1])
    meeting.send("c", 1, False)
    meeting.abort(END)
    meeting.abort(AbortedError(None, None, "a second time"))
    meeting.recv("c", told[2])

    assert told == [[(None, False, END)]] * 3
    with pytest.raises(AbortedError, match="over"):
        meeting.send("d", 1, False)


def test_threads_meet_whoever_comes_first():
    meeting, count = LocalRendezvous(), 200
    found = {}
    done = threading.Semaphore(0)

    def tell(key):
        def told(value, is_dead, error):
            found[key] = value, is_dead, error
            done.release()

        return told

    def work(first):
        for i in range(count):
            key = f"{first}:{i}"
            meeting.send(key, i, i % 2 == 0)
            other = f"{1 - first}:{i}"
            meeting.recv(other, tell(other))

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(2 * count):
        assert done.acquire(timeout=60)

    assert found == {f"{f}:{i}": (i, i % 2 == 0, None) for f in (0, 1) for i in range(count)}


def test_a_key_names_devices_incarnation_edge_frame_and_iteration():
    assert key_of(KEY) == "/device:CPU:0;1f;/device:CPU:1;edge_3_x;0:0"
    assert key_of(KEY, "outer:2/inner:5").endswith(";edge_3_x;outer:2/inner:5")


@pytest.mark.paper("L10")
def test_a_dead_value_is_shipped_as_dead():
    meeting = LocalRendezvous()
    with meeting_at(meeting):
        send_op.body(DEAD, **KEY)
        meeting.send("alive", 1, False)

        assert recv_op.body(tensor_type=dtypes.float32, **KEY) is DEAD
        assert received(meeting, "alive") == 1


def test_a_value_that_has_not_come_is_waited_for():
    meeting = LocalRendezvous()
    first, second = received(meeting, "a"), received(meeting, "b")
    meeting.send("a", 3, False)
    meeting.abort(END)

    assert first.result(timeout=0) == 3
    assert second.exception(timeout=0) is END


def test_who_stopped_waiting_is_not_told():
    meeting = LocalRendezvous()
    arrival = received(meeting, "a")
    arrival.cancel()
    meeting.send("a", 3, False)

    assert arrival.cancelled()


def test_a_rendezvous_is_that_of_the_thread_that_works_for_its_run():
    outer, inner = LocalRendezvous(), LocalRendezvous()
    with meeting_at(outer):
        with meeting_at(inner):
            assert current_rendezvous() is inner
        assert current_rendezvous() is outer
    with pytest.raises(InternalError, match="needs to provide a rendezvous"):
        current_rendezvous()


def test_a_graph_that_brings_a_send_of_its_own_is_told_that_it_cannot_run():
    graph = Graph()
    with graph.as_default():
        sent = send_op(
            ops.const_op(value=np.ones(2, np.float32), dtype=dtypes.float32), name="sent", **KEY
        )
    step = steps_on(graph).find(request_of([sent]))

    with pytest.raises(InternalError, match="needs to provide a rendezvous"):
        step.run([])


@pytest.mark.tensorflow
def test_the_ops_are_tensorflows(tensorflow):
    from tensorflow.python.framework import op_def_registry

    from minitf.graph_def import op_def_message

    assert tensorflow is not None
    for ours in (send_op, recv_op):
        theirs, made = op_def_registry.get(ours.name), op_def_message(ours)
        named = {attr.name: attr for attr in theirs.attr}
        for attr in made.attr:
            assert attr.SerializeToString() == named.pop(attr.name).SerializeToString()
        assert not named
        assert [arg.SerializeToString() for arg in made.input_arg] == [
            arg.SerializeToString() for arg in theirs.input_arg
        ]
        assert [arg.SerializeToString() for arg in made.output_arg] == [
            arg.SerializeToString() for arg in theirs.output_arg
        ]
        assert made.is_stateful == theirs.is_stateful
