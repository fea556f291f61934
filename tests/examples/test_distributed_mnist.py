"""The example of several processes learns, at each worker's own pace and in step."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "examples" / "distributed_mnist.py"
PATIENCE_S = 240


def printed(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "minitf", "run", str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert not done.returncode, done.stderr
    return done.stdout


def figures(pattern, text):
    return [float(found) for found in re.findall(pattern, text, re.MULTILINE)]


@pytest.mark.thorough
def test_workers_at_their_own_pace_learn_together():
    text = printed("--steps", "400")
    steps = figures(r"has done (\d+) steps$", text)

    assert "1 parameter servers, 2 workers: " in text
    assert len(steps) == 2
    assert 400 <= sum(steps) <= 402  # the last two may overlap
    assert figures(r"^test accuracy ([\d.]+)$", text)[0] > 0.87


@pytest.mark.long
def test_workers_in_step_learn_from_the_gradients_of_all():
    text = printed("--steps", "200", "--sync", "--ps", "2", "--workers", "2")
    steps = figures(r"has done (\d+) steps$", text)

    assert sum(steps) >= 2 * 200  # two gradients for each update
    assert figures(r"^test accuracy ([\d.]+)$", text)[0] > 0.87
