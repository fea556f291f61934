"""Views: the operations of a graph in a tree, with totals, of which options choose a part.

    scope   by name, as files in folders
    graph   each operation above its inputs
    op      by type, in a row: a type's totals are those of it and all that follow
    code    by the lines of Python that made them

An `Entry` that options hide gives its place to its children.  Totals are sums over what is below,
hidden operations included unless `account_displayed_op_only` says otherwise; the view of types
counts what it shows.  Graphs are deep, so nothing here calls itself for what stands below.

Source: TensorFlow 1.15's tf.profiler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from minitf.profiler.measures import COSTS, Measures

ROOT = "_TFProfRoot"
_OF_OPTION = {
    "bytes": "requested_bytes",
    "peak_bytes": "peak_bytes",
    "residual_bytes": "residual_bytes",
    "output_bytes": "output_bytes",
    "micros": "exec_micros",
    "accelerator_micros": "accelerator_exec_micros",
    "cpu_micros": "cpu_exec_micros",
    "params": "parameters",
    "float_ops": "float_ops",
}
"""An attribute, as options call it -> the number."""
_OF_THEMSELVES = ("params", "float_ops")  # their least values are asked of the entry alone


@dataclass
class Entry:
    """One line of a profile: operations that belong together, and what stands below them."""

    name: str
    members: list[Measures] = field(default_factory=list)
    children: list[Entry] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COSTS, 0))
    definitions: int = 0  # operations at or below it
    runs: int = 0

    def own(self, cost: str) -> int:
        """Return a number of its operations."""
        return sum(each.costs[cost] for each in self.members)


def view(kind: str, known: Mapping[str, Measures], options: Mapping[str, Any]) -> Entry:
    """Return the root of a view, as far as options show it.

    Raises:
        ValueError: if there is no such view.
    """
    if kind not in _BUILDERS:
        raise ValueError(f"unknown cmd: {kind!r}, not one of {', '.join(_BUILDERS)}")
    accounted = [
        each
        for each in known.values()
        if any(_matches(options["account_type_regexes"], name) for name in each.types)
    ]
    root = _BUILDERS[kind](accounted)
    if kind == "op":
        return _row(root, options)
    _sum_up(root)
    everything = root.totals, root.definitions, root.runs
    _choose(root, options)
    if options["account_displayed_op_only"]:
        _sum_up(root)
    else:
        root.totals, root.definitions, root.runs = everything
    _sort(root, options["order_by"])
    return root


def _by_scope(accounted: Iterable[Measures]) -> Entry:
    entries = {"": Entry(ROOT)}

    def entry(name: str) -> Entry:
        if name not in entries:
            entries[name] = Entry(name)
            entry(name.rpartition("/")[0]).children.append(entries[name])
        return entries[name]

    for each in accounted:
        entry(each.op.name).members.append(each)
    return entries[""]


def _by_graph(accounted: Iterable[Measures]) -> Entry:
    """Put each operation once, below the first that uses it."""
    entries = {each.op: Entry(each.op.name, [each]) for each in accounted}
    used = {tensor.op for op in entries for tensor in op.inputs}
    root = Entry(ROOT)
    placed = set()
    waiting = [(root, op) for op in reversed(entries) if op not in used]
    while waiting:  # depth first; loops of the graph end where an operation is placed
        above, op = waiting.pop()
        if op not in placed:
            placed.add(op)
            above.children.append(entries[op])
            inputs = [tensor.op for tensor in op.inputs if tensor.op in entries]
            waiting += [(entries[op], each) for each in reversed(inputs)]
    return root


def _by_code(accounted: Iterable[Measures]) -> Entry:
    root = Entry(ROOT)
    entries: dict[tuple[str, ...], Entry] = {(): root}
    for each in accounted:
        path: tuple[str, ...] = ()
        for file, line, function, _ in each.op.traceback:
            above, path = path, (*path, f"{PurePath(file).name}:{line}:{function}")
            if path not in entries:
                entries[path] = Entry(path[-1])
                entries[above].children.append(entries[path])
        entries[path].members.append(each)
    return root


def _by_type(accounted: Iterable[Measures]) -> Entry:
    entries: dict[str, Entry] = {}
    for each in accounted:
        entries.setdefault(each.op.type, Entry(each.op.type)).members.append(each)
    return Entry(ROOT, children=list(entries.values()))


_BUILDERS = {"scope": _by_scope, "graph": _by_graph, "op": _by_type, "code": _by_code}


def _row(root: Entry, options: Mapping[str, Any]) -> Entry:
    """Put types one below the other, each with the totals of itself and those after it."""
    for each in root.children:
        _sum_up(each)
    _sort(root, options["order_by"])
    below: list[Entry] = []
    for each in reversed(root.children):
        each.children = below
        _sum_up(each)
        if _is_shown(each, options):
            below = [each]
    root.children = below
    _sum_up(root)
    return root


def _sum_up(entry: Entry) -> None:
    """Give an entry and all below it their totals."""
    order, waiting = [], [entry]
    while waiting:
        order.append(waiting.pop())
        waiting += order[-1].children
    for each in reversed(order):
        below = each.children
        each.totals = {
            cost: each.own(cost) + sum(child.totals[cost] for child in below) for cost in COSTS
        }
        each.definitions = len(each.members) + sum(child.definitions for child in below)
        each.runs = sum(member.run_count for member in each.members)
        each.runs += sum(child.runs for child in below)


def _choose(root: Entry, options: Mapping[str, Any]) -> None:
    """Leave below the root what is to be seen, from the uppermost starts on."""
    starts, waiting = [], root.children[::-1]
    while waiting:
        each = waiting.pop()
        if _matches(options["start_name_regexes"], each.name):
            starts.append(each)
        else:
            waiting += each.children[::-1]
    root.children = []
    placing = [(root, each, 1) for each in reversed(starts)]
    while placing:
        above, each, depth = placing.pop()
        if depth > options["max_depth"]:
            continue
        below = [] if _matches(options["trim_name_regexes"], each.name) else each.children
        if _is_shown(each, options):
            each.children = []
            above.children.append(each)
            above, depth = each, depth + 1
        placing += [(above, child, depth) for child in reversed(below)]


def _is_shown(entry: Entry, options: Mapping[str, Any]) -> bool:
    """Tell whether an entry has a name that is to be seen, and enough of each number."""
    if not _matches(options["show_name_regexes"], entry.name):
        return False
    if _matches(options["hide_name_regexes"], entry.name):
        return False
    for attribute, cost in _OF_OPTION.items():
        has = entry.own(cost) if attribute in _OF_THEMSELVES else entry.totals[cost]
        if has < options[f"min_{attribute}"]:
            return False
    least: int = options["min_occurrence"]
    return entry.definitions >= least


def _sort(root: Entry, attribute: str) -> None:
    """Sort the children of all entries: by name, or the largest total first.

    Raises:
        ValueError: if entries have no such attribute.
    """
    if attribute not in ("name", "occurrence", *_OF_OPTION):
        raise ValueError(f"Cannot order by {attribute!r}: not one of name, {', '.join(_OF_OPTION)}")

    def key(entry: Entry) -> tuple[int, str]:
        if attribute == "name":
            return 0, entry.name
        if attribute == "occurrence":
            return -entry.definitions, entry.name
        return -entry.totals[_OF_OPTION[attribute]], entry.name

    waiting = [root]
    while waiting:
        entry = waiting.pop()
        entry.children.sort(key=key)
        waiting += entry.children


def _matches(regexes: Iterable[str], name: str) -> bool:
    return any(re.fullmatch(each, name) for each in regexes)
