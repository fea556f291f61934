"""Install a wheel in an empty environment and run the README's program there.

    python tools/try_wheel.py dist/minitf-0.1.0-py3-none-any.whl
    python tools/try_wheel.py --lowest dist/minitf-0.1.0-py3-none-any.whl

`--lowest` installs each dependency at its lower bound, else pip chooses the newest.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def lowest(requirements: list[str]) -> list[str]:
    """Turn each lower bound `name>=version` into the constraint `name==version`."""
    return [requirement.replace(">=", "==") for requirement in requirements]


def first_program(markdown: str) -> str:
    """Return the first Python block of a Markdown text."""
    block = re.search(r"^```python\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)
    if block is None:
        raise ValueError("no Python block found")
    return block[1]


def try_wheel(wheel: Path, constraints: list[str]) -> None:
    """Run the README's program from `wheel` alone; raise CalledProcessError if a step fails."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        venv.create(home / "env", with_pip=True)
        python = home / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        (home / "constraints.txt").write_text("\n".join(constraints), encoding="utf-8")
        (home / "program.py").write_text(
            first_program((ROOT / "README.md").read_text(encoding="utf-8")), encoding="utf-8"
        )
        install = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        install += ["--only-binary", ":all:"]  # what has no wheel here would be compiled for hours
        for step in (
            [*install, "--constraint", "constraints.txt", wheel.resolve()],
            ["-W", "error", "program.py"],
            ["-m", "minitf", "doctor"],
        ):
            subprocess.run([python, *step], cwd=home, check=True)  # noqa: S603  our own commands


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lowest", action="store_true")
    parser.add_argument("wheel", type=Path)
    options = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    try_wheel(options.wheel, lowest(project["dependencies"]) if options.lowest else [])
