"""A restore of a checkpoint of objects: which objects are found, and what restores them.

**State** of a Restoration
- `object_by_proto_id`: number of an object in the checkpoint -> the program's object.
- `restore_ops`, `restore_ops_by_name`: operations that restore, which read the path that is fed.
- `slot_restorations`, `deferred_slot_restorations`: slots whose variable, and whose optimizer, is
  waited for, by the number of that.
- `unused_attributes`: names of values that their object does not take, by the object's id.

Source: TensorFlow 1.15, `training/tracking/util.py`.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from minitf.object_checkpoint.device_savers import MultiDeviceSaver
from minitf.object_checkpoint.graph_view import ObjectGraphView
from minitf.trackable.base import Trackable, uid
from minitf.trackable.position import SlotOfVariable, SlotToRestore
from minitf.train.checkpoint_reader import CheckpointReader
from minitf.train.saveable import by_names, saveables_of

_LOG = logging.getLogger("tensorflow")


class Restoration:
    """One restore of one checkpoint.

    Args:
        object_graph_proto: the graph of objects of the checkpoint.
        save_path: its path.
        save_path_tensor: what operations read it from.
        restore_op_cache: operations of earlier restores by the keys of their values; it grows.
        graph_view: the program's objects.
    """

    def __init__(
        self,
        object_graph_proto: Any,
        save_path: str,
        save_path_tensor: Any,
        restore_op_cache: dict[str, Any],
        graph_view: ObjectGraphView,
    ) -> None:
        self.object_graph_proto = object_graph_proto
        self.restore_uid = uid()
        self.save_path_string = save_path
        self.save_path_tensor = save_path_tensor
        self.graph_view = graph_view
        self.object_by_proto_id: dict[int, Any] = {}
        self.matched_proto_ids: set[int] = set()
        self.all_python_objects: dict[int, Any] = {}
        self.unused_attributes: dict[int, list[str]] = {}
        self.restore_ops: list[Any] = []
        self.restore_ops_by_name = restore_op_cache
        self.new_restore_ops_callback: Callable[[list[Any]], Any] | None = None
        self._options = {"expect_partial": False}
        self.slot_restorations: dict[int, list[SlotToRestore]] = {}
        self.deferred_slot_restorations: dict[int, list[SlotOfVariable]] = {}
        for number, node in enumerate(object_graph_proto.nodes):
            for each in node.slot_variables:
                self.slot_restorations.setdefault(each.original_variable_node_id, []).append(
                    SlotToRestore(number, each.slot_variable_node_id, each.slot_name)
                )
        self._reader: CheckpointReader | None = None
        # what tells must not hold the objects, which hold what waits, which holds the restoration
        told = weakref.finalize(
            self, _tell_unused, object_graph_proto, self.matched_proto_ids, self._options
        )
        told.atexit = False

    @property
    def reader(self) -> CheckpointReader:
        """What reads the checkpoint outside the graph."""
        if self._reader is None:
            self._reader = CheckpointReader(self.save_path_string)
        return self._reader

    def expect_partial(self) -> None:
        """Let values be left over without a warning."""
        self._options["expect_partial"] = True

    def dtype_of(self, key: str) -> Any:
        """Return the type of a value in the checkpoint."""
        return self.reader.get_variable_to_dtype_map()[key]

    def new_restore_ops(self, new_ops: list[Any]) -> None:
        """Take operations for parts that were found, and run them if somebody wants that."""
        self.restore_ops += new_ops
        if self.new_restore_ops_callback is not None:
            self.new_restore_ops_callback(new_ops)

    def restore_saveables(self, tensors: dict[str, Any], states: list[Any]) -> list[Any]:
        """Return operations that restore values; states of Python are set at once.

        Args:
            tensors: variables and SaveableObjects by their keys.
            states: (key, SaveableObject) of states of Python.
        """
        for _, state in states:
            state.python_restore([self.reader.get_tensor(spec.name) for spec in state.specs])
        if not tensors:
            return []
        made = MultiDeviceSaver(saveables_of(tensors)).restore(self.save_path_tensor)
        self.restore_ops_by_name.update(made)
        return [each for _, each in sorted(made.items())]

    # --- reports ---------------------------------------------------------------------------------

    def unresolved(self) -> list[str]:
        """Return the objects of the checkpoint that no object of the program stands for."""
        found = range(len(self.object_graph_proto.nodes))
        return [self.described(each) for each in found if each not in self.object_by_proto_id]

    def described(self, number: int) -> str:
        """Return the way to an object of the checkpoint, as a program writes it."""
        return described(self.object_graph_proto, number)


def described(object_graph_proto: Any, number: int) -> str:
    """Return the way to an object, as a program writes it, and what is saved of it.

    (root).dense.kernel: attributes VARIABLE_VALUE
    """
    nodes = object_graph_proto.nodes
    ways, queue = {0: "(root)"}, [0]
    for current in queue:
        for child in nodes[current].children:
            if child.node_id not in ways:
                ways[child.node_id] = f"{ways[current]}.{child.local_name}"
                queue.append(child.node_id)
    for optimizer, node in enumerate(nodes):
        for slot in node.slot_variables:
            ways.setdefault(
                slot.slot_variable_node_id,
                f"{ways.get(optimizer, '?')}'s state '{slot.slot_name}' for "
                f"{ways.get(slot.original_variable_node_id, '?')}",
            )
    saved = ", ".join(each.name for each in nodes[number].attributes)
    return ways.get(number, f"object {number}") + (f": attributes {saved}" if saved else "")


def _tell_unused(graph: Any, found: set[int], options: dict[str, bool]) -> None:
    """Warn of what was never restored, when nobody can restore it any more."""
    if options["expect_partial"] or len(found) == len(graph.nodes):
        return
    for number in range(len(graph.nodes)):
        if number not in found:
            _LOG.warning("Unresolved object in checkpoint: %s", described(graph, number))
    _LOG.warning(
        "A checkpoint was restored (e.g. tf.train.Checkpoint.restore or "
        "tf.keras.Model.load_weights) but not all checkpointed values were used. See above for "
        "specific issues. Use expect_partial() on the load status object, e.g. "
        "tf.train.Checkpoint.restore(...).expect_partial(), to silence these warnings, or use "
        "assert_consumed() to make the check explicit."
    )


class NameBasedRestoration:
    """One restore of a checkpoint that a Saver wrote, into objects.

    Args:
        save_path: its path.
    """

    def __init__(self, save_path: str) -> None:
        self.save_path = save_path
        self.restore_uid = uid()
        self.unused_attributes: dict[int, list[str]] = {}

    def globally_named_object_attributes(self, trackable: Trackable) -> Iterator[Any]:
        """Yield SaveableObjects for what a Saver saves of an object."""
        for name, factory in trackable._gather_saveables_for_checkpoint().items():  # noqa: SLF001
            made = factory
            if callable(factory) and not isinstance(factory, Trackable):
                try:
                    made = factory()
                except TypeError:  # without a name of its own no Saver can have saved it
                    self.unused_attributes.setdefault(id(trackable), []).append(name)
                    continue
            yield from saveables_of(by_names([made]))
