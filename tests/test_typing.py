"""The lazy names are visible to type checkers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "programs" / "typed_script.py"


@pytest.mark.thorough
def test_a_users_script_passes_mypy_strict():
    assert len(set(re.findall(r"tf\.[\w.]+", SCRIPT.read_text()))) >= 30

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(SCRIPT)],
        cwd=SCRIPT.parent.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_the_users_script_runs():
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    # log(10) less what one step of the bias gains for five of the ten classes, as in TensorFlow
    assert 2.25 < float(done.stdout) < 2.26
