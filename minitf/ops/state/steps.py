"""Making an op of the formula of an optimizer's step, and its three twins.

A family file writes the formula once, as the body of the op on refs.  It takes what a variable and
its slots hold, scalars and a gradient, in the order of the op's inputs, and gives what they shall
hold:

    @step()
    @op("ApplyAdagrad", T=NUMBERS, outputs=("out",))
    def apply_adagrad_op(var: Ref[T], accum: Ref[T], lr: T[()], grad: T, *, ...) -> Ref[T]:
        accum = accum + grad * grad
        return var - grad * lr / np.sqrt(accum), accum

    sparse_apply_adagrad_op = sparse_twin("SparseApplyAdagrad", apply_adagrad_op)
    resource_apply_adagrad_op = resource_twin("ResourceApplyAdagrad", apply_adagrad_op)

`step` puts around it what all steps share: the locks, the checks, the shape rule.  A device
compiles the formula itself: it works on single numbers as on arrays, branches on flags and scalars
only, calls functions of NumPy, and writes constants as floats.

**State**: `STEPS`, registry name -> Step, of every op that is made here.

**Invariants**
1. The variable and its slots come first among the inputs; all have the gradient's shape.
2. Nothing is written before everything is checked and computed.

Source: 2015 §4.1; OSDI §4.1 (optimizers are user-level code; these ops fuse the common ones).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import numpy as np

from minitf.dtypes import INDICES
from minitf.errors import InvalidArgumentError, invalid
from minitf.grammar import Arg, Attr
from minitf.op_def import CATALOGUE, OpDef
from minitf.ops.precision import is_narrow, wide
from minitf.resources import Variable, modifying, updating
from minitf.shapes import Shape, merge

Array = np.ndarray[Any, Any]
WRITE = "a write is no function of the value that it leaves behind"

_LIMITS: dict[str, Callable[[Any], bool]] = {
    "positive": lambda x: x > 0,
    "non-negative": lambda x: x >= 0,
    "non-positive": lambda x: x <= 0,
}


@dataclass(frozen=True, eq=False)
class Step:
    """The formula of a step and the places of its inputs.

    Attributes:
        formula: new values of the variables from the op's inputs, without indices.
        names: names of these inputs.
        variables: how many of them are variables; they come first.
        grad: the place of the gradient among them.
        limits: scalar -> "positive", "non-negative" or "non-positive".
    """

    formula: Callable[..., Any]
    names: tuple[str, ...]
    variables: int
    grad: int
    limits: dict[str, str]

    def scalars(self, inputs: Sequence[Any], dtype: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Return the scalars before and after the gradient, in the type of the elements.

        Raises:
            InvalidArgumentError: if the elements are no real or complex numbers, or a scalar is out
                of bounds.
        """
        if dtype.kind in "iub" or (dtype.kind == "c" and self.limits):
            raise invalid(f"No OpKernel was registered to support steps of {dtype} variables")
        for name, limit in self.limits.items():
            value = inputs[self.names.index(name)]
            if not _HOLDS[limit](value):
                raise invalid(f"{_WORDS.get(name, name)} is not a {limit} scalar: {value}")
        kind = np.float32 if is_narrow(dtype) else dtype.type
        before, after = inputs[self.variables : self.grad], inputs[self.grad + 1 :]
        return tuple([kind(each) for each in before]), tuple([kind(each) for each in after])

    def flags(self, attrs: dict[str, Any]) -> tuple[bool, ...]:
        """Return all attributes in the formula's order: defaults for those that are left out."""
        return tuple({**(self.formula.__kwdefaults__ or {}), **attrs}.values())


_HOLDS: dict[str, Callable[[Any], bool]] = {
    "positive": lambda x: x > 0,
    "non-negative": lambda x: x >= 0,
    "non-positive": lambda x: x <= 0,
}
_WORDS = {
    "l1": "l1 regularization strength",
    "l2": "l2 regularization strength",
    "l2_shrinkage": "l2 shrinkage regularization strength",
}
STEPS: dict[str, Step] = {}
select = np.where  # devices bind the name to a choice between two numbers


def step(**limits: str) -> Callable[[OpDef], OpDef]:
    """Make of an op whose body is a formula the op that changes variables by it.

    Args:
        limits: see `Step`.
    """

    def make(op_def: OpDef) -> OpDef:
        names = tuple(arg.name for arg in op_def.inputs)
        grad = names.index("grad" if "grad" in names else "delta")
        variables = sum(arg.is_ref for arg in op_def.inputs)
        found = STEPS[op_def.name] = Step(op_def.body, names, variables, grad, limits)

        @wraps(op_def.body)
        def body(*inputs: Any, **attrs: Any) -> Variable:
            return dense_step(found, inputs, attrs)

        def shape(*inputs: Shape, **_: Any) -> Shape:
            return _merged(found, inputs, inputs[grad])

        op_def.body = body
        op_def.shape(shape)
        op_def.no_gradient(WRITE)
        return op_def

    return make


