"""Assembly: the plans and tiers of a subgraph whose operations have their devices.

    subgraph, placement -> kernels -> clusters -> Plan;  plans by tier -> Tiers

**State**, constant once made: the subgraph and where its operations run.  What it makes belongs to
the Step that asks for it.

Source: 2015 §3.1, §10; OSDI §3.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from minitf.devices import Cluster, Device, StepFunction
from minitf.executor.binding import Kernel
from minitf.executor.fusion import find_clusters, is_scalar, one_by_one, spares_scalars
from minitf.executor.generated import Shapes
from minitf.executor.hasten import hastened
from minitf.executor.lines import waiting
from minitf.executor.native import hot_step
from minitf.executor.pausing import straight_line
from minitf.executor.plan import Plan, Planner
from minitf.executor.prepare import Examples, prepare, prepare_clusters
from minitf.executor.products import join_products
from minitf.executor.prune import Subgraph
from minitf.executor.runs import Runs
from minitf.executor.specialise import specialise
from minitf.executor.step_options import StepOptions
from minitf.executor.structured import Hints, Structured
from minitf.executor.tiers import Tiers
from minitf.executor.watch import Watch
from minitf.operation import Operation
from minitf.resources import ResourceStore

if TYPE_CHECKING:
    from minitf.executor.partition import Partition


class Kernels(Protocol):
    """Gives what gives an operation's kernel, its attributes bound."""

    def __call__(
        self, placement: dict[Operation, Device], *, compiled: bool
    ) -> Callable[[Operation], Kernel]:
        """Return it.

        Args:
            placement: where each operation runs.
            compiled: whether the kernels may need a compiler.
        """


class Assembly:
    """Makes the plans and tiers of one subgraph.

    Args:
        subgraph: pruned, merged and folded.
        placement: where each of its operations runs.
        first: the first device, which compiles loops.
        options: how.
        kernels: gives the kernels.
        resources: the state that outlives a step.
        counts: how often each stage has run; counted on.
        runs: the session's, who see that plans are being made.

    Source: 2015 §3.1; OSDI §3.3.
    """

    def __init__(
        self,
        subgraph: Subgraph,
        placement: dict[Operation, Device],
        first: Device,
        options: StepOptions,
        kernels: Kernels,
        resources: ResourceStore,
        counts: Counter[str],
        runs: Runs,
    ) -> None:
        self._subgraph = subgraph
        self._placement = placement
        self._first = first
        self._options = options
        self._kernels = kernels
        self._resources = resources
        self._counts = counts
        self._runs = runs

    def reference(self) -> Plan:
        """Make the plan with the bodies of ops."""
        self._counts["plan"] += 1
        ordered = replace(self._subgraph, operations=hastened(self._subgraph))
        return Planner(ordered, self._kernels(self._placement, compiled=False)).plan()

    def tiers(self, runs: Runs, watch: Watch | None, part: Partition | None = None) -> Tiers:
        """Make the tiers.

        Args:
            runs: where runs that wait tell of themselves.
            watch: told of runs that wait long, or None.
            part: the partition that the subgraph is of; None for a whole step.
        """
        subgraph, options, placement = self._subgraph, self._options, self._placement
        reference = self.reference()
        devices = {placement[operation] for operation in subgraph.operations}

        @self._runs.working()
        def planner(examples: Examples, shapes: Shapes | None, *, fuse: bool = False) -> Plan:
            self._counts["compile"] += 1
            if shapes is None:
                return self._compiled(subgraph, placement, examples, fuse=fuse)
            special = specialise(subgraph, shapes, options.most_folded_bytes)
            join_products(special)
            where = {op: placement[op.origin or op] for op in special.operations}
            return self._compiled(special, where, examples, fuse=True)

        @self._runs.working()
        def native(plan: Plan, shapes: Shapes, otherwise: StepFunction) -> StepFunction | None:
            if part or len(devices) != 1 or plan.has_control_flow or waiting(plan.nodes):
                return None
            self._counts["native"] += 1
            feeds = subgraph.request.feeds
            return hot_step(next(iter(devices)), plan, feeds, shapes, otherwise)

        first = self._first
        hints = Hints(
            expression=lambda op, known: placement[op].expression(op, known),
            treats=lambda op: devices == {first} and first.treats(op),
            native=first.native_loops,
            mode=options.jit,
        )
        return Tiers(
            options.jit,
            reference,
            planner,
            native,
            partial(straight_line, runs=runs, watch=watch),
            self._resources,
            partial(Structured, runs=runs, hints=hints, watch=watch),
            keeps_all=not options.elide,
            why_tokens=_TOKENS if part is not None and part.has_dead else None,
        )

    def _compiled(
        self,
        subgraph: Subgraph,
        placement: dict[Operation, Device],
        examples: Examples,
        *,
        fuse: bool = False,
    ) -> Plan:
        """Lay a subgraph out with compiled kernels, and compile them for values like examples."""
        kernels = self._kernels(placement, compiled=True)
        clusters: dict[Cluster, Kernel] = {}
        spares = spares_scalars(subgraph)

        def fusable(operation: Operation) -> bool:
            spared = spares and is_scalar(operation)
            return placement[operation].fuses(operation) and not spared

        if fuse:
            for cluster in find_clusters(subgraph, fusable):
                device = placement[cluster.operations[0]]
                clusters[cluster] = device.fused(cluster, one_by_one(cluster, kernels))
        ordered = replace(subgraph, operations=hastened(subgraph, clusters))
        plan = Planner(ordered, kernels, clusters).plan()
        prepare(subgraph, plan, placement, examples)
        prepare_clusters(subgraph, clusters, examples)
        return plan


_TOKENS = "its values may be dead, on this device or others"
