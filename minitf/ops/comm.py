"""Send and Recv: what crosses from one device to another.

The partitioner alone makes them (`minitf/executor/partition.py`): one pair for each tensor and each
device that needs it.  They meet at the Rendezvous of the run, under a key that both can name:

    source device;its incarnation;destination device;edge;frame:iteration
    /job:localhost/replica:0/task:0/device:CPU:0;2d1f;/job:localhost/.../device:CPU:1;edge_3_x;0:0

**Invariants**
1. Either may come first; each key is met once.
2. Send never waits.  It runs though its input is dead, and says so; Recv is dead then (law L10).

Source: 2015 §3.2.2 "Cross-Device Communication"; OSDI §3.3; TensorFlow's rendezvous.h.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np

from minitf.dead import DEAD
from minitf.dtypes import ANY, DType
from minitf.errors import InternalError, OpError
from minitf.op_def import op
from minitf.shapes import Shape
from minitf.symbols import T, tensor_type

Array = np.ndarray[Any, Any]
Done = Callable[[Any, bool, OpError | None], None]  # takes a value, whether it is dead, an error
ROOT = "0:0"  # frame and iteration outside all loops


class Rendezvous(Protocol):
    """Where the Sends and Recvs of one run meet, in one process or in several.

    Source: 2015 §3.2.2, §4.2; OSDI §3.3.
    """

    def send(self, key: str, value: Any, is_dead: bool) -> None:
        """Bring a value; never waits.

        Raises:
            OpError: if the run was aborted, or the key brings a value already.
        """

    def recv(self, key: str, done: Done) -> None:
        """Ask for a value: `done` gets it when it has come, at once or in another thread.

        Raises:
            OpError: if somebody asks for the key already.
        """

    def abort(self, error: OpError) -> None:
        """Give the error to all who wait, and to whoever comes after."""


_CURRENT: ContextVar[Rendezvous | None] = ContextVar("rendezvous", default=None)


@contextlib.contextmanager
def meeting_at(rendezvous: Rendezvous) -> Iterator[None]:
    """Let the Sends and Recvs that this thread runs in the block meet at a rendezvous."""
    token = _CURRENT.set(rendezvous)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_rendezvous() -> Rendezvous:
    """Return the rendezvous of the run that this thread works for.

    Raises:
        InternalError: if it works for none: somebody else than the partitioner made a Send or Recv.
    """
    found = _CURRENT.get()
    if found is None:
        raise InternalError(None, None, "Op kernel context needs to provide a rendezvous.")
    return found


def key_of(attrs: Mapping[str, Any], tag: str = "") -> str:
    """Return the key under which a Send and its Recv meet.

    Args:
        attrs: of either.
        tag: in which iteration of which loops, "" outside all.
    """
    incarnation = attrs["send_device_incarnation"]
    sender, receiver = attrs["send_device"], attrs["recv_device"]
    return f"{sender};{incarnation:x};{receiver};{attrs['tensor_name']};{tag or ROOT}"


def received(rendezvous: Rendezvous, key: str) -> Any:
    """Return a value, DEAD in place of a dead one, a Future if it has not come."""
    arrival: Future[Any] = Future()

    def done(value: Any, is_dead: bool, error: OpError | None) -> None:
        if not arrival.set_running_or_notify_cancel():
            return  # the run was aborted
        if error is not None:
            arrival.set_exception(error)
        else:
            arrival.set_result(DEAD if is_dead else value)

    rendezvous.recv(key, done)
    return arrival.result() if arrival.done() else arrival


# --- _Send ----------------------------------------------------------------------------------------


@op("_Send", "stateful", T=ANY)
def send_op(
    tensor: T,
    *,
    tensor_name: str,
    send_device: str,
    send_device_incarnation: int,
    recv_device: str,
    client_terminated: bool = False,
) -> None:
    """Send a tensor to another device.

    Args:
        tensor: T[...].
        tensor_name: the edge's name.
        send_device: whose tensor it is.
        send_device_incarnation: tells the device from one of the same name before a restart.
        recv_device: where it is needed.
        client_terminated: whether the client of the session is at the other end.

    Raises:
        InternalError: outside a run of several partitions.

    Source: 2015 §3.2.2; OSDI §3.3.
    """
    attrs = {
        "tensor_name": tensor_name,
        "send_device": send_device,
        "send_device_incarnation": send_device_incarnation,
        "recv_device": recv_device,
    }
    current_rendezvous().send(key_of(attrs), tensor, tensor is DEAD)


send_op.no_gradient("gradients are built before a graph is cut")


# --- _Recv ----------------------------------------------------------------------------------------


@op("_Recv", "stateful", "asynchronous", outputs=("tensor",))
def recv_op(
    *,
    tensor_type: DType,
    tensor_name: str,
    send_device: str,
    send_device_incarnation: int,
    recv_device: str,
    client_terminated: bool = False,
) -> tensor_type:
    """Receive a tensor from another device, when it has come.

    Args:
        tensor_type: its type.
        tensor_name: the edge's name.
        send_device: whose tensor it is.
        send_device_incarnation: tells the device from one of the same name before a restart.
        recv_device: where it is needed.
        client_terminated: whether the client of the session is at the other end.

    Returns:
        tensor: tensor_type[...], of the shape that it was sent with.

    Raises:
        InternalError: outside a run of several partitions.

    Source: 2015 §3.2.2; OSDI §3.3.
    """
    attrs = {
        "tensor_name": tensor_name,
        "send_device": send_device,
        "send_device_incarnation": send_device_incarnation,
        "recv_device": recv_device,
    }
    return received(current_rendezvous(), key_of(attrs))


@recv_op.shape
def recv_shape(**_: Any) -> Shape:
    return Shape.unknown()


recv_op.no_gradient("gradients are built before a graph is cut")
