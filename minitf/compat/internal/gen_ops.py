"""`tensorflow.python.ops.gen_nn_ops` and its kin: every op as a function of a name in snake case.

    gen_nn_ops.relu_grad(gradients, features)      # `_relu_grad` is the same, as before 1.5

Arguments come in the op's order, those without a default first, `name` last.  One operation is
added and nothing else, as by `tf.raw_ops`.

Source: TensorFlow 1.15's generated modules.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.namespaces import raw_ops


def __getattr__(name: str) -> Any:
    if name[:1].isupper():  # `gen_math_ops.MatMul`: the function of `tf.raw_ops`
        return getattr(raw_ops, name)
    try:
        op = getattr(ops, f"{name.removeprefix('_')}_op").name
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no op {name!r}") from None
    made = globals()[name] = function_of(name.removeprefix("_"), op)
    return made


def __dir__() -> list[str]:
    return [each.removesuffix("_op") for each in dir(ops)]


def function_of(name: str, op: str) -> Callable[..., Any]:
    """Return a function that takes an op's arguments by position too.

    Args:
        name: of the function.
        op: the op's registry name.
    """
    raw_op = getattr(raw_ops, op)
    keywords = inspect.signature(raw_op).parameters.values()
    ordered = sorted(keywords, key=lambda each: each.default is not inspect.Parameter.empty)
    signature = inspect.Signature(
        [each.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD) for each in ordered]
    )

    def gen_op(*args: Any, **kwargs: Any) -> Any:
        try:
            arguments = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"{name}{signature}: {error}") from None
        return raw_op(**arguments)

    gen_op.__name__ = gen_op.__qualname__ = name
    gen_op.__module__ = __name__
    gen_op.__doc__ = raw_op.__doc__
    gen_op.__signature__ = signature  # type: ignore[attr-defined]  # what help() shows
    return gen_op
