"""Every op of the catalogue is complete: documented, with rules, cases and a source."""

from __future__ import annotations

from minitf.testing import skips
from minitf.testing.op_catalogue import catalogue, has_cases
from minitf.testing.property import not_a_function


def test_every_op_says_what_it_computes():
    docs = {name: op_def.__doc__ or "" for name, op_def in catalogue().items()}

    assert [name for name, doc in docs.items() if len(doc.split("\n")[0]) <= 10] == []
    assert [name for name, doc in docs.items() if "Source:" not in doc] == []


def test_every_op_has_a_shape_rule_and_a_gradient_or_a_reason():
    ops = catalogue().items()

    assert [name for name, each in ops if each.outputs and not each.shape_rule] == []
    assert [n for n, each in ops if bool(each.gradient_rule) == bool(each.gradient_reason)] == []


def test_every_op_has_cases_if_it_is_a_function_of_its_inputs():
    reasons = {name: not_a_function(each) for name, each in catalogue().items() if each.inputs}

    assert [name for name, reason in reasons.items() if reason == skips.NO_INPUTS] == []
    assert [name for name, reason in reasons.items() if bool(reason) == has_cases(name)] == []


def test_every_op_is_named_after_its_registry_name():
    names = {name: each.__name__ for name, each in catalogue().items()}

    assert [name for name, own in names.items() if not own.endswith("_op")] == []
    plain = {name: own.replace("_", "").removesuffix("op") for name, own in names.items()}
    assert [name for name, own in plain.items() if own != name.lower().strip("_")] == []
