"""A profile as messages, and as text.

    conv/Conv2D (20.74k/20.74k flops)      an entry's own number / that of all at or below it

Source: TensorFlow 1.15's tf.profiler, whose messages and columns these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf import protos
from minitf.profiler.measures import COSTS, Measures, variable_sizes
from minitf.profiler.views import ROOT, Entry

_OPTIONS = (
    "max_depth min_bytes min_peak_bytes min_residual_bytes min_output_bytes min_micros "
    "min_accelerator_micros min_cpu_micros min_params min_float_ops min_occurrence step order_by "
    "account_type_regexes start_name_regexes trim_name_regexes show_name_regexes "
    "hide_name_regexes account_displayed_op_only select output"
)


def count(number: int) -> str:
    """Return a number in short: `20.74k`."""
    return _short(number, ((1e9, "b"), (1e6, "m"), (1e3, "k")), "")


def time(micros: int) -> str:
    """Return microseconds in short: `48.59ms`."""
    return _short(micros, ((6e7, "min"), (1e6, "sec"), (1e3, "ms")), "us")


def memory(size: int) -> str:
    """Return bytes in short: `1.54KB`."""
    return _short(size, ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")), "B")


def _short(number: int, units: tuple[tuple[float, str], ...], plain: str) -> str:
    for least, unit in units:
        if number >= least:
            return f"{number / least:.2f}{unit}"
    return f"{number}{plain}"


_COLUMNS: dict[str, tuple[str, str, Callable[[int], str], str]] = {
    "bytes": ("requested bytes", "requested_bytes", memory, ""),
    "peak_bytes": ("peak bytes", "peak_bytes", memory, ""),
    "residual_bytes": ("residual bytes", "residual_bytes", memory, ""),
    "output_bytes": ("output bytes", "output_bytes", memory, ""),
    "micros": ("total execution time", "exec_micros", time, ""),
    "accelerator_micros": ("accelerator execution time", "accelerator_exec_micros", time, ""),
    "cpu_micros": ("cpu execution time", "cpu_exec_micros", time, ""),
    "params": ("# parameters", "parameters", count, " params"),
    "float_ops": ("# float_ops", "float_ops", count, " flops"),
}
"""What can be selected: title, number, how it is written, its unit."""
_TEXTS: dict[str, tuple[str, Callable[[Measures], str]]] = {
    "device": ("assigned devices", lambda each: "|".join(each.devices)),
    "op_types": ("op types", lambda each: "|".join(sorted(each.types))),
    "input_shapes": (
        "input shapes",
        lambda each: "|".join(
            f"{number}:{'x'.join(str(size) for size in tensor.shape.as_list())}"
            for number, tensor in enumerate(each.op.inputs)
            if tensor.shape.ndims is not None
        ),
    ),
}
_SELECTABLE = (*_COLUMNS, "occurrence", *_TEXTS)


def text(kind: str, root: Entry, options: Mapping[str, Any]) -> str:
    """Return a profile as lines: the options, the titles of the columns, the entries.

    Raises:
        ValueError: if a column is selected that there is not.
    """
    columns = _selected(options["select"])
    titles = [_COLUMNS[each][0] if each in _COLUMNS else each for each in columns]
    titles = [_TEXTS[each][0] if each in _TEXTS else each for each in titles]
    titles = ["op occurrence (run|defined)" if each == "occurrence" else each for each in titles]
    lines = [
        "",
        "=========================Options=============================",
        *(f"-{name:<26} {_written(options[name])}" for name in _OPTIONS.split()),
        "",
        "==================Model Analysis Report======================",
        "",
        "Profile:",
        " | ".join(["node name", *titles]),
    ]
    waiting = [(root, 0)]
    while waiting:
        entry, depth = waiting.pop()
        if kind == "op":
            lines += [] if entry is root else [_type_line(entry, root, columns)]
        else:
            lines.append(f"{'  ' * depth}{_line(entry, columns)}")
        waiting += [(each, depth + 1) for each in reversed(entry.children)]
    lines += ["", "======================End of Report=========================="]
    return "\n".join(lines) + "\n"


def _selected(attributes: list[str]) -> list[str]:
    unknown = [each for each in attributes if each not in _SELECTABLE]
    if unknown:
        raise ValueError(f"Cannot select {unknown}: not in {', '.join(_SELECTABLE)}")
    asked = {*attributes}
    if "micros" in asked:
        asked |= {"accelerator_micros", "cpu_micros"}
    return [each for each in _SELECTABLE if each in asked]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


def _line(entry: Entry, columns: list[str]) -> str:
    """Return an entry with its own numbers and its totals; the root has none of its own."""
    cells = []
    for column in columns:
        if column in _COLUMNS:
            _, cost, write, unit = _COLUMNS[column]
            own = write(entry.own(cost))
            if entry.name == ROOT or (column == "params" and not entry.own(cost)):
                own = "--"
            elif column == "params":
                sizes = [variable_sizes(member.op) for member in entry.members]
                cells.append("x".join(str(size) for size in sizes[0]) or "1")
            cells.append(f"{own}/{write(entry.totals[cost])}{unit}")
        elif column == "occurrence":
            runs = sum(member.run_count for member in entry.members)
            cells.append(f"{runs}/{entry.runs}|{len(entry.members)}/{entry.definitions}")
        else:
            cells.append(", ".join(filter(None, map(_TEXTS[column][1], entry.members))) or "--")
    return f"{entry.name} ({', '.join(cells)})"


def _type_line(entry: Entry, root: Entry, columns: list[str]) -> str:
    """Return a type with its numbers: the share of what is left from here on, and of all."""
    cells = []
    for column in columns:
        if column in _COLUMNS:
            _, cost, write, unit = _COLUMNS[column]
            left, own = (
                100 * value / max(root.totals[cost], 1)
                for value in (entry.totals[cost], entry.own(cost))
            )
            unit = unit.replace("params", "parameters").replace("flops", "float_ops")
            cells.append(f"{write(entry.own(cost))}{unit} ({left:.2f}%, {own:.2f}%)")
        elif column == "occurrence":
            runs = sum(member.run_count for member in entry.members)
            cells.append(f"{runs}|{len(entry.members)}")
        else:
            cells.append(", ".join(filter(None, map(_TEXTS[column][1], entry.members))) or "--")
    return f"{entry.name:<25} {', '.join(cells)}"


def message(kind: str, root: Entry) -> Any:
    """Return a profile as a GraphNodeProto; of types and of code, as a MultiGraphNodeProto."""
    of_many = kind in ("op", "code")
    made = protos.MultiGraphNodeProto() if of_many else protos.GraphNodeProto()
    waiting = [(made, root)]
    while waiting:
        into, entry = waiting.pop()
        into.name = entry.name
        for cost in COSTS:
            setattr(into, cost, entry.own(cost))
            setattr(into, f"total_{cost}", entry.totals[cost])
        if of_many:
            for member in entry.members:
                _fill(into.graph_nodes.add(name=member.op.name, **member.costs), [member])
        else:
            _fill(into, entry.members)
            into.total_run_count = entry.runs
            into.total_definition_count = entry.definitions
        waiting += [(into.children.add(), each) for each in entry.children]
    return made


def _fill(into: Any, members: list[Measures]) -> None:
    """Say what is known of the operations themselves: runs, devices, shapes."""
    for member in members:
        into.run_count += member.run_count
        into.devices.extend(member.devices)
        if member.costs["parameters"]:
            into.shapes.add().CopyFrom(member.op.get_attr("shape"))
        for number, tensor in enumerate(member.op.inputs):
            if tensor.shape.is_fully_defined():
                into.input_shapes[number].CopyFrom(tensor.shape.as_proto())
