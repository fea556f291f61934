"""`tensorflow.python.framework.test_ops`: ops that only tests of the graph use.

They are registered when this module is imported, never before: no program meets them.  Those of
resources and versions compute; of the others graphs are built, and running one fails.

**State**: resources by handle, for ResourceCreateOp and its kin: the handle stands for one thing,
which is there or not.

Source: TensorFlow 1.15's op library of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.compat.internal import gen_ops
from minitf.errors import NotFoundError, invalid
from minitf.grammar import REQUIRED, Arg, Attr
from minitf.graph_def import GRAPH_DEF_VERSION
from minitf.op_def import CATALOGUE, OpDef
from minitf.ops.queue.sharing import behind, find_handle
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape

_OPS = """
A() -> (out: float32)
Attr() [a: int]
AttrBool() [a: bool]
AttrBoolList() [a: list(bool)]
AttrDefault() [a: string = "banana"]
AttrEmptyListDefault() [a: list(float) = ()]
AttrEnum() [a: string in ("apples", "oranges")]
AttrEnumList() [a: list(string) in ("apples", "oranges")]
AttrFloat() [a: float]
AttrListDefault() [a: list(int) = (5, 15)]
AttrListMin() [a: list(int) >= 2]
AttrListTypeDefault(a: N*T, b: N*T) [T: type = int32; N: int >= 1]
AttrMin() [a: int >= 5]
AttrPartialShape() [a: shape]
AttrPartialShapeList() [a: list(shape)]
AttrShape() [a: shape]
AttrShapeList() [a: list(shape)]
AttrTypeDefault(a: T) [T: type = int32]
B() -> (out: float32)
Binary(a: T, b: T) -> (out: T) [T: type]
ComplexStruct() -> (a: n_a*int32, b: n_b*int64, c: list t_c) \
[n_a: int >= 0; n_b: int >= 0; t_c: list(type) >= 0]
CopyOp(a: T) -> (b: T) [T: type]
FiveFloatOutputs() -> (a: float32, b: float32, c: float32, d: float32, e: float32)
FloatInput(a: float32)
FloatOutput() -> (a: float32)
FloatOutputStringOutput() -> (a: float32, b: string)
Foo1(a: float32, b: int32, c: int32) -> (d: float32, e: int32)
Foo2(a: float32, b: string, c: string) -> (d: float32, e: int32)
Foo3(a: float32, b: string, c: float32) -> (d: float32, e: int32)
FuncAttr() [f: func]
FuncListAttr() [f: list(func)]
GraphDefVersion() -> (version: int32) stateful
InPolymorphicTwice(a: N*T, b: M*T) [T: type; N: int >= 0; M: int >= 0]
Int64Output() -> (out: int64)
IntAttr() -> (out: int64) [foo: int = 1]
IntInput(a: int32)
IntInputFloatInput(a: int32, b: float32)
IntInputIntOutput(a: int32) -> (b: int32)
IntOutput() -> (a: int32)
IntOutputFloatOutput() -> (a: int32, b: float32)
KernelLabel() -> (result: string)
KernelLabelRequired(input: int32) -> (result: string)
ListInput(a: N*T) [N: int >= 1; T: type]
ListOutput() -> (a: list T) [T: list(type) >= 1]
MixedStruct() -> (a: n_a*int32, b: float32) [n_a: int >= 0]
NInPolymorphicTwice(a: N*T, b: N*T) [T: type; N: int >= 0]
NInTwice(a: N*int32, b: N*string) [N: int >= 0]
NInTwoTypeVariables(a: N*S, b: N*T) [S: type; T: type; N: int >= 0]
NIntsIn(a: N*int32) [N: int >= 2]
NIntsOut() -> (a: N*int32) [N: int >= 2]
NIntsOutDefault() -> (a: N*int32) [N: int >= 2 = 3]
NPolymorphicIn(a: N*T) [T: type; N: int >= 2]
NPolymorphicOut() -> (a: N*T) [T: type; N: int >= 2]
NPolymorphicOutDefault() -> (a: N*T) [T: type = bool; N: int >= 2 = 2]
NPolymorphicRestrictIn(a: N*T) [T: type in (string, bool); N: int >= 2]
NPolymorphicRestrictOut() -> (a: N*T) [T: type in (string, bool); N: int >= 2]
None()
Old() deprecated
OpWithDefaultAttr() -> (a: int32) [default_float: float = 123.0]
OpWithFutureDefaultAttr()
OutT() -> (a: T) [T: type]
OutTypeList() -> (out: list T) [T: list(type) >= 0]
OutTypeListRestrict() -> (out: list t) [t: list(type) >= 1 in (string, bool)]
Polymorphic(a: T) -> (out: T) [T: type]
PolymorphicDefaultOut() -> (out: T) [T: type = string]
PolymorphicOut() -> (out: T) [T: type]
RefIn(a: ref T) [T: type]
RefInputFloatInput(a: ref float32, b: float32)
RefInputFloatInputIntOutput(a: ref float32, b: float32) -> (c: int32)
RefInputIntInput(a: ref int32, b: int32)
RefOut() -> (a: ref T) [T: type]
RefOutput() -> (a: ref int32)
RefOutputFloatOutput() -> (a: ref float32, b: float32)
RequiresOlderGraphVersion() -> (version: int32) stateful
ReservedAttr() [range: int]
ReservedInput(input: int32)
ResourceCreateOp(resource: resource) stateful
ResourceInitializedOp(resource: resource) -> (initialized: bool) stateful
ResourceUsingOp(resource: resource) stateful
Restrict(a: T) -> (out: T) [T: type in (string, bool)]
Simple(a: int32) -> (out: float32)
SimpleStruct() -> (a: n_a*int32) [n_a: int >= 0]
StringListAttr() [a: list(string); b: string]
StubResourceHandleOp() -> (resource: resource) \
[container: string = ""; shared_name: string = ""] stateful
TestAttr() -> (out: T) [T: type in (float32, float64)]
TestStringOutput(input: float32) -> (output1: float32, output2: string)
TwoFloatInputs(a: float32, b: float32)
TwoFloatInputsFloatOutput(a: float32, b: float32) -> (c: float32)
TwoFloatInputsIntOutput(a: float32, b: float32) -> (c: int32)
TwoFloatOutputs() -> (a: float32, b: float32)
TwoIntInputs(a: int32, b: int32)
TwoIntOutputs() -> (a: int32, b: int32)
TwoRefsIn(a: ref T, b: ref T) [T: type]
TypeList(a: list T) [T: list(type) >= 0]
TypeListRestrict(a: list T) [T: list(type) >= 1 in (string, bool)]
TypeListTwice(a: list T, b: list T) [T: list(type) >= 0]
Unary(a: T) -> (b: T) [T: type]
"""

_ROW = re.compile(r"(\w+)\((.*?)\)(?: -> \((.*?)\))?(?: \[(.*)\])?(?: (stateful|deprecated))?$")
_ATTR = re.compile(r"(\w+): ([\w()]+)(?: >= (\d+))?(?: in \((.*?)\))?(?: = (.*))?$")
_OF_SCALARS = frozenset(("GraphDefVersion", "KernelLabel", "KernelLabelRequired", "Old"))


def _arg(text: str, attrs: dict[str, Attr]) -> Arg:
    name, _, kind = text.partition(": ")
    if kind.startswith("list "):
        return Arg(name, type_list_attr=kind.removeprefix("list "))
    is_ref = kind.startswith("ref ")
    count, _, element = kind.removeprefix("ref ").rpartition("*")
    if element in attrs:
        return Arg(name, type_attr=element, number_attr=count, is_ref=is_ref)
    return Arg(name, dtypes.as_dtype(element), number_attr=count, is_ref=is_ref)


def _value(text: str, kind: str) -> Any:
    """Return the value that a table writes for an attribute."""
    if kind == "type":
        return dtypes.as_dtype(text)
    if kind == "string":
        return text.strip('"')
    if text.startswith("("):
        return tuple(int(each) for each in text.strip("()").split(", ") if each)
    return float(text) if kind == "float" else int(text)


def _attr(text: str, inferred: str) -> Attr:
    match = _ATTR.match(text)
    if match is None:
        raise ValueError(f"not an attribute: {text}")
    name, kind, least, among, default = match.groups()
    item = kind.removeprefix("list(").removesuffix(")")
    allowed = [_value(each, item) for each in among.split(", ")] if among else None
    return Attr(
        name,
        kind,
        REQUIRED if default is None else _value(default, kind),
        allowed and (frozenset(allowed) if item == "type" else tuple(allowed)),
        None if least is None else int(least),
        inferred=re.search(rf"\b{name}\b", inferred) is not None,
    )


def _register(row: str) -> str:
    """Register the op of a row of the table, and return its name."""
    match = _ROW.match(row)
    if match is None:
        raise ValueError(f"not an op: {row}")
    name, inputs, outputs, attrs, flag = match.groups()
    types = " ".join(each.partition(": ")[2] for each in inputs.split(", ") if each)
    known = {each.name: each for each in (_attr(a, types) for a in (attrs or "").split("; ") if a)}
    made = OpDef(
        name,
        _BODIES.get(name) or _without_kernel(name),
        tuple(_arg(each, known) for each in inputs.split(", ") if each),
        tuple(_arg(each, known) for each in (outputs or "").split(", ") if each),
        known,
        takes_context=name == "StubResourceHandleOp",
        is_stateful=flag == "stateful",
        deprecated=(8, "For reasons") if flag == "deprecated" else None,
    )
    made.shape(_shape_rule(made))
    made.no_gradient("tests need none")
    CATALOGUE[name] = made
    return name


def _shape_rule(op_def: OpDef) -> Callable[..., Any]:
    """Return a rule: scalars for some ops, else nothing is known of the outputs."""
    known = SCALAR if op_def.name in _OF_SCALARS else Shape.unknown()

    def rule(*inputs: Any, **attrs: Any) -> Any:
        del inputs
        found: list[Any] = []
        for output in op_def.outputs:
            if output.number_attr:
                found.append([known] * attrs[output.number_attr])
            elif output.type_list_attr:
                found.append([known] * len(attrs[output.type_list_attr]))
            else:
                found.append(known)
        return found[0] if len(found) == 1 else tuple(found)

    return rule


# --- bodies --------------------------------------------------------------------------------------


@dataclass
class _Stub:
    """What a handle of StubResourceHandleOp names."""

    is_created: bool = False


def _without_kernel(name: str) -> Callable[..., Any]:
    def body(*inputs: Any, **attrs: Any) -> Any:
        del inputs, attrs
        raise invalid(f"No OpKernel was registered to support Op '{name}'")

    return body


def _graph_def_version() -> Any:
    return np.array(GRAPH_DEF_VERSION, np.int32)


def _kernel_label() -> Any:
    return np.array(b"My label is: default", object)


def _stub_resource_handle(*, container: str, shared_name: str, context: Context) -> Any:
    return find_handle(context, container, shared_name, _Stub, lambda _: _Stub())


def _resource_create(resource: Any) -> None:
    behind(resource, _Stub).is_created = True


def _resource_initialized(resource: Any) -> Any:
    return np.array(behind(resource, _Stub).is_created)


def _resource_using(resource: Any) -> None:
    if not behind(resource, _Stub).is_created:
        raise NotFoundError(None, None, f"Resource {resource} does not exist.")


_BODIES: dict[str, Callable[..., Any]] = {
    "GraphDefVersion": _graph_def_version,
    "KernelLabel": _kernel_label,
    "None": lambda: None,
    "Old": lambda: None,
    "ResourceCreateOp": _resource_create,
    "ResourceInitializedOp": _resource_initialized,
    "ResourceUsingOp": _resource_using,
    "StubResourceHandleOp": _stub_resource_handle,
}

NAMES = frozenset(map(_register, _OPS.strip().split("\n")))
"""The registry names of the ops."""

_BY_FUNCTION = {
    re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", each).lower(): each
    for each in NAMES
}
_BY_FUNCTION["_none"] = "None"  # as it was called first


def __getattr__(name: str) -> Any:
    if name not in _BY_FUNCTION:
        raise AttributeError(f"module {__name__!r} has no op {name!r}")
    made = globals()[name] = gen_ops.function_of(name, _BY_FUNCTION[name])
    return made
