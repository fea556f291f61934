"""Every argument that TensorFlow's programs pass is heeded, and heeded as TensorFlow heeds it.

`tests/data/arguments.tsv` lists what programs pass; `tests/arguments/` has a call for each.
"""

from __future__ import annotations

import importlib
import inspect
import warnings
from pathlib import Path

import pytest
from arguments.told import Told, agree

import minitf as tf
from tools.used_symbols import exists, reason
from tools.used_symbols import find as find_ours

DATA = Path(__file__).parents[1] / "data" / "arguments.tsv"
ROWS = [
    line.split("\t") for line in DATA.read_text(encoding="utf-8").splitlines() if line[0] != "#"
]
AREAS = ("tensors", "networks", "programs", "training", "distributed", "inputs", "contributed")
ENTRIES: list[Told] = [
    each for area in AREAS for each in importlib.import_module(f"arguments.{area}").ENTRIES
]
BY_NAME = [(symbol, name) for symbol, name, _ in ROWS if name[0] != "<"]


@pytest.fixture(autouse=True)
def _quiet():
    """Let deprecated arguments warn: they are what is tested."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_every_argument_that_programs_pass_is_told_once():
    told = sorted((each.symbol, each.argument) for each in ENTRIES)

    assert told == sorted(pair for pair in BY_NAME if exists(pair[0]))


def test_a_symbol_that_is_missing_with_its_arguments_has_a_reason():
    absent = {symbol for symbol, *_ in ROWS if not exists(symbol)}

    assert [symbol for symbol in absent if not reason(symbol)] == []


@pytest.mark.parametrize("told", ENTRIES, ids=str)
def test_an_argument_is_heeded(told):
    ours = told.told(tf)

    assert not agree(ours, told.without(tf))
    if told.wanted is not None:
        assert agree(ours, told.wanted)


@pytest.mark.tensorflow
@pytest.mark.parametrize("told", [each for each in ENTRIES if each.oracle is not None], ids=str)
def test_an_argument_is_heeded_as_tensorflow_heeds_it(told, tensorflow):
    ours, theirs = told.told(tf), told.told(tensorflow, told.oracle)

    assert agree(ours, theirs), f"\n{ours}\n{theirs}"


COUNTS = [(symbol, int(name[1])) for symbol, name, _ in ROWS if name[0] == "<" and exists(symbol)]


@pytest.mark.parametrize(("symbol", "count"), COUNTS, ids=str)
def test_as_many_arguments_are_taken_by_position(symbol, count):
    found = find_ours(symbol)
    if inspect.ismodule(found):  # of the same name in older releases: its functions are called
        assert symbol == "tf.contrib.graph_editor.reroute"
        return
    if getattr(found, "DESCRIPTOR", None) is not None:  # a message takes fields by name only
        assert count == 0
        return

    inspect.signature(found).bind_partial(*range(count))
