"""TrackableSaver: writes and restores the objects below a root.

**State**: the operation that writes, with the graph of objects that it is for (a change of the
objects makes another one); operations that restore, by the keys of their values.

Source: TensorFlow 1.15, `training/tracking/util.py`.
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, device
from minitf.dtypes import string
from minitf.errors import NotFoundError
from minitf.object_checkpoint.device_savers import MultiDeviceSaver
from minitf.object_checkpoint.graph_view import ObjectGraphView
from minitf.object_checkpoint.python_state import NoRestoreSaveable
from minitf.object_checkpoint.restoring import NameBasedRestoration, Restoration
from minitf.object_checkpoint.sessions import get_session
from minitf.object_checkpoint.status import (
    CheckpointLoadStatus,
    InitializationOnlyStatus,
    NameBasedSaverStatus,
)
from minitf.trackable.base import OBJECT_GRAPH_PROTO_KEY, uid
from minitf.trackable.position import CheckpointPosition
from minitf.train.checkpoint_reader import CheckpointReader


class TrackableSaver:
    """Saves and restores objects.

    Args:
        graph_view: the objects.

    Source: TensorFlow 1.15.
    """

    def __init__(self, graph_view: ObjectGraphView) -> None:
        self._graph_view = graph_view
        self._object_graph: Any = None  # fed when it is written
        self._prefix: Any = None  # likewise
        self._restored_prefix: Any = None  # fed when it is restored
        self._written: Any = None
        self._written_graph: Any = None
        self._restore_op_cache: dict[str, Any] = {}

    # --- saving ----------------------------------------------------------------------------------

    def save(self, file_prefix: Any, checkpoint_number: Any = None, session: Any = None) -> Any:
        """Write a checkpoint; return its path.

        Args:
            file_prefix: the path.
            checkpoint_number: a number to put behind it.
            session: the session that holds the values; the default one if None is given.
        """
        prefix = os.fsdecode(file_prefix)
        if checkpoint_number is not None:
            prefix = f"{prefix}-{checkpoint_number}"
        if self._prefix is None:
            with device("/cpu:0"):
                self._object_graph = constant("", dtype=string, name="object_graph")
                self._prefix = constant("", dtype=string, name="file_prefix")
        saveables, graph, feeds = self._graph_view.serialize_object_graph()
        if self._written_graph != graph:
            self._written = self._write(saveables)
            self._written_graph = graph
        Path(prefix).parent.mkdir(parents=True, exist_ok=True)
        feeds |= {self._prefix: prefix, self._object_graph: graph.SerializeToString()}
        return os.fsdecode((session or get_session()).run(self._written, feed_dict=feeds))

    def _write(self, saveables: list[Any]) -> Any:
        """Return the path, when everything is written there."""
        held = NoRestoreSaveable(self._object_graph, OBJECT_GRAPH_PROTO_KEY)
        written = MultiDeviceSaver([*saveables, held]).save(self._prefix)
        with device("/cpu:0"), control_dependencies([written]):
            return identity(self._prefix)

    # --- restoring -------------------------------------------------------------------------------

    def restore(self, save_path: Any) -> Any:
        """Prepare to restore a checkpoint; return a status, whose methods do it.

        Args:
            save_path: the path; None to have objects get first values.

        Raises:
            NotFoundError: if there is no checkpoint.
        """
        if save_path is None:
            return InitializationOnlyStatus(self._graph_view, uid())
        path = os.fsdecode(save_path)
        graph = object_graph_of(CheckpointReader(path))
        if graph is None:
            return NameBasedSaverStatus(NameBasedRestoration(path), self._graph_view)
        if self._restored_prefix is None:
            with device("/cpu:0"):
                self._restored_prefix = constant("model", name="restored_prefix")
        restoration = Restoration(
            graph, path, self._restored_prefix, self._restore_op_cache, self._graph_view
        )
        root = self._graph_view.root
        CheckpointPosition(restoration, 0).restore(root)
        known = {each.local_name: each.node_id for each in graph.nodes[0].children}
        for name, part in self._graph_view.attached_dependencies:
            if name in known:
                CheckpointPosition(restoration, known[name]).restore(part)
        return CheckpointLoadStatus(restoration, self._graph_view, {self._restored_prefix: path})


def object_graph_of(reader: CheckpointReader) -> Any:
    """Return the graph of objects of a checkpoint; None if a Saver wrote it."""
    try:
        held = reader.get_tensor(OBJECT_GRAPH_PROTO_KEY)
    except NotFoundError:
        return None
    graph = protos.TrackableObjectGraph()
    graph.ParseFromString(held)
    return graph


def object_metadata(save_path: Any) -> Any:
    """Return the graph of objects of a checkpoint.

    Raises:
        ValueError: if a Saver wrote it.
    """
    graph = object_graph_of(CheckpointReader(save_path))
    if graph is None:
        raise ValueError(
            f'The specified checkpoint "{save_path}" does not appear to be object-based (saved '
            f'with TF2) since it is missing the key "{OBJECT_GRAPH_PROTO_KEY}". Likely it was '
            "created with the TF1 name-based saver and does not contain an object dependency graph."
        )
    return graph


def list_objects(root_trackable: Any) -> list[Any]:
    """Return all objects that a root leads to."""
    return ObjectGraphView(root_trackable).list_objects()


def gather_initializers(root_trackable: Any) -> list[Any]:
    """Return the initializers of all objects that a root leads to."""
    found = list_objects(root_trackable)
    return [each.initializer for each in found if getattr(each, "initializer", None) is not None]


def saver_with_op_caching(obj: Any, attached_dependencies: Any = None) -> TrackableSaver:
    """Return a TrackableSaver of an object, to which it keeps a weak reference."""
    return TrackableSaver(
        ObjectGraphView(weakref.ref(obj), attached_dependencies=attached_dependencies)
    )


def frozen_saver(root_trackable: Any) -> MultiDeviceSaver:
    """Return a saver of an object's parts as they are now."""
    return MultiDeviceSaver(ObjectGraphView(root_trackable).frozen_saveable_objects())
