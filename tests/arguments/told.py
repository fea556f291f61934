"""Calls that tell whether an argument is heeded: the same call with it and without it.

A `Told` is one argument of one symbol, a value that matters, and the call around it.  `seen` makes
a graph of the call and returns all that can be seen of what it gives: values, names, types, static
shapes.  The same program is seen in MiniTF and in TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np

Program = Callable[..., Any]


def call(tf: Any, function: Callable[..., Any], **given: Any) -> Any:
    """The plainest program: what the function returns is seen."""
    return function(**given)


@dataclass(frozen=True)
class Told:
    """One argument of a symbol; `base` are the others, and its own value where it must have one."""

    symbol: str
    argument: str
    value: Any
    base: Mapping[str, Any] = field(repr=False)
    program: Program = field(repr=False)
    oracle: str | None = field(repr=False)  # TensorFlow's name of it; None: `wanted` says it all
    wanted: Any = field(repr=False)

    def __str__(self) -> str:
        return f"{self.symbol}-{self.argument}"

    def seen(self, tf: Any, symbol: str, **given: Any) -> Any:
        """Return what can be seen of the call in a fresh graph."""
        with tf.Graph().as_default():
            tf.set_random_seed(7)
            made = {name: each(tf) if _is_lazy(each) else each for name, each in given.items()}
            result = self.program(tf, find(tf, symbol), **made)
            with tf.Session() as session:
                if not session.graph.finalized:
                    session.run(tf.global_variables_initializer())
                    session.run(tf.local_variables_initializer())
                return _seen(session, result, names=self.argument == "name")

    def without(self, tf: Any) -> Any:
        return self.seen(tf, self.symbol, **self.base)

    def told(self, tf: Any, symbol: str | None = None) -> Any:
        return self.seen(tf, symbol or self.symbol, **{**self.base, self.argument: self.value})


def told(
    symbol: str,
    base: Mapping[str, Any],
    /,
    run: Program = call,
    oracle: str | None = "",
    wanted: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> list[Told]:
    """Return one `Told` for each of the arguments.

    Args:
        symbol: the public path, `tf.argmax`.
        base: what the call is given besides.  A function of one module makes its value in the
            graph: `lambda tf: tf.constant(1)`.
        run: what calls the symbol and returns what is to be seen.
        oracle: the path in TensorFlow's `compat.v1` if another; None if it has none.
        wanted: what is seen of each argument where TensorFlow cannot tell.
        arguments: the values that matter.
    """
    path = symbol if oracle == "" else oracle
    return [
        Told(symbol, name, value, base, run, path, (wanted or {}).get(name))
        for name, value in arguments.items()
    ]


def find(tf: Any, symbol: str) -> Any:
    found = tf
    for part in symbol.split(".")[1:]:
        found = getattr(found, part)
    return found


def _is_lazy(value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__code__.co_varnames[:1] == ("tf",)


def _seen(session: Any, result: Any, *, names: bool) -> Any:
    """Show tensors, variables, operations and messages as plain values, through structures.

    Names of tensors are TensorFlow 1.15's, and shown only where they are told: newer TensorFlow
    has others.
    """
    if isinstance(result, Mapping):
        return {key: _seen(session, each, names=names) for key, each in result.items()}
    if isinstance(result, list | tuple):
        return [_seen(session, each, names=names) for each in result]
    if hasattr(result, "SerializeToString"):
        return result.SerializeToString(deterministic=True)
    if type(result).__name__ == "SparseTensor":
        parts = [result.indices, result.values, result.dense_shape]
        return _seen(session, parts, names=names)
    if hasattr(result, "node_def"):
        return [result.name, result.type]
    if hasattr(result, "get_shape"):
        fed = {each: 1 for each in [result] if getattr(each, "op", each).type == "Placeholder"}
        shape = result.get_shape()
        known = None if shape.ndims is None else shape.as_list()
        value = "a placeholder" if fed else session.run(result)
        shown = {"type": result.dtype.name, "shape": known, "value": value}
        return {"name": result.name, **shown} if names else shown
    return result


def agree(ours: Any, theirs: Any) -> bool:
    """Tell whether two results of `seen` are equal, floats but for rounding."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(agree(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(ours, np.ndarray | np.generic | float):
        ours, theirs = np.asarray(ours), np.asarray(theirs)
        if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
            return False
        if ours.dtype.kind in "fc":
            return np.allclose(ours, theirs, rtol=2e-5, atol=1e-6, equal_nan=True)
        return bool((ours == theirs).all())
    return bool(ours == theirs)
