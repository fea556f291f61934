"""VariableScope: a prefix for names, whether to share, defaults; and which one is present.

**State** (`ScopeState`, per graph and thread): the present VariableScope, how often each scope
name was opened (for unique default names), the creators of `variable_creator_scope`.

**Invariants**
1. Leaving a block restores the scope that was present when it was entered.
2. A name of a variable depends on variable scopes only, never on name scopes.

Source: OSDI §4.1; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable
from typing import Any

from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.variables.options import (
    VariableAggregation,
    VariableSynchronization,
    is_trainable,
)
from minitf.variables.store import Request, VariableStore

_KEY = ("__varscope",)


class ScopeState(threading.local):
    """The present variable scope of one graph and thread.

    Attributes:
        scope: the present VariableScope.
        counts: full scope name -> how often it was opened.
        creators: functions of `variable_creator_scope`, outermost first.
    """

    def __init__(self) -> None:
        self.scope = VariableScope(False)
        self.counts: dict[str, int] = {}
        self.creators: list[Callable[..., Any]] = []

    def open(self, name: str) -> None:
        """Count a scope that is opened."""
        self.counts[name] = self.counts.get(name, 0) + 1

    def forget_inside(self, name: str) -> None:
        """Forget the counts of the scopes inside one that is left."""
        for each in self.counts:
            if each.startswith(f"{name}/"):
                self.counts[each] = 0

    def unique(self, prefix: str) -> str:
        """Return `prefix`, `prefix_1`, ... : the first that was not opened in the present scope."""
        name = joined(self.scope.name, prefix)
        if not self.counts.get(name):
            return prefix
        number = 1
        while self.counts.get(f"{name}_{number}"):
            number += 1
        return f"{prefix}_{number}"


def scope_state() -> ScopeState:
    """Return the state of the default graph in this thread."""
    held = default_graph().get_collection_ref(_KEY)
    if not held:
        held.append(ScopeState())
    return held[0]  # type: ignore[no-any-return]


def joined(scope: str, name: str) -> str:
    """Return a name with its scope's before it."""
    return f"{scope}/{name}" if scope else name


