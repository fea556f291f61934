"""Functions of `tensorflow.python.ops.variable_scope` that are not public.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from minitf.variables.scope import VariableScope
from minitf.variables.sharing import variable_scope


@contextlib.contextmanager
def pure_variable_scope(
    name_or_scope: str | VariableScope,
    reuse: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    old_name_scope: str | None = None,
    dtype: Any = None,
    use_resource: bool | None = None,
    constraint: Any = None,
) -> Iterator[VariableScope]:
    """Open a variable scope, and no name scope with it.

    Args:
        name_or_scope: a name, or a scope to enter again.
        reuse: see `tf.variable_scope`, also for the arguments that follow.
        initializer: default of variables made inside.
        regularizer: of the variables.
        caching_device: of the variables.
        partitioner: of the variables.
        custom_getter: of the variables.
        old_name_scope: the name scope that the scope remembers.
        dtype: default type.
        use_resource: which kind of variables to make.
        constraint: of the variables.
    """
    opened = variable_scope(
        name_or_scope,
        initializer=initializer,
        regularizer=regularizer,
        caching_device=caching_device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        reuse=reuse,
        dtype=dtype,
        use_resource=use_resource,
        constraint=constraint,
        auxiliary_name_scope=False,
    )
    with opened as scope:
        if old_name_scope is not None:
            scope._name_scope = old_name_scope  # noqa: SLF001
        yield scope
