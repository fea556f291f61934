"""`tf.app`, `tf.gfile` and `tf.logging` have TensorFlow 1.15's functions with its arguments."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import minitf as tf

TABLE = Path(__file__).parents[1] / "data" / "signatures_1_15.txt"
MODULES = ("tf.app.", "tf.gfile.", "tf.logging.")
LINES = [line for line in TABLE.read_text().splitlines() if line.startswith(MODULES)]


def shown(function) -> str:
    """Write a signature as the table does."""
    parts = []
    for each in inspect.signature(function).parameters.values():
        star = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        default = "" if each.default is each.empty else f"={each.default}"
        parts.append(f"{star}{each.name}{default}")
    return f"({', '.join(parts)})"


@pytest.mark.parametrize("line", LINES)
def test_a_name_of_tensorflow_is_there_with_its_arguments(line):
    path, bracket, arguments = line.partition("(")
    found = tf
    for part in path.split(".")[1:]:
        found = getattr(found, part)

    if bracket:
        assert shown(found) == f"({arguments}"
