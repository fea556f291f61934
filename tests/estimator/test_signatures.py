"""Functions and classes of `tf.estimator` have TensorFlow 1.15's arguments, in order."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import minitf as tf

TABLE = Path(__file__).parents[1] / "data" / "signatures_estimator.txt"
LINES = TABLE.read_text().splitlines()


def shown(thing) -> str:
    """Write a signature as the table does."""
    parts = []
    for each in inspect.signature(thing).parameters.values():
        default = each.default
        if default is each.empty:
            parts.append(each.name)
            continue
        if callable(default):
            default = default.__name__
        elif isinstance(default, tf.DType):
            default = default.name
        elif type(default) is object:
            default = "default"
        parts.append(f"{each.name}={default!r}")
    return f"({', '.join(parts)})"


@pytest.mark.parametrize("line", LINES)
def test_a_name_has_the_arguments_of_tensorflow_1_15(line):
    path, _, arguments = line.partition("(")
    found = tf
    for part in path.split(".")[1:]:
        found = getattr(found, part)

    assert shown(found) == f"({arguments}"


def test_every_name_is_documented():
    for name in dir(tf.estimator):
        assert inspect.getdoc(getattr(tf.estimator, name)), name
