"""The call that is going on: what inner layers learn from outer ones.

Source: TensorFlow 1.15's `tf.keras`.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

_training: ContextVar[Any] = ContextVar("training", default=None)


def training_of_call() -> Any:
    """Return what the outer call was told of training, None if nothing."""
    return _training.get()


@contextlib.contextmanager
def call_with(training: Any) -> Iterator[None]:
    """Let inner layers know what a call was told of training."""
    token = _training.set(training)
    try:
        yield
    finally:
        _training.reset(token)


class Arguments:
    """The parameters of a `call`, so that a layer passes what is understood.

    Args:
        call: the method.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        signature = inspect.signature(call)
        self.names = list(signature.parameters)
        self.takes_any = any(
            each.kind is inspect.Parameter.VAR_KEYWORD for each in signature.parameters.values()
        )

    def takes(self, name: str) -> bool:
        """Tell whether there is a parameter of a name."""
        return name in self.names

    def given(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what a call passes behind the inputs, None if it does not."""
        if name in kwargs:
            return kwargs[name]
        place = self.names.index(name) - 1 if name in self.names else len(args)
        return args[place] if place < len(args) else None

    def by_name(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return what a call passes behind the inputs, by name."""
        return dict(zip(self.names[1:], args, strict=False)) | kwargs
