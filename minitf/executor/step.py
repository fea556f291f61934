"""Step: a request made ready to run, once; and the cache in which a session finds it again.

    request -> prune -> place -> merge, fold, delay -> plan -> Step -> run, run, run, ...

**State**
- `Steps`, one per session: request -> Step; `counts`, how often each stage has run.
- `Step`: its Plan, constant; whether the last run was so long that helpers pay.

**Invariants**
1. A Step found in the cache has passed no stage again: only `Step.run` is paid for.
2. Operations added to the graph change no Step that exists: what a request needs was there when it
   was first made.  Operations changed make all Steps stale (`Graph.structure_version`).
3. What belongs to a run lives in the run, so several threads may run one Step at once.

Worked example:

    steps = Steps(graph, devices, ResourceStore(), StepOptions())
    step = steps.find(Request(fetches=(y,), targets=(), feeds=(x,)))
    step.run([np.float32(3)])           # -> [10.0]
    steps.counts["plan"]                # -> 1, however often it runs

**Departures from the paper**: one partition, on the first device; partitions by device come with
Send and Recv.

Source: 2015 §2 "Sessions" (set up once, run thousands of times); OSDI §3.2, §3.3 (steps cached).
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Hashable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from minitf import source
from minitf.devices import Device, DeviceSpec
from minitf.errors import DeadlineExceededError, InvalidArgumentError
from minitf.executor.binding import Kernel, bound
from minitf.executor.dataflow import Observer, Run
from minitf.executor.delay import delay_large
from minitf.executor.optimize import MOST_FOLDED_BYTES, fold_constants, merge_equal
from minitf.executor.plan import Plan, Planner
from minitf.executor.prune import Request, Subgraph, prune
from minitf.executor.shared_run import SharedRun
from minitf.functions import Function
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.resources import Context, ResourceStore

# Helpers pay where an operation takes longer than a hand-off to another thread (25 to 90 us).
_WORTH_SHARING_S = 50e-6


@dataclass(frozen=True)
class StepOptions:
    """How a session prepares and runs its steps.

    Attributes:
        merge_equal: whether equal operations are merged.
        fold_constants: whether constants are folded.
        most_folded_bytes: how large a folded constant may be.
        delay_large: whether large values are made just before they are read.
        soft_placement: whether a device that does not exist may be replaced by another.
        log_placement: whether to write each operation's device to stderr.
        threads: how many threads may run one step.
    """

    merge_equal: bool = True
    fold_constants: bool = True
    most_folded_bytes: int = MOST_FOLDED_BYTES
    delay_large: bool = True
    soft_placement: bool = False
    log_placement: bool = False
    threads: int = 1


class Step:
    """A request, ready to run.

    Attributes:
        request: what it was made for.
        plan: its nodes.
        device: where it runs.

    Source: OSDI §3.2.
    """

    def __init__(self, request: Request, plan: Plan, device: Device, crew: Crew) -> None:
        self.request = request
        self.plan = plan
        self.device = device
        self._crew = crew
        self._is_shared = False
        self._running: set[Run] = set()

    def run(
        self,
        feeds: Sequence[Any],
        observer: Observer | None = None,
        timeout_s: float | None = None,
    ) -> list[Any]:
        """Run it once and return the fetched values.

        Args:
            feeds: values, in the order of the request's feeds.
            observer: told of each event.
            timeout_s: how long it may take.

        Raises:
            OpError: if a node fails, or time runs out.
        """
        run = self._new_run(observer)
        self._running.add(run)
        timer = None if timeout_s is None else _timer(run, timeout_s)
        try:
            if self._crew.threads == 1:
                return run.run(feeds)
            began_s = time.perf_counter()
            fetched = run.run(feeds)
            elapsed_s = time.perf_counter() - began_s
            self._is_shared = elapsed_s > _WORTH_SHARING_S * run.firings
            return fetched
        finally:
            self._running.discard(run)
            if timer is not None:
                timer.cancel()

    def abort(self, error: BaseException) -> None:
        """Abort the runs that are under way."""
        for run in tuple(self._running):
            run.abort(error)

    def _new_run(self, observer: Observer | None) -> Run:
        if self._is_shared:
            crew = self._crew
            return SharedRun(self.plan, crew.threads - 1, crew.pool(), observer=observer)
        return Run(self.plan, observer=observer)


def _timer(run: Run, timeout_s: float) -> threading.Timer:
    late = DeadlineExceededError(
        None, None, f"Timed out waiting for notification: the step took more than {timeout_s} s"
    )
    timer = threading.Timer(timeout_s, run.abort, [late])
    timer.daemon = True
    timer.start()
    return timer


class Crew:
    """The threads that help to run long steps; made when first needed."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._pool: Executor | None = None
        self._lock = threading.Lock()

    def pool(self) -> Executor:
        """Return the pool."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.threads - 1, "minitf-step")
            return self._pool

    def close(self) -> None:
        """End the threads."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False)


