"""A shape rule says what the body does, whatever is known of the inputs."""

from __future__ import annotations

import numpy as np
import pytest
from cases import all_cases, ops_with_cases
from conformance.calls import CATALOGUE, hide_randomly, placeholders, runs_by_body, tensors_of
from hypothesis import given
from hypothesis import strategies as st

from minitf.graph import Graph
from minitf.shapes import UNKNOWN
from minitf.static_value import static_value

pytestmark = pytest.mark.thorough

NAMES = [name for name in ops_with_cases() if runs_by_body(CATALOGUE[name])]


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_full_knowledge_gives_the_real_shapes(name, data):
    op_def, case = CATALOGUE[name], data.draw(all_cases()[name])
    real = [np.shape(each) for each in case.run(op_def)]
    with Graph().as_default():
        made = op_def(*placeholders(op_def, case, constants=op_def.values_of), **case.attrs)

    for tensor, shape in zip(tensors_of(made), real, strict=True):
        assert tensor.static_shape.accepts(shape), (tensor.static_shape, shape)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_hidden_dimensions_never_contradict_the_real_shapes(name, data):
    op_def, case = CATALOGUE[name], data.draw(all_cases()[name])
    real = [np.shape(each) for each in case.run(op_def)]
    constants = [arg for arg in op_def.values_of if data.draw(st.booleans())]
    with Graph().as_default():
        inputs = placeholders(
            op_def, case, hide=lambda shape: hide_randomly(data.draw, shape), constants=constants
        )
        made = op_def(*inputs, **case.attrs)

    for tensor, shape in zip(tensors_of(made), real, strict=True):
        assert tensor.static_shape.accepts(shape), (tensor.static_shape, shape)


@pytest.mark.parametrize("name", [name for name in NAMES if CATALOGUE[name].value_rule])
@given(data=st.data())
def test_a_static_value_is_the_real_value_where_it_is_known(name, data):
    op_def, case = CATALOGUE[name], data.draw(all_cases()[name])
    real = case.run(op_def)
    constants = [arg.name for arg in op_def.inputs if data.draw(st.booleans())]
    with Graph().as_default():
        tensors = tensors_of(op_def(*placeholders(op_def, case, constants=constants), **case.attrs))
        known = [static_value(tensor) for tensor in tensors]

    for value, array in zip(known, real, strict=True):
        if value is None:
            continue
        assert value.shape == np.shape(array)
        for claimed, actual in zip(value.flat, np.asarray(array).flat, strict=True):
            assert claimed is UNKNOWN or claimed == actual or (claimed != claimed)  # noqa: PLR0124 NaN
