"""Short ways to make and run steps in tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.convert import convert_to_tensor
from minitf.devices import local_devices
from minitf.executor.plan import Plan
from minitf.executor.prune import Request
from minitf.executor.runs import Runs
from minitf.executor.step import Step, Steps
from minitf.executor.step_options import StepOptions
from minitf.executor.structured import Hints, Structured
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.resources import ResourceStore
from minitf.tensor import Tensor


def const(value: Any) -> Tensor:
    return convert_to_tensor(value)


def steps_of(
    graph: Graph, store: ResourceStore | None = None, *, passes: bool = True, **options: Any
) -> Steps:
    made = StepOptions(merge_equal=passes, fold_constants=passes, delay_large=passes, **options)
    return Steps(graph, local_devices(), store or ResourceStore(), made)


def request_of(fetched: Iterable[Any], feeds: Iterable[Any] = ()) -> Request:
    elements = list(fetched)
    return Request(
        tuple(e for e in elements if not isinstance(e, Operation)),
        tuple(e for e in elements if isinstance(e, Operation)),
        tuple(feeds),
    )


def step_of(
    graph: Graph, fetched: Iterable[Any], feeds: Iterable[Any] = (), **options: Any
) -> Step:
    return steps_of(graph, **options).find(request_of(fetched, feeds))


def structured(plan: Plan, runs: Runs | None = None, mode: str = "auto") -> Structured:
    device = local_devices()[0]
    hints = Hints(device.expression, device.treats, device.native_loops, mode)
    return Structured(plan, runs or Runs(), hints)
