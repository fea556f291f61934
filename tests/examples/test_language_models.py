"""The language models of `examples/` learn from a text, under MiniTF and TensorFlow alike."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = ROOT / "LICENSE"  # small, and here wherever the tests are
CHARACTERS = ["char_lstm.py", "--batch_size=16", "--window=20", "--hidden=48", "--epochs=3"]
CHARACTERS += ["--learning_rate=0.01", "--report=30", "--sample=40"]
WORDS = ["ptb.py", "--batch_size=4", "--window=8", "--hidden=32", "--epochs=4", "--vocabulary=300"]

# What initial values and the order of windows change: they come from other random numbers.
BAND = 1.15

MINITF = ["-m", "minitf", "run"]
TENSORFLOW = [
    "-c",
    (
        "import os, runpy, sys\n"
        "os.environ.update(TF_CPP_MIN_LOG_LEVEL='3', TF_USE_LEGACY_KERAS='1')\n"
        "import tensorflow.compat.v1 as v1\n"
        "v1.disable_v2_behavior()\n"
        "sys.modules['tensorflow'] = v1\n"
        "del sys.argv[0]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    ),
]


def learnt(program, system=MINITF, text=TEXT):
    """Run a program; return what it prints, and the perplexities in that."""
    name, *options = program
    run = subprocess.run(
        [sys.executable, *system, f"examples/{name}", f"--text={text}", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout, [float(each) for each in re.findall(r"perplexity ([0-9.]+)", run.stdout)]


@pytest.mark.thorough
@pytest.mark.paper("W-37", "W-38", "O-18")
def test_characters_are_learnt_from_records_in_shuffled_batches():
    out, (first, *_, last, held_out) = learnt(CHARACTERS)

    assert "the text was read 3 times" in out
    assert last < 0.7 * first
    assert held_out < 30  # of 76 characters
    assert len(out.partition("the model writes:\nT")[2].rstrip("\n")) >= 40


@pytest.mark.long
@pytest.mark.paper("W-37", "O-18")
def test_words_are_learnt_from_windows_in_order():
    out, found = learnt(WORDS)
    train, valid, test = found[:-1:2], found[1:-1:2], found[-1]

    assert "300 different ones" in out
    assert train == sorted(train, reverse=True)
    assert train[-1] < 0.85 * train[0]
    assert max(*valid, test) < 200  # of 300 words
    assert re.findall(r"rate ([0-9.]+)", out) == ["1.000", "1.000", "1.000", "0.500"]


@pytest.mark.long
@pytest.mark.tensorflow
@pytest.mark.usefixtures("tensorflow")
@pytest.mark.parametrize("program", [CHARACTERS, WORDS], ids=["characters", "words"])
def test_both_systems_learn_equally_well(program):
    pytest.importorskip("tf_keras", reason="TensorFlow 2 keeps its RNN cells in tf-keras")
    ours, theirs = (learnt(program, system)[1] for system in (MINITF, TENSORFLOW))

    assert len(ours) == len(theirs)
    for mine, other in zip(ours[-2:], theirs[-2:], strict=True):
        assert 1 / BAND < mine / other < BAND


@pytest.mark.long
@pytest.mark.parametrize(
    "program",
    [
        ["char_lstm.py", "--steps=2", "--report=1", "--hidden=8", "--sample=5"],
        ["ptb.py", "--words=2000", "--epochs=1", "--hidden=8", "--batch_size=2", "--window=5"],
    ],
    ids=["characters", "words"],
)
def test_without_a_text_the_programs_find_one(program):
    assert learnt(program, text="")[1]
