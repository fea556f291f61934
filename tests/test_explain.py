"""`minitf explain` and `minitf ops`: a card's lines are where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from minitf import cli, explain, ops
from minitf.errors import NotFoundError
from minitf.op_def import CATALOGUE

ROOT = Path(__file__).parent.parent


def line(place: str) -> str:
    path, _, number = place.rpartition(":")
    return (ROOT / path).read_text().split("\n")[int(number) - 1]


def test_the_lines_of_a_card_are_the_right_ones():
    card = explain.card("Softmax")

    assert line(card.places["meaning"]).startswith('@op("Softmax"')
    assert line(card.places["shape"]) == "@softmax_op.shape"
    assert line(card.places["gradient"]) == "@softmax_op.gradient"
    assert line(card.places["CPU kernel"]).startswith("@softmax_op.kernel")
    assert '"Softmax":' in line(card.places["cases"])
    assert card.places["tests"] == "tests/ops/nn/test_softmax.py"
    assert "tf.nn.softmax" in next(iter(card.functions))


def test_what_an_op_lacks_is_said():
    card = explain.card("Shape")

    assert card.places["gradient"].startswith("none: ")
    assert line(card.places["value"]).startswith("@shape_op.value")
    assert explain.card("UniqueV2").places["gradient"].startswith("refused: ")


@pytest.mark.parametrize("name", ops.names())
def test_every_op_has_a_card(name):
    card = explain.card(name)

    assert f'"{name}"' in line(card.places["meaning"]) + line(plus_one(card.places["meaning"]))
    assert card.summary.endswith(".")


def plus_one(place: str) -> str:
    path, _, number = place.rpartition(":")
    return f"{path}:{int(number) + 1}"


def test_an_unknown_op_is_answered_with_similar_names():
    with pytest.raises(NotFoundError, match=r"(?s)'Sofmax'.*hint: Softmax"):
        explain.card("Sofmax")


def test_the_commands_print_what_is_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    assert cli.main(["explain", "Conv2D"]) == 0
    said = capsys.readouterr().out
    assert "minitf/ops/conv/conv2d.py" in said
    assert re.search(r"law: kernel +checked", said)

    assert cli.main(["ops", "nn/softmax"]) == 0
    said = capsys.readouterr().out
    assert "LogSoftmax" in said
    assert "Conv2D" not in said


def test_commands_that_find_nothing_say_so(capsys):
    assert cli.main(["explain", "Nonsense"]) == 1
    assert cli.main(["ops", "nonsense"]) == 1
    said = capsys.readouterr().err
    assert "minitf explain: No op named 'Nonsense'" in said
    assert "there are array, " in said


def test_the_families_hold_every_op_once():
    members = [each.name for found in explain.families().values() for each in found]

    assert sorted(members) == ops.names()
    assert set(members) <= set(CATALOGUE)