def sparse_twin(name: str, dense: OpDef, grad_name: str = "grad") -> OpDef:
    """Register the op that does to some rows, one after the other, what `dense` does to all.

    Args:
        name: its registry name.
        dense: the op on whole variables, made by `step`; indices come after its gradient.
        grad_name: TensorFlow's name of the gradient.
    """
    found = STEPS[name] = STEPS[dense.name]
    place = found.grad + 1

    def body(*inputs: Any, **attrs: Any) -> Variable:
        return sparse_step(found, (*inputs[:place], *inputs[place + 1 :]), inputs[place], attrs)

    body.__name__ = f"sparse_{dense.__name__}"
    body.__module__ = dense.__module__
    body.__doc__ = (
        f"Do {dense.name} to some rows, one after the other; the others stay.\n\n"
        f"Row indices[i] changes by grad[i]; `grad` is T[n, ...], `indices` int[n], each in\n"
        "[0, rows).  The other arguments are those of the dense step.\n\n"
        "Source: OSDI §4.2 (sparse updates)."
    )

    def shape(*inputs: Shape, **_: Any) -> Shape:
        return _rows_shape(_merged(found, inputs), inputs[found.grad], inputs[place])

    grad = replace(dense.inputs[found.grad], name=grad_name)
    indices = Arg("indices", type_attr="Tindices", rank=1)
    attrs = {"Tindices": Attr("Tindices", "type", inferred=True).limited(INDICES, name)}
    made = OpDef(
        name,
        body,
        (*dense.inputs[: found.grad], grad, indices, *dense.inputs[place:]),
        dense.outputs,
        {each.name: replace(each) for each in dense.attrs.values()} | attrs,
        takes_context=False,
    )
    made.shape(shape)
    made.no_gradient(WRITE)
    CATALOGUE[name] = made
    return made


def _merged(found: Step, inputs: Sequence[Shape], *others: Shape) -> Shape:
    """Return the one shape of a variable, its slots and whatever else has it."""
    var = inputs[0]
    for each in (*inputs[1 : found.variables], *others):
        var = merge(var, each)
    return var


def _rows_shape(var: Shape, grad: Shape, indices: Shape) -> Shape:
    """Return the variable's shape, checked against gradients of some of its rows."""
    if var.rank == 0:
        raise invalid("var must be at least 1 dimensional")
    if var.dims is not None:
        merge(grad, Shape((*indices, *var.dims[1:])))
    return var


# --- the bodies, and what kernels share with them ------------------------------------------------


def dense_step(found: Step, inputs: Sequence[Any], attrs: dict[str, Any]) -> Variable:
    """Change whole variables by a formula, in one atomic step."""
    variables, grad = inputs[: found.variables], inputs[found.grad]
    must_have_one_shape(variables, grad)
    before, after = found.scalars(inputs, grad.dtype)
    with updating(*variables) as pairs:
        olds = [wide(old) for old, _ in pairs]
        new = found.formula(*olds, *before, wide(grad), *after, **attrs)
        for value, (_, out) in zip(new, pairs, strict=True):
            out[...] = value
    return variables[0]


def sparse_step(
    found: Step, inputs: Sequence[Any], indices: Array, attrs: dict[str, Any]
) -> Variable:
    """Change some rows of variables by a formula, in one atomic step."""
    variables, grad = inputs[: found.variables], inputs[found.grad]
    must_have_rows(variables, grad, indices)
    before, after = found.scalars(inputs, grad.dtype)
    with modifying(*variables) as arrays:
        for row, slope in zip(indices, wide(grad), strict=True):
            olds = [wide(array[row]) for array in arrays]
            new = found.formula(*olds, *before, slope, *after, **attrs)
            for array, value in zip(arrays, new, strict=True):
                array[row] = value
    return variables[0]


def must_have_one_shape(variables: Sequence[Variable], grad: Array) -> None:
    """Check that a variable, its slots and its gradient have one shape.

    Raises:
        FailedPreconditionError: if a variable has no value.
        InvalidArgumentError: if the shapes differ.
    """
    shape = _shape_of_all(variables)
    if grad.shape != shape:
        raise _differ("grad", Shape(shape), Shape(grad.shape))


def must_have_rows(variables: Sequence[Variable], grad: Array, indices: Array) -> None:
    """Check gradients of some rows against a variable and its slots.

    Raises:
        FailedPreconditionError: if a variable has no value.
        InvalidArgumentError: if a row does not exist, or the shapes do not fit.
    """
    shape = _shape_of_all(variables)
    if not shape:
        raise invalid("var must be at least 1 dimensional")
    if grad.shape != (len(indices), *shape[1:]):
        raise invalid(
            f"grad must have shape {Shape((len(indices), *shape[1:]))}, got {Shape(grad.shape)}"
        )
    bad = (indices < 0) | (indices >= shape[0])
    if bad.any():
        place = int(bad.argmax())
        raise invalid(
            f"Index {indices[place]} at offset {place} in indices is out of range [0, {shape[0]})"
        )


def _shape_of_all(variables: Sequence[Variable]) -> tuple[int, ...]:
    shape = variables[0].read().shape
    for slot in variables[1:]:
        if slot.read().shape != shape:
            raise _differ(slot.name, Shape(shape), slot.present_shape)
    return shape


def _differ(name: str, shape: Shape, other: Shape) -> InvalidArgumentError:
    return invalid(f"var and {name} do not have the same shape {shape} {other}")
