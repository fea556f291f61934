"""Operations as values of a Program: which can be, and how.

Ops of the tables in `minitf/ops/elementwise` need no rule: their `scalar` says it all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.kernels_cpu.fusion import elementwise_rules, part_rules, reduction_rules, shape_rules
from minitf.kernels_cpu.fusion.calls import RULES, TYPES, Call, Entry
from minitf.kernels_cpu.fusion.scalars import Symbol, Trace
from minitf.kernels_cpu.fusion.values import NotFusedError, Program, View
from minitf.operation import Operation
from minitf.ops.elementwise.rows import ROWS
from minitf.shapes import Shape

_FILES = (
    elementwise_rules,
    part_rules,
    reduction_rules,
    shape_rules,
)  # whose import enters their rules


def fuses(operation: Operation) -> bool:
    """Tell whether an operation can be part of a fused loop."""
    if _entry(operation) is not None:
        return True
    dtype = operation.inputs[0].dtype.base_dtype if operation.inputs else None
    return operation.type in ROWS and _row_fuses(operation.type, dtype)


def _entry(operation: Operation) -> Entry | None:
    """Return the rule for an operation, if there is one."""
    entry = RULES.get(operation.type)
    if entry is None:
        return None
    hidden = operation.definition.positions_of_values(operation.attrs)
    read = [tensor for i, tensor in enumerate(operation.inputs) if i not in hidden]
    types = {tensor.dtype.base_dtype for tensor in (*read, *operation.outputs)}
    serves = types <= entry.types and (entry.when is None or entry.when(operation))
    return entry if serves else None


@cache
def _row_fuses(name: str, dtype: DType | None) -> bool:
    """Tell whether the loops can compute an elementwise op of some type."""
    if dtype is None or dtype not in TYPES:
        return False
    row, program = ROWS[name], Program()
    values = [program.load(i, dtype.numpy, ()).value for i in range(len(row.op_def.inputs))]
    try:
        found = Trace(program).apply(row.scalar, values, dtype.numpy)
    except NotFusedError:
        return False
    return found.dtype == (row.op_def.outputs[0].dtype or dtype).numpy


def outputs_of(call: Call) -> list[View]:
    """Return the outputs of an operation.

    Raises:
        NotFusedError: if the arrays at hand have a form that is not compiled.
    """
    entry = _entry(call.operation)
    if entry is None:
        row = ROWS[call.operation.type]
        values = [call.symbol(i).value for i in range(len(row.op_def.inputs))]
        made = call.trace.apply(row.scalar, values, values[0].dtype)
        return [View(made, call.layout)]
    found = entry.rule(call)
    return [View(each.value, call.layout) if isinstance(each, Symbol) else each for each in found]


def known_view(program: Program, array: Any, *, is_constant: bool) -> View | None:
    """Return an array known beforehand as a view; None if its elements differ.

    Args:
        program: gets the value.
        array: a constant, or what was computed of shapes.
        is_constant: whether it is the same for all shapes.
    """
    if not array.size or array.dtype.kind not in "biuf":
        return None
    flat = array.reshape(-1)
    if array.size > 1 and not _is_uniform(flat):
        return None
    number, dtype = flat[0].item(), array.dtype
    value = program.literal(number, dtype) if is_constant else program.number(number, dtype)
    return View(value, program.dims_of(array.shape))


def _is_uniform(flat: Any) -> bool:
    return flat[0] == flat[-1] and bool(np.all(flat == flat[0]))


def rule_shapes(
    operation: Operation, shapes: list[tuple[int, ...]], known: Mapping[int, Any]
) -> list[tuple[int, ...]]:
    """Return the shapes of an operation's outputs by its shape rule.

    Args:
        operation: the operation.
        shapes: of its inputs.
        known: arrays of inputs of which the rule wants the value.

    Raises:
        InvalidArgumentError: if the shapes do not fit.
        NotFusedError: if they leave a size open.
    """
    definition = operation.definition
    assert definition.shape_rule is not None
    arguments: list[Any] = []
    start = 0
    for arg in definition.inputs:
        if arg.is_list:
            length = definition.length(arg, operation.attrs)
            arguments.append([Shape(shape) for shape in shapes[start : start + length]])
            start += length
            continue
        if arg.name in definition.values_of:
            value = known[start]
            arguments.append(value.item() if value.ndim == 0 else tuple(value.tolist()))
        else:
            shape = Shape(shapes[start])
            arguments.append(shape if arg.rank is None else shape.with_rank(arg.rank))
        start += 1
    attrs = {name: operation.attrs[name] for name in definition.shape_attrs}
    found = definition.shape_rule(*arguments, **attrs)
    made: list[Any] = [found] if isinstance(found, Shape) else list(found)
    made = [shape for each in made for shape in (each if isinstance(each, list) else [each])]
    if not all(shape.is_full for shape in made):
        raise NotFusedError("the shape rule leaves a size open")
    return [tuple(shape) for shape in made]
