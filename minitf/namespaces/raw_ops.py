"""`tf.raw_ops`: every op under its registry name, called by keywords alone.

    >>> tf.raw_ops.MatMul(a=x, b=y, transpose_b=True)

It adds one operation and nothing else: no conversion of axes, no name scope, no default that is not
the op's.  Parameters have the names of TensorFlow's Python API, which renames a few.

Source: TensorFlow 1.15, `tf.raw_ops`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any as _Any  # Any is an op

from minitf import ops
from minitf.errors import NotFoundError
from minitf.grammar import REQUIRED
from minitf.op_def import OpDef

_AXIS_OF = ("All", "Any", "EuclideanNorm", "Max", "Mean", "Min", "Prod", "Sum")

RENAMED: dict[str, dict[str, str]] = {
    **{name: {"reduction_indices": "axis"} for name in _AXIS_OF},
    "ExpandDims": {"dim": "axis"},
    "Select": {"t": "x", "e": "y"},
    "Split": {"split_dim": "axis"},
    "SplitV": {"split_dim": "axis"},
    "Squeeze": {"squeeze_dims": "axis"},
    "Where": {"input": "condition"},
}
"""Op -> name in the OpDef -> name of the parameter."""


def __getattr__(name: str) -> _Any:
    try:
        if name.startswith("_"):  # ops that only the runtime makes
            raise NotFoundError(None, None, name)
        op_def = ops.find_op(name)
    except NotFoundError:
        raise AttributeError(f"module {__name__!r} has no op {name!r}") from None
    made = globals()[name] = _function(op_def)
    return made


def __dir__() -> list[str]:
    return [name for name in ops.names() if not name.startswith("_")]


def _function(op_def: OpDef) -> Callable[..., _Any]:
    """Return the function of an op: keywords in, what a call of the op returns out."""
    renamed = RENAMED.get(op_def.name, {})
    found = signature(op_def)
    own = {renamed.get(name, name): name for name in parameters(op_def)}
    inputs = [arg.name for arg in op_def.inputs]

    def raw_op(*args: _Any, **arguments: _Any) -> _Any:
        try:
            bound = found.bind(*args, **arguments).arguments
        except TypeError as error:
            raise TypeError(f"{op_def.name}{found}: {error}") from None
        name = bound.pop("name", None)
        values = {own[key]: value for key, value in bound.items()}
        return op_def(*[values.pop(each) for each in inputs], **values, name=name)

    raw_op.__name__ = raw_op.__qualname__ = op_def.name
    raw_op.__module__ = __name__
    raw_op.__doc__ = op_def.__doc__
    raw_op.__signature__ = found  # type: ignore[attr-defined]  # what help() and inspect show
    return raw_op


def parameters(op_def: OpDef) -> dict[str, _Any]:
    """Return an op's inputs and attributes that a call may give: name in the OpDef -> default."""
    attrs = [attr for attr in op_def.attrs.values() if not attr.inferred]
    return {arg.name: REQUIRED for arg in op_def.inputs} | {a.name: a.default for a in attrs}


def signature(op_def: OpDef) -> inspect.Signature:
    """Return the signature of an op's function: keyword-only parameters, `name` last."""
    renamed = RENAMED.get(op_def.name, {})
    kind = inspect.Parameter.KEYWORD_ONLY
    found = [
        inspect.Parameter(
            renamed.get(name, name),
            kind,
            default=inspect.Parameter.empty if default is REQUIRED else default,
        )
        for name, default in parameters(op_def).items()
    ]
    return inspect.Signature([*found, inspect.Parameter("name", kind, default=None)])
