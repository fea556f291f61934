"""Merging equal operations and folding constants change no result."""

from __future__ import annotations

import numpy as np
import pytest
from executor import toy_ops
from executor.random_graphs import random_graphs
from executor.stepping import const, request_of, step_of
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.executor.optimize import fold_constants, merge_equal
from minitf.executor.prune import prune
from minitf.graph import Graph


def optimized(fetched, feeds=()):
    subgraph = prune(request_of(fetched, feeds))
    merge_equal(subgraph)
    fold_constants(subgraph)
    return subgraph


@pytest.mark.paper("W-40", "O-31")
@given(made=random_graphs())
def test_results_are_equal_with_and_without_it(made):
    plain = step_of(made.graph, made.fetches, made.feeds, passes=False)
    better = step_of(made.graph, made.fetches, made.feeds, passes=True)
    values = list(made.feeds.values())

    for one, other in zip(plain.run(values), better.run(values), strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(better.plan.nodes) <= len(plain.plan.nodes)


@pytest.mark.paper("W-40")
@given(made=random_graphs())
def test_merging_and_folding_twice_changes_no_more_than_once(made):
    subgraph = optimized(made.fetches, made.feeds)
    once = list(subgraph.operations)
    merge_equal(subgraph)
    fold_constants(subgraph)

    assert subgraph.operations == once


@pytest.mark.paper("W-40")
def test_equal_operations_are_one_and_commutative_inputs_may_swap():
    graph = Graph()
    with graph.as_default():
        x, y = (ops.placeholder_op(dtype="float32") for _ in range(2))
        a, b = ops.mul_op(x, y), ops.mul_op(y, x)
        c, d = ops.sub_op(x, y), ops.sub_op(y, x)
        found = optimized([ops.add_v2_op(a, b), ops.add_v2_op(c, d)], [x, y])

    assert [op.type for op in found.operations] == ["Mul", "Sub", "Sub", "AddV2", "AddV2"]
    assert found.same == {b.op: a.op}


@pytest.mark.paper("W-40")
def test_operations_with_state_are_never_merged():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        taps = [toy_ops.tap_op(x, text="t") for _ in range(3)]

    assert len(optimized(taps, [x]).operations) == 3


def test_two_reads_of_a_variable_are_two_reads():
    graph = Graph()
    with graph.as_default():
        w = ops.variable_v2_op(shape=[], dtype="float32")
        reads = [ops.identity_op(w) for _ in range(2)]

    assert len(optimized(reads).operations) == 3


def test_operations_that_wait_for_different_ones_are_not_merged():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        plain = ops.neg_op(x)
        with graph.control_dependencies([toy_ops.note_op(text="n")]):
            waits = ops.neg_op(x)
        found = optimized([plain, waits], [x])

    assert not found.same


@pytest.mark.paper("O-31")
def test_constants_are_folded_and_a_fed_one_is_not():
    graph = Graph()
    with graph.as_default():
        two = const(np.float32(2))
        four = ops.mul_op(two, two)
        eight = ops.mul_op(four, two)

    folded = optimized([eight])
    assert folded.operations == []
    assert folded.constants[eight] == 8
    fed = optimized([eight], [four])
    assert [op.name for op in fed.operations] == [eight.op.name]


def test_a_quotient_that_is_folded_may_be_infinite_as_in_the_run():
    with Graph().as_default():
        endless = ops.real_div_op(const(1.0), const(0.0))

    assert optimized([endless]).constants[endless] == np.inf


def test_what_waits_for_others_is_not_folded():
    graph = Graph()
    with graph.as_default():
        off, on = toy_ops.branch_op(ops.placeholder_op(dtype="float32"), True)
        with graph.control_dependencies([off.op]):
            one = const(np.float32(1))
        found = optimized([ops.add_v2_op(on, one)], [off.op.inputs[0]])

    assert one.op in found.operations


def test_a_body_that_fails_while_folding_fails_again_in_the_run():
    graph = Graph()
    with graph.as_default():
        bad = toy_ops.refuse_op(const(1))
    step = step_of(graph, [bad])

    with pytest.raises(InvalidArgumentError, match="refused"):
        step.run([])


def test_large_results_are_not_kept_as_constants():
    graph = Graph()
    with graph.as_default():
        large = ops.fill_op(const([1000]), const(1.0))
        subgraph = prune(request_of([large]))
    fold_constants(subgraph, most_bytes=3999)

    assert subgraph.operations == [large.op]
