"""The README's program runs as printed and prints what it says."""

import subprocess
import sys
from pathlib import Path

from tools.try_wheel import first_program

ROOT = Path(__file__).parent.parent


def test_the_first_program_learns_the_slope():
    program = first_program((ROOT / "README.md").read_text(encoding="utf-8"))
    command = [sys.executable, "-W", "error", "-c", program]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (run.stdout, run.stderr) == ("3.0\n", "")
