"""The Variables and operators among an operator's attributes, and those of its parts.

Source: TensorFlow 1.15's tf.Module, which LinearOperator is one of.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from minitf import nest
from minitf.variables.base import Variable


def _attributes(operator: Any) -> Iterator[Any]:
    """Walk the values of an operator's attributes, in the order of their names, and their items."""
    for _, value in sorted(vars(operator).items()):
        yield from nest.flatten(value)


def variables(operator: Any) -> tuple[Any, ...]:
    """Return the Variables of an operator and of its parts, each once."""
    own = [each for each in _attributes(operator) if isinstance(each, Variable)]
    inner = [each for part in submodules(operator) for each in variables(part)]
    return tuple({id(each): each for each in own + inner}.values())


def submodules(operator: Any) -> tuple[Any, ...]:
    """Return the operators that an operator and its parts are made of, each once."""
    own = [each for each in _attributes(operator) if hasattr(each, "submodules")]
    inner = [each for part in own for each in part.submodules]
    return tuple({id(each): each for each in own + inner}.values())


def with_name_scope(method: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a method so that it runs in its operator's name scope."""

    @functools.wraps(method)
    def scoped(self: Any, *args: Any, **kwargs: Any) -> Any:
        with self.name_scope:
            return method(self, *args, **kwargs)

    return scoped
