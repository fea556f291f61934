"""Documents point at what exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PATH_IN_TEXT = re.compile(r"`((?:minitf|tests|docs|tools|tutorials|benchmarks)/[\w/.-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def name(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_to_files(document):
    broken = [
        link
        for link in LINK.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_paths_in_the_text_exist(document):
    missing = [
        path
        for path in PATH_IN_TEXT.findall(document.read_text(encoding="utf-8"))
        if not (ROOT / path).exists()
    ]

    assert missing == []


def test_the_site_lists_every_page():
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    listed = set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))

    assert listed == pages


def test_the_first_page_leads_to_every_other():
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    linked = set(LINK.findall((ROOT / "docs" / "index.md").read_text(encoding="utf-8")))

    assert linked == pages - {"index.md"}


def test_the_first_example_of_the_conformance_kit_runs():
    text = (ROOT / "docs" / "howto" / "testing.md").read_text(encoding="utf-8")
    found: dict = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], found)

    found["test_my_matmul"]()


def test_the_program_of_the_how_to_of_tensorboard_can_be_watched(tmp_path, monkeypatch):
    import minitf as tf

    text = (ROOT / "docs" / "howto" / "tensorboard.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], {})

    (path,) = (tmp_path / "logs" / "first").iterdir()
    losses = [
        value.simple_value
        for event in tf.train.summary_iterator(path)
        for value in event.summary.value
        if value.tag == "train/loss"
    ]
    assert len(losses) == 20
    assert losses[-1] < 1e-6 < losses[0]


@pytest.mark.parametrize("name", ["checkpoints", "debugging", "porting"])
def test_the_programs_of_a_how_to_run(name, tmp_path, monkeypatch, capsys):
    text = (ROOT / "docs" / "howto" / f"{name}.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    program = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    exec(compile(program, "train.py", "exec"), {})

    said = capsys.readouterr().out
    expected = {
        "checkpoints": "layer/w",
        "debugging": "first/kernel",
        "porting": "mean_absolute_error: ",
    }
    assert expected[name] in said
