"""A call of an OpDef becomes an Operation: conversion, type inference, static shapes.

In this order: bind arguments; choose the graph and the name; convert inputs to Tensors, inside
the operation's own name scope (constants are called `Add/y`); infer and check attributes; infer
shapes; add to the graph.  If anything does not fit, the operation is not added; constants that
its inputs needed may be.

Inference in three passes: Tensors fix type attributes first, then arrays, then Python values are
converted to what is fixed, else to the attribute's default if it fits, else to their own type.

Source: 2015 §2 (attributes are given or inferred at construction).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from minitf import source
from minitf.convert import convert_to_tensor, holds_tensors, natural_dtype
from minitf.default_graph import default_graph, entered, graph_of
from minitf.dtypes import DType
from minitf.errors import GraphBuildError, InvalidArgumentError
from minitf.grammar import REQUIRED, Arg
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.static_value import rule_argument
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.graph import Graph
    from minitf.op_def import OpDef

_ARRAYS = (np.ndarray, np.generic)
_PLAIN = (int, float, complex, str, bytes, list, tuple, type(None))


def build(op_def: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any], name: str | None) -> Any:
    """Add one operation to the graph of its inputs and return its outputs, structured."""
    values, attrs = _bind(op_def, args, kwargs)
    graph = graph_of(_leaves(values))
    graph.check_not_finalized()
    # a name that ends in "/" is a scope that the caller has opened already
    full_name = name[:-1] if name and name[-1] == "/" else graph.unique_name(name or op_def.name)
    inputs = _inputs(op_def, values, attrs, graph, full_name)
    if graph.building_function:
        inputs = graph.inside(inputs)
    for attr in op_def.attrs.values():
        if attr.inferred and attr.name not in attrs:
            attrs[attr.name] = attr.checked(attr.default, op_def.name)
    with _beside_handles(graph, op_def, inputs, attrs) if op_def.takes_refs else _ANYWHERE:
        return op_def.structured(add_operation(graph, op_def, full_name, inputs, attrs))


_ANYWHERE = contextlib.nullcontext()


@contextlib.contextmanager
def _beside_handles(
    graph: Graph, op_def: OpDef, inputs: list[Tensor], attrs: dict[str, Any]
) -> Iterator[None]:
    """Place an operation where the variables are whose refs it takes (OSDI §3.1)."""
    with contextlib.ExitStack() as stack:
        for handle in _handles(op_def, inputs, attrs):
            stack.enter_context(graph.colocate_with(handle))
        yield


def _handles(op_def: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> list[Tensor]:
    found: list[Tensor] = []
    start = 0
    for arg in op_def.inputs:
        stop = start + (op_def.length(arg, attrs) if arg.is_list else 1)
        found += inputs[start:stop] if arg.is_ref else []
        start = stop
    return found


def add_operation(
    graph: Graph,
    op_def: OpDef,
    name: str,
    inputs: list[Tensor],
    attrs: dict[str, Any],
    control_inputs: list[Operation] | None = None,
    device: str = "",
) -> Operation:
    """Add one operation whose name, inputs and attributes are settled; its shapes are inferred.

    The scopes around the call add their control inputs, device, colocation and the rest.

    Raises:
        GraphBuildError: if the inputs' shapes do not fit.
    """
    operation = Operation(graph, op_def, name, tuple(inputs), attrs)
    operation.control_inputs += control_inputs or ()
    operation.device = device
    types = op_def.output_types(attrs)
    shapes = infer_shapes(operation, len(types))
    operation.outputs = [
        Tensor(operation, i, dtype, shape)
        for i, (dtype, shape) in enumerate(zip(types, shapes, strict=True))
    ]
    graph.add(operation)
    return operation


def _bind(
    op_def: OpDef, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the inputs in order, and the checked attributes that are not inferred."""
    inputs = op_def.inputs
    if len(args) > len(inputs):
        raise TypeError(
            f"{op_def.name} takes {len(inputs)} inputs, got {len(args)}; attributes go by keyword"
        )
    values = list(args)
    for arg in inputs[len(args) :]:
        if arg.name not in kwargs:
            raise TypeError(f"{op_def.name}: input '{arg.name}' is missing")
        values.append(kwargs.pop(arg.name))
    attrs: dict[str, Any] = {}
    for name in op_def.explicit_attrs:
        attr = op_def.attrs[name]
        value = kwargs.pop(name, attr.default)
        if value is REQUIRED:
            raise TypeError(f"{op_def.name}: attribute '{name}' is missing")
        attrs[name] = attr.checked(value, op_def.name)
    if kwargs:
        raise TypeError(f"{op_def.name} got unexpected arguments {sorted(kwargs)}")
    return values, attrs


