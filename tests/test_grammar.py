"""The grammar of an op: what a signature means, and what it may not be."""

import re
from typing import Literal

import numpy as np
import pytest

import minitf as tf
from minitf import dtypes, errors, ops
from minitf.dtypes import ANY, FLOATS, INDICES, NUMBERS, DType, types
from minitf.executor.tiers import COMPILED_RUN
from minitf.grammar import Function, at_least, read_signature
from minitf.op_def import CATALOGUE, REQUIRED, op
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import (
    C,
    List,
    N,
    Ref,
    Resource,
    T,
    Tcomponents,
    Tidx,
    Tout,
    TypeList,
    U,
    float32,
    int32,
    num_split,
    out_idx,
    string,
    variant,
)


def read(body, outputs=("output",), **limits):
    return read_signature("A", body, outputs, limits)


@pytest.fixture(autouse=True)
def _take_back_what_a_test_registers():
    before = set(CATALOGUE)
    yield
    for name in set(CATALOGUE) - before:
        if not CATALOGUE[name].__module__.startswith("minitf."):
            del CATALOGUE[name]


# --- what is accepted -------------------------------------------------------------------------


@pytest.mark.paper("W-04")
def test_positional_parameters_are_inputs_and_keyword_only_ones_attributes():
    def body(x: T[N, C], y: int32, *, keep: bool = False, axis: int) -> T: ...

    found = read(body, T=FLOATS)
    x, y = found.inputs

    assert (x.name, x.type_attr, x.rank, x.dtype, x.is_list) == ("x", "T", 2, None, False)
    assert (y.name, y.type_attr, y.rank, y.dtype) == ("y", "", None, dtypes.int32)
    assert [arg.type_attr for arg in found.outputs] == ["T"]
    assert list(found.attrs) == ["keep", "axis", "T"]
    assert (found.attrs["keep"].kind, found.attrs["keep"].default) == ("bool", False)
    assert (found.attrs["axis"].kind, found.attrs["axis"].default) == ("int", REQUIRED)
    assert (found.attrs["T"].kind, found.attrs["T"].inferred) == ("type", True)
    assert found.attrs["T"].allowed == FLOATS


@pytest.mark.paper("W-04", "O-07")
def test_lists_refs_and_handles_have_their_own_forms():
    def body(
        same: List[T, N],
        texts: List[string, N],
        mixed: TypeList[Tcomponents],
        ref: Ref[T],
        fixed_ref: Ref[float32],
        refs: List[Ref[T], N],
        handle: Resource,
        anything: variant,
        scalar: T[()],
        axis: int32[()],
    ) -> None: ...

    found = read(body, (), T=ANY, Tcomponents=ANY.at_least(1), N=at_least(2))
    args = {arg.name: arg for arg in found.inputs}

    assert (args["same"].type_attr, args["same"].number_attr) == ("T", "N")
    assert (args["texts"].dtype, args["texts"].number_attr) == (dtypes.string, "N")
    assert (args["mixed"].type_list_attr, args["mixed"].is_list) == ("Tcomponents", True)
    assert (args["ref"].is_ref, args["ref"].type_attr) == (True, "T")
    assert (args["fixed_ref"].is_ref, args["fixed_ref"].dtype) == (True, dtypes.float32)
    assert (args["refs"].is_ref, args["refs"].is_list) == (True, True)
    assert args["handle"].dtype is dtypes.resource
    assert args["anything"].dtype is dtypes.variant
    assert (args["scalar"].rank, args["axis"].rank) == (0, 0)
    assert found.outputs == ()
    assert found.attrs["N"].minimum == 2
    assert (found.attrs["Tcomponents"].kind, found.attrs["Tcomponents"].minimum) == (
        "list(type)",
        1,
    )


