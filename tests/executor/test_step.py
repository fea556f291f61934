"""Steps: each stage runs once; devices; what a kernel, a failure and a trace are told."""

from __future__ import annotations

import numpy as np
import pytest
from executor import toy_ops
from executor.stepping import const, request_of, step_of, steps_of

from minitf import ops
from minitf.errors import (
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    ResourceExhaustedError,
    UnimplementedError,
    UnknownError,
)
from minitf.graph import Graph


def square_graph():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="x")
        y = ops.square_op(x, name="y")
    return graph, x, y


# --- once --------------------------------------------------------------------------------------


@pytest.mark.paper("W-08", "O-03")
def test_the_stages_run_before_step_one_only():
    graph, x, y = square_graph()
    steps = steps_of(graph)
    for value in range(5):
        assert steps.find(request_of([y], [x])).run([np.float32(value)]) == [value**2]

    stages = ("prune", "place", "merge", "fold", "delay", "plan", "compile")
    assert steps.counts == dict.fromkeys(stages, 1)


@pytest.mark.paper("O-03")
def test_without_optimization_no_pass_runs():
    graph, x, y = square_graph()
    steps = steps_of(graph, passes=False)
    steps.find(request_of([y], [x]))

    assert steps.counts == {"prune": 1, "place": 1, "plan": 1}


@pytest.mark.paper("O-14")
def test_a_step_is_found_by_its_definition_however_large_the_graph():
    graph, x, y = square_graph()
    steps = steps_of(graph)
    step = steps.find(request_of([y], [x]))
    with graph.as_default():
        for _ in range(1000):
            ops.no_op_op()

    assert steps.find(request_of([y], [x])) is step
    assert steps.requests == [request_of([y], [x])]
    assert len(step.plan.nodes) == 3  # source, y, sink


@pytest.mark.paper("W-08")
def test_a_changed_operation_makes_the_steps_stale():
    graph, x, y = square_graph()
    steps = steps_of(graph)
    before = steps.find(request_of([y], [x]))
    with graph.as_default():
        z = ops.neg_op(x)
    y.op._update_input(0, z)
    after = steps.find(request_of([y], [x]))

    assert after is not before
    assert len(after.plan.nodes) == len(before.plan.nodes) + 1


# --- devices -----------------------------------------------------------------------------------


def test_a_device_that_does_not_exist_is_refused_with_those_that_do():
    graph = Graph()
    with graph.as_default(), graph.device("/device:GPU:0"):
        y = ops.placeholder_op(dtype="float32", name="far")

    with pytest.raises(InvalidArgumentError, match="Cannot assign a device for operation far") as e:
        step_of(graph, [y])
    assert "/job:localhost/replica:0/task:0/device:CPU:0" in str(e.value)
    assert "test_step.py" in str(e.value)


@pytest.mark.parametrize("device", ["/job:worker/task:1", "/cpu:7"])
def test_a_task_or_index_that_does_not_exist_is_refused_too(device):
    graph = Graph()
    with graph.as_default(), graph.device(device):
        y = const(1.0)  # though it would be folded

    with pytest.raises(InvalidArgumentError, match="Cannot assign a device for operation"):
        step_of(graph, [y])


def test_soft_placement_takes_another_device():
    graph = Graph()
    with graph.as_default(), graph.device("/device:GPU:0"):
        y = ops.neg_op(const(1.0))

    assert step_of(graph, [y], soft_placement=True).run([]) == [-1]


def test_placement_is_logged_on_request(capsys):
    graph, x, y = square_graph()
    step_of(graph, [y], [x], log_placement=True)

    assert "y: (Square): /job:localhost/replica:0/task:0/device:CPU:0" in capsys.readouterr().err


# --- failures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "becomes"),
    [
        (ValueError("shapes"), InvalidArgumentError),
        (IndexError("index"), InvalidArgumentError),
        (ZeroDivisionError("zero"), InvalidArgumentError),
        (np.linalg.LinAlgError("singular"), InvalidArgumentError),
        (MemoryError("full"), ResourceExhaustedError),
        (NotImplementedError("later"), UnimplementedError),
        (FileNotFoundError("gone"), NotFoundError),
        (AssertionError("ours"), InternalError),
        (RuntimeError("odd"), UnknownError),
        (NotFoundError(None, None, "key"), NotFoundError),
    ],
)
def test_what_a_kernel_raises_becomes_tensorflows_type_with_all_facts(raised, becomes):
    toy_ops.ERRORS["e"] = raised
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="x")  # the input
        y = toy_ops.fail_op(x, key="e", name="y")  # the culprit
    with pytest.raises(becomes) as caught:
        step_of(graph, [y], [x]).run([np.zeros((2, 3), np.float32)])

    error = caught.value
    lines = str(error).splitlines()
    assert error.op is y.op
    assert lines[0] == str(raised)
    assert "in op 'y' (Fail)" in lines[1]
    assert "# the culprit" in lines[1]
    assert "input x: float32[2, 3] of 'x:0'" in lines[2]
    assert "# the input" in lines[2]
    assert error.__cause__ is None


def test_the_kernels_own_exception_is_the_cause_where_full_tracebacks_are_asked_for(monkeypatch):
    monkeypatch.setenv("MINITF_FULL_TRACEBACK", "1")
    toy_ops.ERRORS["e"] = ValueError("inner")
    graph = Graph()
    with graph.as_default():
        y = toy_ops.fail_op(const(1.0), key="e")

    with pytest.raises(InvalidArgumentError) as caught:
        step_of(graph, [y]).run([])
    assert caught.value.__cause__ is toy_ops.ERRORS["e"]


def test_of_many_inputs_the_first_are_described():
    toy_ops.ERRORS["e"] = ValueError("inner")
    graph = Graph()
    with graph.as_default():
        tensors = [ops.placeholder_op(dtype="float32") for _ in range(20)]
        total = ops.add_n_op(tensors)
    arrays = [np.zeros(2 + (i == 19), np.float32) for i in range(20)]

    with pytest.raises(InvalidArgumentError, match="and 12 more inputs"):
        step_of(graph, [total], tensors).run(arrays)


def test_an_array_cannot_stand_for_a_variable_that_is_to_be_changed():
    graph = Graph()
    with graph.as_default():
        w = ops.variable_v2_op(shape=[], dtype="float32")
        add = ops.assign_add_op(w, 1.0)

    with pytest.raises(InvalidArgumentError, match="incompatible with expected float32_ref"):
        step_of(graph, [add], [w])
