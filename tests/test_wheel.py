"""The wheel works alone, with the oldest and the newest packages that it allows."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (made,) = out.glob("*.whl")
    return made


def test_the_wheel_holds_all_of_minitf_and_nothing_else(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("minitf-")}
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "minitf").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert held == ours
    assert "minitf/py.typed" in held


# The lowest Numba that we allow has wheels for Python 3.11 and 3.12.
LOWEST = pytest.param(
    ["--lowest"], marks=pytest.mark.skipif(sys.version_info >= (3, 13), reason="no wheels")
)


@pytest.mark.parametrize("bounds", [[], LOWEST], ids=["newest", "lowest"])
def test_the_readmes_program_runs_from_the_wheel_alone(wheel, bounds):
    command = [sys.executable, ROOT / "tools" / "try_wheel.py", *bounds, wheel]
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("3.0\n")
