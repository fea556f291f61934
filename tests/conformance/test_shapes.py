"""A shape rule says what the body does, whatever is known of the inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.graph import Graph
from minitf.shapes import UNKNOWN
from minitf.static_value import static_value
from minitf.testing.calls import hide_randomly, placeholders, tensors_of
from minitf.testing.catalogue import cases_of, catalogue, ops_with_cases, runs_by_body

pytestmark = pytest.mark.thorough

NAMES = [name for name in ops_with_cases() if runs_by_body(catalogue()[name])]


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_full_knowledge_gives_the_real_shapes(name, data):
    op_def, case = catalogue()[name], data.draw(cases_of(name))
    real = [np.shape(each) for each in case.run(op_def)]
    with Graph().as_default():
        made = op_def(*placeholders(op_def, case, constants=op_def.values_of), **case.attrs)

    for tensor, shape in zip(tensors_of(made), real, strict=True):
        assert tensor.static_shape.accepts(shape), (tensor.static_shape, shape)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_hidden_dimensions_never_contradict_the_real_shapes(name, data):
    op_def, case = catalogue()[name], data.draw(cases_of(name))
    real = [np.shape(each) for each in case.run(op_def)]
    constants = [arg for arg in op_def.values_of if data.draw(st.booleans())]
    with Graph().as_default():
        inputs = placeholders(
            op_def, case, hide=lambda shape: hide_randomly(data.draw, shape), constants=constants
        )
        made = op_def(*inputs, **case.attrs)

    for tensor, shape in zip(tensors_of(made), real, strict=True):
        assert tensor.static_shape.accepts(shape), (tensor.static_shape, shape)


@pytest.mark.parametrize("name", [name for name in NAMES if catalogue()[name].value_rule])
@given(data=st.data())
def test_a_static_value_is_the_real_value_where_it_is_known(name, data):
    op_def, case = catalogue()[name], data.draw(cases_of(name))
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
