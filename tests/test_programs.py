"""Programs written for TensorFlow run as they are: `minitf run` gives them MiniTF."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAMS = ROOT / "tests" / "programs"


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "minitf", "run", str(PROGRAMS / program)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


@pytest.mark.thorough
def test_the_program_of_osdi_figure_1_trains():
    found = run("osdi_figure_1.py")
    before, after = (float(line.split()[1]) for line in found.stdout.splitlines())

    assert found.returncode == 0, found.stderr
    assert after < before / 10
    assert "osdi_figure_1.py:27: UserWarning: softmax_cross_entropy_with_logits" in found.stderr
