"""Loops made of the primitives by hand, to test the executor without the client's functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.graph import Graph
from minitf.tensor import Tensor


class RawLoop:
    """A while loop in the default graph.

    Args:
        name: of its frame.
        starts: the first values of its variables.
        constants: what its body reads from outside.
        parallel: how many iterations may be under way at once.
    """

    def __init__(
        self,
        graph: Graph,
        name: str,
        starts: Sequence[Any],
        constants: Sequence[Any] = (),
        parallel: int = 10,
    ) -> None:
        self.graph = graph
        common = {"frame_name": name, "parallel_iterations": parallel}
        self.constants = [ops.enter_op(each, is_constant=True, **common) for each in constants]
        enters = [ops.enter_op(each, **common) for each in starts]
        self.merges = [ops.merge_op([each, each]).output for each in enters]

    def build(
        self,
        goes_on: Callable[..., Tensor],
        body: Callable[..., Sequence[Tensor]],
    ) -> list[Tensor]:
        """Finish the loop by functions of its variables; returns what comes out."""
        condition = ops.loop_cond_op(goes_on(*self.merges))
        switches = [ops.switch_op(each, condition) for each in self.merges]
        following = body(*[switch.output_true for switch in switches])
        for merge, value in zip(self.merges, following, strict=True):
            merge.op._update_input(1, ops.next_iteration_op(value))
        return [ops.exit_op(switch.output_false) for switch in switches]


def triangle(
    graph: Graph,
    trips: Any,
    parallel: int = 10,
    tap: Callable[[Tensor], Tensor] = lambda i: i,
) -> list[Tensor]:
    """Return i and s of `i = s = 0; while i < trips: i, s = i + 1, s + tap(i)`."""
    zero = ops.const_op(value=_int(0), dtype="int32")
    one = ops.const_op(value=_int(1), dtype="int32")
    loop = RawLoop(graph, "loop", [zero, zero], [trips, one], parallel)
    limit, step = loop.constants
    return loop.build(
        lambda i, s: ops.less_op(i, limit),
        lambda i, s: (ops.add_v2_op(i, step), ops.add_v2_op(s, tap(i))),
    )


def triangles(graph: Graph, trips: Any, parallel: int = 10) -> Tensor:
    """Return t of `i = t = 0; while i < trips: t += (sum of j < i); i += 1`: a loop in a loop."""
    zero = ops.const_op(value=_int(0), dtype="int32")
    one = ops.const_op(value=_int(1), dtype="int32")
    outer = RawLoop(graph, "outer", [zero, zero], [trips, zero, one], parallel)
    limit, nil, step = outer.constants

    def sum_below(i: Tensor) -> Tensor:
        inner = RawLoop(graph, "inner", [nil, nil], [i, step], parallel)
        most, by = inner.constants
        return inner.build(
            lambda j, s: ops.less_op(j, most),
            lambda j, s: (ops.add_v2_op(j, by), ops.add_v2_op(s, j)),
        )[1]

    return outer.build(
        lambda i, t: ops.less_op(i, limit),
        lambda i, t: (ops.add_v2_op(i, step), ops.add_v2_op(t, sum_below(i))),
    )[1]


def _int(value: int) -> Any:
    return np.array(value, np.int32)
