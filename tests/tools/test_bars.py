"""`benchmarks/bars.py`: the README's table of figures is made of RESULTS.md."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

RESULTS = """
## fusion

A title that is a sentence.

```
      us, 1 thread
┏━━━━━━━━━━━━┳━━━━━━━┳━━━━━━┳━━━━━━━━┓
┃            ┃       ┃      ┃ times  ┃
┃            ┃ fresh ┃ copy ┃ theirs ┃
┡━━━━━━━━━━━━╇━━━━━━━╇━━━━━━╇━━━━━━━━┩
│ a row of a │ 1,200 │ 400  │ 2.5x   │
│ long name  │       │      │        │
│ another    │ 2.0   │ 4    │ 3.5x   │
└────────────┴───────┴──────┴────────┘
```
"""


@pytest.fixture
def bars(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    monkeypatch.delitem(sys.modules, "bars", raising=False)
    return __import__("bars")


def test_a_table_is_read_with_titles_and_names_of_two_lines(bars):
    tables = bars.sections(RESULTS)["fusion"]

    assert list(tables) == ["us, 1 thread"]
    assert list(tables["us, 1 thread"]) == ["a row of a long name", "another"]
    assert tables["us, 1 thread"]["another"] == {
        "fresh": "2.0",
        "copy": "4",
        "times theirs": "3.5x",
    }


def test_the_row_that_is_farthest_from_its_bar_counts(bars):
    tables = bars.sections(RESULTS)["fusion"]
    at_least = bars.Bar("", "fusion", ".*", "times theirs", ">=", 3)
    at_most = bars.Bar("", "fusion", ".*", "fresh / copy", "<=", 3)

    assert at_least.measured(tables) == 2.5
    assert not at_least.is_met(2.5)
    assert at_most.measured(tables) == 3
    assert at_most.is_met(3)


def test_a_bar_without_rows_is_an_error(bars):
    with pytest.raises(AssertionError, match="has no row 'gone'"):
        bars.Bar("", "fusion", "gone", "fresh", ">=", 1).measured(bars.sections(RESULTS)["fusion"])