class Steps:
    """The Steps of one session, by request.

    Args:
        graph: whose operations they run.
        devices: where they may run.
        resources: the state that outlives a step.
        options: how they are made.

    Attributes:
        counts: how often each stage has run: "prune", "place", "merge", "fold", "delay",
            "plan".

    Source: OSDI §3.3.
    """

    def __init__(
        self,
        graph: Graph,
        devices: Sequence[Device],
        resources: ResourceStore,
        options: StepOptions,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._graph = graph
        self._devices = devices
        self._resources = resources
        self._options = options
        self._crew = Crew(options.threads)
        self._local: dict[Hashable, Any] = {}
        self._local_lock = threading.Lock()
        self._made: dict[Request, Step] = {}
        self._functions: dict[Operation, Steps] = {}  # of each call, so that it has its own state
        self._version = graph.structure_version
        self._lock = threading.Lock()

    def find(self, request: Request) -> Step:
        """Return the Step of a request, made the first time.

        Raises:
            InvalidArgumentError: if an operation's device does not exist or has no kernel.
        """
        with self._lock:
            if self._version != self._graph.structure_version:
                self._made.clear()
                self._version = self._graph.structure_version
            step = self._made.get(request)
            if step is None:
                step = self._made[request] = self._make(request)
            return step

    @property
    def requests(self) -> list[Request]:
        """The requests that Steps were made for."""
        with self._lock:
            return list(self._made)

    def close(self, error: BaseException) -> None:
        """Abort the runs that are under way and forget all Steps."""
        with self._lock:
            for step in self._made.values():
                step.abort(error)
            self._made.clear()
            self._crew.close()

    def _make(self, request: Request) -> Step:
        self.counts["prune"] += 1
        subgraph = prune(request)
        self.counts["place"] += 1
        placement = self._place(subgraph)  # first: also what is folded must have a device
        if self._options.merge_equal:
            self.counts["merge"] += 1
            merge_equal(subgraph)
        if self._options.fold_constants:
            self.counts["fold"] += 1
            fold_constants(subgraph, self._options.most_folded_bytes)
        if self._options.delay_large:
            self.counts["delay"] += 1
            delay_large(subgraph)
        self.counts["plan"] += 1

        def kernel_of(operation: Operation) -> Kernel:
            if isinstance(operation.definition, Function):
                return self._called(operation, operation.definition)
            kernel = placement[operation].kernel(operation.definition, operation.attrs)
            if not operation.definition.takes_context:
                return bound(kernel, operation)
            context = Context(operation.name, self._resources, self._local, self._local_lock)
            return bound(kernel, operation, context=context)

        return Step(request, Planner(subgraph, kernel_of).plan(), self._devices[0], self._crew)

    def _called(self, operation: Operation, function: Function) -> Kernel:
        """Return what runs a function: a step of its own, on the calling thread."""
        if operation not in self._functions:
            options = replace(self._options, threads=1)
            self._functions[operation] = Steps(
                function.graph, self._devices, self._resources, options
            )
        results, arguments = tuple(function.results), tuple(function.placeholders)
        request = Request(results, tuple(function.effects), arguments)
        step = self._functions[operation].find(request)
        if len(results) == 1:
            return lambda *inputs: step.run(inputs)[0]
        return lambda *inputs: step.run(inputs)

    def _place(self, subgraph: Subgraph) -> dict[Operation, Device]:
        """Give each operation a device that satisfies its request."""
        chosen: dict[str, Device] = {}
        for operation in subgraph.operations:
            if operation.device not in chosen:
                chosen[operation.device] = self._device_for(operation)
            if self._options.log_placement:
                device = chosen[operation.device].name
                sys.stderr.write(f"{operation.name}: ({operation.type}): {device}\n")
        return {operation: chosen[operation.device] for operation in subgraph.operations}

    def _device_for(self, operation: Operation) -> Device:
        spec = DeviceSpec.from_string(operation.device)
        for device in self._devices:
            if spec.matches(DeviceSpec.from_string(device.name)):
                return device
        if self._options.soft_placement:
            return self._devices[0]
        names = ", ".join(device.name for device in self._devices)
        raise InvalidArgumentError(
            None,
            operation,
            f"Cannot assign a device for operation {operation.name}: {{{{node {operation.name}}}}} "
            f"was explicitly assigned to {operation.device} but available devices are [ {names} ]. "
            "Make sure the device specification refers to a valid device.\n"
            "  hint: tf.ConfigProto(allow_soft_placement=True) lets it run elsewhere\n"
            f"  created at {source.describe(operation.site)}",
        )
