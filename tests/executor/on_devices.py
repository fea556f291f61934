"""Steps on several devices: how tests make, scatter and watch them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from executor.stepping import request_of
from hypothesis import strategies as st

from minitf.devices import local_devices
from minitf.executor.rendezvous import LocalRendezvous
from minitf.executor.step import Steps
from minitf.executor.step_options import StepOptions
from minitf.graph import Graph
from minitf.resources import ResourceStore

CHOICES = st.lists(st.integers(0, 2), min_size=1, max_size=40)


class Counting(LocalRendezvous):
    """A rendezvous that counts what is sent, by the name of the edge, and its bytes."""

    def __init__(self, counts: Counter[str], keys: list[str]) -> None:
        super().__init__()
        self.counts = counts
        self.keys = keys
        self.sent_bytes = 0

    def send(self, key: str, value: Any, is_dead: bool) -> None:
        self.sent_bytes += getattr(value, "nbytes", 0)  # a dead one has none, nor has a handle
        self.counts[key.split(";")[3].partition("_")[2].partition("_")[2]] += 1
        self.keys.append(key)
        super().send(key, value, is_dead)

    def left(self) -> int:
        return len(self._values) + len(self._waiting)


class CountedSteps(Steps):
    """Steps whose rendezvous count.

    Attributes:
        counts: edge -> how often something was sent over it.
        meetings: a rendezvous per run.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.sent: Counter[str] = Counter()
        self.keys: list[str] = []
        self.meetings: list[Counting] = []
        self._meeting = threading.Lock()

    def rendezvous(self) -> Counting:
        made = Counting(self.sent, self.keys)
        with self._meeting:
            self.meetings.append(made)
        return made


def steps_on(
    graph: Graph, count: int = 3, *, passes: bool = True, store: Any = None, **options: Any
) -> CountedSteps:
    made = StepOptions(merge_equal=passes, fold_constants=passes, delay_large=passes, **options)
    return CountedSteps(graph, local_devices({"CPU": count}), store or ResourceStore(), made)


def parts_of(steps: Steps, fetched: Iterable[Any], feeds: Iterable[Any] = ()) -> dict[str, Any]:
    """Return the partitions of a step by the short names of their devices."""
    step = steps.find(request_of(fetched, feeds))
    return {part.device.name[-5:]: part.partition for part in step.parts}


def described(parts):
    """Return partitions as text: a line per operation, with what it reads and waits for."""
    lines = []
    for name, each in parts.items():
        lines.append(name)
        subgraph = each.subgraph
        for operation in subgraph.operations:
            read = [subgraph.source(tensor).name for tensor in operation.inputs]
            waits = [f"^{other.name}" for other in subgraph.control_sources(operation)]
            edge = operation.attrs.get("tensor_name")
            shown = " ".join([operation.type, *read, *waits, *([f"({edge})"] if edge else [])])
            lines.append(f"  {operation.name} = {shown}")
    return lines


def types_of(partition: Any) -> list[str]:
    return [operation.type for operation in partition.subgraph.operations]


def scatter(graph: Graph, choices: Sequence[int]) -> None:
    """Ask for some device or other for each operation, but for those that follow another."""
    for i, operation in enumerate(graph.get_operations()):
        if "_class" not in operation.attrs:
            operation.device = f"/cpu:{choices[i % len(choices)]}"
