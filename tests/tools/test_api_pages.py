"""The reference shows each public name once, with its signature and its docstring."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tools import api_pages

pytestmark = pytest.mark.thorough

DOCSTRING = """\
Return a_b * x, <fast> and `a_b` as it is.

    code * stays

Args:
    x: float32[N]; the input,
        on two lines.
    *more: others.

Returns:
    float32[N] of it.

Raises:
    ValueError: if x is empty.

Source: 2015 §2."""


def test_a_docstring_becomes_markdown():
    assert [line for line in api_pages.markdown(DOCSTRING).splitlines() if line] == [
        r"Return a\_b \* x, &lt;fast> and `a_b` as it is.",
        "    code * stays",
        "**Args**",
        r"- `x`: float32\[N\]; the input,",
        "  on two lines.",
        "- `*more`: others.",
        "**Returns**",
        r"float32\[N\] of it.",
        "**Raises**",
        "- `ValueError`: if x is empty.",
        "Source: 2015 §2.",
    ]


@pytest.fixture(scope="module")
def pages():
    return api_pages.pages()


def test_a_name_is_described_at_its_shortest_path_and_linked_elsewhere(pages):
    assert "## matmul {#matmul}\n\n```python\ntf.matmul(a, b, transpose_a=False" in pages["tf.md"]
    assert r"- `tf.linalg.matmul` is [tf.matmul](tf.md#matmul)" in pages["tf.linalg.md"]


def test_a_class_has_its_methods(pages):
    assert "### Saver.restore\n\n```python\nrestore(sess, save_path)" in pages["tf.train.md"]


def test_every_namespace_is_listed(pages):
    listed = pages["index.md"]

    assert all(f"({name})" in listed for name in pages if name != "index.md")
    assert {"tf.md", "tf.nn.md", "tf.nn.rnn_cell.md", "tf.debug.md"} <= pages.keys()


def test_a_link_to_code_is_shown_as_its_path():
    page = SimpleNamespace(file=SimpleNamespace(src_uri="decisions/0009-docs-site.md"))
    text = "[ops](../../minitf/ops/nn.py), [home](../index.md), [far](https://a.b/c)"

    assert api_pages.on_page_markdown(text, page) == (
        "ops (`minitf/ops/nn.py`), [home](../index.md), [far](https://a.b/c)"
    )
