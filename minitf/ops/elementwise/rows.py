"""Elementwise ops are rows of tables: what this file makes of a row.

    tanh_op = elementwise(
        "Tanh",
        "the hyperbolic tangent: (e^x - e^-x) / (e^x + e^-x)",
        numpy=np.tanh,
        scalar=lambda x: scalar_math.tanh(x),
        types=FLOATS | COMPLEX,
        gradient=lambda op, grad: [ops.tanh_grad_op(op.outputs[0], grad)],
    )

`numpy` is the op's meaning.  `scalar` says the same of one element, in arithmetic, comparisons,
`a if c else b` and the functions of `scalar_math`; its parameters are the op's inputs.  Devices and
the fuser compile it for real floats, with `scalar_math` bound to their own exp, log, ... (the
CPU's: `minitf/kernels_cpu/vector_math/`); other types run the NumPy function.  Its constants are
written as floats, and whoever compiles it gives them the element type.

Inputs broadcast as in NumPy.  Sixteen-bit floats are computed in float32 and rounded once.
Overflow, 0 / 0 and the like are silent in a step, since executors set NumPy's error state; a body
called by hand warns as NumPy does.

State: `ROWS`, registry name -> Row; it grows as the family files are imported.

Source: 2015 Table 1, row "Element-wise mathematical operations".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import DType, TypeSet
from minitf.errors import InvalidArgumentError, invalid
from minitf.grammar import Arg, Attr
from minitf.op_def import CATALOGUE, OpDef
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape, broadcast, merge
from minitf.static_value import static_value
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradient = Callable[..., list[Any]]


@dataclass(frozen=True)
class Row:
    """What devices and the fuser ask of an elementwise op.

    Attributes:
        op_def: the op.
        scalar: numbers in, number out.
        broadcasts: whether two inputs may differ in shape.
    """

    op_def: OpDef
    scalar: Callable[..., Any]
    broadcasts: bool


ROWS: dict[str, Row] = {}


def elementwise(
    name: str,
    what: str,
    *flags: str,
    numpy: Callable[..., Any],
    scalar: Callable[..., Any],
    types: TypeSet | DType,
    gradient: Gradient | str,
    result: DType | None = None,
    output: str | None = None,
    broadcasts: bool = True,
) -> OpDef:
    """Make an OpDef of a row.

    Args:
        name: the registry name.
        what: what it computes, with the formula.
        flags: "commutative", "aggregate".
        numpy: arrays in, array out.
        scalar: numbers in, number out; names the inputs.
        types: the types allowed, or the one type of all inputs.
        gradient: the gradient rule, or why there is none.
        result: the result's type where it is not that of the inputs.
        output: the output's name; "y" of one input, "z" of two.
        broadcasts: whether two inputs may differ in shape.
    """
    if name in CATALOGUE:
        raise ValueError(f"op {name!r} is registered already, in {CATALOGUE[name].__module__}")
    inputs = scalar.__code__.co_varnames[: scalar.__code__.co_argcount]
    fixed = types if isinstance(types, DType) else None
    attrs = {} if fixed else {"T": Attr("T", "type", inferred=True).limited(types, name)}
    body = _body(numpy, len(inputs), broadcasts=broadcasts)
    body.__name__ = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() + "_op"
    body.__module__ = scalar.__module__
    how = ", with broadcasting" if len(inputs) == 2 and broadcasts else ""
    body.__doc__ = f"Compute {what}, element by element{how}.\n\nSource: 2015 Table 1."
    made = OpDef(
        name,
        body,
        tuple(Arg(each, fixed, "" if fixed else "T") for each in inputs),
        (_output(output or ("y" if len(inputs) == 1 else "z"), result or fixed),),
        attrs,
        takes_context=False,
        is_commutative="commutative" in flags,
        is_aggregate="aggregate" in flags,
    )
    made.shape(_shape_rule(len(inputs), broadcasts=broadcasts))
    if isinstance(gradient, str):
        made.no_gradient(gradient)
    else:
        made.gradient(gradient)
    CATALOGUE[name] = made
    ROWS[name] = Row(made, scalar, broadcasts)
    return made


def _output(name: str, dtype: DType | None) -> Arg:
    return Arg(name, dtype) if dtype else Arg(name, type_attr="T")


def _shape_rule(count: int, *, broadcasts: bool) -> Callable[..., Shape]:
    if count == 1:
        return lambda x: x
    return (lambda x, y: broadcast(x, y)) if broadcasts else (lambda x, y: merge(x, y))


def _body(numpy: Callable[..., Any], count: int, *, broadcasts: bool) -> Callable[..., Any]:
    """Return the body: `numpy` with sixteen-bit floats widened and TensorFlow's error."""

    def unary(x: Array) -> Array:
        wider = wide(x)
        made = np.asarray(numpy(wider))
        return made if wider is x or made.dtype == np.bool_ else made.astype(x.dtype)

    def binary(x: Array, y: Array) -> Array:
        wider = wide(x)
        try:
            if not broadcasts and x.shape != y.shape:
                raise _do_not_fit(x, y)
            made = np.asarray(numpy(wider, wide(y)))
        except ValueError:
            raise _do_not_fit(x, y) from None
        return made if wider is x or made.dtype == np.bool_ else made.astype(x.dtype)

    return unary if count == 1 else binary


