"""profile, advise, Profiler: views of what a graph costs.

    profiler = Profiler(sess.graph)
    for step in range(10):
        metadata = tf.RunMetadata()
        sess.run(train_op, options=tf.RunOptions(trace_level=3), run_metadata=metadata)
        profiler.add_step(step, metadata)
    profiler.profile_operations(ProfileOptionBuilder.time_and_memory())

Source: 2015 §9.2; TensorFlow 1.15's tf.profiler.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.default_graph import default_graph
from minitf.errors import UnimplementedError
from minitf.graph import Graph
from minitf.profiler.measures import Measures, measure
from minitf.profiler.op_log import profile_message
from minitf.profiler.options import complete
from minitf.profiler.report import message, text, time
from minitf.profiler.views import Entry, view
from minitf.timeline import Timeline

_CHECKERS = ("ExpensiveOperationChecker", "AcceleratorUtilizationChecker", "OperationChecker")
_BEST = 3  # so many of the most expensive types are named
_BUSY = 0.5  # an accelerator that works less of the time is reported
_EVERYTHING = complete({"order_by": "micros", "max_depth": 10000})


class Profiler:
    """Collects what steps reported, and shows it in views.

    Args:
        graph: the graph; the default one if None.
        op_log: an OpLogProto with what the user knows of its operations.
    """

    def __init__(self, graph: Graph | None = None, op_log: Any = None) -> None:
        self._graph = graph or default_graph()
        self._op_log = op_log
        self._steps: dict[int, Any] = {}

    def add_step(self, step: int, run_meta: Any) -> None:
        """Take what a step reported, a RunMetadata, under the number of the step."""
        self._steps[step] = run_meta

    def profile_python(self, options: Mapping[str, Any] | None) -> Any:
        """Show the lines of Python that made the operations; return a MultiGraphNodeProto."""
        return self.show("code", options)

    def profile_operations(self, options: Mapping[str, Any] | None) -> Any:
        """Show the op types; return a MultiGraphNodeProto."""
        return self.show("op", options)

    def profile_name_scope(self, options: Mapping[str, Any] | None) -> Any:
        """Show the operations by name scope; return a GraphNodeProto."""
        return self.show("scope", options)

    def profile_graph(self, options: Mapping[str, Any] | None) -> Any:
        """Show the operations above their inputs; return a GraphNodeProto."""
        return self.show("graph", options)

    def advise(self, options: Any) -> Any:
        """Check how the steps used their time; print and return an AdviceProto.

        Args:
            options: name of a check -> its options, which none has; None or {} are all checks.

        Raises:
            ValueError: if there is no such check.
        """
        asked = _CHECKERS if not options else tuple(options)
        unknown = [each for each in asked if each not in _CHECKERS]
        if unknown:
            raise ValueError(f"There is no check {unknown}: known are {', '.join(_CHECKERS)}")
        known = measure(self._graph, self._steps, self._op_log)
        advice = protos.AdviceProto()
        for each in asked:
            reports = _REPORTS[each](known)
            advice.checkers[each].reports.extend(reports)
            sys.stdout.write(f"\n{each}:\n" + "".join(f"{line}\n" for line in reports))
        return advice

    def serialize_to_string(self) -> bytes:
        """Return all that it knows, a ProfileProto in bytes."""
        made: bytes = profile_message(self._graph, self._steps, self._op_log).SerializeToString()
        return made

    def show(self, kind: str, options: Mapping[str, Any] | None) -> Any:
        """Show a view where the options say, and return it.

        Raises:
            ValueError: if an option has a value that it cannot have.
            UnimplementedError: if it is to be written in pprof's form.
        """
        chosen = complete(options)
        known = measure(self._graph, self._steps, self._op_log, chosen["step"])
        root = view(kind, known, chosen)
        where, _, argument = chosen["output"].partition(":")
        path = argument.removeprefix("outfile=")
        if where == "stdout":
            sys.stdout.write(text(kind, root, chosen))
        elif where == "file":
            Path(path).write_text(text(kind, root, chosen))
        elif where == "timeline":
            self._write_timelines(path, chosen["step"])
        elif where == "pprof":
            raise UnimplementedError(None, None, "a profile in pprof's form: take file or timeline")
        elif where != "none":
            raise ValueError(f"unknown output {where!r}: not stdout, file, timeline, none")
        return message(kind, root)

    def _write_timelines(self, path: str, step: int) -> None:
        for number, metadata in self._steps.items():
            if step in (-1, number):
                chrome = Timeline(metadata.step_stats).generate_chrome_trace_format()
                Path(f"{path}_{number}").write_text(chrome)


def profile(
    graph: Graph | None = None,
    run_meta: Any = None,
    op_log: Any = None,
    cmd: str = "scope",
    options: Any = 0,
) -> Any:
    """Show what a graph costs: parameters, floating-point operations, time and memory.

    Args:
        graph: the graph; the default one if None.
        run_meta: the RunMetadata of a step with full trace, without which nothing is known of
            time and memory.
        op_log: an OpLogProto with what the user knows of its operations.
        cmd: the view: "scope", "graph", "op" or "code".
        options: as `ProfileOptionBuilder` makes them; 0 are the defaults.

    Returns:
        A GraphNodeProto for "scope" and "graph", a MultiGraphNodeProto for "op" and "code".

    Raises:
        ValueError: if there is no such view, or an option has a value that it cannot have.
    """
    return _with_step(graph, op_log, run_meta).show(cmd, options or None)


def advise(graph: Graph | None = None, run_meta: Any = None, options: Any = 0) -> Any:
    """Check how a step used its time: print and return an AdviceProto.

    Args:
        graph: the graph; the default one if None.
        run_meta: the RunMetadata of a step with full trace.
        options: name of a check -> its options; 0 are all checks.
    """
    return _with_step(graph, None, run_meta).advise(options or None)


def _with_step(graph: Graph | None, op_log: Any, run_meta: Any) -> Profiler:
    profiler = Profiler(graph, op_log)
    if run_meta is not None:
        profiler.add_step(0, run_meta)
    return profiler


# --- checks --------------------------------------------------------------------------------------


def _expensive(known: Mapping[str, Measures]) -> list[str]:
    """Name the types, the scope and the line of Python on which most time goes."""
    total = sum(each.costs["exec_micros"] for each in known.values())
    if not total:
        return []
    types: list[str] = []
    below = view("op", known, _EVERYTHING).children
    while below and len(types) < _BEST:
        entry = below[0]
        micros = entry.own("exec_micros")
        types.append(
            f"top {len(types) + 1} operation type: {entry.name}, {_times(entry)} "
            f"({100 * micros / total:.2f}%)"
        )
        below = entry.children
    reports = ["\n".join(types)]
    for kind in ("scope", "code"):
        children = view(kind, known, _EVERYTHING).children
        if children:
            label = "top 1 graph node: " if kind == "scope" else ""
            reports.append(f"{label}{children[0].name}, {_times(children[0], is_total=True)}")
    return reports


def _times(entry: Entry, is_total: bool = False) -> str:
    def of(cost: str) -> str:
        return time(entry.totals[cost] if is_total else entry.own(cost))

    return (
        f"cpu: {of('cpu_exec_micros')}, accelerator: {of('accelerator_exec_micros')}, "
        f"total: {of('exec_micros')}"
    )


def _utilization(known: Mapping[str, Measures]) -> list[str]:
    """Report accelerators that work for less than half of the time."""
    total = sum(each.costs["exec_micros"] for each in known.values())
    devices = {device for each in known.values() for device in each.devices}
    reports = []
    for device in sorted(each for each in devices if "cpu" not in each.lower()):
        micros = sum(
            each.costs["accelerator_exec_micros"]
            for each in known.values()
            if device in each.devices
        )
        if micros < _BUSY * total:
            reports.append(f"device: {device} low utilization: {micros / total:.2f}")
    return reports


def _layouts(known: Mapping[str, Measures]) -> list[str]:
    """Report operations on accelerators whose channels come last, where they are slower."""
    return [
        f"Found operation using NHWC data_format on GPU. Maybe NCHW is faster: {name}"
        for name, each in known.items()
        if each.costs["accelerator_exec_micros"]
        and each.op.attrs.get("data_format") in ("NHWC", b"NHWC")
    ]


_REPORTS = dict(zip(_CHECKERS, (_expensive, _utilization, _layouts), strict=True))
