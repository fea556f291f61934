import pytest

from tools import try_wheel


def test_lower_bounds_become_pins():
    assert try_wheel.lowest(["numpy>=2.0", "rich>=13.7"]) == ["numpy==2.0", "rich==13.7"]


def test_the_first_python_block_is_the_program():
    text = (
        "# Title\n```sh\nmake demo\n```\n\n```python\nimport a\n\nb = 1\n```\n```python\nc\n```\n"
    )

    assert try_wheel.first_program(text) == "import a\n\nb = 1\n"


def test_a_text_without_a_program_is_refused():
    with pytest.raises(ValueError, match="no Python block"):
        try_wheel.first_program("```sh\nmake\n```\n")