def _leaves(values: list[Any]) -> Any:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _leaves(value)  # type: ignore[arg-type]
        else:
            yield getattr(value, "op", value) if not isinstance(value, Tensor) else value


# --- inputs ------------------------------------------------------------------------------------


def _inputs(
    op_def: OpDef, values: list[Any], attrs: dict[str, Any], graph: Graph, full_name: str
) -> list[Tensor]:
    """Return the inputs as a flat list of Tensors; type and number attributes go to `attrs`."""
    if graph is not default_graph():
        with entered(graph):
            return _Binder(op_def, attrs, graph, full_name).convert(values)
    return _Binder(op_def, attrs, graph, full_name).convert(values)


class _Binder:
    """Converts the inputs of one call and fixes the attributes that they determine."""

    __slots__ = ("attrs", "fixed_by", "full_name", "graph", "op_def")

    def __init__(self, op_def: OpDef, attrs: dict[str, Any], graph: Graph, full_name: str) -> None:
        self.op_def = op_def
        self.attrs = attrs
        self.graph = graph
        self.full_name = full_name
        self.fixed_by: dict[str, tuple[Arg, Tensor | None]] = {}

    def convert(self, values: list[Any]) -> list[Tensor]:
        slots: list[list[Any]] = []  # per argument: its values, replaced by Tensors pass by pass
        later: list[tuple[int, int]] = []
        for arg, value in zip(self.op_def.inputs, values, strict=True):
            items = self._items(arg, value)
            if arg.number_attr:
                self._count(arg, len(items))
            for i, item in enumerate(items):
                if isinstance(item, Tensor):
                    self._accept(arg, item)
                else:
                    later.append((len(slots), i))
            slots.append(items)
        if later:
            self._convert_rest(slots, later)
        for arg, items in zip(self.op_def.inputs, slots, strict=True):
            if arg.type_list_attr:
                types = tuple([tensor.dtype.base_dtype for tensor in items])
                self._fix(arg.type_list_attr, types, arg, None)
        return [tensor for items in slots for tensor in items]

    def _count(self, arg: Arg, length: int) -> None:
        """Fix the number attribute of a list."""
        least = self.op_def.attrs[arg.number_attr].minimum
        if least is not None and length < least:
            raise ValueError(
                f"List argument '{arg.name}' to '{self.op_def.name}' Op with length {length} "
                f"shorter than minimum length {least}."
            )
        self._fix(arg.number_attr, length, arg, None)

    def _items(self, arg: Arg, value: Any) -> list[Any]:
        if not arg.is_list:
            return [value]
        if not isinstance(value, (list, tuple)):
            raise TypeError(
                f"Expected list for '{arg.name}' argument to '{self.op_def.name}' Op, "
                f"not {value!r}."
            )
        return list(value)

    def _convert_rest(self, slots: list[list[Any]], later: list[tuple[int, int]]) -> None:
        inputs = self.op_def.inputs
        later.sort(key=lambda at: _rank(slots[at[0]][at[1]]))  # stable: Tensors, arrays, Python
        scopes = self.graph.scopes
        outer, scopes.name = scopes.name, self.full_name
        try:
            for position, i in later:
                arg = inputs[position]
                value = slots[position][i]
                name = f"{arg.name}_{i}" if arg.is_list else arg.name
                tensor = self._converted(arg, value, name)
                self._accept(arg, tensor)
                slots[position][i] = tensor
        finally:
            scopes.name = outer

    def _converted(self, arg: Arg, value: Any, name: str) -> Tensor:
        wanted = arg.dtype or self.attrs.get(arg.type_attr)
        if wanted is None and arg.type_attr:
            wanted = self._by_default(arg.type_attr, value)
        try:
            return convert_to_tensor(value, wanted, name, as_ref=arg.is_ref)
        except (TypeError, ValueError) as error:
            if value is None:
                raise ValueError(
                    f"None values not supported: input '{arg.name}' of '{self.op_def.name}' Op."
                ) from None
            if isinstance(error, ValueError) and _has_dtype(value, wanted):
                return convert_to_tensor(value, name=name)  # whose type does not fit, as is told
            raise type(error)(
                f"{self._failure(arg, wanted, value, error)}{error}\n"
                f"  while converting input '{arg.name}' of '{self.op_def.name}' Op"
                f"{self._reason(arg)}"
            ) from None

    def _by_default(self, type_attr: str, value: Any) -> DType | None:
        """Return the attribute's default where a Python value fits it, as `axis=0` fits int32."""
        default: DType = self.op_def.attrs[type_attr].default
        if default is REQUIRED or _rank(value) == 0:
            return None
        if isinstance(value, (list, tuple)) and not value:
            return default  # an empty list has no type of its own
        natural = natural_dtype(value)
        if isinstance(value, _ARRAYS) and natural in (self.op_def.attrs[type_attr].allowed or ()):
            return natural
        same_kind = np.can_cast(natural.numpy, default.numpy, "same_kind")
        return default if same_kind and natural.size <= default.size else None

    def _accept(self, arg: Arg, tensor: Tensor) -> None:
        """Check a Tensor against its argument and fix the type attribute by it."""
        base = tensor.dtype.base_dtype
        if arg.is_ref and not tensor.dtype.is_ref:
            raise TypeError(
                f"'{self.op_def.name}' Op requires that input '{arg.name}' be a mutable tensor "
                f"(e.g.: a tf.Variable), but got {tensor}"
            )
        if arg.dtype is not None and base is not arg.dtype:
            raise TypeError(
                f"Input '{arg.name}' of '{self.op_def.name}' Op has type {base.name} that does not "
                f"match expected type of {arg.dtype.name}.\n{_made(tensor)}\n"
                f"  hint: tf.cast({tensor.op.name}, tf.{arg.dtype.name})"
            )
        if arg.type_attr:
            self._fix(arg.type_attr, base, arg, tensor)

    def _fix(self, attr: str, value: Any, arg: Arg, tensor: Tensor | None) -> None:
        attrs = self.attrs
        if attr not in attrs:
            attrs[attr] = self.op_def.attrs[attr].checked(value, self.op_def.name, arg.name)
            self.fixed_by[attr] = arg, tensor
        elif attrs[attr] != value:
            raise self._mismatch(attr, value, arg, tensor)

    def _mismatch(self, attr: str, value: Any, arg: Arg, tensor: Tensor | None) -> Exception:
        op_name, have = self.op_def.name, self.attrs[attr]
        first, by = self.fixed_by.get(attr, (None, None))
        if not isinstance(value, DType):
            what = f"argument '{first.name}'" if first else f"attr '{attr}'"
            return ValueError(
                f"List argument '{arg.name}' to '{op_name}' Op with length {value} must match "
                f"length {have} of {what}."
            )
        if first is arg:
            return TypeError(
                f"Tensors in list passed to '{arg.name}' of '{op_name}' Op have types "
                f"[{have.name}, {value.name}] that don't all match.\n{_made(by)}\n{_made(tensor)}"
            )
        what = f"type {have.name} of argument '{first.name}'" if first else f"attr '{attr}'"
        return TypeError(
            f"Input '{arg.name}' of '{op_name}' Op has type {value.name} that does not match "
            f"{what}.\n{_made(by)}\n{_made(tensor)}\n"
            f"  hint: tf.cast(..., tf.{have.name}) makes '{arg.name}' fit"
        )

    def _failure(self, arg: Arg, wanted: DType | None, value: Any, error: Exception) -> str:
        """Return what TensorFlow says before it says why a value is no Tensor."""
        if isinstance(error, ValueError):
            return f"Tried to convert '{arg.name}' to a tensor and failed. Error: "
        place = f"passed to parameter '{arg.name}' of op '{self.op_def.name}'"
        got = f"got {value!r} of type '{type(value).__name__}' instead"
        return f"Expected {wanted.name} {place}, {got}. Error: " if wanted else ""

    def _reason(self, arg: Arg) -> str:
        first, by = self.fixed_by.get(arg.type_attr, (None, None))
        if first is None or first is arg:
            return ""
        return f", which has the type of argument '{first.name}'\n{_made(by)}"


