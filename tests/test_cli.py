"""The command line answers at once, helps, and ends with the right code."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from minitf import cli, doctor

ROOT = Path(__file__).parent.parent


def minitf(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "minitf", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **settings},
    )


def test_help_lists_the_commands():
    found = minitf("--help")

    assert found.returncode == 0
    assert all(command in found.stdout for command in ("demo", "run", "doctor"))


def test_version_is_our_release():
    assert minitf("--version").stdout == "minitf 0.1.0\n"


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["demo", "--epochs", "0"], ["run"]])
def test_a_wrong_command_line_ends_with_two_and_usage(arguments):
    found = minitf(*arguments)

    assert found.returncode == 2
    assert found.stderr.startswith("usage: minitf")


def test_help_loads_neither_numpy_nor_rich():
    program = (
        "import sys; from minitf import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'rich', 'numba', 'minitf.graph') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert run.stdout.splitlines()[-1] == "[]"


def test_an_interrupt_ends_a_command_with_130(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "main", interrupted)

    assert cli.main(["doctor"]) == 130


# --- doctor ---------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_doctor_tells_versions_devices_threads_and_caches():
    found = minitf("doctor", MINITF_NUM_THREADS="1")

    assert found.returncode == 0, found.stdout
    for part in (
        "speaks TensorFlow 1.15.0", "numba", "llvmlite", "CPU:0", "BLAS", "threads for kernels  ",
        "kernel cache", "kernel compiler", "mlxtend", "All is well.",
    ):  # fmt: skip
        assert part in found.stdout


@pytest.mark.thorough
def test_doctor_says_what_to_do_about_a_bad_setting(tmp_path):
    open_to_all = tmp_path / "cache"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    found = minitf("doctor", MINITF_NUM_THREADS="many", MINITF_CACHE_DIR=str(open_to_all))

    assert found.returncode == 1
    assert "-> unset MINITF_NUM_THREADS" in found.stdout
    assert "-> set MINITF_CACHE_DIR" in found.stdout
    assert "2 amiss" in found.stdout


def test_doctor_names_a_required_package_that_is_missing(monkeypatch):
    monkeypatch.setattr(doctor, "REQUIRED", ("numpy", "no-such-package"))
    console = Console(record=True, quiet=False, width=100)
    with console.capture() as capture:
        code = doctor.main(console)

    assert code == 1
    assert "-> pip install no-such-package" in capture.get()


def test_doctor_knows_every_required_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert set(doctor.REQUIRED) == {each.partition(">")[0] for each in project["dependencies"]}
