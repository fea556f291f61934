"""docs/config.md tells the truth about each option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minitf import protos

PAGE = Path(__file__).parent.parent / "docs" / "config.md"
OPENED = {"graph_options", "graph_options.optimizer_options"}  # listed field by field


def fields_of(message, prefix=""):
    """Return the dotted names of a message's fields; those of OPENED field by field."""
    found = set()
    for field in message.DESCRIPTOR.fields:
        name = prefix + field.name
        if name in OPENED:
            found |= fields_of(getattr(protos, field.message_type.name), f"{name}.")
        else:
            found.add(name)
    return found


@pytest.mark.parametrize("name", ["ConfigProto", "RunOptions"])
def test_each_field_is_honoured_or_listed_as_without_effect(name):
    section = PAGE.read_text(encoding="utf-8").split(f"## {name}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([\w.]+)`", section, re.MULTILINE)

    assert set(rows) - {"experimental.executor_type"} == fields_of(getattr(protos, name))
    assert len(rows) == len(set(rows))
