"""Values die with their last reader, so updates of variables need no copies."""

from __future__ import annotations

import weakref

import numpy as np
import pytest
from executor import toy_ops
from executor.stepping import const, request_of, step_of, steps_of

from minitf import ops
from minitf.graph import Graph
from minitf.resources import ResourceStore, Variable


class Alive:
    """An Observer that counts the outputs that are alive whenever a node fires."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self._outputs: list[weakref.ref] = []

    def scheduled(self, node, at) -> None:
        pass

    def started(self, node, at) -> None:
        self.counts.append(sum(ref() is not None for ref in self._outputs))

    def finished(self, node, at, outputs) -> None:
        self._outputs += [weakref.ref(v) for v in outputs if isinstance(v, np.ndarray)]


@pytest.mark.paper("W-15")
def test_a_chain_keeps_one_value_alive_at_a_time():
    graph = Graph()
    with graph.as_default():
        x = y = ops.placeholder_op(dtype="float32")
        for _ in range(20):
            y = ops.neg_op(y)
        total = ops.sum_op(y, const(0))
    alive = Alive()
    step = step_of(graph, [total], [x])
    step.run([np.ones(4, np.float32)], alive)

    assert max(alive.counts) <= 2  # the fed array, which the caller holds, and the one on its way


def stored(store: ResourceStore, name: str) -> Variable:
    found = store.find("", name, Variable)
    assert found is not None
    return found


@pytest.mark.parametrize("readers", [0, 1, 3])
def test_an_update_after_the_last_reader_is_in_place(readers):
    graph = Graph()
    store = ResourceStore()
    with graph.as_default():
        w = ops.variable_v2_op(shape=[1000], dtype="float32", name="w")
        init = ops.assign_op(w, const(np.ones(1000, np.float32)))
        sums = [ops.sum_op(ops.identity_op(w), const(0)) for _ in range(readers)]
        with graph.control_dependencies([each.op for each in sums]):
            update = ops.assign_add_op(w, const(np.ones(1000, np.float32)))
    steps = steps_of(graph, store)
    steps.find(request_of([init.op])).run([])
    before = stored(store, "w").read().ctypes.data
    fetched = steps.find(request_of([*sums, update.op])).run([])

    assert fetched == [1000] * readers
    assert stored(store, "w").read().ctypes.data == before
    assert stored(store, "w").read()[0] == 2


def test_an_update_while_a_reader_is_to_come_leaves_the_reader_its_value():
    graph = Graph()
    with graph.as_default():
        w = ops.variable_v2_op(shape=[3], dtype="float32", name="w")
        init = ops.assign_op(w, const(np.ones(3, np.float32)))
        read = ops.identity_op(w)
        with graph.control_dependencies([read.op]):
            update = ops.assign_add_op(w, const(np.ones(3, np.float32)))
        with graph.control_dependencies([update.op]):
            later = toy_ops.tap_op(read, text="later")
    steps = steps_of(graph)
    steps.find(request_of([init.op])).run([])

    assert steps.find(request_of([later])).run([])[0].tolist() == [1, 1, 1]
