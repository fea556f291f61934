"""The rooms of the code and who may import whom."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.paper("O-30")
def test_layers_only_depend_downwards():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    report = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert report.returncode == 0, report.stdout
