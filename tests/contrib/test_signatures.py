"""Functions and classes of `tf.contrib` have TensorFlow 1.15's arguments, in order."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import minitf as tf

TABLE = Path(__file__).parents[1] / "data" / "signatures_contrib.txt"
LINES = TABLE.read_text().splitlines()


def shown(thing) -> str:
    """Write a signature as the table does; that of a class is its constructor's."""
    parts = []
    for each in inspect.signature(thing).parameters.values():
        star = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        default = each.default
        if default is each.empty:
            parts.append(star + each.name)
            continue
        if callable(default):
            default = getattr(default, "__name__", type(default).__name__)
        elif isinstance(default, tf.DType):
            default = default.name
        parts.append(f"{each.name}={default!r}")
    return f"({', '.join(parts)})"


@pytest.mark.parametrize("line", LINES)
def test_a_name_of_tensorflow_is_there_with_its_arguments(line):
    path, bracket, arguments = line.partition("(")
    found = tf
    for part in path.split(".")[1:]:
        found = getattr(found, part)

    assert bracket
    assert shown(found) == f"({arguments}"


def test_every_contributed_name_is_documented():
    def walk(module):
        for name in dir(module):
            value = getattr(module, name)
            if inspect.ismodule(value):
                walk(value) if hasattr(value, "_NAMES") else None
            elif inspect.isfunction(value) or inspect.isclass(value):
                assert inspect.getdoc(value), f"{module.__name__}.{name}"

    walk(tf.contrib)
