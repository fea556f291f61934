"""The dataflow executor: a node fires when its last token has come, and its outputs become tokens.

**State**
- of a Plan, constant: nodes, counts, constants (`plan.py`).
- `Iteration`, the tag of a token (`frames.py`), one per run of a plan without control flow: how
  many tokens each node still waits for, what has come into its slots, which nodes are dead.
- `Run`: the ready queue, of (node, tag) pairs; the nodes that wait for something outside the step;
  the first failure.

**Invariants**
1. A node enters the ready queue once per iteration: when its count comes down to zero (law L12).
2. A token is an array or DEAD.  A node with a dead data input, or one that waits for a dead node,
   is dead: it does not run, all its outputs are DEAD, and all who wait for it are told (law L1).
   It still waits for its other tokens, so that each is taken out of its slot.  Only ControlTrigger
   fires all the same.
3. Nobody may rely on the order of the queue: results are equal under every order and any number of
   threads.
4. A value is dropped when its last reader takes it; while a kernel runs the executor holds no
   value but that kernel's inputs.
5. After the first failure no kernel starts, and whatever is waited for is cancelled.

Worked example: the plan of `y = x * x + 1` (`plan.py`), x = 3.

    the source gives   x -> slots 0 and 1; Mul has come down to 0: ready
    Mul fires          takes 3, 3 out, 9 -> slot 2; AddV2 has come down to 0: ready
    AddV2 fires        takes 9, 1 out, 10 -> slot 4; the sink has come down to 1
    nothing is ready   slot 4 holds the value fetched

A loop is a Frame with Iterations of its own; Enter, Exit and NextIteration deliver to another
Iteration than their own, and Merge does not wait for all of its inputs.  A plan that has such nodes
lets `frames.py` deliver its tokens.  Everything else, which is what this file does, is the same
with and without: a node fires in the Iteration that it became ready in.

**Departures from the paper**: an asynchronous kernel returns a Future instead of being handed a
continuation: the continuation is the Future's callback, which brings its outputs to the step.

Source: 2015 §3.1 (counts and ready queue), §4.4 (tags and frames), §5.3 (asynchronous kernels);
OSDI §3.2 (concurrent steps), §3.4 (dead tokens).
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol

import numpy as np

from minitf.dead import DEAD
from minitf.errors import CancelledError, InvalidArgumentError, OpError
from minitf.executor.failure import failure_of, shown
from minitf.executor.frames import ALL_DEAD, Delivery, Iteration
from minitf.executor.plan import Node, Plan
from minitf.executor.ready import Fifo, Item, Ready
from minitf.executor.watch import Watch
from minitf.tensor import Tensor

Deliver = Callable[[Node, Any, Any], None]  # a node, its tag, its outputs; None: they come later


class Observer(Protocol):
    """Whoever wants to see a run: it is told of each event, in the thread in which it happens."""

    def scheduled(self, node: Node, at: Iteration) -> None:
        """A node has become ready."""

    def started(self, node: Node, at: Iteration) -> None:
        """A node has left the queue and is about to run, unless it is dead."""

    def finished(self, node: Node, at: Iteration, outputs: Sequence[Any]) -> None:
        """Its outputs are there, and about to be delivered."""


class Run:
    """One run of a Plan, by the calling thread alone.

    Args:
        plan: what to run.
        ready: an empty ready queue.
        observer: told of each event, or None.
        watch: told if it waits long, or None.

    Source: 2015 §3.1.
    """

    __slots__ = (
        "_arrivals",
        "_delivery",
        "_is_blocked",
        "_observer",
        "_outstanding",
        "_push",
        "_ready",
        "_watch",
        "failure",
        "plan",
    )

    def __init__(
        self,
        plan: Plan,
        ready: Ready | None = None,
        observer: Observer | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.plan = plan
        self.failure: BaseException | None = None
        self._ready: Ready = Fifo() if ready is None else ready
        self._observer = observer
        self._watch = watch
        self._is_blocked = False
        self._push = self._ready.append if observer is None else self._announce
        self._delivery = Delivery(plan, self._push) if plan.has_control_flow else None
        self._outstanding: dict[Future[Any], Node] = {}
        self._arrivals: queue.SimpleQueue[tuple[Item, Future[Any]] | None] = queue.SimpleQueue()

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Run the plan and return the fetched values.

        Args:
            feeds: values in the order of the request's feeds.

        Raises:
            OpError: the first failure of a node, with its operation and inputs.
        """
        plan = self.plan
        root, deliver = self._begun()
        try:
            if self._observer is not None:
                self._observer.finished(plan.source, root, feeds)
            deliver(plan.source, root, feeds)
            self._drain(deliver)
            if self.failure is not None and root.pending[plan.sink.index] != 1:
                raise self.failure  # else it came when all was done
        except BaseException as error:
            self.abort(error)
            root.drop()
            raise
        return self._fetched(root)

    @property
    def firings(self) -> int:
        """How many nodes have fired in a run that is over; without loops each does once."""
        return len(self.plan.nodes) if self._delivery is None else self._delivery.firings

    def _begun(self) -> tuple[Iteration, Deliver]:
        """Return the tag of the fed and the fetched values, and who delivers tokens."""
        delivery = self._delivery
        if delivery is None:
            return Iteration(None, 0, self.plan), self._deliver
        return delivery.root, delivery.deliver

    def abort(self, error: BaseException) -> None:
        """Stop: no further kernel starts, and what is waited for is cancelled.  Any thread may.

        Source: 2015 §3.3.
        """
        if self.failure is None:
            self.failure = error
        for future in tuple(self._outstanding):
            future.cancel()
        self._arrivals.put(None)

    # --- the loop --------------------------------------------------------------------------------

    def _drain(self, deliver: Deliver) -> None:
        """Fire what is ready until nothing is, and nothing is waited for."""
        ready = self._ready
        fire = self._fire if self._observer is None else self._fire_seen
        take = ready.take
        with np.errstate(all="ignore"):  # 1 / 0 is inf, as in TensorFlow
            while self.failure is None:
                while ready and self.failure is None:
                    node, at = take()
                    deliver(node, at, fire(node, at))
                if not self._outstanding:
                    return
                self._is_blocked = True
                arrival = self._next_arrival()
                self._is_blocked = False
                self._receive(arrival, deliver)
                del arrival  # a failure's traceback would keep it

    def _fire(self, node: Node, at: Iteration) -> Any:
        """Take a node's inputs out of their slots, run its kernel; None if the outputs come later.

        Raises:
            OpError: if the kernel fails.
        """
        values = at.values
        inputs = values[node.first : node.last]
        values[node.first : node.last] = node.empty
        if at.dead and node.index in at.dead and not _fires_though_dead(node):
            return ALL_DEAD
        try:
            for i in node.reads:
                inputs[i] = inputs[i].read()
            result = node.kernel(*inputs)
            if isinstance(result, Future):
                return self._wait_for(result, node, at)
            return (result,) if node.unpack is None else node.unpack(result)
        except Exception as error:  # noqa: BLE001 a kernel may raise anything
            raise failure_of(error, node.operation, inputs, at.tag) from shown(error)

    def _deliver(self, node: Node, at: Iteration, outputs: Any) -> None:
        """Send each output to its readers and tell those who wait; who has all is ready."""
        if outputs is None:
            return
        nodes, push = self.plan.nodes, self._push
        pending, values = at.pending, at.values
        for output, slot, reader in node.edges:
            value = values[slot] = outputs[output]
            if value is DEAD:
                at.dead.add(reader)
            left = pending[reader] = pending[reader] - 1
            if not left:
                push((nodes[reader], at))
        if outputs is ALL_DEAD:
            at.dead.update(node.controls)
        for reader in node.controls:
            left = pending[reader] = pending[reader] - 1
            if not left:
                push((nodes[reader], at))

    # --- asynchronous kernels ------------------------------------------------------------------

    def is_blocked(self) -> bool:
        """Tell whether it can do nothing but wait."""
        return self._is_blocked

    def waits(self) -> list[tuple[Node, Future[Any]]]:
        """Return the nodes that wait for something outside the step, and what they wait for."""
        return [(node, future) for future, node in tuple(self._outstanding.items())]

    def _next_arrival(self) -> tuple[Item, Future[Any]] | None:
        """Wait until a Future has brought outputs, or the run is aborted."""
        while self._watch is not None:
            try:
                return self._arrivals.get(timeout=self._watch.patience_s)
            except queue.Empty:
                self._watch = None if self._watch.stalled(self) else self._watch
        return self._arrivals.get()

    def _wait_for(self, future: Future[Any], node: Node, at: Iteration) -> None:
        """Let a Future bring the outputs: no thread waits for it."""
        self._outstanding[future] = node
        future.add_done_callback(partial(self._arrive, (node, at)))
        if self.failure is not None:  # aborted by another thread meanwhile
            future.cancel()

    def _arrive(self, item: Item, future: Future[Any]) -> None:
        """Note that outputs are there.  Any thread may."""
        self._arrivals.put((item, future))

    def _receive(self, arrival: tuple[Item, Future[Any]] | None, deliver: Deliver) -> None:
        """Deliver the outputs that a Future has brought; None is an abort."""
        if arrival is None or self.failure is not None:
            return
        (node, at), future = arrival
        del self._outstanding[future]
        try:
            result = future.result()
            outputs = (result,) if node.unpack is None else node.unpack(result)
        except FutureCancelled:
            if self.failure is not None:  # that cancelled it
                return
            cancelled = CancelledError(None, None, "The operation was cancelled")
            raise failure_of(cancelled, node.operation, [], at.tag) from None
        except Exception as error:  # noqa: BLE001 a kernel may raise anything
            raise failure_of(error, node.operation, [], at.tag) from shown(error)
        if self._observer is not None:
            self._observer.finished(node, at, outputs)
        deliver(node, at, outputs)

    # --- the end ---------------------------------------------------------------------------------

    def _fetched(self, root: Iteration) -> list[Any]:
        plan = self.plan
        sink = plan.sink
        if root.pending[sink.index] != 1:
            raise _cycle(plan, root)
        fetched = root.values[sink.first : sink.last]
        for position, value in enumerate(fetched):
            if value is DEAD:
                raise dead_fetch(plan.fetches[position], position)
        return fetched

    # --- with an observer ------------------------------------------------------------------------

    def _fire_seen(self, node: Node, at: Iteration) -> Any:
        assert self._observer is not None
        self._observer.started(node, at)
        outputs = self._fire(node, at)
        if outputs is not None:
            self._observer.finished(node, at, outputs)
        return outputs

    def _announce(self, item: Item) -> None:
        assert self._observer is not None
        self._observer.scheduled(*item)
        self._ready.append(item)


def _fires_though_dead(node: Node) -> bool:
    """Tell whether a node takes no notice of what it waits for being dead."""
    return node.operation is not None and node.operation.type == "ControlTrigger"


def dead_fetch(tensor: Tensor, position: int) -> OpError:
    """Return the error for a fetched value on a branch that was not taken."""
    return InvalidArgumentError(
        None,
        tensor.op,
        f"Retval[{position}] does not have value\n"
        f"  hint: '{tensor.name}' is on the branch of a conditional that was not taken",
    )


def _cycle(plan: Plan, root: Iteration) -> OpError:
    stuck = [node.name for node in plan.nodes[:-1] if root.pending[node.index]]
    return InvalidArgumentError(
        None,
        None,
        f"Graph is invalid, contains a cycle with {len(stuck)} nodes, including: "
        + ", ".join(stuck[:8]),
    )
