"""Every op of the catalogue is complete: documented, with rules, cases and a source."""

from __future__ import annotations

import pytest

from minitf.testing import skips
from minitf.testing.op_catalogue import catalogue, has_cases
from minitf.testing.property import not_a_function

OURS = list(catalogue())


@pytest.mark.parametrize("name", OURS)
def test_an_op_says_what_it_computes(name):
    doc = catalogue()[name].__doc__ or ""

    assert len(doc.split("\n")[0]) > 10
    assert "Source:" in doc


@pytest.mark.parametrize("name", OURS)
def test_an_op_has_a_shape_rule_and_a_gradient_or_a_reason(name):
    op_def = catalogue()[name]

    assert op_def.shape_rule or not op_def.outputs
    assert bool(op_def.gradient_rule) != bool(op_def.gradient_reason)


@pytest.mark.parametrize("name", [name for name in OURS if catalogue()[name].inputs])
def test_an_op_has_cases_if_it_is_a_function_of_its_inputs(name):
    reason = not_a_function(catalogue()[name])

    assert reason != skips.NO_INPUTS
    assert bool(reason) != has_cases(name)


@pytest.mark.parametrize("name", OURS)
def test_an_op_is_named_after_its_registry_name(name):
    assert catalogue()[name].__name__.endswith("_op")
    assert catalogue()[name].__name__.replace("_", "").removesuffix("op") == name.lower().strip("_")
