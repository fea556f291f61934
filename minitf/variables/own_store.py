"""EagerVariableStore: a store of variables that a program holds itself.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.variables.base import Variable
from minitf.variables.resource import ResourceVariable
from minitf.variables.store import VariableStore, used_store


class EagerVariableStore:
    """Variables that `tf.get_variable` finds within `as_default()`, besides the graph's own.

        container = EagerVariableStore()
        with container.as_default():
            v = tf.get_variable("v", [2])       # not the graph's "v"
        container.variables()                   # [v]

    There is no eager mode: as in TensorFlow's graphs, a name is found again only where its scope
    says so by `reuse`.
    """

    def __init__(self, store: VariableStore | None = None) -> None:
        """Hold a store, a new one by default.

        Raises:
            ValueError: if `store` is no store of variables.
        """
        if store is not None and not isinstance(store, VariableStore):
            raise ValueError(f"Cannot construct EagerVariableStore from {store!r}")
        self._store = VariableStore() if store is None else store

    @contextmanager
    def as_default(self) -> Iterator[VariableStore]:
        """Let `tf.get_variable` use this store within the block."""
        with used_store(self._store):
            yield self._store

    def variables(self) -> list[Any]:
        """Return all variables, by name."""
        return sorted(self._store.variables.values(), key=lambda each: each.name)

    def trainable_variables(self) -> list[Any]:
        """Return those that optimizers change, by name."""
        return [each for each in self.variables() if each.trainable]

    def non_trainable_variables(self) -> list[Any]:
        """Return those that optimizers leave alone, by name."""
        return [each for each in self.variables() if not each.trainable]

    def copy(self) -> EagerVariableStore:
        """Return a store of new variables, whose initial values are the values of these.

        Initialize these before the copies.
        """
        made = EagerVariableStore()
        for name, each in self._store.variables.items():
            kind = ResourceVariable if isinstance(each, ResourceVariable) else Variable
            made._store.add(name, kind(each.read_value(), name=name, trainable=each.trainable))
        return made