@pytest.mark.paper("W-04")
def test_outputs_may_be_several_and_typed_by_attributes():
    def body(
        x: T, *, out_idx: DType = dtypes.int32, num_split: int, Tout: tuple[DType, ...]
    ) -> tuple[T, out_idx, List[T, num_split], TypeList[Tout]]: ...

    found = read(body, ("y", "idx", "parts", "rest"), T=ANY, out_idx=INDICES, num_split=at_least(1))

    assert [(arg.name, arg.type_attr, arg.number_attr) for arg in found.outputs] == [
        ("y", "T", ""),
        ("idx", "out_idx", ""),
        ("parts", "T", "num_split"),
        ("rest", "", ""),
    ]
    assert found.outputs[3].type_list_attr == "Tout"
    assert found.attrs["out_idx"].allowed == INDICES
    assert not found.attrs["out_idx"].inferred
    assert found.attrs["num_split"].minimum == 1


KINDS = {
    "int": (int, 3, 3),
    "float": (float, 3, 3.0),
    "bool": (bool, True, True),
    "string": (str, b"a\xff", "a\udcff"),
    "type": (DType, "half", dtypes.float16),
    "shape": (Shape, [2, None], Shape([2, None])),
    "func": (Function, "f", Function("f")),
}


@pytest.mark.paper("W-04")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_attribute_of_each_kind_is_coerced_to_one_form(kind):
    note, given, stored = KINDS[kind]

    def body(*, one: note, many: tuple[note, ...] = ()) -> None: ...

    attrs = read(body, ()).attrs

    assert (attrs["one"].kind, attrs["many"].kind) == (kind, f"list({kind})")
    assert attrs["one"].checked(given, "A") == stored
    assert attrs["many"].checked([given, given], "A") == (stored, stored)
    assert type(attrs["many"].checked([], "A")) is tuple


@pytest.mark.parametrize(
    ("kind", "wrong", "phrase"),
    [
        ("int", "3", "Expected int for argument 'one' not '3'"),
        ("int", 1.5, "Expected int for argument 'one' not 1.5"),
        ("float", "x", "Expected float for argument 'one' not 'x'"),
        ("bool", 1, "Expected bool for argument 'one' not 1"),
        ("string", 1, "Expected string for argument 'one' not 1"),
        ("type", "float33", "Expected DataType for argument 'one' not 'float33'"),
        ("shape", object(), "Error converting one to a TensorShape"),
        ("func", 3, "Expected function for argument 'one' not 3"),
    ],
)
@pytest.mark.paper("W-04")
def test_a_value_of_another_kind_is_refused_with_tensorflows_phrase(kind, wrong, phrase):
    note = KINDS[kind][0]

    def body(*, one: note) -> None: ...

    with pytest.raises(TypeError, match=re.escape(phrase)):
        read(body, ()).attrs["one"].checked(wrong, "A")


def test_limits_are_checked_with_tensorflows_phrases():
    def body(x: T, *, pad: Literal["SAME", "VALID"], n: int, ns: tuple[int, ...]) -> None: ...

    attrs = read(body, (), T=FLOATS, n=at_least(1), ns=at_least(2)).attrs

    with pytest.raises(ValueError, match=re.escape('passed string \'x\' not in: "SAME", "VALID"')):
        attrs["pad"].checked("x", "A")
    with pytest.raises(ValueError, match="Attr 'n' of 'A' Op passed 0 less than minimum 1"):
        attrs["n"].checked(0, "A")
    with pytest.raises(
        ValueError, match="Attr 'ns' of 'A' Op passed list of length 1 less than minimum 2"
    ):
        attrs["ns"].checked([1], "A")
    with pytest.raises(TypeError, match="Expected list for 'ns' argument to 'A' Op, not 3"):
        attrs["ns"].checked(3, "A")
    with pytest.raises(
        TypeError, match="has DataType int32 not in list of allowed values: bfloat16"
    ):
        attrs["T"].checked(dtypes.int32, "A")


def test_a_runtime_context_is_no_attribute():
    def body(x: T, *, context: Context, n: int = 1) -> T: ...

    found = read(body, T=ANY)

    assert found.takes_context
    assert list(found.attrs) == ["n", "T"]


# --- what is refused --------------------------------------------------------------------------


