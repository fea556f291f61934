"""get_variable and variable_scope: variables found again by name, with defaults from a scope.

    with tf.variable_scope("layer1", regularizer=l2, reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [784, 100])      # layer1/w, made once, found afterwards

Source: OSDI §4.1; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

from minitf.default_graph import graph_of
from minitf.graph_keys import GraphKeys
from minitf.variables.options import VariableAggregation, VariableSynchronization
from minitf.variables.scope import ScopeState, VariableScope, joined, scope_state
from minitf.variables.store import AUTO_REUSE, ReuseMode, variable_store

_INHERITED = (
    *("initializer", "regularizer", "caching_device", "partitioner", "dtype", "use_resource"),
)


def get_variable_scope() -> VariableScope:
    """Return the present variable scope."""
    return scope_state().scope


def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
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
    """Return the variable of that name in the present variable scope, found or made.

    Args:
        name: its name; the scope's comes before it.
        shape: shape of a new one; leave it out where `initializer` is a value.
        dtype: type of a new one; float32 by default.
        initializer: a value, or a function of (shape, dtype[, partition_info]); by default uniform
            numbers by Glorot's rule for floats, zeros for whole numbers.
        regularizer: a function of the variable, whose result joins the regularization losses.
        trainable: whether optimizers change it by default.
        collections: names of the collections that it joins.
        caching_device: a device on which readers share a copy.
        partitioner: a function of (shape, dtype) that says into how many parts to cut it.
        validate_shape: whether the shape of the initial value must be known and stay.
        use_resource: whether to make a ResourceVariable.
        custom_getter: a function of (getter, name, ...) that is asked in the store's place.
        constraint: what optimizers apply to its value after each update.
        synchronization: recorded only.
        aggregation: recorded only.

    Raises:
        ValueError: if it exists and the scope makes variables only, or the other way round; if the
            existing one has another shape or type; if there is not enough to make one.

    Source: TensorFlow 1.15.
    """
    return get_variable_scope().get_variable(
        variable_store(),
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def get_local_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = False,
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
    """Do as `get_variable`, for a local variable: not trained, not saved."""
    return get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=False,
        collections=[*(collections or ()), GraphKeys.LOCAL_VARIABLES],
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


class variable_scope:  # noqa: N801 TensorFlow's name
    """Open a variable scope, and a name scope with it.

    Args:
        name_or_scope: a name, which is joined to the present scope's; or a VariableScope, which is
            entered again with its settings.
        default_name: a name to make unique where `name_or_scope` is None.
        values: Tensors whose graph the scope is opened in.
        initializer: default of variables made inside, as the following ones.
        regularizer: see `tf.get_variable`.
        caching_device: see `tf.get_variable`.
        partitioner: see `tf.get_variable`.
        custom_getter: it wraps the custom getter of the enclosing scope.
        reuse: True finds variables, AUTO_REUSE finds or makes them; None is inherited.
        dtype: default type.
        use_resource: which kind of variables to make.
        constraint: see `tf.get_variable`; not inherited.
        auxiliary_name_scope: whether to open a name scope; else the present one is entered again.

    Raises:
        TypeError: if there is no name, or an argument of another kind.
        ValueError: if `reuse` is none of the values, or there is nothing to reuse.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name_or_scope: str | VariableScope | None,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: bool | None = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if not isinstance(name_or_scope, (str, VariableScope, type(None))):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        if not any(reuse is each for each in (None, True, False, AUTO_REUSE)):
            raise ValueError("The reuse parameter must be True or False or None.")
        if reuse and name_or_scope is None:
            raise ValueError("reuse=True cannot be used without a name_or_scope")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                "The auxiliary_name_scope must be `True` or `False`, while get "
                f"{auxiliary_name_scope}"
            )
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._unique_name: str | None = None
        self._graph = graph_of([getattr(value, "op", value) for value in values or ()])
        self._reuse: bool | ReuseMode = reuse or False  # False and None both mean: inherit
        self._custom_getter = custom_getter
        self._auxiliary_name_scope = auxiliary_name_scope
        self._constraint = constraint
        given = (initializer, regularizer, caching_device, partitioner, dtype, use_resource)
        self._given = {
            key: value for key, value in zip(_INHERITED, given, strict=True) if value is not None
        }
        self._entered: list[contextlib.ExitStack] = []  # a scope may be entered again and again

    def __enter__(self) -> VariableScope:
        """Open the scopes; gives the VariableScope."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._graph.as_default())
            made = self._open(stack, scope_state())
            self._entered.append(stack.pop_all())
        return made

    def __exit__(self, *error: object) -> None:
        """Leave them."""
        self._entered.pop().close()

    def _open(self, stack: contextlib.ExitStack, state: ScopeState) -> VariableScope:
        given, outer = self._name_or_scope, state.scope
        if isinstance(given, VariableScope):
            self._enter_name_scope(stack, given.name.rpartition("/")[2])
            made = self._derived(given, given.name, given.original_name_scope)
            state.open(made.name)
            stack.callback(setattr, state, "counts", dict(state.counts))
        else:
            name = self._default_name if given is None else given
            name_scope = self._enter_name_scope(stack, name)
            if given is None:
                self._unique_name = given = self._unique_name or state.unique(str(name))
            made = self._derived(outer, joined(outer.name, given), name_scope)
            state.open(made.name)
            stack.callback(state.forget_inside, made.name)
        state.scope = made
        stack.callback(_leave, state, made, outer)
        return made

    def _enter_name_scope(self, stack: contextlib.ExitStack, name: str | None) -> str:
        graph = self._graph
        if self._auxiliary_name_scope:
            return stack.enter_context(graph.name_scope(name)) if name else ""
        present = graph.get_name_scope()
        return stack.enter_context(graph.name_scope(f"{present}/" if present else None))

    def _derived(self, base: VariableScope, name: str, name_scope: str) -> VariableScope:
        """Return a scope with the settings of `base`, less those that were given here."""
        settings = {key: getattr(base, key) for key in _INHERITED} | self._given
        getter = self._custom_getter
        if getter is not None and base.custom_getter is not None:
            getter = _nested(getter, base.custom_getter)
        return VariableScope(
            self._reuse or base.reuse,
            name,
            name_scope=name_scope,
            custom_getter=getter or base.custom_getter,
            constraint=self._constraint,
            **settings,
        )


def _leave(state: ScopeState, scope: VariableScope, outer: VariableScope) -> None:
    if state.scope is not scope:
        raise RuntimeError("Improper nesting of variable_scope.")
    state.scope = outer


def _nested(inner: Any, outer: Any) -> Any:
    """Return a custom getter that asks the inner one, which asks the outer one."""

    def get(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return inner(functools.partial(outer, getter), *args, **kwargs)

    return get


@contextlib.contextmanager
def variable_op_scope(
    values: Any,
    name_or_scope: Any,
    default_name: str | None = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    reuse: Any = None,
    dtype: Any = None,
    use_resource: bool | None = None,
    constraint: Any = None,
) -> Iterator[VariableScope]:
    """Open a variable scope: the deprecated order of `variable_scope`'s arguments."""
    with variable_scope(
        name_or_scope,
        default_name,
        values,
        initializer,
        regularizer,
        caching_device,
        partitioner,
        custom_getter,
        reuse,
        dtype,
        use_resource,
        constraint,
    ) as scope:
        yield scope
