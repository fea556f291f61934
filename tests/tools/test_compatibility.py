"""The page of what runs is made of the list of what programs use."""

import pytest

from tools import compatibility, used_symbols

pytestmark = pytest.mark.thorough


def test_the_page_has_shares_reasons_and_import_paths():
    page = compatibility.page()
    found, total = used_symbols.shares(used_symbols.read())["v1"]

    assert f"| v1 | {total:,} | {found / total:.1%} |" in page
    for use in used_symbols.missing(used_symbols.read()):
        assert f"| `{use.symbol}` | {use.files} | {used_symbols.reason(use.symbol)} |" in page
    assert "`python.framework.dtypes`" in page


def test_the_page_names_no_symbol_that_is_here():
    assert "| `tf.placeholder` |" not in compatibility.page()
