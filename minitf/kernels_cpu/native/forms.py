"""How operations are written into the text of a step: a form for each kind, by op type.

Source: 2015 §10.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from minitf.devices import Call, Cluster
from minitf.kernels_cpu.fusion import fuses
from minitf.kernels_cpu.fusion.kernel import Fused
from minitf.kernels_cpu.fusion.launches import array_size, works_of
from minitf.kernels_cpu.math.matmul import PART as BLAS_PART
from minitf.kernels_cpu.native import blas_products
from minitf.kernels_cpu.native.blas_products import AS_IS, TRANSPOSED
from minitf.kernels_cpu.native.loops import added, copied, subtracted
from minitf.kernels_cpu.native.products import is_small, turned
from minitf.kernels_cpu.native.text import Body, NotNativeError
from minitf.kernels_cpu.native.tiles import product, product_across
from minitf.kernels_cpu.state.steps import COST, DENSE, TYPES, compiled
from minitf.operation import Operation
from minitf.ops.state.steps import STEPS

Form = Callable[[Body, Operation, Call], None]
FORMS: dict[str, Form] = {}
_MOST_BLAS_PARTS = 3  # of a product in a loop: what surrounds it costs more than a second thread
_AT_ONCE = 8  # multiplications in the time of a simple instruction, where rows fill vectors


def form(*kinds: str) -> Callable[[Form], Form]:
    """Register how operations of some types are written."""

    def attach(function: Form) -> Form:
        FORMS.update(dict.fromkeys(kinds, function))
        return function

    return attach


def cluster(body: Body, call: Call) -> None:
    """Write the call of a cluster's loops."""
    if not hasattr(call.kernel, "callee"):
        raise NotNativeError("the plan reads a variable or a constant where it was not asked to")
    inputs = [body.known(each) for each in call.inputs]
    callee = call.kernel.callee(tuple(each.shape for each in inputs))
    if callee is None:
        raise NotNativeError("a cluster has no loops")
    text, sizes = callee.text, callee.sizes
    works = works_of(text, sizes)
    if any(work.parts > 1 for work in works):
        raise NotNativeError("a cluster is worth several threads")
    made = {}
    for name, output, number in zip(callee.names, callee.outputs, call.outputs, strict=True):
        if name and name not in made:
            made[name] = body.array(number, output.value.dtype, output.shape)
    scratch = [
        body.scratch(body.unique(array.name), array.dtype, (array_size(array, sizes, works),)).name
        for array in text.arrays
    ]
    numbers = [body.number(callee.numbers[i], dtype) for i, dtype in text.numbers.items()]
    arguments = ["-1, 0, 0, 0", *map(str, sizes), *numbers]
    arguments += [body.scalar(call.inputs[i]) for i in text.scalars]
    arguments += [body.value(call.inputs[i]).name for i in text.packed]
    arguments += [*(each.name for each in made.values()), *scratch]
    line = f"{body.callee(callee.loops, 'cluster')}({', '.join(arguments)})"
    if text.checks_positions:
        body.must_succeed(line)
    else:
        body.lines.append(line)  # arrays are packed, so it cannot fail
    body.work += sum(
        stage.cost * work.items for stage, work in zip(text.stages, works, strict=True)
    )
    first = dict.fromkeys(made)
    for name, output, number in zip(callee.names, callee.outputs, call.outputs, strict=True):
        if not name:
            body.stands_for(number, inputs[output.input], output.shape)
        elif first[name] is not None:
            body.stands_for(number, made[name], output.shape)
        else:
            first[name] = number


@form("MatMul")
def mat_mul(body: Body, operation: Operation, call: Call) -> None:
    """Write the product of two matrices: tiles of small ones, else a call of BLAS."""
    attrs = operation.attrs
    a, b = (body.value(each) for each in call.inputs)
    across, turn = attrs["transpose_a"], attrs["transpose_b"]
    if a.dtype.name not in ("float32", "float64"):
        raise NotNativeError(f"no products are made of {a.dtype}")
    k, m = a.shape if across else a.shape[::-1]
    n = b.shape[0 if turn else 1]
    address = blas_products.address(a.dtype)
    if not is_small(m, k, n, in_loop=body.has_loops):
        most = _MOST_BLAS_PARTS * BLAS_PART if body.has_loops else BLAS_PART
        if address is None or 2 * m * k * n > most:
            raise NotNativeError("a product is better made by BLAS, by several threads")
        out = body.array(call.outputs[0], a.dtype, (m, n))
        ways = [TRANSPOSED if each else AS_IS for each in (across, turn)]
        numbers = [f"{body.known(address).name}[0]", *ways, m, n, k, body.number(1, a.dtype)]
        matrices = [a.name, a.shape[1], b.name, b.shape[1], out.name, n]
        arguments = ", ".join(map(str, numbers + matrices))
        body.lines.append(f"{body.callee(blas_products.gemm, 'gemm')}({arguments})")
        body.work += m * k * n // _AT_ONCE
        return
    if turn:
        b = body.once(b, turned(*b.shape), b.shape[::-1])
    out = body.array(call.outputs[0], a.dtype, (m, n))
    loops = body.callee(product_across if across else product, "product")
    body.lines.append(f"{loops}({a.name}, {b.name}, {out.name})")
    body.work += m * k * n // (1 if n % _AT_ONCE else _AT_ONCE)


