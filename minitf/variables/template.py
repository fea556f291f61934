"""make_template: a function that makes its variables at its first call and shares them afterwards.

    dense = tf.make_template("dense", lambda x: tf.matmul(x, tf.get_variable("w", [3, 2])))
    y, z = dense(a), dense(b)          # one variable: dense/w

Source: TensorFlow 1.15's make_template.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from minitf import source
from minitf.default_graph import default_graph
from minitf.graph_keys import GraphKeys
from minitf.trackable.base import Trackable
from minitf.variables.scope import VariableScope
from minitf.variables.sharing import variable_scope
from minitf.variables.store import AUTO_REUSE


def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Any = None,
    **kwargs: Any,
) -> Template:
    """Return a function that calls `func_` in a variable scope of its own.

    Args:
        name_: the scope's name, made unique.
        func_: makes variables by `tf.get_variable`.
        create_scope_now_: whether the scope is opened here, not at the first call.
        unique_name_: the scope's exact name instead.
        custom_getter_: the scope's custom getter.
        **kwargs: arguments that every call passes to `func_`.

    Raises:
        ValueError: if there is no name.
    """
    if name_ is None:
        raise ValueError("name cannot be None.")
    function = functools.partial(func_, **kwargs) if kwargs else func_
    return Template(name_, function, create_scope_now_, unique_name_, custom_getter_)


class Template(Trackable):
    """A function with the variables that its first call has made; see `make_template`.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        create_scope_now: bool,
        unique_name: str | None,
        custom_getter: Any,
    ) -> None:
        self._name = name
        self._func = func
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._site = source.creation_site()
        self._variable_scope: VariableScope | None = None
        self._has_variables = False
        if create_scope_now:
            with self._own_scope(auxiliary_name_scope=False) as scope:
                self._variable_scope = scope

    def _own_scope(self, **options: Any) -> variable_scope:
        getter = self._custom_getter
        return variable_scope(self._unique_name, self._name, custom_getter=getter, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function: the first call makes its variables, others find them.

        Raises:
            ValueError: if a later call makes a trainable variable.
        """
        if self._variable_scope is None:
            with self._own_scope() as scope:
                self._variable_scope = scope
                return self._call(args, kwargs)
        reuse = True if self._has_variables else AUTO_REUSE
        with variable_scope(self._variable_scope, reuse=reuse):
            return self._call(args, kwargs)

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        trainable = default_graph().get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        before = len(trainable)
        result = self._func(*args, **kwargs)
        if self._has_variables and len(trainable) != before:
            raise ValueError(
                "Trainable variable created when calling a template after the first time, perhaps "
                f"you used tf.Variable when you meant tf.get_variable: {trainable[before:]}\n"
                f"  template '{self._name}' created at {source.describe(self._site)}"
            )
        if not self._has_variables:
            prefix = f"{self.variable_scope_name}/"
            for each in self.variables:
                self._track_trackable(each, each.op.name.removeprefix(prefix), overwrite=True)
        self._has_variables = True
        return result

    @property
    def name(self) -> str:
        """The name asked for."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function."""
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        """The scope; None before it is opened."""
        return self._variable_scope

    @property
    def var_scope(self) -> VariableScope | None:
        """The old name of `variable_scope`."""
        return self._variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The scope's name; None before it is opened."""
        return self._variable_scope.name if self._variable_scope else None

    @property
    def trainable_variables(self) -> list[Any]:
        """Its variables that optimizers change."""
        return self._variable_scope.trainable_variables() if self._variable_scope else []

    @property
    def non_trainable_variables(self) -> list[Any]:
        """Its other variables."""
        trained = {id(each) for each in self.trainable_variables}
        return [each for each in self.variables if id(each) not in trained]

    @property
    def weights(self) -> list[Any]:
        """All its variables, by their name in Keras; so are the next two."""
        return self.variables

    @property
    def trainable_weights(self) -> list[Any]:
        """Its variables that optimizers change."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Any]:
        """Its other variables."""
        return self.non_trainable_variables

    @property
    def global_variables(self) -> list[Any]:
        """Its global variables."""
        return self._variable_scope.global_variables() if self._variable_scope else []

    @property
    def local_variables(self) -> list[Any]:
        """Its local variables."""
        return self._variable_scope.local_variables() if self._variable_scope else []

    @property
    def variables(self) -> list[Any]:
        """All its variables."""
        return self.global_variables + self.local_variables
