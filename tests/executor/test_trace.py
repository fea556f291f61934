"""What a run reports: events in legal order, TensorFlow's StepStats, Chrome's trace rows."""

from __future__ import annotations

import json

import numpy as np
from executor import toy_ops
from executor.stepping import const, step_of

from minitf import ops
from minitf.executor.trace import Trace, chrome_trace, step_stats
from minitf.graph import Graph


def traced():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="x")
        y = ops.neg_op(x, name="y")
        z = ops.add_v2_op(x, y, name="z")
    step = step_of(graph, [z], [x])
    trace = Trace(step.device)
    step.run([np.ones((2, 3), np.float32)], trace)
    return step, trace


def test_each_operation_has_one_record_with_ordered_times():
    _, trace = traced()

    assert [record.node.name for record in trace.records] == ["y", "z"]
    for record in trace.records:
        assert 0 < record.scheduled_ns <= record.started_ns <= record.finished_ns
    first, second = trace.records
    assert first.finished_ns <= second.started_ns


def test_a_record_describes_outputs_without_holding_them():
    _, trace = traced()
    output = trace.records[1].outputs[0]

    assert (output.dtype.name, output.shape, output.nbytes) == ("float32", (2, 3), 24)


def test_step_stats_name_device_nodes_inputs_and_sizes():
    step, trace = traced()
    stats = step_stats(trace, step.device.name)

    (device,) = stats.dev_stats
    assert device.device == "/job:localhost/replica:0/task:0/device:CPU:0"
    assert [node.timeline_label for node in device.node_stats] == ["y = Neg(x)", "z = AddV2(x, y)"]
    described = device.node_stats[0].output[0].tensor_description
    assert [dim.size for dim in described.shape.dim] == [2, 3]
    assert described.allocation_description.requested_bytes == 24


def test_chrome_trace_rows_are_json_and_complete():
    step, trace = traced()
    rows = json.loads(json.dumps(chrome_trace(trace.records, step.device.name)))

    assert [row["args"]["name"] for row in rows if row["ph"] == "X"] == ["y", "z"]


def test_a_dead_node_is_recorded_as_dead():
    graph = Graph()
    with graph.as_default():
        off, on = toy_ops.branch_op(const(1.0), True)
        ignored = ops.neg_op(off, name="ignored")
        with graph.control_dependencies([ignored]):
            waits = ops.no_op_op(name="waits")
    step = step_of(graph, [on, waits], passes=False)
    trace = Trace(step.device)
    step.run([], trace)

    assert {r.node.name for r in trace.records if r.is_dead} == {"ignored", "waits"}