def default_of_an_input():
    @op("A", T=ANY)
    def a(x: T = 1) -> T: ...


def an_output_that_nothing_types():
    @op("A", T=ANY)
    def a(x: T) -> U: ...


def no_allowed_types():
    @op("A")
    def a(x: T) -> T: ...


def no_allowed_types_of_a_list():
    @op("A")
    def a(x: TypeList[Tcomponents]) -> None: ...


def a_limit_of_nothing():
    @op("A", T=ANY, Q=ANY)
    def a(x: T) -> T: ...


def an_input_of_a_python_type():
    @op("A", T=ANY)
    def a(x: T, y: float) -> T: ...


def an_optional_attribute():
    @op("A", T=ANY)
    def a(x: T, *, n: int | None = None) -> T: ...


def no_annotation_of_an_input():
    @op("A", T=ANY)
    def a(x: T, y) -> T: ...


def no_annotation_of_an_attribute():
    @op("A", T=ANY)
    def a(x: T, *, n=1) -> T: ...


def no_return_annotation():
    @op("A", T=ANY)
    def a(x: T): ...


def too_few_output_names():
    @op("A", T=ANY)
    def a(x: T) -> tuple[T, T]: ...


def too_many_output_names():
    @op("A", outputs=("y", "z"), T=ANY)
    def a(x: T) -> T: ...


def a_string_for_an_annotation():
    @op("A", T=ANY)
    def a(x: "T") -> T: ...


def a_flag_that_does_not_exist():
    @op("A", "statefull", T=ANY)
    def a(x: T) -> T: ...


def a_limit_that_is_none():
    @op("A", T=("float32",))
    def a(x: T) -> T: ...


REFUSALS = {
    default_of_an_input: "A: an input can't have a default",
    an_output_that_nothing_types: "A: output 'output' uses 'U', which no input or attribute gives",
    no_allowed_types: "A: allowed types of 'T' are missing: @op(.., T=ANY)",
    no_allowed_types_of_a_list: "A: allowed types of 'Tcomponents' are missing",
    a_limit_of_nothing: "A: limits for unknown attributes ['Q']",
    an_input_of_a_python_type: "A: 'y' is annotated <class 'float'>; wanted T, T[N, C]",
    an_optional_attribute: "A: attribute 'n' is annotated int | None; wanted int, float",
    no_annotation_of_an_input: "A: 'y' is annotated None; wanted T, T[N, C]",
    no_annotation_of_an_attribute: "A: attribute 'n' is annotated None; wanted int, float",
    no_return_annotation: "A: the return annotation is missing; `-> None` means no outputs",
    too_few_output_names: "A: 2 outputs, 1 names: ('output',)",
    too_many_output_names: "A: 1 outputs, 2 names: ('y', 'z')",
    a_string_for_an_annotation: "(drop `from __future__ import annotations`)",
    a_flag_that_does_not_exist: "A: unknown flags ['statefull']",
    a_limit_that_is_none: "A: limit of 'T' is ('float32',): a TypeSet or at_least(n)",
}


@pytest.mark.paper("W-04")
@pytest.mark.parametrize("make", REFUSALS, ids=lambda make: make.__name__)
def test_a_signature_outside_the_grammar_is_refused_with_what_to_write(make):
    with pytest.raises(TypeError, match=re.escape(REFUSALS[make])):
        make()
    assert "A" not in CATALOGUE


def test_a_registry_name_is_registered_once():
    def register():
        @op("Twice", T=ANY)
        def twice_op(x: T) -> T: ...

    register()
    with pytest.raises(ValueError, match=r"op 'Twice' is registered already, in .*test_grammar"):
        register()


def test_rules_and_kernels_name_only_what_the_op_has():
    @op("B", T=ANY)
    def b_op(x: T) -> T: ...

    with pytest.raises(TypeError, match="B: values_of names no input"):
        b_op.shape(values_of=("y",))
    with pytest.raises(TypeError, match="B: value_by_body names no input"):
        b_op.value_by_body(needs=("y",))
    with pytest.raises(TypeError, match=r"B: constraints on unknown attributes \['Q'\]"):
        b_op.kernel("CPU", Q=(dtypes.float32,))


