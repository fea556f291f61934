"""Which rule differentiates an operation: the op's own, or one that the user registered.

A rule takes the Operation and a gradient per output, and returns a gradient per input.  Rules of
MiniTF's ops get None for an output through which nothing flowed; rules of users get zeros, as
TensorFlow promises them (W-27).

**State**: `_REGISTERED`, name -> the user's rule, or None for "not differentiable".  The name is an
op type, or what `graph.gradient_override_map` gives an operation in its place.  A rule that belongs
to one graph (`register_in`) is kept in a collection of it, and dies with it.

Worked example:

    @RegisterGradient("Half")
    def half(op, grad):
        return grad / 2

    with graph.gradient_override_map({"Identity": "Half"}):
        y = tf.identity(x)

Source: 2015 §4.1; OSDI §4.1 (users override gradients).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

from minitf import ops, source
from minitf.errors import NotFoundError
from minitf.function_op import FunctionOp
from minitf.graph import Graph
from minitf.op_def import OpDef
from minitf.operation import Operation

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)

_REGISTERED: dict[str, Function | None] = {}
_IN_GRAPH = "__gradient"
_NUMBERS = itertools.count()

# Ops that call functions -> where their rules are: they walk the functions' bodies.
_OF_FUNCTIONS = {
    **dict.fromkeys(
        ("PartitionedCall", "StatefulPartitionedCall"),
        ("minitf.autodiff.functional", "call_gradient"),
    ),
    **dict.fromkeys(
        ("If", "StatelessIf", "Case", "StatelessCase"),
        ("minitf.autodiff.functional", "branch_gradient"),
    ),
    **dict.fromkeys(
        ("While", "StatelessWhile"), ("minitf.autodiff.functional_loops", "while_gradient")
    ),
}


class Rule(NamedTuple):
    """A gradient rule and its contract.

    Attributes:
        function: (Operation, *gradients of outputs) -> gradients of inputs.
        wants_zeros: whether an output without a gradient is passed as zeros instead of None.
    """

    function: Function
    wants_zeros: bool


class RegisterGradient:
    """Decorator that makes a function the gradient of an op type.

    Args:
        op_type: registry name of the op, or a name for `graph.gradient_override_map`.

    Raises:
        TypeError: if `op_type` is no string.
        KeyError: if the name has a gradient already.

    Source: OSDI §4.1.
    """

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, f: F) -> F:
        """Register the function."""
        _register(self._op_type, f)
        return f


def not_differentiable(op_type: str) -> None:
    """Declare that an op type has no gradient: its inputs get None.

    Args:
        op_type: registry name of the op, or a name for `graph.gradient_override_map`.

    Raises:
        TypeError: if `op_type` is no string.
        KeyError: if the name has a gradient already.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, None)


def _register(name: str, function: Function | None) -> None:
    before = _REGISTERED.get(name) or _own_rule(_op_of(name))
    if before is not None or name in _REGISTERED:
        raise KeyError(
            f"Registering two gradient with name '{name}'! (Previous registration was in "
            f"{_place(before)})"
        )
    _REGISTERED[name] = function


def register_in(graph: Graph, function: Function) -> str:
    """Register a rule for operations of one graph; returns the name for `gradient_override_map`."""
    name = f"CustomGradient-{next(_NUMBERS)}"
    graph.add_to_collection((_IN_GRAPH, name), function)
    return name


def _op_of(name: str) -> OpDef | None:
    try:
        return ops.find_op(name)
    except NotFoundError:
        return None  # a name for gradient_override_map


def _own_rule(op_def: OpDef | None) -> Function | None:
    return None if op_def is None else op_def.gradient_rule


def _place(function: Function | None) -> str:
    code = getattr(function, "__code__", None)
    if code is None:
        return "not_differentiable"
    return f"{code.co_name} {code.co_filename}:{code.co_firstlineno}"


def find_rule(op: Operation) -> Rule | None:
    """Return the gradient rule of an operation, None if it is declared to have no gradient.

    Raises:
        LookupError: if nobody has said what its gradient is.
    """
    if not op.inputs:
        return None
    name = op.attrs.get("_gradient_op_type", op.type)
    for function in op.graph.get_collection((_IN_GRAPH, name)) if name != op.type else ():
        return Rule(function, wants_zeros=True)
    if name in _REGISTERED:
        function = _REGISTERED[name]
        return None if function is None else Rule(function, wants_zeros=True)
    if name in _OF_FUNCTIONS:
        module, function_name = _OF_FUNCTIONS[name]
        return Rule(getattr(import_module(module), function_name), wants_zeros=False)
    op_def = op.definition if name == op.type else _op_of(name)
    if op_def is not None and op_def.gradient_rule is not None:
        return Rule(op_def.gradient_rule, wants_zeros=isinstance(op_def, FunctionOp))
    if op_def is not None and op_def.gradient_reason is not None:
        if not op_def.refuses_gradient:
            return None
        reason = f"  reason: {op_def.gradient_reason}\n"
    else:
        reason = ""
    raise LookupError(
        f"No gradient defined for operation '{op.name}' (op type: {name})\n{reason}"
        f"  created at {source.describe(op.site)}\n"
        f"  hint: @tf.RegisterGradient({name!r}) defines one; tf.NotDifferentiable({name!r}) makes "
        "it None"
    )
