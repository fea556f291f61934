"""Random graphs of integer operations with control dependencies, for comparing executors."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes, ops
from minitf.graph import Graph
from minitf.tensor import Tensor


class RandomGraph:
    """A graph, what to fetch from it, what to feed, and the values that must come out.

    Integers wrap, so every order of evaluation gives the same bits.
    """

    def __init__(self) -> None:
        self.graph = Graph()
        self.feeds: dict[Tensor, Any] = {}
        self.fetches: list[Tensor] = []
        self.values: dict[Tensor, Any] = {}


_BINARY = [
    (ops.add_v2_op, np.add),
    (ops.mul_op, np.multiply),
    (ops.sub_op, np.subtract),
    (ops.maximum_op, np.maximum),
]
_UNARY = [(ops.neg_op, np.negative), (ops.square_op, np.square), (ops.identity_op, np.array)]


@st.composite
def random_graphs(draw: Any, most: int = 25) -> RandomGraph:
    """Draw a directed acyclic graph: placeholders, constants, arithmetic, NoOps, control edges."""
    made = RandomGraph()
    shape = draw(st.sampled_from([(), (2,), (2, 3)]))
    with made.graph.as_default(), np.errstate(all="ignore"):
        for _ in range(draw(st.integers(1, 3))):
            array = np.full(shape, draw(st.integers(-9, 9)), np.int32)
            if draw(st.booleans()):
                tensor = ops.placeholder_op(dtype=dtypes.int32)
                made.feeds[tensor] = array
            else:
                tensor = ops.const_op(value=array, dtype=dtypes.int32)
            made.values[tensor] = array
        for _ in range(draw(st.integers(1, most))):
            _grow(draw, made)
    tensors = list(made.values)
    chosen = draw(st.lists(st.integers(0, len(tensors) - 1), min_size=1, max_size=4, unique=True))
    made.fetches = [tensors[i] for i in chosen]
    return made


def _grow(draw: Any, made: RandomGraph) -> None:
    tensors = list(made.values)
    operations = made.graph.get_operations()
    waits = draw(st.lists(st.integers(0, len(operations) - 1), max_size=2))
    pick = st.integers(0, len(tensors) - 1)
    with made.graph.control_dependencies([operations[i] for i in waits]):
        kind = draw(st.integers(0, 2))
        if kind == 0:
            ops.no_op_op()
            return
        if kind == 1:
            op, function = draw(st.sampled_from(_UNARY))
            inputs = [tensors[draw(pick)]]
        else:
            op, function = draw(st.sampled_from(_BINARY))
            inputs = [tensors[draw(pick)], tensors[draw(pick)]]
        made.values[op(*inputs)] = function(*[made.values[tensor] for tensor in inputs])
