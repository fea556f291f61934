"""Operation logs: what is known of operations, for profiles made later.

Source: TensorFlow 1.15's tf.profiler.write_op_log.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.profiler.measures import measure

_BYTES = ("requested_bytes", "peak_bytes", "residual_bytes", "output_bytes")


def op_log_of(
    graph: Graph, op_log: Any = None, run_meta: Any = None, add_trace: bool = True
) -> Any:
    """Return an OpLogProto of all operations of a graph of which more is known.

    Args:
        graph: the graph.
        op_log: entries that are added.
        run_meta: a RunMetadata, whose devices are added.
        add_trace: whether the lines of Python that made each operation are added.
    """
    made = protos.OpLogProto()
    numbers: dict[str, int] = {}
    for name, known in measure(graph, {} if run_meta is None else {0: run_meta}, op_log).items():
        entry = protos.OpLogEntry(name=name, float_ops=known.costs["float_ops"])
        entry.types.extend(sorted(known.types - {known.op.type}))
        for file, line, function, text, start in (
            known.op.traceback_with_start_lines if add_trace else ()
        ):
            file_id, function_id, line_id = (
                numbers.setdefault(each, len(numbers) + 1) for each in (file, function, text or "")
            )
            entry.code_def.traces.add(
                file_id=file_id,
                lineno=line,
                function_id=function_id,
                line_id=line_id,
                func_start_line=start,
            )
        if entry.float_ops or entry.types or entry.code_def.traces:
            made.log_entries.append(entry)
    for text, number in numbers.items():
        made.id_to_string[number] = text
    return made


def write_op_log(
    graph: Graph | None,
    log_dir: str,
    op_log: Any = None,
    run_meta: Any = None,
    add_trace: bool = True,
) -> None:
    """Write what is known of a graph's operations to `tfprof_log` in a folder, as an OpLogProto.

    Args:
        graph: the graph; the default one if None.
        log_dir: the folder.
        op_log: entries that are added: types and operations counted by the user.
        run_meta: a RunMetadata, whose devices are added.
        add_trace: whether the lines of Python that made each operation are added.
    """
    made = op_log_of(graph or default_graph(), op_log, run_meta, add_trace)
    (Path(log_dir) / "tfprof_log").write_bytes(made.SerializeToString())


def profile_message(graph: Graph, steps: Mapping[int, Any], op_log: Any = None) -> Any:
    """Return a ProfileProto: each operation with its edges, shapes, lines and runs.

    Args:
        graph: the graph.
        steps: number of a step -> its RunMetadata.
        op_log: an OpLogProto with what the user knows of its operations.
    """
    log = op_log_of(graph, op_log)
    traces = {entry.name: entry.code_def for entry in log.log_entries}
    numbers = {op: number for number, op in enumerate(graph.get_operations())}
    made = protos.ProfileProto(has_trace=True, steps=sorted(steps))
    made.id_to_string.update(log.id_to_string)
    for name, known in measure(graph, {}, op_log).items():
        op = known.op
        node = made.nodes[numbers[op]]
        node.name, node.op, node.id = name, op.type, numbers[op]
        node.op_types.extend(sorted(known.types))
        node.float_ops = known.costs["float_ops"]
        if name in traces:
            node.trace.CopyFrom(traces[name])
        for place, tensor in enumerate(op.inputs):
            node.inputs[place] = numbers[tensor.op]
            node.src_output_index[numbers[tensor.op]] = tensor.value_index
            if tensor.shape.ndims is not None:
                node.input_shapes[place].int64_values.extend(_sizes(tensor))
        for place, tensor in enumerate(op.outputs):
            if tensor.shape.ndims is not None:
                node.output_shapes[place].int64_values.extend(_sizes(tensor))
    for step, metadata in steps.items():
        for known in measure(graph, {step: metadata}, op_log).values():
            if known.run_count:
                run = made.nodes[numbers[known.op]].execs[step]
                run.run_count = known.run_count
                run.devices.extend(known.devices)
                memory = {each: known.costs[each] for each in _BYTES}
                run.memory_execs.add(**memory)
        for device in metadata.step_stats.dev_stats:
            _add_times(made, numbers, step, device)
    return made


def _add_times(made: Any, numbers: Any, step: int, device: Any) -> None:
    """Add when the operations of a step ran on one device."""
    names = {op.name: number for op, number in numbers.items()}
    for stats in device.node_stats:
        number = names.get(stats.node_name.partition(":")[0])
        if number is None:
            continue
        run = made.nodes[number].execs[step]
        micros = max(stats.all_end_rel_micros, 1)
        start, end = stats.all_start_micros, stats.all_start_micros + micros
        run.all_start_micros = min(run.all_start_micros or start, start)
        run.latest_end_micros = max(run.latest_end_micros, end)
        execs = run.cpu_execs if "cpu" in device.device.lower() else run.accelerator_execs
        execs[device.device].times.add(int64_values=[start, micros])


def _sizes(tensor: Any) -> list[int]:
    return [-1 if size is None else size for size in tensor.shape.as_list()]
