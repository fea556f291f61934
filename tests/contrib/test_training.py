"""Hyperparameters keep their types; their text and JSON say what they hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf

HParams, parse_values = tf.contrib.training.HParams, tf.contrib.training.parse_values


def made():
    return HParams(rate=0.1, layers=2, name="net", sizes=[4, 2], deep=True)


def test_parameters_are_attributes():
    found = made()
    assert (found.rate, found.layers, found.name, found.sizes, found.deep) == (
        *(0.1, 2, "net", [4, 2], True),
    )
    assert "rate" in found
    assert "other" not in found
    assert str(HParams(b=1, a="x")) == "[('a', 'x'), ('b', 1)]"
    assert repr(HParams(a=1)) == "HParams([('a', 1)])"


def test_a_text_changes_them_all():
    found = made().parse("rate=1e-3,layers=3, name=a.b/c,sizes=[8,4,2],deep=false")

    assert found.values() == {
        "rate": 1e-3,
        "layers": 3,
        "name": "a.b/c",
        "sizes": [8, 4, 2],
        "deep": False,
    }
    assert made().parse("sizes[1]=9").sizes == [4, 9]
    assert made().parse("").values() == made().values()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("layers", "Malformed hyperparameter value: layers"),
        ("width=1", "Unknown hyperparameter type for width"),
        ("layers=2.5", "Could not parse hparam 'layers' of type 'int' with value '2.5'"),
        ("deep=maybe", "Could not parse hparam 'deep' of type 'bool'"),
        ("layers=1,layers=2", "Multiple assignments to variable 'layers'"),
        ("sizes[0]=1,sizes[0]=2", "Multiple assignments to variable 'sizes'"),
        ("sizes[0]=[1]", "A list is given for sizes.0."),
        ("sizes[7]=1", "Index 7 of sizes is out of range"),
        ("sizes=1", "Must pass a list for multi-valued parameter: sizes"),
        ("layers=[1]", "Must not pass a list for single-valued parameter: layers"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        made().parse(text)


@settings(max_examples=30)
@given(st.integers(-5, 5), st.floats(-1e3, 1e3), st.lists(st.integers(0, 9), min_size=1))
def test_text_and_json_carry_values_unchanged(whole, real, several):
    found = HParams(whole=0, real=0.0, several=[0])
    text = f"whole={whole},real={real!r},several={several}"
    assert found.parse(text).values() == {"whole": whole, "real": real, "several": several}
    assert HParams(whole=0, real=0.0, several=[0]).parse_json(found.to_json()).values() == (
        found.values()
    )


def test_json_leaves_functions_out():
    assert json.loads(HParams(a=1, f=len).to_json()) == {"a": 1}


def test_values_keep_their_types():
    found = made()
    found.set_hparam("rate", 1)
    assert isinstance(found.rate, float)
    for name, value in (("layers", 1.5), ("layers", True), ("deep", 1), ("name", 3), ("rate", "x")):
        with pytest.raises(ValueError, match=f"Could not cast hparam '{name}'"):
            found.set_hparam(name, value)
    with pytest.raises(KeyError, match="width"):
        found.override_from_dict({"width": 1})


def test_parameters_come_and_go():
    found = made()
    found.del_hparam("rate")
    found.del_hparam("rate")
    assert "rate" not in found
    found.add_hparam("rate", 3)
    assert found.get("rate") == 3
    assert found.get("rate", 5) == 3
    assert found.get("width", 7) == 7
    with pytest.raises(ValueError, match="Could not cast"):
        found.get("rate", "seven")
    with pytest.raises(ValueError, match="Could not cast default"):
        found.get("sizes", 7)
    for name, value, message in (
        ("rate", 1, "name is reserved: rate"),
        ("values", 1, "name is reserved: values"),
        ("empty", [], "cannot be empty: empty"),
    ):
        with pytest.raises(ValueError, match=message):
            found.add_hparam(name, value)


def test_a_model_structure_is_kept_beside_them():
    found = HParams(model_structure="tree")
    assert found.get_model_structure() == "tree"
    found.set_model_structure("ring")
    assert found.get_model_structure() == "ring"
    with pytest.raises(ValueError, match="hparam_def is not supported"):
        HParams(hparam_def=object())


def test_text_is_read_by_types():
    assert parse_values("a=1,b[3]=x,c=[]", {"a": float, "b": str, "c": int}) == {
        "a": 1.0,
        "b": {3: "x"},
        "c": [],
    }
