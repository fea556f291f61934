from pathlib import Path

import pytest

from tools import file_length


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "minitf" / "ops").mkdir(parents=True)
    (tmp_path / "minitf" / "graph.py").write_text("x = 1\n" * 4)
    (tmp_path / "minitf" / "ops" / "table.py").write_text("x = 1\n" * 5)
    return tmp_path


def test_files_at_the_limit_pass(root):
    assert file_length.complaints(root, 5, {}) == []


def test_longer_files_are_named_with_their_length(root):
    assert file_length.complaints(root, 4, {}) == ["minitf/ops/table.py: 5 lines, at most 4"]


def test_a_table_may_be_longer(root):
    assert file_length.complaints(root, 4, {"minitf/ops/table.py": "TensorFlow's names"}) == []


@pytest.mark.parametrize("name", ["minitf/graph.py", "minitf/gone.py"])
def test_an_exemption_without_need_is_named(root, name):
    assert file_length.complaints(root, 5, {name: "?"}) == [f"{name}: needs no exemption"]
