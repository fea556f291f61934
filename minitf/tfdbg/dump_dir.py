"""DebugDumpDir: all that one debugged run has written, and the graphs that it ran.

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.debug_data`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from minitf.tfdbg.data import DebugTensorDatum
from minitf.tfdbg.dump_files import DumpFiles
from minitf.tfdbg.graphs import DebugGraph, node_of, parse_node_or_tensor_name


class WatchKeyDoesNotExistInDebugDumpDirError(ValueError):
    """No dump has the watch key that was asked for."""


class DebugDumpDir:
    """What one debugged run has written.

    Args:
        dump_root: its folder.
        partition_graphs: the GraphDefs that it ran, if the folder does not hold them.
        validate: whether to check that the dumps fit the graphs.

    Raises:
        OSError: if there is no such folder.
        ValueError: if a dump fits no graph.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self, dump_root: str, partition_graphs: Iterable[Any] | None = None, validate: bool = True
    ) -> None:
        files = DumpFiles(dump_root, partition_graphs)
        if validate:
            files.check()
        self._files = files
        self._graphs = files.graphs
        self._python_graph: Any = None
        self._by_key: dict[str, dict[str, list[DebugTensorDatum]]] = {}
        for device, found in files.data.items():
            keys = self._by_key[device] = {}
            for datum in found:
                keys.setdefault(datum.watch_key, []).append(datum)
        self._t0 = min((each[0].timestamp for each in files.data.values() if each), default=None)

    # --- the run ---------------------------------------------------------------------------------

    @property
    def core_metadata(self) -> Any:
        """What is known of the run: a CoreMetadata, or a list of several."""
        return _only(self._files.cores)

    @property
    def run_fetches_info(self) -> Any:
        """A text that tells what was fetched; a list if there is none, or several."""
        return _only(self._files.fetches)

    @property
    def run_feed_keys_info(self) -> Any:
        """A text that tells what was fed; a list if there is none, or several."""
        return _only(self._files.feeds)

    @property
    def dumped_tensor_data(self) -> list[DebugTensorDatum]:
        """All dumps, in the order in which they were made."""
        found = [datum for each in self._files.data.values() for datum in each]
        return sorted(found, key=lambda datum: datum.order)

    @property
    def size(self) -> int:
        """How many dumps there are."""
        return sum(map(len, self._files.data.values()))

    @property
    def t0(self) -> int | None:
        """When the first was made, in microseconds since 1970; None if there is none."""
        return self._t0

    def devices(self) -> list[str]:
        """Return the names of the devices."""
        return list(self._files.data)

    # --- the graphs ------------------------------------------------------------------------------

    def loaded_partition_graphs(self) -> bool:
        """Tell whether the graphs are known."""
        return bool(self._graphs)

    def partition_graphs(self) -> list[Any]:
        """Return the GraphDefs, nodes that watch among them.

        Raises:
            LookupError: if they are not known.
        """
        self._check_graphs()
        return [graph.debug_graph_def for graph in self._graphs.values()]

    def reconstructed_non_debug_partition_graphs(self) -> dict[str, Any]:
        """Return by device the GraphDef without the nodes that watch."""
        self._check_graphs()
        return {device: graph.non_debug_graph_def for device, graph in self._graphs.items()}

    def nodes(self, device_name: str | None = None) -> list[str]:
        """Return the names of the nodes of a device, of all if it is None.

        Raises:
            LookupError: if the graphs are not known.
            ValueError: if there is no such device.
        """
        self._check_graphs()
        if device_name is None:
            return [name for graph in self._graphs.values() for name in graph.nodes]
        if device_name not in self._graphs:
            raise ValueError(f"Invalid device name: {device_name}")
        return list(self._graphs[device_name].nodes)

    def node_exists(self, node_name: str, device_name: str | None = None) -> bool:
        """Tell whether there is a node of this name."""
        self._check_graphs()
        if device_name is not None and device_name not in self._graphs:
            raise ValueError(
                f"The specified device_name '{device_name}' cannot be found in partition graphs."
            )
        graphs = self._graphs.values() if device_name is None else [self._graphs[device_name]]
        return any(node_name in graph.nodes for graph in graphs)

    def node_device(self, node_name: str) -> Any:
        """Return the device of a node; a list if several have one of the name.

        Raises:
            LookupError: if the graphs are not known.
            ValueError: if there is no such node.
        """
        self._check_graphs()
        found = [device for device, graph in self._graphs.items() if node_name in graph.nodes]
        if not found:
            raise ValueError(f"Node '{node_name}' does not exist in partition graphs.")
        return _only(found)

    def node_attributes(self, node_name: str, device_name: str | None = None) -> dict[str, Any]:
        """Return the attributes of a node: name -> AttrValue."""
        return dict(self._graph(node_name, device_name).nodes[node_name].attr)

    def node_op_type(self, node_name: str, device_name: str | None = None) -> str:
        """Return the type of a node, such as "MatMul"."""
        return str(self._graph(node_name, device_name).nodes[node_name].op)

    def node_inputs(
        self, node_name: str, is_control: bool = False, device_name: str | None = None
    ) -> list[str]:
        """Return the nodes that a node reads, or waits for; `a:1` is the second output of a."""
        graph = self._graph(node_name, device_name)
        return list((graph.control_inputs if is_control else graph.inputs)[node_name])

    def node_recipients(
        self, node_name: str, is_control: bool = False, device_name: str | None = None
    ) -> list[str]:
        """Return the nodes that read a node, or wait for it."""
        graph = self._graph(node_name, device_name)
        return list((graph.control_recipients if is_control else graph.recipients)[node_name])

    def transitive_inputs(
        self,
        node_name: str,
        include_control: bool = True,
        include_reversed_ref: bool = False,
        device_name: str | None = None,
    ) -> list[str]:
        """Return all that a node depends on; what lies behind a Merge is left out."""
        found: list[str] = []
        self._graph(node_name, device_name).walk(
            node_name, include_control, include_reversed_ref, lambda name, _: found.append(name)
        )
        return found

    def find_some_path(
        self,
        src_node_name: str,
        dst_node_name: str,
        include_control: bool = True,
        include_reversed_ref: bool = False,
        device_name: str | None = None,
    ) -> list[str] | None:
        """Return the nodes of a way from one node to another, None if there is none.

        Raises:
            ValueError: if there is no such node, or they are not on one device.
        """
        src_device = self._device(src_node_name, device_name)
        dst_device = self._device(dst_node_name, device_name)
        if src_device != dst_device:
            raise ValueError(
                f"Source ({src_node_name}) and destination ({dst_node_name}) are not on the same "
                f"device: {src_device} vs. {dst_device}"
            )
        if src_node_name == dst_node_name:
            return [src_node_name]
        found: list[list[str]] = []

        def visit(name: str, path: list[str]) -> bool:
            if node_of(name) == src_node_name:
                found.append(path[::-1])
            return bool(found)

        self._graphs[dst_device].walk(dst_node_name, include_control, include_reversed_ref, visit)
        return found[0] if found else None

    @property
    def python_graph(self) -> Any:
        """The Graph that the program built, None until it is set."""
        return self._python_graph

    def set_python_graph(self, python_graph: Any) -> None:
        """Say which Graph the program built: tracebacks come from there."""
        self._python_graph = python_graph

    def node_traceback(self, element_name: str) -> Any:
        """Return where the program made a node or tensor.

        Raises:
            LookupError: if the Graph is not known.
            KeyError: if it has no such node.
        """
        if self._python_graph is None:
            raise LookupError("Python graph is not available for traceback lookup")
        name = parse_node_or_tensor_name(element_name)[0]
        try:
            operation = self._python_graph.get_operation_by_name(name)
        except (KeyError, ValueError):
            raise KeyError(f'Cannot find node "{name}" in Python graph') from None
        return operation.traceback

    # --- the dumps -------------------------------------------------------------------------------

    def debug_watch_keys(self, node_name: str, device_name: str | None = None) -> list[str]:
        """Return the watch keys of a node's dumps."""
        try:
            device = self._device(node_name, device_name)
        except ValueError:
            return []
        keys = (
            (parse_node_or_tensor_name(key.rpartition(":")[0]), key) for key in self._by_key[device]
        )
        return [key for (node, _), key in keys if node == node_name]

    def watch_key_to_data(
        self, debug_watch_key: str, device_name: str | None = None
    ) -> list[DebugTensorDatum]:
        """Return the dumps of a watch key, in the order in which they were made.

        Raises:
            ValueError: if several devices have it and none is named.
        """
        having = [device for device, keys in self._by_key.items() if debug_watch_key in keys]
        if device_name is None and len(having) > 1:
            raise ValueError(
                f"The watch key '{debug_watch_key}' exists on multiple ({len(having)}) devices, "
                "but device name is not specified."
            )
        device = device_name or (having[0] if having else "")
        return list(self._by_key.get(device, {}).get(debug_watch_key, ()))

    def get_tensors(
        self, node_name: str, output_slot: int, debug_op: str, device_name: str | None = None
    ) -> list[Any]:
        """Return the values of all dumps of an output, one per time that it was made.

        Raises:
            WatchKeyDoesNotExistInDebugDumpDirError: if there is none.
        """
        found = self._dumps(node_name, output_slot, debug_op, device_name)
        return [datum.get_tensor() for datum in found]

    def get_tensor_file_paths(
        self, node_name: str, output_slot: int, debug_op: str, device_name: str | None = None
    ) -> list[str]:
        """Return the files of an output."""
        found = self._dumps(node_name, output_slot, debug_op, device_name)
        return [datum.file_path for datum in found]

    def get_rel_timestamps(
        self, node_name: str, output_slot: int, debug_op: str, device_name: str | None = None
    ) -> list[int]:
        """Return when an output was made, in microseconds after `t0`."""
        found = self._dumps(node_name, output_slot, debug_op, device_name)
        return [datum.timestamp - (self._t0 or 0) for datum in found]

    def get_dump_sizes_bytes(
        self, node_name: str, output_slot: int, debug_op: str, device_name: str | None = None
    ) -> list[int]:
        """Return the sizes of an output's files."""
        found = self._dumps(node_name, output_slot, debug_op, device_name)
        return [datum.dump_size_bytes for datum in found]

    def find(
        self,
        predicate: Callable[[DebugTensorDatum, Any], bool],
        first_n: int = 0,
        device_name: str | None = None,
        exclude_node_names: str | None = None,
    ) -> list[DebugTensorDatum]:
        """Return the dumps for which a predicate holds, in the order in which they were made.

        Args:
            predicate: takes the datum and the value.
            first_n: how many to find; 0 for all.
            device_name: look at this device only.
            exclude_node_names: a regular expression of nodes to leave out.
        """
        excluded = re.compile(exclude_node_names) if exclude_node_names else None
        found: list[DebugTensorDatum] = []
        for datum in self.dumped_tensor_data:
            if device_name is not None and datum.device_name != device_name:
                continue
            if excluded is not None and excluded.match(datum.node_name):
                continue
            if predicate(datum, datum.get_tensor()):
                found.append(datum)
                if len(found) == first_n:
                    break
        return found

    # --- looking up ------------------------------------------------------------------------------

    def _check_graphs(self) -> None:
        if not self._graphs:
            raise LookupError("No partition graphs have been loaded.")

    def _device(self, node_name: str, device_name: str | None) -> str:
        """Return the device of a node.

        Raises:
            LookupError: if the graphs are not known.
            ValueError: if there is no such node, or several and no device is named.
        """
        self._check_graphs()
        if device_name is not None:
            if device_name not in self._graphs:
                raise KeyError(device_name)
            if node_name not in self._graphs[device_name].nodes:
                raise ValueError(f"Node '{node_name}' does not exist on device '{device_name}'.")
            return device_name
        having = [device for device, graph in self._graphs.items() if node_name in graph.nodes]
        if not having:
            raise ValueError(
                f"None of the {len(self._graphs)} device(s) has a node named '{node_name}'."
            )
        if len(having) > 1:
            raise ValueError(
                f"There are multiple ({len(having)}) devices with nodes named '{node_name}' but "
                "device_name is not specified."
            )
        return having[0]

    def _graph(self, node_name: str, device_name: str | None) -> DebugGraph:
        return self._graphs[self._device(node_name, device_name)]

    def _dumps(
        self, node_name: str, output_slot: int, debug_op: str, device_name: str | None
    ) -> list[DebugTensorDatum]:
        key = f"{node_name}:{output_slot}:{debug_op}"
        found = self.watch_key_to_data(key, device_name)
        if not found:
            raise WatchKeyDoesNotExistInDebugDumpDirError(
                f'Watch key "{key}" does not exist in the debug dump of device {device_name}'
            )
        return found


def _only(found: list[Any]) -> Any:
    """Return the only one of one, else the list."""
    return found[0] if len(found) == 1 else found
