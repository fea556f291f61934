"""What can be asked of a debugged run: its dumps, its nodes, and who reads whom.

Source: TensorFlow 1.15's `tensorflow.python.debug.cli.analyzer_cli`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from minitf.tfdbg import tensor_text
from minitf.tfdbg.commands import Arguments, CommandError, Commands, regex
from minitf.tfdbg.data import DebugTensorDatum, InconvertibleTensorProto
from minitf.tfdbg.dump_dir import DebugDumpDir
from minitf.tfdbg.graphs import node_of, parse_node_or_tensor_name
from minitf.tfdbg.sources import list_sources, print_source

Filter = Callable[[DebugTensorDatum, Any], bool]
SORT_KEYS = ("timestamp", "dump_size", "op_type", "tensor_name")
_DEPTH = 20


class Analyzer:
    """Answers the commands of the prompt after a run.

    Args:
        dump: what the run has written.
        filters: name -> predicate of dumps.

    Source: TensorFlow 1.15's DebugAnalyzer.
    """

    def __init__(self, dump: DebugDumpDir, filters: Mapping[str, Filter]) -> None:
        self._dump = dump
        self._filters = filters

    def add_to(self, commands: Commands) -> None:
        """Add its commands."""
        lists = Arguments("list_tensors", "List dumped tensors.")
        lists.add_argument("-f", "--tensor_filter", help="only those that pass this filter")
        lists.add_argument(
            "-fenn", "--filter_exclude_node_names", help="nodes that the filter leaves out (regex)"
        )
        lists.add_argument("-n", "--node_name_filter", help="only of such nodes (regex)")
        lists.add_argument("-t", "--op_type_filter", help="only of such types (regex)")
        lists.add_argument("-s", "--sort_by", choices=SORT_KEYS, default="timestamp")
        lists.add_argument("-r", "--reverse", action="store_true", help="last first")
        commands.add(lists, "lt", self.list_tensors)
        info = Arguments("node_info", "Show a node: type, device, inputs, recipients.")
        info.add_argument("node_name")
        info.add_argument("-a", "--attributes", action="store_true", help="its attributes too")
        info.add_argument("-d", "--dumps", action="store_true", help="its dumps too")
        info.add_argument("-t", "--traceback", action="store_true", help="where it was made too")
        commands.add(info, "ni", self.node_info)
        for name, short, about, handler in (
            ("list_inputs", "li", "Show the inputs to a node.", self.list_inputs),
            ("list_outputs", "lo", "Show the nodes that receive the outputs.", self.list_outputs),
        ):
            ways = Arguments(name, about)
            ways.add_argument("node_name")
            ways.add_argument("-c", "--control", action="store_true", help="control edges too")
            ways.add_argument("-d", "--depth", type=int, default=_DEPTH, help="with -r: how far")
            ways.add_argument("-r", "--recursive", action="store_true", help="theirs too")
            ways.add_argument("-t", "--op_type", action="store_true", help="with types")
            commands.add(ways, short, handler)
        prints = Arguments("print_tensor", "Print the value of a dumped tensor.")
        add_print_arguments(prints)
        commands.add(prints, "pt", self.print_tensor)
        source = Arguments("print_source", "Print a Python file with the nodes that it made.")
        source.add_argument("source_file_path")
        source.add_argument("-t", "--tensors", action="store_true", help="tensors, not nodes")
        source.add_argument("-b", "--line_begin", type=int, default=1, help="the first line")
        source.add_argument("-m", "--max_elements_per_line", type=int, default=10)
        commands.add(source, "ps", lambda args: print_source(self._dump, args))
        sources = Arguments("list_source", "List the Python files that made nodes.")
        sources.add_argument("-p", "--path_filter", help="only such paths (regex)")
        sources.add_argument("-n", "--node_name_filter", help="only for such nodes (regex)")
        commands.add(sources, "ls", lambda args: list_sources(self._dump, args))

    # --- tensors ---------------------------------------------------------------------------------

    def list_tensors(self, args: Any) -> list[str]:
        """Return a line for each dump that passes."""
        found = self._dump.dumped_tensor_data
        head = " dumped tensor(s)"
        if args.tensor_filter:
            predicate = self._filters.get(args.tensor_filter)
            if predicate is None:
                raise CommandError(f'There is no tensor filter named "{args.tensor_filter}".')
            found = self._dump.find(predicate, exclude_node_names=args.filter_exclude_node_names)
            head += f' passing filter "{args.tensor_filter}"'
        rows = [(datum, self._op_type(datum.node_name)) for datum in found]
        if args.node_name_filter:
            rows = [row for row in rows if regex(args.node_name_filter).match(row[0].node_name)]
        if args.op_type_filter:
            rows = [row for row in rows if regex(args.op_type_filter).match(row[1])]
        rows.sort(key=_SORTS[args.sort_by], reverse=args.reverse)
        lines = [f"{len(rows)}{head}:"]
        if args.node_name_filter:
            lines.append(f'Node name regex filter: "{args.node_name_filter}"')
        if args.op_type_filter:
            lines.append(f'Op type regex filter: "{args.op_type_filter}"')
        cells = [("t (ms)", "Size (B)", "Op type", "Tensor name")]
        cells += [
            (self._time(datum), str(datum.dump_size_bytes), kind, datum.tensor_name)
            for datum, kind in rows
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines.append("")
        lines += [
            " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
        return lines

    def _time(self, datum: DebugTensorDatum) -> str:
        return f"[{(datum.timestamp - (self._dump.t0 or 0)) / 1000:.3f}]"

    def _op_type(self, name: str) -> str:
        node = node_of(name)
        return self._dump.node_op_type(node) if self._dump.node_exists(node) else "?"

    def print_tensor(self, args: Any) -> list[str]:
        """Return the lines of a value."""
        name, slices = parsed(args.tensor_name)
        node, slot, debug_op = self._named(name)
        keys = (
            [f"{node}:{slot}:{debug_op}"]
            if slot is not None
            else [key for key in self._dump.debug_watch_keys(node) if key.endswith(f":{debug_op}")]
        )
        if len(keys) > 1:
            raise CommandError(
                f"Node {node!r} has debug dumps from {len(keys)} output slots: "
                + ", ".join(key.rpartition(":")[0] for key in keys)
            )
        found = self._dump.watch_key_to_data(keys[0]) if keys else []
        if not found:
            raise CommandError(f'Tensor "{name}" did not generate any dumps.')
        if len(found) > 1 and args.number < 0:
            return [
                f'Tensor "{keys[0]}" generated {len(found)} dumps:',
                *(f"#{i} {self._time(each)} {keys[0]}" for i, each in enumerate(found)),
                "",
                "Use the -n (--number) flag to specify which dump to print.",
                f"For example: print_tensor {name} -n 0",
            ]
        number = max(args.number, 0)
        if number >= len(found):
            raise CommandError(
                f"Specified number ({number}) exceeds the number of available dumps "
                f"({len(found)}) for tensor {name}"
            )
        shown = keys[0] + (f" (dump {number})" if len(found) > 1 else "")
        return shown_value(found[number].get_tensor(), shown, slices, args)

    def _named(self, name: str) -> tuple[str, int | None, str]:
        """Return node, slot and debug op of `node`, `node:slot` or `node:slot:DebugOp`."""
        head, _, last = name.rpartition(":")
        debug_op = "DebugIdentity"
        if head and last.startswith("Debug"):
            name, debug_op = head, last
        node, slot = parse_node_or_tensor_name(name)
        self._check(node)
        return node, slot, debug_op

    def _check(self, node: str) -> None:
        if not self._dump.node_exists(node):
            raise CommandError(f'Node "{node}" does not exist in partition graphs')

    # --- nodes -----------------------------------------------------------------------------------

    def node_info(self, args: Any) -> list[str]:
        """Return the lines that tell of a node."""
        dump, name = self._dump, parse_node_or_tensor_name(args.node_name)[0]
        self._check(name)
        lines = [f"Node {name}", "", f"  Op: {dump.node_op_type(name)}"]
        lines += [f"  Device: {dump.node_device(name)}", ""]
        for what, ask in (("input", dump.node_inputs), ("recipient", dump.node_recipients)):
            data, control = ask(name), ask(name, is_control=True)
            lines.append(f"  {len(data)} {what}(s) + {len(control)} control {what}(s):")
            for kind, names in ((what, data), (f"control {what}", control)):
                lines.append(f"    {len(names)} {kind}(s):")
                lines += [f"      [{self._op_type(each)}] {each}" for each in names]
                lines.append("")
        if args.attributes:
            lines.append("Node attributes:")
            for key, value in sorted(dump.node_attributes(name).items()):
                lines += [f"  {key}:", *(f"    {line}" for line in str(value).splitlines()), ""]
        if args.dumps:
            found = [d for key in dump.debug_watch_keys(name) for d in dump.watch_key_to_data(key)]
            lines += [f"{len(found)} dumped tensor(s):", ""]
            lines += [
                f"  Slot {each.output_slot} @ {each.debug_op} @ {self._time(each)[1:-1]} ms"
                for each in found
            ]
            lines.append("")
        if args.traceback:
            lines += ["Traceback of node construction:", *self._traceback(name)]
        return lines

    def _traceback(self, name: str) -> list[str]:
        try:
            frames = self._dump.node_traceback(name)
        except (LookupError, KeyError):
            return ["(Unavailable because no Python graph has been loaded)"]
        lines: list[str] = []
        for depth, (path, number, function, text) in enumerate(frames):
            lines += [f"{depth}: {path}", f"  Line:     {number}", f"  Function: {function}"]
            lines += [f"  Text:     {text}", ""]
        return lines

    def list_inputs(self, args: Any) -> list[str]:
        """Return the tree of what a node reads."""
        return self._tree(args, "Inputs to", self._dump.node_inputs)

    def list_outputs(self, args: Any) -> list[str]:
        """Return the tree of who reads a node."""
        return self._tree(args, "Recipients of", self._dump.node_recipients)

    def _tree(self, args: Any, what: str, ask: Callable[..., list[str]]) -> list[str]:
        name = parse_node_or_tensor_name(args.node_name)[0]
        self._check(name)
        depth = args.depth if args.recursive else 1
        included = ", control inputs included" if args.control else ""
        label = f'{what} node "{name}"'
        lines = [f"{label} (Depth limit = {depth}{included}):"]
        seen: set[str] = set()

        def grow(node: str, level: int, indent: str) -> None:
            sources = [(each, "") for each in ask(node)]
            if args.control:
                sources += [(each, "(Ctrl) ") for each in ask(node, is_control=True)]
            seen.add(node)
            for i, (each, mark) in enumerate(sources):
                kind = f"[{self._op_type(each)}] " if args.op_type else ""
                known = node_of(each) in seen
                again = " (...)" if known and ask(node_of(each)) else ""
                lines.append(f"{indent}|- ({level}) {mark}{kind}{each}{again}")
                if level < depth and not known and self._dump.node_exists(node_of(each)):
                    last = i == len(sources) - 1
                    grow(node_of(each), level + 1, indent + ("   " if last else "|  "))

        grow(name, 1, "")
        return lines if len(lines) > 1 else [*lines, "  [None]"]


_SORTS: dict[str, Callable[[tuple[DebugTensorDatum, str]], Any]] = {
    "timestamp": lambda row: row[0].order,
    "dump_size": lambda row: row[0].dump_size_bytes,
    "op_type": lambda row: row[1],
    "tensor_name": lambda row: row[0].tensor_name,
}


def add_print_arguments(arguments: Arguments) -> None:
    """Add the arguments of commands that print values."""
    arguments.add_argument("tensor_name", help="such as z:0 or z:0[1, :]")
    arguments.add_argument("-n", "--number", type=int, default=-1, help="which dump, from 0 on")
    arguments.add_argument("-r", "--ranges", default="", help="count what is in [0, 1] or others")
    arguments.add_argument("-a", "--all", action="store_true", help="every element")
    arguments.add_argument("-s", "--numeric_summary", action="store_true", help="counts, moments")
    arguments.add_argument("-w", "--write_path", default="", help="write it to this .npy file")


def parsed(text: str) -> tuple[str, tuple[tensor_text.Index, ...]]:
    """Return the name and slices of an argument.

    Raises:
        CommandError: if it has another form.
    """
    try:
        return tensor_text.parse_sliced(text)
    except ValueError as error:
        raise CommandError(str(error)) from None


def shown_value(value: Any, name: str, slices: Any, args: Any) -> list[str]:
    """Return the lines of a value as the arguments ask for, and write it if they do.

    Raises:
        CommandError: if slices or ranges do not fit, or it cannot be written.
    """
    try:
        lines = tensor_text.describe(
            value,
            name,
            slices,
            whole=args.all,
            summary=args.numeric_summary,
            ranges=tensor_text.parse_ranges(args.ranges) if args.ranges else (),
        )
    except (ValueError, IndexError) as error:
        raise CommandError(str(error)) from None
    if args.write_path:
        if isinstance(value, InconvertibleTensorProto) or np.asarray(value).dtype == object:
            raise CommandError(f"{name} has no numbers to write")
        try:
            with Path(args.write_path).open("wb") as file:
                np.save(file, np.asarray(value)[tuple(slices)], allow_pickle=False)
        except OSError as error:
            raise CommandError(f"{args.write_path}: {error.strerror}") from None
        size = Path(args.write_path).stat().st_size
        lines.append(f"Saved value to: {args.write_path} ({size} B)")
    return lines
