"""The graph of objects below a root, and what of it goes into a checkpoint.

**Invariants**
1. Objects are met level by level, the parts of one in their order: the shortest way to an object
   names it, and the root is object 0.
2. Slots of optimizers come after all other objects; they are nobody's part.

Source: TensorFlow 1.15, `training/tracking/graph_view.py`.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Iterable
from typing import Any

from minitf import protos
from minitf.object_checkpoint.names import attribute_key, path_name, slot_name
from minitf.object_checkpoint.python_state import NoRestoreSaveable, PythonStateSaveable
from minitf.trackable.base import OBJECT_GRAPH_PROTO_KEY, Trackable, TrackableReference
from minitf.train.saveable import SaveableObject, by_names, saveables_of


class ObjectGraphView:
    """The objects that a root leads to.

    Args:
        root: the root, or a weak reference to it.
        saveables_cache: accepted for compatibility: what is made for saving is always kept.
        attached_dependencies: further parts of the root, for this view alone.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        root: Any,
        saveables_cache: Any = None,
        attached_dependencies: Iterable[TrackableReference] | None = None,
    ) -> None:
        self._root_ref = root
        self.attached_dependencies = list(attached_dependencies or ())
        # id -> (object, {attribute: what stands for it}): operations for saving are made once
        self._made: dict[int, tuple[Any, dict[str, list[Any]]]] = {}

    @property
    def root(self) -> Any:
        """The root."""
        is_weak = isinstance(self._root_ref, weakref.ref)
        return self._root_ref() if is_weak else self._root_ref

    def list_dependencies(self, obj: Any) -> list[TrackableReference]:
        """Return the parts of an object."""
        obj._maybe_initialize_trackable()  # noqa: SLF001 TensorFlow's names, here and below
        parts = list(obj._checkpoint_dependencies)  # noqa: SLF001
        return parts + self.attached_dependencies if obj is self.root else parts

    def _walked(self) -> tuple[list[Any], dict[int, tuple[str, ...]]]:
        """Return the objects in order, and the way to each by its id."""
        objects: list[Any] = []
        ways: dict[int, tuple[str, ...]] = {id(self.root): ()}
        queue = deque([self.root])
        while queue:
            current = queue.popleft()
            if not isinstance(current, Trackable):
                raise NotImplementedError(
                    f"The object {current} does not appear to be trackable, and cannot be saved."
                )
            objects.append(current)
            for name, part in self.list_dependencies(current):
                if id(part) not in ways:
                    ways[id(part)] = (*ways[id(current)], name)
                    queue.append(part)
        return objects, ways

    def list_objects(self) -> list[Any]:
        """Return all objects, the slots of optimizers included."""
        return self._numbered()[0]

    def objects_ids_and_slot_variables(self) -> tuple[list[Any], dict[int, int], dict[int, Any]]:
        """Return all objects, their numbers by id, and the slots of optimizers by id of these."""
        objects, numbers, _, slots = self._numbered()
        return objects, numbers, slots

    def _numbered(
        self,
    ) -> tuple[list[Any], dict[int, int], dict[int, str], dict[int, list[Any]]]:
        """Return all objects; by id of one its number, its name, and its SlotVariableReferences."""
        objects, ways = self._walked()
        names = {each: path_name(way) for each, way in ways.items()}
        numbers = {id(each): number for number, each in enumerate(objects)}
        slots: dict[int, list[Any]] = {}
        plain = list(objects)
        for optimizer in plain:
            if not hasattr(optimizer, "_create_or_restore_slot_variable"):
                continue
            for slot in optimizer.get_slot_names():
                for number, variable in enumerate(plain):
                    made = _slot_of(optimizer, variable, slot)
                    if made is None:
                        continue
                    if id(made) in numbers:
                        raise NotImplementedError(
                            "A slot variable was re-used as a dependency of a Trackable object: "
                            f"{made}. This is not currently allowed."
                        )
                    numbers[id(made)] = len(objects)
                    names[id(made)] = slot_name(names[id(variable)], names[id(optimizer)], slot)
                    slots.setdefault(id(optimizer), []).append(
                        protos.TrackableObjectGraph.TrackableObject.SlotVariableReference(
                            original_variable_node_id=number,
                            slot_name=slot,
                            slot_variable_node_id=len(objects),
                        )
                    )
                    objects.append(made)
        return objects, numbers, names, slots

    # --- for a checkpoint ------------------------------------------------------------------------

    def serialize_object_graph(self) -> tuple[list[Any], Any, dict[Any, Any]]:
        """Return what a checkpoint of the objects holds.

        Returns:
            The SaveableObjects, a TrackableObjectGraph, and what to feed when it is written.
        """
        objects, numbers, names, slots = self._numbered()
        graph = protos.TrackableObjectGraph()
        saveables: list[Any] = []
        feeds: dict[Any, Any] = {}
        for each in objects:
            node = graph.nodes.add(slot_variables=slots.get(id(each), ()))
            saveables += self._add_attributes(node, each, names[id(each)], feeds)
            for name, part in self.list_dependencies(each):
                node.children.add(node_id=numbers[id(part)], local_name=name)
        return saveables, graph, feeds

    def frozen_saveable_objects(self, object_map: Any = None, to_graph: Any = None) -> list[Any]:
        """Return SaveableObjects of all objects, and one that holds their graph as of now."""
        from minitf.api.constants import constant
        from minitf.api.framework import device, get_default_graph

        del object_map
        with (to_graph or get_default_graph()).as_default(), device("/cpu:0"):
            saveables, graph, _ = self.serialize_object_graph()
            held = constant(graph.SerializeToString(), name="object_graph")
        return [*saveables, NoRestoreSaveable(held, OBJECT_GRAPH_PROTO_KEY)]

    def _add_attributes(self, node: Any, obj: Any, name: str, feeds: dict[Any, Any]) -> list[Any]:
        """Describe in a checkpoint what is saved of an object; return what saves it."""
        made: list[Any] = []
        for attribute, factory in obj._gather_saveables_for_checkpoint().items():  # noqa: SLF001
            key = attribute_key(name, attribute)
            _, known = self._made.setdefault(id(obj), (obj, {}))
            saveables = known.get(key)
            if saveables is None:
                saveables = known[key] = saveables_for(factory, key)
            optional = [bool(getattr(each, "optional_restore", False)) for each in saveables]
            node.attributes.add(
                name=attribute,
                checkpoint_key=key,
                full_name=full_name(factory),
                optional_restore=bool(optional) and all(optional),
            )
            for each in saveables:
                if isinstance(each, PythonStateSaveable):
                    feeds |= each.feed_dict_additions()
            made += saveables
        return made


def _slot_of(optimizer: Any, variable: Any, slot: str) -> Any:
    try:
        return optimizer.get_slot(variable, slot)
    except (AttributeError, KeyError):
        return None  # it is no variable, or has no such slot


def saveables_for(factory: Any, key: str) -> list[Any]:
    """Return SaveableObjects for something that an object wants to be saved, under a key.

    Raises:
        AssertionError: if it has another name.
    """
    is_maker = callable(factory) and not isinstance(factory, Trackable)
    made = factory(name=key) if is_maker else factory
    saveables = saveables_of({key: made})
    for each in saveables:
        if key not in each.name:
            raise AssertionError(
                f"The object {made} produced a SaveableObject with name '{each.name}' for a "
                f"checkpoint key of '{key}'. Expected the name to contain the key."
            )
    return saveables


def full_name(factory: Any) -> str:
    """Return the name under which a Saver saves something; "" if it is none's."""
    if isinstance(factory, SaveableObject) or not isinstance(factory, Trackable):
        return ""
    (name,) = by_names([factory])
    return name
