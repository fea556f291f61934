"""Checking foreign code against the meaning of an op: ten lines, no Session, no graph.

    from minitf import testing

    testing.assert_conforms(my_matmul, op="MatMul")

`my_matmul(a, b, *, transpose_a, transpose_b)` takes arrays, and attributes by keyword, as the op
does; attributes that it does not take keep their defaults in all the calls that are drawn.

Source: OSDI §5 (an op is an interface with many kernels; here is one more).
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import DType
from minitf.errors import NotFoundError, invalid
from minitf.grammar import REQUIRED
from minitf.testing.calls import input_dtype
from minitf.testing.case import Case, flat_outputs
from minitf.testing.derivatives import Walk, assert_close, flat, inner
from minitf.testing.op_catalogue import cases_of
from minitf.testing.properties import PROPERTIES
from minitf.testing.property import not_a_function

EXAMPLES = 100  # calls drawn for one function, the same ones every time
Choice = Callable[[Case], bool]


def assert_conforms(
    function: Callable[..., Any],
    op: str,
    *,
    dtypes: Collection[str] | None = None,
    attrs: Collection[str] | None = None,
    where: Choice | None = None,
    convert: Callable[[Any], Any] = np.asarray,
    ulps: float = 0,
    examples: int = EXAMPLES,
) -> None:
    """Check that a function computes what an op means, for calls of all types and shapes.

    Whole numbers, text and moved data must be equal bit for bit, real results within the bound that
    the op's cases derive.  A failure shows the smallest call that was found.

    Args:
        function: arrays in by position, attributes by keyword, arrays out (or what
            `numpy.asarray` takes for one); several outputs as a tuple.
        op: registry name of the op, "MatMul".
        dtypes: element types that it takes, such as {"float32", "int32"}; None for all of the op's.
        attrs: attributes that it takes; None for those that its signature names.
        where: (case) -> whether the function takes that call; None for every call.
        convert: makes the function's own kind of array of a NumPy array.
        ulps: how many units in the last place results may lie beyond the bound.
        examples: how many calls are drawn.

    Raises:
        AssertionError: if a call gives other results, types or shapes.  What the function itself
            raises comes through, with the call that made it.
        InvalidArgumentError: if the function takes an attribute that the op does not have.
        NotFoundError: if there is no such op, or its results depend on more than its inputs.
    """
    calls = _calls(function, op, attrs, dtypes, where)

    def check(data: Any) -> None:
        case = data.draw(calls.strategy)
        assume(calls.is_served(case))
        inputs = [
            [convert(np.array(x)) for x in value]
            if isinstance(value, list)
            else convert(np.array(value))
            for value in case.inputs
        ]
        with np.errstate(all="ignore"):  # as the op's own body is run
            made = function(*inputs, **calls.attrs_of(case))
        got = flat_outputs(calls.op_def, made)
        arrays = tuple(np.asarray(each) for each in got)
        want = case.run(calls.op_def)
        assert len(arrays) == len(want), f"{op} has {len(want)} outputs, not {len(arrays)}"
        replace(case, ulps=case.ulps + ulps).assert_agrees(calls.op_def, arrays, want)

    _run(check, examples)


def assert_laws(op_def: Any, cases: Any, *, examples: int = EXAMPLES) -> dict[str, str]:
    """Check all laws but TensorFlow's on an op of one's own.

    Args:
        op_def: what `@op` made.
        cases: a Hypothesis strategy of Case.
        examples: how many cases each law draws.

    Returns:
        Law -> "checked", or why it does not apply.

    Raises:
        AssertionError: if a case breaks a law; a note names the law.
    """
    outcomes = {}
    for law in PROPERTIES:
        if law.needs_tensorflow:
            continue
        outcomes[law.name] = law.not_for(op_def) or "checked"
        if outcomes[law.name] != "checked":
            continue
        try:
            law.run_on(op_def, cases, examples)
        except Exception as error:
            error.add_note(f"Law: {law.law}")
            raise
    return outcomes


def assert_gradient(
    function: Callable[..., Any],
    gradient: Callable[..., Any],
    op: str = "",
    *,
    inputs: Sequence[Any] = (),
    attrs: Collection[str] | None = None,
    where: Choice | None = None,
    examples: int = EXAMPLES,
) -> None:
    """Check that a gradient is the derivative of a function, by differences in double precision.

    Args:
        function: arrays in, one array out, or several as a tuple.
        gradient: takes the inputs, then a gradient per output, and attributes by keyword; returns
            the gradients of all inputs: arrays, None for an input that does not move.
        op: registry name of an op, whose differentiable cases are the calls to check.
        inputs: the arrays of the one call to check, instead of `op`.
        attrs: attributes that both take; None for those that the function's signature names.
        where: (case) -> whether the function takes that call; None for every call.
        examples: how many calls of the op and directions are drawn.

    Raises:
        AssertionError: if the gradient differs from the differences.
        InvalidArgumentError: unless one of `op` and `inputs` is given, and just one.
        NotFoundError: if there is no such op, or its results depend on more than its inputs.
    """
    if bool(op) == bool(inputs):
        raise invalid("assert_gradient takes an op or inputs", hint="give just one of the two")
    calls = _calls(function, op, attrs, None, where) if op else None
    here = Case(tuple(np.array(x, np.float64) for x in inputs), smooth=True)

    def check(data: Any) -> None:
        case = data.draw(calls.strategy) if calls else here
        assume(case.smooth and (calls is None or calls.is_served(case)))
        chosen = calls.attrs_of(case) if calls else {}
        names = [arg.name for arg in calls.op_def.inputs] if calls else []
        constant = [i for i, name in enumerate(names) if name in case.constant]

        def outputs(*arrays: Any) -> tuple[Any, ...]:
            made = function(*arrays, **chosen)
            return made if isinstance(made, tuple) else (made,)

        rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
        walk = Walk(outputs, copy.deepcopy(case.inputs), rng, constant)
        assume(walk.is_measurable)
        direction = walk.direction()
        found = gradient(*copy.deepcopy(case.inputs), *walk.weights, **chosen)
        grads = flat(found if isinstance(found, (tuple, list)) else [found])
        assert_close(inner(grads, direction), walk.slope(direction), walk.size)

    _run(check, examples)


def parametrize(functions: Mapping[str, Callable[..., Any]]) -> Any:
    """Return a pytest decorator that gives a test each op and the function to check against it.

        @testing.parametrize({"MatMul": my.matmul, "Softmax": my.softmax})
        def test_my_functions(op, function):
            testing.assert_conforms(function, op)

    Args:
        functions: registry name of an op -> function.

    Raises:
        NotFoundError: if there is no such op, or its results depend on more than its inputs.
    """
    import pytest

    for name in functions:
        cases_of(name)
    return pytest.mark.parametrize(("op", "function"), functions.items(), ids=list(functions))


# --- which calls a function takes -----------------------------------------------------------------


@dataclass(frozen=True)
class _Calls:
    """The calls of an op that a function takes."""

    op_def: Any
    strategy: Any
    taken: frozenset[str]
    dtypes: frozenset[str] | None
    where: Choice | None

    def is_served(self, case: Case) -> bool:
        """Tell whether the function takes a call."""
        for name, value in case.attrs.items():
            if name not in self.taken and not self._says_nothing(name, value):
                return False
        if self.dtypes is not None and not self._types(case) <= self.dtypes:
            return False
        return self.where is None or self.where(case)

    def _says_nothing(self, name: str, value: Any) -> bool:
        """Tell whether an attribute has its default, or is a type, which the arrays show."""
        default = self.op_def.attrs[name].default
        return isinstance(value, DType) or default is REQUIRED or value == default

    def _types(self, case: Case) -> set[str]:
        return {
            input_dtype(arg, np.asarray(x), case).name
            for arg, value in zip(self.op_def.inputs, case.inputs, strict=True)
            if arg.type_attr
            for x in (value if arg.is_list else [value])
        }

    def attrs_of(self, case: Case) -> dict[str, Any]:
        """Return the attributes of a call that the function takes."""
        return {name: value for name, value in case.attrs.items() if name in self.taken}


def _calls(
    function: Callable[..., Any],
    op: str,
    attrs: Collection[str] | None,
    dtypes: Collection[str] | None,
    where: Choice | None,
) -> _Calls:
    op_def = ops.find_op(op)
    if reason := not_a_function(op_def):
        raise NotFoundError(None, None, f"{op} has no meaning to compare with: {reason}")
    if attrs is None:
        taken = frozenset(op_def.explicit_attrs) & _keywords(function, op_def.explicit_attrs)
    else:
        taken = frozenset(attrs)
        if unknown := taken - set(op_def.attrs):
            raise invalid(f"{op} has no attributes {sorted(unknown)}", known=sorted(op_def.attrs))
    return _Calls(op_def, cases_of(op), taken, None if dtypes is None else frozenset(dtypes), where)


def _keywords(function: Callable[..., Any], names: Collection[str]) -> frozenset[str]:
    """Return which keywords a function takes; none if it has no signature, as a ufunc."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return frozenset()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return frozenset(names)
    return frozenset(each.name for each in parameters)


def _run(check: Callable[[Any], None], examples: int) -> None:
    """Run a check on drawn data: the same every time, the smallest failure shown."""
    settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )(given(st.data())(check))()
