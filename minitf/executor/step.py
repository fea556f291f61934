"""Step: a request made ready to run, once; and the cache in which a session finds it again.

    request -> prune -> place -> lower, merge, fold, delay -> plan -> Step -> run, run, run, ...
                                                   -> partition, plans -> PartitionedStep -> ...

**State**
- `Steps`, one per session, and one per function that it calls: request -> Step; `counts`.
- `Step`: its plans, a better one after some runs (`tiers.py`); whether helpers pay.

**Invariants**
1. A Step found in the cache has passed no stage again: only `Step.run` is paid for.
2. Operations added to the graph change no Step that exists; operations changed make all stale.
3. What belongs to a run lives in the run, so several threads may run one Step at once.

Worked example:

    steps = Steps(graph, devices, ResourceStore(), StepOptions())
    step = steps.find(Request(fetches=(y,), targets=(), feeds=(x,)))
    step.run([np.float32(3)])           # -> [10.0]

A step whose operations are on several devices is cut (`partition.py`), and each part is a Step of
its own (`partitioned.py`); functions that operations call are not cut.

Source: 2015 §2 "Sessions" (set up once, run thousands of times); OSDI §3.2, §3.3 (steps cached).
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Union

from minitf.devices import Device
from minitf.executor.assembly import Assembly
from minitf.executor.binding import Kernel, bound
from minitf.executor.cost_model import CostModel
from minitf.executor.crew import Crew, Team
from minitf.executor.dataflow import Observer, Run
from minitf.executor.delay import delay_large
from minitf.executor.generated import Generated
from minitf.executor.kept import keep
from minitf.executor.lower import lower
from minitf.executor.optimize import fold_constants, merge_equal
from minitf.executor.placer import place
from minitf.executor.plan import Plan
from minitf.executor.prune import Request, Subgraph, prune
from minitf.executor.ready import InOrder
from minitf.executor.runs import Runs, timer_of
from minitf.executor.shared_run import SharedRun
from minitf.executor.step_options import StepOptions
from minitf.executor.tiers import Tiers
from minitf.executor.watch import Watch
from minitf.grammar import Function
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.resources import Context, ResourceStore

if TYPE_CHECKING:
    from minitf.executor.exchange import JoinedRuns
    from minitf.executor.partition import Partition
    from minitf.executor.partitioned import Part, PartitionedStep
    from minitf.ops.comm import Rendezvous

# Helpers pay where an operation takes longer than a hand-off to another thread (25 to 90 us).
_WORTH_SHARING_S = 50e-6


class Step:
    """A request, ready to run.

    Attributes:
        request: what it was made for.
        device: where it runs.
        tiers: its plans, and how far it has come.

    Source: OSDI §3.2.
    """

    def __init__(
        self,
        request: Request,
        tiers: Tiers,
        device: Device,
        crew: Crew,
        runs: Runs,
        watch: Watch | None = None,
    ) -> None:
        self.request = request
        self.device = device
        self.tiers = tiers
        self._crew = crew
        self._runs = runs
        self._watch = watch
        self._is_shared = False

    @property
    def plan(self) -> Plan:
        """Its nodes, with the kernels of the present tier."""
        return self.tiers.plan

    @property
    def parts(self) -> tuple[Step, ...]:
        """Its partitions: itself."""
        return (self,)

    @property
    def placed(self) -> dict[Operation, str]:
        """The names of the devices of operations that run on others than its own: none."""
        return {}

    @property
    def operations(self) -> Iterator[Operation]:
        """Walk what its plan runs, in order."""
        return (node.operation for node in self.plan.nodes if node.operation is not None)

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
        tiers = self.tiers
        if tiers.fast is None:
            kinds = tiers.begin_run(observer)
            if kinds is not None:
                kinds.keep(self.request.feeds, feeds)
                fetched = self._run_tokens(feeds, kinds, timeout_s)
                tiers.compile_behind(kinds, feeds)
                return fetched
        fast = tiers.fast
        if fast is not None and timeout_s is None:
            if observer is None:
                return fast.run(feeds)
            if isinstance(fast, Generated) and tiers.is_linear:
                return fast.observed(feeds, observer)
        return self._run_tokens(feeds, observer, timeout_s)

    def _run_tokens(
        self, feeds: Sequence[Any], observer: Observer | None, timeout_s: float | None
    ) -> list[Any]:
        """Run it by the reference executor."""
        run = self._new_run(observer)
        self._runs.begin(run)
        timer = None if timeout_s is None else timer_of(run, timeout_s)
        try:
            if self._crew.threads == 1:
                return run.run(feeds)
            began_s = time.perf_counter()
            fetched = run.run(feeds)
            elapsed_s = time.perf_counter() - began_s
            self._is_shared = elapsed_s > _WORTH_SHARING_S * run.firings
            return fetched
        finally:
            self._runs.end(run)
            if timer is not None:
                timer.cancel()

    def _new_run(self, observer: Observer | None) -> Run:
        ready = InOrder()
        if self._is_shared:
            crew = self._crew
            return SharedRun(self.plan, crew.threads - 1, crew.pool(), ready, observer, self._watch)
        return Run(self.plan, ready, observer, self._watch)


class _Limited(Step):
    """A Step whose kernels use no more threads than the program has said."""

    def __init__(self, threads: int, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._threads = threads

    def run(
        self,
        feeds: Sequence[Any],
        observer: Observer | None = None,
        timeout_s: float | None = None,
    ) -> list[Any]:
        """Run it once and return the fetched values."""
        before = self.device.limit_threads(self._threads)
        try:
            return super().run(feeds, observer, timeout_s)
        finally:
            self.device.limit_threads(before)


AnyStep = Union[Step, "PartitionedStep"]


class Steps:
    """The Steps of one session, by request.

    Args:
        graph: whose operations they run.
        devices: where they may run.
        resources: the state that outlives a step.
        options: how they are made.
        watch: told of runs that wait long, or None.

    Attributes:
        counts: how often each stage has run: "prune", "place", "merge", "fold", "delay",
            "partition", "plan", "compile", "native".
        costs: what operations cost, where that chooses their devices.
        runs: the runs that are under way.
        local: what operations keep of earlier runs (`Context.local`).

    Source: OSDI §3.3.
    """

    def __init__(
        self,
        graph: Graph,
        devices: Sequence[Device],
        resources: ResourceStore,
        options: StepOptions,
        watch: Watch | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._graph = graph
        self._devices = devices
        self._resources = resources
        self._options = options
        self._watch = watch
        self.costs = CostModel()
        self.runs = Runs()
        limit = partial(devices[0].limit_threads, options.kernel_threads)
        self._crew = Crew(options.threads, limit)
        self._team = Team()
        self.local: dict[Hashable, Any] = {}
        self.local_lock = threading.Lock()
        self._made: dict[Request, AnyStep] = {}
        self._functions: dict[tuple[str, str, int], tuple[Steps, AnyStep]] = {}
        self._version = graph.structure_version
        self._lock = threading.Lock()

    def find(self, request: Request) -> AnyStep:
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
                step = self._made[request] = keep(self._make(request))
            return step

    def rendezvous(self) -> Rendezvous:
        """Make what the partitions of one run meet at."""
        from minitf.executor.rendezvous import LocalRendezvous

        return LocalRendezvous()

    @property
    def requests(self) -> list[Request]:
        """The requests that Steps were made for."""
        with self._lock:
            return list(self._made)

    def twin(self, kind: type[Steps], **options: Any) -> Steps:
        """Return Steps of another kind, and with other options, that share all state with these."""
        changed = replace(self._options, **options)
        twin = kind(self._graph, self._devices, self._resources, changed, self._watch)
        twin.runs, twin.local, twin.local_lock = self.runs, self.local, self.local_lock
        twin.costs = self.costs
        return twin

    def close(self, error: BaseException) -> None:
        """Abort the runs that are under way and forget all Steps."""
        self.runs.end_all(error)
        with self._lock:
            self._made.clear()
            self._crew.close()
            self._team.close()
        for steps, _ in tuple(self._functions.values()):
            steps.close(error)

    def function(self, function: Function, caller: str = "") -> Callable[..., list[Any]]:
        """Return what calls a function of the graph: arrays in, a list of arrays out.

        A call is a run of its own, by the calling thread; what its operations keep of earlier
        calls, such as states of random numbers, is kept with the session.

        Args:
            function: the function.
            caller: the operation that calls it: each has a state of its own.

        Raises:
            NotFoundError: if there is no such function.
        """
        body = self._graph.find_function(function.name)
        key = caller, function.name, body.structure_version
        with self._lock:
            if key not in self._functions:
                options = replace(self._options, threads=1, partition=False)
                steps = type(self)(body, self._devices, self._resources, options)
                made = Request(tuple(body.outputs), (), tuple(body.inputs), tuple(body.effects))
                self._functions[key] = steps, steps.find(made)
            step = self._functions[key][1]
        return lambda *arguments: step.run(arguments)

    def _make(self, request: Request) -> AnyStep:
        self.counts["prune"] += 1
        subgraph = prune(request)
        self.counts["place"] += 1
        costs = self.costs if self._options.simulate_placement else None
        placement = place(subgraph, self._devices, self._options, costs)  # also what is folded
        lower(subgraph, placement)
        if self._options.merge_equal:
            self.counts["merge"] += 1
            merge_equal(subgraph)
        if self._options.fold_constants:
            self.counts["fold"] += 1
            fold_constants(subgraph, self._options.most_folded_bytes)
        devices = {placement[operation] for operation in subgraph.operations}
        if self._options.partition and len(devices) > 1:
            return self._partitioned(subgraph, placement)
        device = devices.pop() if len(devices) == 1 else self._devices[0]
        if self._options.delay_large:
            self.counts["delay"] += 1
            delay_large(subgraph)
        tiers = self._assembly(subgraph, placement).tiers(self.runs, self._watch)
        threads = self._options.kernel_threads
        kind = Step if threads is None else partial(_Limited, threads)
        return kind(request, tiers, device, self._crew, self.runs, self._watch)

    def _partitioned(
        self, subgraph: Subgraph, placement: dict[Operation, Device]
    ) -> PartitionedStep:
        """Make the Step of a subgraph that is placed on several devices."""
        from minitf.executor.exchange import JoinedRuns
        from minitf.executor.partition import partition
        from minitf.executor.partitioned import PartitionedStep

        self.counts["partition"] += 1
        whole = self._assembly(subgraph, dict(placement)).reference
        runs = JoinedRuns(self.runs)
        parts = [self.part(each, placement, runs) for each in partition(subgraph, placement)]
        return PartitionedStep(subgraph.request, parts, whole, self._team, self.rendezvous)

    def part(
        self, partition: Partition, placement: dict[Operation, Device], runs: JoinedRuns
    ) -> Part:
        """Make one partition ready to run within an Exchange.

        Args:
            partition: what it runs.
            placement: its operations' devices.
            runs: notes when it runs.
        """
        from minitf.executor.partitioned import Part

        tiers = self._assembly(partition.subgraph, placement).tiers(runs, self._watch, partition)
        rest = partition.subgraph.request, tiers, partition.device, self._crew, runs, self._watch
        return Part(partition, self._options.kernel_threads, *rest)

    def _assembly(self, subgraph: Subgraph, placement: dict[Operation, Device]) -> Assembly:
        return Assembly(
            subgraph,
            placement,
            self._devices[0],
            self._options,
            self._kernels,
            self._resources,
            self.counts,
            self.runs,
        )

    def _kernels(
        self, placement: dict[Operation, Device], *, compiled: bool
    ) -> Callable[[Operation], Kernel]:
        """Return what gives an operation's kernel, or what needs no compiler."""

        def kernel_of(operation: Operation) -> Kernel:
            device, definition = placement[operation], operation.definition
            kernel = device.kernel(definition, operation.attrs, compiled=compiled)
            if not definition.takes_context:
                return bound(kernel, operation)
            call = partial(self.function, caller=operation.name)
            state = operation.name, self._resources, self.local, self.local_lock
            return bound(kernel, operation, context=Context(*state, call, device.memory))

        return kernel_of