def _has_dtype(value: Any, wanted: DType | None) -> bool:
    """Tell whether a value that is no array, such as a variable, has another type than wanted."""
    own = None if isinstance(value, _ARRAYS) else getattr(value, "dtype", None)
    return isinstance(own, DType) and wanted is not None and own.base_dtype is not wanted


def _rank(value: Any) -> int:
    """Order of conversion: what is a Tensor or holds one, then arrays, then Python values."""
    if isinstance(value, _ARRAYS):
        return 1
    if isinstance(value, (list, tuple)):
        return 0 if any(holds_tensors(value)) else 2
    return 2 if isinstance(value, _PLAIN) else 0


def _made(tensor: Tensor | None) -> str:
    if tensor is None:
        return ""
    where = source.describe(tensor.op.site)
    return f"  {tensor.name}: {tensor.dtype.name}{tensor.static_shape}, created at {where}"


# --- shapes -------------------------------------------------------------------------------------


def infer_shapes(operation: Operation, count: int) -> list[Shape]:
    """Return the static shape of each output by the op's shape rule.

    Raises:
        GraphBuildError: if the inputs' shapes do not fit.
    """
    definition = operation.definition
    if definition.shape_rule is None:
        return [Shape.unknown()] * count
    attrs, given = operation.attrs, operation.inputs
    if definition.takes_lists:
        given = tuple(definition.arguments(operation).values())
    try:
        arguments = [
            _shape_argument(definition, arg, tensors)
            for arg, tensors in zip(definition.inputs, given, strict=True)
        ]
        found = definition.shape_rule(
            *arguments, **{name: attrs[name] for name in definition.shape_attrs}
        )
    except InvalidArgumentError as error:
        raise _shape_error(error, operation) from None
    if isinstance(found, Shape):
        return [found]
    shapes = [s for each in found for s in (each if isinstance(each, list) else (each,))]
    assert len(shapes) == count, f"{definition.name}: {len(shapes)} shapes for {count} outputs"
    return shapes


