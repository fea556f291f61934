"""The variables of an optimizer: slots that go with the variables it changes, and its own.

**State**: slot name -> variable -> slot; (name, graph) -> variable of the optimizer itself.

**Invariant**: a variable is known by its graph and name, so one Optimizer serves several graphs.

Source: OSDI §4.1 (optimizers keep their state in variables).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.default_graph import default_graph
from minitf.train import slot_creator
from minitf.variables.base import Variable
from minitf.variables.resource import ResourceVariable


class Slots:
    """Keeps the variables of an optimizer; the methods of its subclasses begin with `_`.

    Source: OSDI §4.1.
    """

    def __init__(self) -> None:
        self._slots: dict[str, dict[Any, Variable]] = {}
        self._non_slot_dict: dict[Any, Variable] = {}

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
        return slots[_key(var)]

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        """Return a slot, made of zeros the first time."""
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = slot_creator.create_zeros_slot(var, op_name)
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
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self) -> Iterable[Variable]:
        return self._non_slot_dict.values()


def _key(variable: Any) -> tuple[Any, str]:
    return variable.op.graph, variable.op.name
