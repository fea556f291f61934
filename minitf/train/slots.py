"""The variables of an optimizer: slots that go with the variables it changes, and its own.

**State**: slot name -> variable -> slot; (name, graph) -> variable of the optimizer itself;
slot name -> variable -> positions in checkpoints of objects that wait for the slot.

**Invariant**: a variable is known by its graph and name, so one Optimizer serves several graphs.

Source: OSDI §4.1 (optimizers keep their state in variables).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.default_graph import default_graph
from minitf.trackable.base import Trackable, TrackableReference
from minitf.trackable.position import CheckpointPosition
from minitf.train import slot_creator
from minitf.variables.base import Variable
from minitf.variables.resource import ResourceVariable


class Slots(Trackable):
    """Keeps the variables of an optimizer; the methods of its subclasses begin with `_`.

    Of a checkpoint of objects its own variables of the default graph are parts; slots are saved
    with their variables.

    Source: OSDI §4.1.
    """

    def __init__(self) -> None:
        self._slots: dict[str, dict[Any, Variable]] = {}
        self._non_slot_dict: dict[Any, Variable] = {}
        self._deferred_slot_restorations: dict[str, dict[Any, list[CheckpointPosition]]] = {}

    def get_slot(self, var: Any, name: str) -> Any:
        """Return the slot of a variable, or None."""
        return self._slots.get(name, {}).get(_key(var))

    def get_slot_names(self) -> list[str]:
        """Return the names of the kinds of slots, sorted."""
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """Return the variables that it made in the default graph, sorted by name."""
        slots = [slot for by_variable in self._slots.values() for slot in by_variable.values()]
        graph = default_graph()
        own = [v for v in (*self._non_slot_variables(), *slots) if v.graph is graph]
        return sorted(own, key=lambda variable: variable.name)

    def _slot_dict(self, slot_name: str) -> dict[Any, Variable]:
        return self._slots.setdefault(slot_name, {})

    def _get_or_make_slot(self, var: Any, val: Any, slot_name: str, op_name: str) -> Any:
        """Return a slot, made with the initial value `val` the first time."""
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = slot_creator.create_slot(var, val, op_name)
            self._restore_slot_variable(slot_name, var, slots[_key(var)])
        return slots[_key(var)]

    def _get_or_make_slot_with_initializer(
        self, var: Any, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Any:
        """Return a slot, made with an initializer the first time."""
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = slot_creator.create_slot_with_initializer(
                var, initializer, shape, dtype, op_name
            )
            self._restore_slot_variable(slot_name, var, slots[_key(var)])
        return slots[_key(var)]

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        """Return a slot, made of zeros the first time."""
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = slot_creator.create_zeros_slot(var, op_name)
            self._restore_slot_variable(slot_name, var, slots[_key(var)])
        return slots[_key(var)]

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Any) -> Any:
        """Return a variable of the optimizer itself, made next to another one the first time."""
        key = name, colocate_with.graph
        if key not in self._non_slot_dict:
            with colocate_with.graph.colocate_with(colocate_with):
                self._non_slot_dict[key] = Variable(
                    initial_value,
                    name=name,
                    trainable=False,
                    use_resource=isinstance(colocate_with, ResourceVariable),
                )
            self._handle_deferred_dependencies(name, self._non_slot_dict[key])
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self) -> Iterable[Variable]:
        return self._non_slot_dict.values()

    # --- checkpoints of objects ------------------------------------------------------------------

    @property
    def _checkpoint_dependencies(self) -> list[TrackableReference]:
        graph = default_graph()
        own = sorted(self._non_slot_dict.items(), key=lambda item: str(item[0][0]))
        return super()._checkpoint_dependencies + [
            TrackableReference(name, each) for (name, _), each in own if each.graph is graph
        ]

    def _lookup_dependency(self, name: str) -> Any:
        found = super()._lookup_dependency(name)
        return self._get_non_slot_variable(name, default_graph()) if found is None else found

    def _restore_slot_variable(self, slot_name: str, variable: Any, slot_variable: Any) -> None:
        """Restore a slot from what waits for it, the newest first."""
        waiting = self._deferred_slot_restorations.get(slot_name, {}).pop(_key(variable), [])
        for position in sorted(waiting, key=lambda each: -each.restore_uid):
            position.restore(slot_variable)

    def _create_or_restore_slot_variable(
        self, slot_variable_position: CheckpointPosition, slot_name: str, variable: Any
    ) -> None:
        """Restore a slot, at once or when it is made."""
        slot = self._slots.get(slot_name, {}).get(_key(variable))
        if slot is not None:
            slot_variable_position.restore(slot)
            return
        by_variable = self._deferred_slot_restorations.setdefault(slot_name, {})
        by_variable.setdefault(_key(variable), []).append(slot_variable_position)


def _key(variable: Any) -> tuple[Any, str]:
    return variable.op.graph, variable.op.name
