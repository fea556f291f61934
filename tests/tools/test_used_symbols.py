"""What programs use most is there."""

import pytest

from tools import used_symbols

pytestmark = pytest.mark.thorough


@pytest.mark.paper("O-33")
def test_the_300_most_used_symbols_are_there(capsys):
    code = used_symbols.main()

    said = capsys.readouterr().out
    assert "0 missing" in said
    assert code == 0


def test_symbols_of_later_chapters_are_named():
    chapters = {chapter for _, _, chapter in used_symbols.read(used_symbols.SYMBOLS)}

    assert {"", "training", "RNN"} <= chapters
    assert len(used_symbols.read(used_symbols.SYMBOLS)) == 300


def test_a_symbol_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError):
        used_symbols.find("tf.nn.nonsense")
