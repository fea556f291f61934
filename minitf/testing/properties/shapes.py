"""What is known of shapes and values while the graph is built is true of the run."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from minitf.graph import Graph
from minitf.shapes import UNKNOWN
from minitf.static_value import static_value
from minitf.testing import skips
from minitf.testing.calls import hide_randomly, placeholders, tensors_of
from minitf.testing.case import Case
from minitf.testing.property import Draw, Property, not_a_function


def _not_for(op_def: Any) -> str:
    return not_a_function(op_def) or ("" if op_def.outputs else skips.NO_OUTPUTS)


def _assert_true_of(tensors: list[Any], arrays: tuple[Any, ...]) -> None:
    for tensor, array in zip(tensors, arrays, strict=True):
        found, real = tensor.static_shape, np.shape(array)
        assert found.accepts(real), f"the shape rule says {found}, the body {list(real)}"


def _check_known(op_def: Any, case: Case, _: Draw) -> str:
    with Graph().as_default():
        made = op_def(*placeholders(op_def, case, constants=op_def.values_of), **case.attrs)

    _assert_true_of(tensors_of(made), case.run(op_def))
    return ""


def _check_hidden(op_def: Any, case: Case, draw: Draw) -> str:
    constants = [arg for arg in op_def.values_of if draw(st.booleans())]
    with Graph().as_default():
        inputs = placeholders(
            op_def, case, hide=lambda shape: hide_randomly(draw, shape), constants=constants
        )
        made = op_def(*inputs, **case.attrs)

    _assert_true_of(tensors_of(made), case.run(op_def))
    return ""


def _no_value_rule(op_def: Any) -> str:
    return _not_for(op_def) or ("" if op_def.value_rule else skips.NO_VALUE_RULE)


def _check_value(op_def: Any, case: Case, draw: Draw) -> str:
    constants = [arg.name for arg in op_def.inputs if draw(st.booleans())]
    with Graph().as_default():
        tensors = tensors_of(op_def(*placeholders(op_def, case, constants=constants), **case.attrs))
        known = [static_value(tensor) for tensor in tensors]

    for value, array in zip(known, case.run(op_def), strict=True):
        if value is None:
            continue
        assert value.shape == np.shape(array)
        for claimed, actual in zip(value.flat, np.asarray(array).flat, strict=True):
            if claimed is UNKNOWN or claimed == actual:
                continue
            both_nan = claimed != claimed and actual != actual  # noqa: PLR0124 only NaN is so
            assert both_nan, f"the value rule says {claimed!r}, the body {actual!r}"
    return ""


KNOWN = Property("shape", "The shape rule tells the shapes of the results.", _not_for, _check_known)
HIDDEN = Property(
    "partial shape",
    "With sizes, ranks and values hidden, the shape rule claims nothing untrue.",
    _not_for,
    _check_hidden,
)
STATIC_VALUE = Property(
    "static value",
    "A value known while building is the value of the run.",
    _no_value_rule,
    _check_value,
)
