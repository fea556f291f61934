"""The Python lines that made the nodes of a debugged run.

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.source_utils`.
"""

from __future__ import annotations

import linecache
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from minitf.tfdbg.commands import CommandError, regex
from minitf.tfdbg.dump_dir import DebugDumpDir


def _made(dump: DebugDumpDir) -> Iterator[tuple[str, str, int]]:
    """Walk the nodes of a run, with each file and line that took part in making them."""
    if dump.python_graph is None:
        raise CommandError("Python graph is not available for traceback lookup")
    for node in dump.nodes():
        try:
            frames = dump.node_traceback(node)
        except KeyError:  # the runtime added it
            continue
        for path, line, *_ in frames:
            yield node, path, line


def list_sources(dump: DebugDumpDir, args: Any) -> list[str]:
    """Return a line for each Python file: how many nodes and dumps it made.

    Args:
        dump: the run.
        args: `path_filter` and `node_name_filter`, regular expressions or None.
    """
    nodes: dict[str, set[str]] = {}
    first: dict[str, int] = {}
    for node, path, line in _made(dump):
        if args.node_name_filter and not regex(args.node_name_filter).match(node):
            continue
        if args.path_filter and not regex(args.path_filter).search(path):
            continue
        nodes.setdefault(path, set()).add(node)
        first[path] = min(line, first.get(path, line))
    lines = [f"List of source files that created nodes in this run ({len(nodes)}):", ""]
    for path, found in sorted(nodes.items()):
        dumps = sum(
            len(dump.watch_key_to_data(key))
            for node in found
            for key in dump.debug_watch_keys(node)
        )
        lines.append(f"{path}:{first[path]}  {len(found)} node(s), {dumps} dump(s)")
    return lines


def print_source(dump: DebugDumpDir, args: Any) -> list[str]:
    """Return the lines of a Python file, each with the nodes or tensors that it made.

    Args:
        dump: the run.
        args: `source_file_path`, `tensors`, `line_begin`, `max_elements_per_line`.
    """
    path = Path(args.source_file_path).expanduser().absolute()
    by_line: dict[int, list[str]] = {}
    for node, file, line in _made(dump):
        if Path(file).absolute() == path and node not in by_line.setdefault(line, []):
            by_line[line].append(node)
    if not by_line:
        raise CommandError(f"{path} made no node of this run")
    lines: list[str] = []
    texts = linecache.getlines(str(path))
    for number, text in enumerate(texts, 1):
        if number < args.line_begin:
            continue
        lines.append(f"L{number}".ljust(6) + text.rstrip("\n"))
        names = by_line.get(number, [])
        if args.tensors:
            names = [name for node in names for name in _tensors(dump, node)]
        lines += [f"    {name}" for name in names[: args.max_elements_per_line]]
        left = len(names) - args.max_elements_per_line
        if left > 0:
            lines.append(f"    (... Omitted {left} of {len(names)})")
    return lines


def _tensors(dump: DebugDumpDir, node: str) -> list[str]:
    return [key.rpartition(":")[0] for key in dump.debug_watch_keys(node)]
