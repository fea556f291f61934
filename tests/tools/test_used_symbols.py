"""What programs use is there."""

import pytest

import minitf as tf
from tools import used_symbols

pytestmark = pytest.mark.thorough

USES = used_symbols.read()


@pytest.mark.paper("O-33")
def test_the_300_most_used_symbols_are_there_but_those_of_many_machines():
    most = [use.symbol for use in USES if use.kind == "v1"][:300]
    absent = [symbol for symbol in most if not used_symbols.exists(symbol)]

    assert {used_symbols.reason(symbol) for symbol in absent} <= {
        "many machines; MiniTF runs on one"
    }


def test_the_share_of_uses_that_find_their_symbol_reaches_its_bar(capsys):
    assert used_symbols.main(["--ops"]) == 0

    said = capsys.readouterr().out
    assert "tf.placeholder" in said
    assert "of their ops: compared" in said
    assert "\n0 missing\n" in said


def test_a_share_counts_files_not_symbols():
    uses = [
        used_symbols.Use(9, "v1", "tf.add"),
        used_symbols.Use(1, "v1", "tf.nonsense"),
        used_symbols.Use(2, "contrib", "tf.contrib.nonsense"),
    ]

    assert used_symbols.shares(uses) == {"v1": (9, 10), "contrib": (0, 2), "all": (9, 12)}
    assert used_symbols.missing(uses, at_least=2) == uses[2:]


def test_a_public_symbol_that_is_missing_has_a_reason():
    absent = [use for use in used_symbols.missing(USES) if use.kind == "v1"]

    assert all(used_symbols.reason(use.symbol) for use in absent)


def test_the_longest_beginning_gives_the_reason():
    assert "GPU" in used_symbols.reason("tf.contrib.nccl.all_sum")
    assert used_symbols.reason("tf.contrib.nonsense") == used_symbols.REASONS["tf.contrib"]
    assert used_symbols.reason("tf.nonsense") == ""
    assert used_symbols.reason("tf.contributed") == ""


@pytest.mark.parametrize(
    ("symbol", "found"),
    [
        ("tf.nn.relu", lambda: tf.nn.relu),
        ("tf.python.framework.ops.reset_default_graph", lambda: tf.reset_default_graph),
        ("tf.python.platform.gfile.Exists", lambda: tf.gfile.Exists),
        ("tf.core.framework.graph_pb2.GraphDef", lambda: tf.GraphDef),
        ("tf.python.platform", lambda: None),
    ],
)
def test_symbols_are_found_by_attribute_and_by_import_path(symbol, found):
    assert used_symbols.find(symbol) is found()


@pytest.mark.parametrize("symbol", ["tf.nn.nonsense", "tf.python.nonsense.add", "tf.core.nonsense"])
def test_a_symbol_that_is_not_there_is_an_attribute_error(symbol):
    with pytest.raises(AttributeError, match=symbol):
        used_symbols.find(symbol)
