"""Operation logs: what is known of operations beyond their graph, for profiles made later.

Source: TensorFlow 1.15's tf.profiler.write_op_log.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from minitf import protos
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.profiler.measures import measure


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