def form_of(operation: Operation) -> Form | None:
    """Return how an operation is written, None if there is no way."""
    found = FORMS.get(operation.type)
    if found is None and operation.type.removeprefix("Resource") in STEPS:
        return None if "Sparse" in operation.type else step
    return alone if found is None and fuses(operation) else found


def alone(body: Body, operation: Operation, call: Call) -> None:
    """Write an operation that stands alone as a cluster of its own."""
    values = operation.definition.positions_of_values(operation.attrs)
    given = dict(zip(operation.inputs, call.inputs, strict=True))
    constants = {operation.inputs[i]: body.constant(call.inputs[i]) for i in values}
    if any(each is None for each in constants.values()):
        raise NotNativeError(f"{operation.type} depends on values that are not known")
    inputs = tuple(tensor for tensor in given if tensor not in constants)
    made = Cluster(
        operations=(operation,),
        inputs=inputs,
        outputs=tuple(operation.outputs),
        constants=constants,
        sizes=(),
        operands={operation: tuple(operation.inputs)},
    )
    operands = tuple(given[tensor] for tensor in inputs)
    cluster(body, replace(call, kernel=Fused(made, _never), inputs=operands))


def _never(*_: Any) -> Any:
    raise AssertionError("only the loops of this cluster are wanted")


def step(body: Body, operation: Operation, call: Call) -> None:
    """Write an optimizer's step on a whole variable."""
    made = STEPS[operation.type.removeprefix("Resource")]
    if made.limits:
        raise NotNativeError("a step has limits to check")
    grad = body.value(call.inputs[made.grad])
    changed = [body.changes(each) for each in call.inputs[: made.variables]]
    types = {each.dtype for each in (grad, *changed)}
    if {each.shape for each in (grad, *changed)} != {grad.shape} or len(types) != 1:
        raise NotNativeError("a step's arrays differ in shape or type")
    if grad.dtype not in {each.numpy for each in TYPES}:
        raise NotNativeError(f"no step is made of {grad.dtype}")
    before = [body.scalar(each) for each in call.inputs[made.variables : made.grad]]
    after = [body.scalar(each) for each in call.inputs[made.grad + 1 :]]
    attrs = {n: operation.attrs[n] for n in operation.definition.explicit_attrs}
    after += map(str, made.flags(attrs))
    loops = body.callee(compiled(made, DENSE, grad.dtype), "step")
    rows = [f"{each.name}.reshape(-1)" for each in (grad, *changed)]
    arguments = [_tuple(before), rows[0], _tuple(after), *rows[1:]]
    body.lines.append(f"{loops}(0, {grad.size}, {', '.join(arguments)})")
    body.work += COST * grad.size
    _hand_on(body, call)


def _tuple(words: list[str]) -> str:
    return f"({''.join(f'{word}, ' for word in words)})"


def _hand_on(body: Body, call: Call) -> None:
    """Let the outputs of an operation that changes a variable be that variable."""
    for number in call.outputs:
        body.values[number] = body.variable(call.inputs[0])


_WRITES = {"Assign": copied, "AssignAdd": added, "AssignSub": subtracted}


@form(*_WRITES, *(f"{name}VariableOp" for name in _WRITES))
def assign(body: Body, operation: Operation, call: Call) -> None:
    """Write what becomes of a variable, or is added to it or taken away from it."""
    value = body.value(call.inputs[1])
    changed = body.changes(call.inputs[0])
    if (value.shape, value.dtype) != (changed.shape, changed.dtype):
        raise NotNativeError("a new value differs from its variable in shape or type")
    if value.dtype.kind not in "biuf" or value.dtype == np.float16:
        raise NotNativeError(f"no write is made of {value.dtype}")
    write = _WRITES[operation.type.removesuffix("VariableOp")]
    loops = body.callee(write, write.__name__)
    body.lines.append(f"{loops}({value.name}.reshape(-1), {changed.name}.reshape(-1))")
    body.work += value.size
    _hand_on(body, call)


@form("Enter", "Identity", "ReadVariableOp", "RefEnter")
def read(body: Body, _: Operation, call: Call) -> None:
    """Write a copy: the variable may change before it is read."""
    value = body.known(call.inputs[0])
    if value.is_number:
        body.values[call.outputs[0]] = value
    else:
        body.stands_for(call.outputs[0], value, value.shape)


@form("ExpandDims", "Reshape", "Squeeze")
def reshape(body: Body, operation: Operation, call: Call) -> None:
    """Let the output be the input in another shape, which must be known."""
    value, static = body.value(call.inputs[0]), operation.outputs[0].static_shape
    wanted = body.constant(call.inputs[1]) if operation.type == "Reshape" else None
    if static.is_full:
        shape: tuple[Any, ...] = tuple(static.dims or ())
    elif wanted is not None:
        shape = np.broadcast_to(np.int8(0), value.shape).reshape(wanted).shape
    else:
        raise NotNativeError("a shape is not known")
    body.stands_for(call.outputs[0], value, shape)
