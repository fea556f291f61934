"""`minitf warmup` and `minitf cache`, in homes of every kind, and by several processes at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from minitf.kernels_cpu.kernel_cache import clear, entries

ROOT = Path(__file__).parent.parent
SCRIPT = """
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
y = tf.nn.relu(x * 2.0) + 1.0
with tf.Session() as session:
    for _ in range(5):
        print(session.run(y, {x: [1, -2]}).tolist())
"""


def started(cache: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "minitf", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "MINITF_CACHE_DIR": str(cache), **settings},
    )


def minitf(cache: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    process = started(cache, *arguments, **settings)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


@pytest.fixture
def script(tmp_path) -> str:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return str(path)


@pytest.fixture
def cache(tmp_path) -> Path:
    path = tmp_path / "cache"
    path.mkdir(mode=0o700)
    return path


def made(out: str) -> int:
    return int(re.search(r"^(\d+) loops compiled in [\d.]+ s, \d+ kept in", out, re.MULTILINE)[1])


@pytest.mark.thorough
def test_what_a_script_needs_is_compiled_once_though_files_are_torn_and_homes_read_only(
    cache, script
):
    code, out, _ = minitf(cache, "warmup", script)
    assert code == 0
    assert made(out) == len(entries(cache)) > 0
    assert out.count("[3.0, 1.0]") == 5
    assert made(minitf(cache, "warmup", script)[1]) == 0

    torn = entries(cache)[0].path
    torn.write_bytes(torn.read_bytes()[:-1])
    assert re.search(r"torn +1", minitf(cache, "cache")[1])
    assert minitf(cache, "run", script, MINITF_JIT="eager")[1].count("[3.0, 1.0]") == 5
    assert all(entry.is_whole for entry in entries(cache))  # it was written anew


@pytest.mark.thorough
def test_processes_that_fill_one_cache_at_once_agree(cache, script):
    processes = [started(cache, "warmup", script) for _ in range(3)]
    outs = [process.communicate(timeout=300)[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0]
    assert all(out.count("[3.0, 1.0]") == 5 for out in outs)
    assert all(entry.is_whole for entry in entries(cache))
    assert {each.suffix for each in cache.iterdir()} == {".kernel"}  # nothing half written is left


@pytest.mark.thorough
def test_a_clear_while_others_run_hurts_nobody(cache, script):
    process = started(cache, "warmup", script)
    while process.poll() is None:
        clear(cache)
    out, err = process.communicate(timeout=300)

    assert process.returncode == 0, err
    assert out.count("[3.0, 1.0]") == 5


@pytest.mark.long
def test_the_usual_models_are_warmed_up(cache):
    code, out, _ = minitf(cache, "warmup")

    assert code == 0
    assert made(out) > 10


def test_the_cache_is_shown_and_cleared(cache):
    (cache / "a.kernel").write_bytes(b"too short for a checksum")
    (cache / "writing-x").write_bytes(b"half")
    (cache / "notes.txt").write_bytes(b"not ours")
    out = minitf(cache, "cache", "--show")[1]

    assert str(cache) in out
    assert re.search(r"entries +1\nsize +0.0 MB\ntorn +1", out)
    assert "2 files removed" in minitf(cache, "cache", "--clear")[1]
    assert [each.name for each in cache.iterdir()] == ["notes.txt"]


@pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")
@pytest.mark.parametrize("command", ["warmup", "cache"])
def test_without_a_directory_to_trust_the_commands_say_what_to_do(cache, command):
    cache.chmod(0o777)
    code, _, err = minitf(cache, command)

    assert code == 1
    assert "hint: set MINITF_CACHE_DIR" in err
