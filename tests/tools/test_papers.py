import ast
from pathlib import Path

import pytest

from tools import papers

MODULE = """
import pytest

pytestmark = [pytest.mark.paper("W-01"), pytest.mark.thorough]

@pytest.mark.paper("W-02", "O-30")
def test_order_is_kept(): ...

@pytest.mark.paper("L1")
class TestStrictOps:
    @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.paper("W-04"))])
    def test_fire_once(self, n): ...
"""


def test_marks_are_found_on_modules_functions_classes_and_cases():
    assert set(papers.marks(ast.parse(MODULE))) == {
        ("W-01", ""),
        ("W-02", "test_order_is_kept"),
        ("O-30", "test_order_is_kept"),
        ("L1", "TestStrictOps"),
        ("W-04", "TestStrictOps"),
    }


def test_the_page_links_tests_and_lists_what_has_none(tmp_path: Path):
    test = tmp_path / "tests" / "test_order.py"
    test.parent.mkdir()
    test.write_text(MODULE)

    page = papers.page({"W-02": "Order", "W-03": "Memory"}, papers.collect(test.parent), tmp_path)

    assert "| W-02 | Order | [order is kept](../tests/test_order.py) |\n" in page
    assert page.endswith("## Without a test\n\n- W-03: Memory\n")


def test_required_ids_may_be_grouped_and_explained(tmp_path: Path):
    file = tmp_path / "required.txt"
    file.write_text("# built\nW-01 W-02  # both\n\nL1\n")

    assert papers.read_required(file) == ["W-01", "W-02", "L1"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose only test shows W-01."""
    for folder in ("docs", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "docs" / "papers.toml").write_text('W-01 = "A graph"\nW-02 = "Order"\n')
    (tmp_path / "tests" / "test_graph.py").write_text(
        'import pytest\n@pytest.mark.paper("W-01")\ndef test_graph(): ...\n'
    )
    monkeypatch.setattr(papers, "ROOT", tmp_path)
    return tmp_path


def test_a_page_just_written_is_fresh(project):
    assert papers.main([]) == 0
    assert papers.main(["--check"]) == 0


def test_a_missing_or_stale_page_fails(project, capsys):
    assert papers.main(["--check"]) == 1

    papers.main([])
    (project / "tests" / "test_more.py").write_text(
        'import pytest\n@pytest.mark.paper("W-02")\ndef test_more(): ...\n'
    )

    assert papers.main(["--check"]) == 1
    assert "docs/papers.md is stale" in capsys.readouterr().out


def test_an_unknown_id_fails(project, capsys):
    (project / "docs" / "papers.toml").write_text('W-02 = "Order"\n')

    assert papers.main([]) == 1
    assert "W-01: not in docs/papers.toml" in capsys.readouterr().out


def test_a_required_id_without_a_test_fails(project, capsys):
    required = project / "required.txt"
    required.write_text("W-01 W-02")

    assert papers.main(["--required", str(required)]) == 1
    assert capsys.readouterr().out == "W-02: no test\n"


def test_the_projects_own_list_names_known_requirements_only():
    import tomllib

    root = Path(papers.__file__).parent.parent
    titles = tomllib.loads((root / "docs" / "papers.toml").read_text(encoding="utf-8"))

    assert set(papers.read_required(root / "tests" / "required_papers.txt")) <= set(titles)
