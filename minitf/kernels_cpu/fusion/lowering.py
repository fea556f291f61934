"""What each op computes, as values of a Program: a table from op to rule, and elementwise ops.

A rule takes the views of an operation's inputs and gives those of its outputs.  Ops of the tables
in `minitf/ops/elementwise` need no rule: their `scalar` says it all.  Shapes have been checked by
the op's own shape rule when a rule is called.

    @lowers("LeakyRelu")
    def leaky_relu(call):
        x = call.symbol(0)
        return [(x > 0.0).where(x, x * call.attrs["alpha"])]

**State**: `RULES`, registry name -> Rule; `reductions.py` adds those that sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from minitf.dtypes import DType as ElementType
from minitf.dtypes import INTEGERS, bool_, float32, float64
from minitf.kernels_cpu.fusion.scalars import Symbol, Trace
from minitf.kernels_cpu.fusion.values import DType, Layout, NotFusedError, Program, Value, View
from minitf.operation import Operation
from minitf.ops.elementwise.rows import ROWS
from minitf.shapes import Shape, Unknown
from minitf.static_value import constant_value

TYPES = frozenset({float32, float64, bool_}) | INTEGERS
REALS = frozenset({float32, float64})
Rule = Callable[["Call"], list["Symbol | View"]]


@dataclass(frozen=True)
class Entry:
    """A rule, and the operations that it is for.

    Attributes:
        rule: gives the outputs.
        types: allowed for inputs and outputs that are read or made.
        when: further condition on the operation, or None.
    """

    rule: Rule
    types: frozenset[ElementType]
    when: Callable[[Operation], bool] | None


RULES: dict[str, Entry] = {}


def lowers(
    *names: str,
    types: frozenset[ElementType] = TYPES,
    when: Callable[[Operation], bool] | None = None,
) -> Callable[[Rule], Rule]:
    """Enter a rule for ops of some names."""

    def enter(rule: Rule) -> Rule:
        RULES.update({name: Entry(rule, types, when) for name in names})
        return rule

    return enter


class Call:
    """One operation on its way into a Program.

    Args:
        trace: makes symbols of the Program's values.
        operation: the operation.
        views: of its inputs; None for one that only the shape rule reads.
        known: arrays of the inputs that are known, by position.
        shapes: of its outputs.
        layouts: of its inputs, also where only the shape matters.
    """

    def __init__(
        self,
        trace: Trace,
        operation: Operation,
        views: list[View | None],
        known: Mapping[int, Any],
        shapes: list[tuple[int, ...]],
    ) -> None:
        self.trace = trace
        self.program: Program = trace.program
        self.operation = operation
        self.attrs = operation.attrs
        self.known = known
        self.shapes = shapes
        self._views = views
        self.layout: Layout = ()  # of the outputs that are given as symbols

    def view(self, position: int) -> View:
        """Return an input.

        Raises:
            NotFusedError: if it is an array known beforehand of which the elements differ.
        """
        found = self._views[position]
        if found is None:
            raise NotFusedError("a known array is read as data")
        return found

    def symbol(self, position: int) -> Symbol:
        """Return an input for arithmetic; outputs get the layout to which those taken broadcast."""
        return self.placed(self.view(position))

    def placed(self, view: View) -> Symbol:
        """Return a view for arithmetic, likewise."""
        self.layout = self.program.joined([self.layout, view.layout])
        return self.trace.symbol(view.value)

    def outputs(self) -> list[View]:
        """Return the operation's outputs by its rule."""
        op = self.operation
        entry = RULES.get(op.type)
        if entry is None:
            return [self._row()]
        found = entry.rule(self)
        return [
            View(each.value, self.layout) if isinstance(each, Symbol) else each for each in found
        ]

    def _row(self) -> View:
        row = ROWS[self.operation.type]
        values = [self.symbol(i).value for i in range(len(row.op_def.inputs))]
        return View(self.trace.apply(row.scalar, values, values[0].dtype), self.layout)


def fuses(operation: Operation) -> bool:
    """Tell whether an operation can be part of a fused loop."""
    entry = RULES.get(operation.type)
    if entry is None:
        return operation.type in ROWS and _row_fuses(
            operation.type, operation.inputs[0].dtype.base_dtype
        )
    hidden = operation.definition.positions_of_values(operation.attrs)
    read = [tensor for i, tensor in enumerate(operation.inputs) if i not in hidden]
    types = {tensor.dtype.base_dtype for tensor in (*read, *operation.outputs)}
    return types <= entry.types and (entry.when is None or entry.when(operation))


@cache
def _row_fuses(name: str, dtype: ElementType) -> bool:
    """Tell whether the loops can compute an elementwise op of some type."""
    if dtype not in TYPES:
        return False
    row, program = ROWS[name], Program()
    values = [program.load(i, dtype.numpy, ()).value for i in range(len(row.op_def.inputs))]
    try:
        found = Trace(program).apply(row.scalar, values, dtype.numpy)
    except NotFusedError:
        return False
    return found.dtype == (row.op_def.outputs[0].dtype or dtype).numpy


# --- elementwise ops that are no rows ------------------------------------------------------------


@lowers("Identity", "StopGradient", "PreventGradient")
def same(call: Call) -> list[Any]:
    return [call.view(0)]


@lowers("AddN", "AccumulateNV2")
def add_n(call: Call) -> list[Any]:
    total = call.symbol(0)
    for i in range(1, len(call.operation.inputs)):
        total += call.symbol(i)
    return [total]


