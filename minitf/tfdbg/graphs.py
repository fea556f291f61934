"""The graph of one device of a debugged run: who reads whom, without the nodes that watch.

Watching adds nodes: `__copy_NODE_SLOT` hands an output on, and `__dbg_NODE:SLOT_N_OP` keeps
something of it.  They are left out here, and readers of a copy read the output itself.

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.debug_graphs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from minitf import protos
from minitf.errors import NotFoundError
from minitf.ops import find_op

_COPY, _DEBUG = "__copy_", "__dbg_"
_MERGES = ("Merge", "RefMerge")


def parse_node_or_tensor_name(name: str) -> tuple[str, int | None]:
    """Return the node and the output slot that a name says; None for a node's own.

    >>> parse_node_or_tensor_name("a/b:1")
    ('a/b', 1)
    """
    node, colon, slot = name.rpartition(":")
    return (node, int(slot)) if colon and slot.isdecimal() else (name, None)


def node_of(input_name: str) -> str:
    """Return the node that an input of a NodeDef names: `^a`, `a:1` and `a` name a."""
    return input_name.removeprefix("^").partition(":")[0]


def is_added(name: str) -> bool:
    """Tell whether a node was added to watch others."""
    return name.startswith((_COPY, _DEBUG))


def reconstruct_non_debug_graph_def(debug_graph_def: Any) -> Any:
    """Return a GraphDef without the nodes that watch."""
    copied = {
        node.name: node.input[0] for node in debug_graph_def.node if node.name.startswith(_COPY)
    }
    found = protos.GraphDef()
    found.CopyFrom(debug_graph_def)
    del found.node[:]
    for node in debug_graph_def.node:
        if is_added(node.name):
            continue
        made = found.node.add()
        made.CopyFrom(node)
        del made.input[:]
        made.input.extend(
            copied.get(name, name) for name in node.input if not name.startswith(f"^{_DEBUG}")
        )
    return found


class DebugGraph:
    """The nodes of one device.

    Args:
        debug_graph_def: a GraphDef, with or without nodes that watch.
        device_name: the device; that of the nodes if None.

    Source: TensorFlow 1.15.
    """

    def __init__(self, debug_graph_def: Any, device_name: str | None = None) -> None:
        self.debug_graph_def = debug_graph_def
        self.non_debug_graph_def = reconstruct_non_debug_graph_def(debug_graph_def)
        self.nodes = {node.name: node for node in self.non_debug_graph_def.node}
        devices = (node.device for node in self.nodes.values() if node.device)
        self.device_name = device_name or next(devices, "")
        self.inputs: dict[str, list[str]] = {}
        self.control_inputs: dict[str, list[str]] = {}
        self.recipients: dict[str, list[str]] = {name: [] for name in self.nodes}
        self.control_recipients: dict[str, list[str]] = {name: [] for name in self.nodes}
        self.ref_recipients: dict[str, list[str]] = {name: [] for name in self.nodes}
        for node in self.nodes.values():
            self._read(node)

    def _read(self, node: Any) -> None:
        """Note who a node reads and waits for."""
        data = [name for name in node.input if not name.startswith("^")]
        waits = [node_of(name) for name in node.input if name.startswith("^")]
        self.inputs[node.name] = [name.removesuffix(":0") for name in data]
        self.control_inputs[node.name] = waits
        for source in map(node_of, data):
            self.recipients.setdefault(source, []).append(node.name)
        for source in waits:
            self.control_recipients.setdefault(source, []).append(node.name)
        for name, is_ref in zip(data, _ref_inputs(node), strict=False):
            if is_ref:
                self.ref_recipients.setdefault(node_of(name), []).append(node.name)

    # --- walks -----------------------------------------------------------------------------------

    def sources(self, name: str, include_control: bool, include_reversed_ref: bool) -> list[str]:
        """Return what a node depends on at once; nothing for a Merge, of which loops are made."""
        name = node_of(name)
        node = self.nodes.get(name)
        if node is None or node.op in _MERGES:
            return []
        found = list(self.inputs[name])
        if include_control:
            found += self.control_inputs[name]
        if include_reversed_ref:
            found += [reader for reader in self.ref_recipients.get(name, ()) if reader != name]
        return found

    def walk(
        self,
        name: str,
        include_control: bool,
        include_reversed_ref: bool,
        visit: Callable[[str, list[str]], bool | None],
    ) -> None:
        """Visit all that a node depends on, depth first, each once, until `visit` returns True.

        Args:
            name: the node.
            include_control: whether control edges are followed.
            include_reversed_ref: whether those who write to a variable count as its sources.
            visit: called with a node, and the path that led to it from `name` on.
        """
        seen = {name}
        stack: list[tuple[Iterable[str], list[str]]] = [
            (iter(self.sources(name, include_control, include_reversed_ref)), [name])
        ]
        while stack:
            sources, path = stack[-1]
            source = next(iter(sources), None)
            if source is None:
                stack.pop()
            elif source not in seen:
                seen.add(source)
                reached = [*path, source]
                if visit(source, reached):
                    return
                following = self.sources(source, include_control, include_reversed_ref)
                stack.append((iter(following), reached))


def _ref_inputs(node: Any) -> list[bool]:
    """Tell of each input whether the node may write to the variable behind it."""
    try:
        arguments = find_op(node.op).inputs
    except NotFoundError:  # an op that only the writer of the dump knows
        return []
    return [each.is_ref for each in arguments if not each.is_list]