class VariableScope:
    """What get_variable takes for granted: a prefix for names, whether to share, defaults.

    Args:
        reuse: False (make), True (find) or AUTO_REUSE (find or make).
        name: the prefix, without a slash at the end.
        initializer: the default one.
        regularizer: the default one.
        caching_device: the default one.
        partitioner: the default one.
        custom_getter: asked before variables are found or made.
        name_scope: the name scope that was opened with it.
        dtype: the default type.
        use_resource: which kind of variables to make; None leaves it open.
        constraint: the default one.

    Source: TensorFlow 1.15's class of the same name.
    """

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        name_scope: str = "",
        dtype: Any = float32,
        use_resource: bool | None = None,
        constraint: Any = None,
    ) -> None:
        self._reuse = reuse
        self._name = name
        self._initializer = initializer
        self._regularizer = regularizer
        self._caching_device = caching_device
        self._partitioner = partitioner
        self._custom_getter = custom_getter
        self._name_scope = name_scope
        self._dtype = dtype
        self._use_resource = use_resource
        self._constraint = constraint

    @property
    def name(self) -> str:
        """The prefix of names."""
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The name scope that was opened with it, with a slash."""
        return self._name_scope

    @property
    def reuse(self) -> Any:
        """Whether variables are found: False, True or AUTO_REUSE."""
        return self._reuse

    @property
    def initializer(self) -> Any:
        """The default initializer."""
        return self._initializer

    @property
    def regularizer(self) -> Any:
        """The default regularizer."""
        return self._regularizer

    @property
    def caching_device(self) -> Any:
        """The default caching device."""
        return self._caching_device

    @property
    def partitioner(self) -> Any:
        """The default partitioner."""
        return self._partitioner

    @property
    def custom_getter(self) -> Any:
        """What is asked before variables are found or made."""
        return self._custom_getter

    @property
    def dtype(self) -> Any:
        """The default type."""
        return self._dtype

    @property
    def use_resource(self) -> bool | None:
        """Whether ResourceVariables are made; None leaves it open."""
        return self._use_resource

    @property
    def constraint(self) -> Any:
        """The default constraint."""
        return self._constraint

    def reuse_variables(self) -> None:
        """Find variables from here on, and do not make any."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Set the default initializer."""
        self._initializer = initializer

    def set_regularizer(self, regularizer: Any) -> None:
        """Set the default regularizer."""
        self._regularizer = regularizer

    def set_caching_device(self, caching_device: Any) -> None:
        """Set the default caching device."""
        self._caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        """Set the default partitioner."""
        self._partitioner = partitioner

    def set_custom_getter(self, custom_getter: Any) -> None:
        """Set what is asked before variables are found or made."""
        self._custom_getter = custom_getter

    def set_dtype(self, dtype: Any) -> None:
        """Set the default type."""
        self._dtype = dtype

    def set_use_resource(self, use_resource: bool | None) -> None:
        """Set which kind of variables is made."""
        self._use_resource = use_resource

    def get_collection(self, name: str) -> list[Any]:
        """Return what a collection holds of this scope."""
        return default_graph().get_collection(name, f"{self._name}/" if self._name else "")

    def trainable_variables(self) -> list[Any]:
        """Return the variables of this scope that optimizers change."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self) -> list[Any]:
        """Return the global variables of this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        """Return the local variables of this scope."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def get_variable(
        self,
        var_store: VariableStore,
        name: str,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Any = None,
        constraint: Any = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
    ) -> Any:
        """Return the variable of that name, found in the store or made; see `tf.get_variable`."""

        def chosen(value: Any, default: Any) -> Any:
            return default if value is None else value

        with default_graph().name_scope(None):  # invariant 2
            if dtype is not None and initializer is not None and not callable(initializer):
                have = convert_to_tensor(initializer).dtype.base_dtype
                if have != dtype:
                    raise ValueError(
                        f"Initializer type '{have}' and explicit dtype '{dtype}' don't match."
                    )
            return _asked(
                chosen(custom_getter, self._custom_getter),
                functools.partial(_get, var_store),
                name=joined(self._name, name),
                shape=shape,
                dtype=chosen(dtype, self._dtype),
                initializer=chosen(initializer, self._initializer),
                regularizer=chosen(regularizer, self._regularizer),
                reuse=chosen(reuse, self._reuse),
                trainable=is_trainable(trainable, synchronization),
                collections=collections,
                caching_device=chosen(caching_device, self._caching_device),
                partitioner=chosen(partitioner, self._partitioner),
                validate_shape=validate_shape,
                use_resource=chosen(use_resource, self._use_resource),
                constraint=chosen(constraint, self._constraint),
                synchronization=synchronization,
                aggregation=aggregation,
            )


def _asked(custom_getter: Any, getter: Callable[..., Any], **arguments: Any) -> Any:
    """Ask the custom getter, if there is one, else the store."""
    if custom_getter is None:
        return getter(**arguments)
    if not callable(custom_getter):
        raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
    parameters = inspect.signature(custom_getter).parameters
    if "constraint" not in parameters and not any(
        each.kind is each.VAR_KEYWORD for each in parameters.values()
    ):
        del arguments["constraint"]  # getters written for an older TensorFlow do not know it
    return custom_getter(getter=getter, **arguments)


def _get(
    store: VariableStore,
    name: str,
    shape: Any = None,
    dtype: Any = float32,
    initializer: Any = None,
    regularizer: Any = None,
    reuse: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    constraint: Any = None,
    synchronization: VariableSynchronization = VariableSynchronization.AUTO,
    aggregation: VariableAggregation = VariableAggregation.NONE,
) -> Any:
    """Find or make a variable; custom getters call this as their `getter`."""
    options = {
        "trainable": trainable,
        "collections": collections,
        "caching_device": caching_device,
        "validate_shape": validate_shape,
        "use_resource": use_resource,
        "constraint": constraint,
        "synchronization": synchronization,
        "aggregation": aggregation,
    }
    return store.get(
        Request(name, shape, dtype, initializer, regularizer, reuse, partitioner, options)
    )
