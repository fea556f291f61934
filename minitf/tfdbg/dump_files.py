"""The files of one debugged run: which values, of which devices, and the graphs that made them.

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.debug_data`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.tfdbg import data
from minitf.tfdbg.data import CoreMetadata, DebugTensorDatum
from minitf.tfdbg.graphs import DebugGraph, parse_node_or_tensor_name


class DumpFiles:
    """What one debugged run has written.

    Args:
        root: its folder.
        partition_graphs: the GraphDefs that it ran, if the folder does not hold them.

    Attributes:
        cores: what is known of the run.
        fetches, feeds: texts that tell what was fetched and fed.
        data: device -> its dumps, in the order in which they were made.
        graphs: device -> its graph.

    Raises:
        OSError: if there is no such folder.
    """

    def __init__(self, root: str, partition_graphs: Iterable[Any] | None) -> None:
        self._root = Path(root)
        if not self._root.is_dir():
            raise OSError(f"Dump root directory {root} does not exist")
        self.cores: list[CoreMetadata] = []
        self.fetches: list[str] = []
        self.feeds: list[str] = []
        self.data: dict[str, list[DebugTensorDatum]] = {}
        self.graphs: dict[str, DebugGraph] = {}
        paths = sorted(self._root.iterdir())
        for path in paths:
            if path.name.startswith(data.METADATA_PREFIX + data.CORE_TAG):
                self.cores.append(_core_metadata(path))
            elif path.name.startswith(data.FETCHES_FILE):
                self.fetches.append(data.load_event(path).log_message.message)
            elif path.name.startswith(data.FEEDS_FILE):
                self.feeds.append(data.load_event(path).log_message.message)
        folders = [path.name for path in paths if data.is_device_folder(path.name)]
        written = [graph for name in folders for graph in self._load_device(name)]
        given = [(_device_of(graph), graph) for graph in partition_graphs or ()]
        for device, graph in written or given:
            self.graphs[device] = DebugGraph(graph, device)
            self.data.setdefault(device, [])

    def _load_device(self, folder: str) -> Iterator[tuple[str, Any]]:
        """Note the dumps of a device, and yield its graph."""
        device = data.device_of_folder(folder)
        found = self.data.setdefault(device, [])
        for where, _, files in os.walk(self._root / folder):
            for name in files:
                path = Path(where, name)
                if name.startswith(data.METADATA_PREFIX + data.GRAPH_TAG):
                    yield (
                        device,
                        data.decoded(protos.GraphDef, data.load_event(path).graph_def, path),
                    )
                elif not name.startswith(data.METADATA_PREFIX):
                    relative = str(path.relative_to(self._root))
                    found.append(DebugTensorDatum(str(self._root), relative))
        found.sort(key=lambda datum: datum.order)

    def check(self) -> None:
        """Check that each dump's node is in the graph, and that nothing came before its inputs.

        Raises:
            ValueError: if one is not, or did.
        """
        for device, graph in self.graphs.items():
            first: dict[str, tuple[int, int]] = {}
            for datum in self.data[device]:
                if datum.node_name not in graph.nodes:
                    raise ValueError(
                        f"Node name '{datum.node_name}' is not found in partition graphs of device "
                        f"{device}."
                    )
                first.setdefault(datum.tensor_name, datum.order)
            for tensor, order in first.items():
                node = graph.nodes[parse_node_or_tensor_name(tensor)[0]]
                names = [name if ":" in name else f"{name}:0" for name in node.input]
                late = [name for name in names if first.get(name, order) > order]
                if late and "Merge" not in node.op:
                    raise ValueError(
                        "Causality violated in timing relations of debug dumps: "
                        f"{tensor} ({order[0]}): these input(s) are not satisfied: {late}"
                    )


def _device_of(graph: Any) -> str:
    """Return the device of a given GraphDef."""
    return next((node.device for node in graph.node if node.device), "")


def _core_metadata(path: Path) -> CoreMetadata:
    """Read what the writer tells of a run.

    Raises:
        ValueError: if it tells something else.
    """
    facts = json.loads(data.load_event(path).log_message.message)
    try:
        return CoreMetadata(**{name: facts[name] for name in CoreMetadata._fields})
    except (KeyError, TypeError):
        raise ValueError(f"{path} does not hold the metadata of a debugged run") from None