def _do_not_fit(x: Array, y: Array) -> InvalidArgumentError:
    return invalid(f"Incompatible shapes: {sizes_text(x.shape)} vs. {sizes_text(y.shape)}")


def sizes_text(shape: tuple[int, ...]) -> str:
    """Write an array's shape as TensorFlow's messages do: `[2,3]`."""
    return f"[{','.join(map(str, shape))}]"


# --- what families share ------------------------------------------------------------------------


def as_integer_value(function: Callable[[Any, Any], Any]) -> Callable[[Operation], Array | None]:
    """Return the value rule of integer arithmetic.

    Args:
        function: of two sizes, each an int or UNKNOWN; gives a size.
    """

    def rule(op: Operation) -> Array | None:
        x, y = (static_value(each) for each in op.inputs)
        if x is None or y is None or not op.inputs[0].dtype.is_integer:
            return None
        value = np.array(np.frompyfunc(function, 2, 1)(x, y), object)
        limits = np.iinfo(op.inputs[0].dtype.numpy)
        fits = all(each is UNKNOWN or limits.min <= each <= limits.max for each in value.flat)
        return value if fits else None

    return rule


def conjugate(x: Tensor) -> Tensor:
    """Return the complex conjugate, by which a gradient is multiplied; real tensors as they are."""
    return ops.conj_op(x) if x.dtype.is_complex else x


def grad_times(factor: Callable[[Tensor], Tensor]) -> Gradient:
    """Return the rule of an op of one input: grad times a function of the (conjugate) input."""
    return lambda op, grad: [ops.mul_op(grad, factor(conjugate(op.inputs[0])))]


def grad_over(divisor: Callable[[Tensor], Tensor]) -> Gradient:
    """Return the rule of an op of one input: grad over a function of the (conjugate) input."""
    return lambda op, grad: [ops.real_div_op(grad, divisor(conjugate(op.inputs[0])))]


def unbroadcast(op: Operation, *grads: Tensor | None) -> list[Tensor | None]:
    """Sum the gradient of each input over the axes along which the input was repeated.

    Args:
        op: an operation of two inputs that broadcast to its output.
        grads: of the output's shape, one per input.

    Source: TensorFlow's BroadcastGradientArgs.
    """
    x, y = op.inputs
    out = op.outputs[0].static_shape
    repeated = [not (out.is_full and each.static_shape == out) for each in op.inputs]
    if not any(repeated):
        return list(grads)
    shapes = ops.shape_op(x), ops.shape_op(y)
    axes = ops.broadcast_gradient_args_op(*shapes)
    return [
        ops.reshape_op(ops.sum_op(grad, axis), shape) if must and grad is not None else grad
        for grad, axis, shape, must in zip(grads, axes, shapes, repeated, strict=True)
    ]