def _shape_argument(definition: OpDef, arg: Arg, tensors: Any) -> Any:
    """Return one argument as the shape rule takes it; a list argument is a list of them."""
    if isinstance(tensors, list):
        return [_shape_argument(definition, arg, tensor) for tensor in tensors]
    shape = tensors.static_shape
    if arg.rank is not None:
        shape = shape.with_rank(arg.rank)
    return rule_argument(tensors) if arg.name in definition.values_of else shape


def _shape_error(error: InvalidArgumentError, operation: Operation) -> GraphBuildError:
    """Complete a shape rule's error: TensorFlow's phrase, then each input and the user's line."""
    first, *facts = str(error).split("\n")
    shapes = ", ".join(str(t.static_shape).replace(" ", "") for t in operation.inputs)
    names = [
        name
        for name, t in operation.arguments.items()
        for _ in (t if isinstance(t, list) else (t,))
    ]
    facts += [
        f"  {name}: {t.dtype.base_dtype.name}{t.static_shape} ({t.name})"
        for name, t in zip(names, operation.inputs, strict=True)
    ]
    where = source.describe(source.creation_site())
    phrase = f"{first} for '{operation.name}' (op: '{operation.type}') with input shapes: {shapes}."
    return GraphBuildError(None, operation, "\n".join([phrase, *facts, f"  created at {where}"]))
