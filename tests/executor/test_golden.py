"""The executor's traces, as scripts that a person can read: `tests/executor/golden/*.txt`.

`pytest tests/executor/test_golden.py --update-golden` writes the traces anew; review the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from executor.scripts import Script

SCRIPTS = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.paper("W-16", "W-29", "L1", "W-02", "W-40")
@pytest.mark.paper("W-32", "W-33", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L11")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_gives_its_trace(path, request):
    script = Script(path.read_text(encoding="utf-8"))
    got = script.trace()
    if request.config.getoption("--update-golden"):
        path.write_text(f"{script.head}---\n{got}", encoding="utf-8")

    assert got == Script(path.read_text(encoding="utf-8")).expected
