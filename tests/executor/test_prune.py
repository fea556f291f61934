"""A run executes what its fetches need, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from executor import toy_ops
from executor.random_graphs import random_graphs
from executor.stepping import const, request_of, step_of, steps_of
from hypothesis import given

from minitf import ops
from minitf.executor.prune import prune
from minitf.graph import Graph


def figure_6():
    """The graph of the paper's Figure 6: `a` and `b` feed `c`, `b` feeds `d`, ..."""
    graph = Graph()
    with graph.as_default():
        a = toy_ops.tap_op(const(np.float32(1)), text="a", name="a")
        b = toy_ops.tap_op(const(np.float32(2)), text="b", name="b")
        c = toy_ops.tap_op(ops.add_v2_op(a, b), text="c", name="c")
        d = toy_ops.tap_op(b, text="d", name="d")
        e = toy_ops.tap_op(d, text="e", name="e")
        f = toy_ops.tap_op(c, text="f", name="f")
    return graph, {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f}


@pytest.mark.paper("W-29")
def test_figure_6_fetching_f_with_b_fed_runs_a_c_f():
    graph, t = figure_6()
    toy_ops.LOG.clear()
    result = step_of(graph, [t["f"]], [t["b"]]).run([np.float32(10)])

    assert result == [11]
    assert toy_ops.LOG == ["a", "c", "f"]


@pytest.mark.paper("W-29")
def test_feeding_an_interior_edge_cuts_what_made_it():
    graph, t = figure_6()
    toy_ops.LOG.clear()
    result = step_of(graph, [t["f"]], [t["c"]]).run([np.float32(5)])

    assert result == [5]
    assert toy_ops.LOG == ["f"]


@pytest.mark.paper("W-29")
def test_a_fed_output_does_not_keep_the_other_outputs_from_running():
    graph = Graph()
    with graph.as_default():
        data = ops.placeholder_op(dtype="float32")
        off, on = toy_ops.branch_op(data, True)
    step = step_of(graph, [off, on], [data, off])

    assert step.run([np.float32(1), np.float32(2)]) == [2, 1]


@pytest.mark.paper("W-07")
def test_a_graph_that_grows_leaves_the_steps_made_before_valid():
    graph, t = figure_6()
    steps = steps_of(graph)
    before = steps.find(request_of([t["f"]]))
    with graph.as_default():
        g = toy_ops.tap_op(t["f"], text="g")
    after = steps.find(request_of([g]))

    assert steps.find(request_of([t["f"]])) is before
    assert (before.run([]), after.run([])) == ([3], [3])


@pytest.mark.paper("W-07")
@given(made=random_graphs())
def test_just_the_transitive_closure_of_the_fetches_is_kept(made):
    request = request_of(made.fetches, made.feeds)
    kept = prune(request).operations

    needed = set()
    frontier = [tensor.op for tensor in made.fetches if tensor not in made.feeds]
    while frontier:
        operation = frontier.pop()
        needed.add(operation)
        frontier += [t.op for t in operation.inputs if t not in made.feeds]
        frontier += [op for op in operation.control_inputs if not set(op.outputs) & set(made.feeds)]
    assert set(kept) == needed
    assert kept == sorted(kept, key=lambda op: op.index)


@pytest.mark.paper("W-29")
def test_waiting_for_a_placeholder_that_is_fed_is_waiting_for_nothing():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        with graph.control_dependencies([x.op]):
            y = const(np.float32(1))

    assert step_of(graph, [y], [x]).run([np.float32(5)]) == [1]


def test_a_cycle_is_told_with_its_operations():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        first = ops.identity_op(x, name="first")
        second = ops.identity_op(first, name="second")
        first.op._update_input(0, second)
    step = step_of(graph, [second], [x])

    with pytest.raises(Exception, match="contains a cycle with 2 nodes, including: first, second"):
        step.run([np.float32(1)])