def _raises_on_shapes(operation: Operation) -> bool:
    return bool(operation.attrs["incompatible_shape_error"])


@lowers("Equal", when=_raises_on_shapes)
def equal(call: Call) -> list[Any]:
    return [call.symbol(0) == call.symbol(1)]


@lowers("NotEqual", when=_raises_on_shapes)
def not_equal(call: Call) -> list[Any]:
    return [call.symbol(0) != call.symbol(1)]


@lowers("ApproximateEqual", types=REALS | {bool_})
def approximate_equal(call: Call) -> list[Any]:
    return [abs(call.symbol(0) - call.symbol(1)) <= call.attrs["tolerance"]]


@lowers("LeakyRelu", types=REALS)
def leaky_relu(call: Call) -> list[Any]:
    x = call.symbol(0)
    return [(x > 0.0).where(x, x * call.attrs["alpha"])]


@lowers("LeakyReluGrad", types=REALS)
def leaky_relu_grad(call: Call) -> list[Any]:
    grad, x = call.symbol(0), call.symbol(1)
    return [(x > 0.0).where(grad, grad * call.attrs["alpha"])]


@lowers("ClipByValue")
def clip_by_value(call: Call) -> list[Any]:
    t = call.view(0)
    limits = [call.view(1), call.view(2)]
    for limit in limits:
        if limit.layout and call.program.shape_of(limit.layout) != call.shapes[0]:
            raise NotFusedError("a limit has a shape of its own")
    low, high = (call.placed(limit).value for limit in limits)
    dtype = t.value.dtype
    below = call.trace.apply(ROWS["Minimum"].scalar, [call.placed(t).value, high], dtype)
    return [call.trace.symbol(call.trace.apply(ROWS["Maximum"].scalar, [below, low], dtype))]


def _exponent(operation: Operation) -> Any:
    """Return the exponent of a power if it is a constant of one value, else None."""
    value = constant_value(operation.inputs[1])
    if value is None or not value.size or np.any(value != value.flat[0]):
        return None
    return value.flat[0].item()


@lowers("Pow", types=REALS, when=lambda op: _exponent(op) in (1, 2, 3, -1))
def power(call: Call) -> list[Any]:
    x, exponent = call.symbol(0), _exponent(call.operation)
    call.symbol(1)  # its shape counts
    if exponent == -1:
        return [1.0 / x]
    return [{1: x, 2: x * x, 3: x * x * x}[exponent]]


@lowers("Cast", when=lambda op: not op.attrs["Truncate"])
def cast(call: Call) -> list[Any]:
    x, wanted = call.symbol(0), call.attrs["DstT"].numpy
    if x.value.dtype == wanted:
        return [x]
    if wanted.kind == "b":
        return [x != 0]
    return [call.trace.symbol(call.program.cast(x.value, wanted))]


@lowers("Select", "SelectV2")
def select(call: Call) -> list[Any]:
    condition, rank = call.view(0), len(call.shapes[0])
    if call.operation.type == "Select" and len(condition.layout) == 1 < rank:
        layout = (*condition.layout, *[None] * (rank - 1))  # it chooses whole rows
        condition = View(condition.value, layout)
    return [call.placed(condition).where(call.symbol(1), call.symbol(2))]


@lowers("BiasAdd", "BiasAddV1")
def bias_add(call: Call) -> list[Any]:
    bias = call.view(1)
    if call.attrs.get("data_format") == "NCHW":
        ones = len(call.shapes[0]) - 2
        bias = View(bias.value, (*bias.layout, *[None] * ones))
    return [call.symbol(0) + call.placed(bias)]


# --- other shapes of the same elements -----------------------------------------------------------


def _only_ones_move(operation: Operation) -> bool:
    """Tell whether input and output may have the same sizes but for ones, as far as is known."""
    before, after = (
        [d for d in shape if isinstance(d, Unknown) or d != 1] if shape.rank is not None else None
        for shape in (operation.inputs[0].static_shape, operation.outputs[0].static_shape)
    )
    if before is None or after is None:
        return True
    pairs = zip(before, after, strict=False)
    return len(before) == len(after) and all(
        isinstance(a, Unknown) or isinstance(b, Unknown) or a == b for a, b in pairs
    )


@lowers("Reshape", "ExpandDims", "Squeeze", when=_only_ones_move)
def reshape(call: Call) -> list[Any]:
    x, (shape,) = call.view(0), call.shapes
    dims = [dim for dim in x.layout if dim is not None]
    if [call.program.sizes[dim] for dim in dims] != [size for size in shape if size != 1]:
        raise NotFusedError("a reshape joins or parts dimensions")
    rest = iter(dims)
    return [View(x.value, tuple(None if size == 1 else next(rest) for size in shape))]


@lowers("BroadcastTo")
def broadcast_to(call: Call) -> list[Any]:
    x, whole = call.view(0), call.program.dims_of(call.shapes[0])
    return [View(x.value, call.program.joined([x.layout, whole]))]


@lowers("Fill")
def fill(call: Call) -> list[Any]:
    return [View(call.view(1).value, call.program.dims_of(call.shapes[0]))]


@lowers("ZerosLike", "OnesLike")
def like(call: Call) -> list[Any]:
    x, number = call.view(0), int(call.operation.type == "OnesLike")
    return [View(call.program.literal(number, x.value.dtype), x.layout)]


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
    made = [found] if isinstance(found, Shape) else list(found)
    if not all(shape.is_full for shape in made):
        raise NotFusedError("the shape rule leaves a size open")
    return [tuple(shape) for shape in made]