# --- ops of users -----------------------------------------------------------------------------


@pytest.fixture
def double_op():
    """An op that a program registers, with two more kernels."""

    @op("DoubleOfATest", T=NUMBERS, outputs=("y",))
    def double_of_a_test_op(x: T) -> T:
        """Twice x."""
        return x + x

    @double_of_a_test_op.shape
    def double_shape(x):
        return x

    @double_of_a_test_op.kernel("CPU", T=(dtypes.float32,))
    def double_float(x):
        return x * np.float32(2)

    @double_of_a_test_op.kernel("FAKE")
    def double_fake(x):
        return x << 1

    return double_of_a_test_op


@pytest.mark.paper("W-05")
def test_a_program_may_register_an_op_and_use_it_as_any_other(double_op):
    x = ops.placeholder_op(dtype=dtypes.float32, shape=Shape([2]))
    y = double_op(x, name="twice")

    assert ops.find_op("DoubleOfATest") is double_op
    assert (y.name, y.dtype, y.shape.as_list()) == ("twice:0", tf.float32, [2])
    assert double_op.__doc__ == "Twice x."
    assert double_op.body(np.int32(4)) == 8


@pytest.mark.paper("W-05")
def test_the_kernel_is_chosen_by_device_type_and_element_type(double_op):
    def name(device_type, dtype):
        found = double_op.find_kernel(device_type, {"T": dtype})
        return found and found.function.__name__

    assert name("CPU", dtypes.float32) == "double_float"
    assert name("CPU", dtypes.int32) is None  # the body serves
    assert name("FAKE", dtypes.int32) == "double_fake"
    assert name("GPU", dtypes.float32) is None


@pytest.mark.paper("W-05")
def test_the_kernel_that_was_attached_last_wins(double_op):
    @double_op.kernel("CPU", T=(dtypes.float32, dtypes.float64))
    def better(x):
        return x + x

    assert double_op.find_kernel("CPU", {"T": dtypes.float32}).function is better


@pytest.mark.paper("W-05")
def test_the_right_kernel_runs(double_op):
    ran = []

    @double_op.kernel("CPU", T=(dtypes.float32,))
    def noted(x):
        ran.append(x.dtype)
        return x + x

    x = ops.placeholder_op(dtype=dtypes.float32)
    n = ops.placeholder_op(dtype=dtypes.int64)
    with tf.Session() as session:
        doubled, others = double_op(x), double_op(n)
        for _ in range(COMPILED_RUN):
            small = session.run(doubled, {x: [1, 2]})
            large = session.run(others, {n: [1, 2]})

    assert ran == [np.float32]
    assert (small.tolist(), large.tolist()) == ([2, 4], [2, 4])


def test_an_op_that_is_not_registered_is_named():
    with pytest.raises(errors.NotFoundError, match="Op type not registered 'NoSuchOp'"):
        ops.find_op("NoSuchOp")
    with pytest.raises(AttributeError, match="has no op 'no_such_op'"):
        ops.no_such_op  # noqa: B018


def test_every_op_is_found_by_both_its_names():
    for name, definition in ops.import_all().items():
        if definition.__module__.startswith("minitf."):
            assert getattr(ops, definition.__name__) is definition is ops.find_op(name)
            assert definition.__name__ in dir(ops)


def test_limits_of_types_can_be_joined_and_cut():
    assert FLOATS | types("int32") == types("bfloat16", "float16", "float32", "float64", "int32")
    assert FLOATS - types("bfloat16") == types("float16", "float32", "float64")
    assert repr(REQUIRED) == "REQUIRED"
    assert repr(T[N, C]) == "T[N, C]"
    assert repr(List[T, N]) == "List[T, N]"
    assert repr(Tidx) == "Tidx"
    assert (out_idx.name, num_split.name, Tout.name) == ("out_idx", "num_split", "Tout")
