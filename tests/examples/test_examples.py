"""The example programs reach what they state, and learn as they do on TensorFlow."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ON_TENSORFLOW = Path(__file__).with_name("on_tensorflow.py")


class Stated(NamedTuple):
    """What a program says of itself.

    Attributes:
        words: before the figure in its last line.
        least, most: the bounds of that figure.
        band: how far its learning curve may be from TensorFlow's: a share of the loss.
        steps: that the band holds for; afterwards rounding errors have grown to other choices.
    """

    words: str
    least: float
    most: float
    band: float
    steps: int


STATED = {
    "mnist_softmax": Stated("test accuracy", 0.89, 1, band=0.002, steps=600),
    "mnist_convnet": Stated("test accuracy", 0.93, 1, band=0.1, steps=150),
    "images_convnet": Stated("test accuracy", 0.85, 1, band=0.25, steps=300),
    "word2vec": Stated("neighbours found", 5, 8, band=0.02, steps=1500),
    "autoencoder": Stated("error of drawn images", 0, 0.03, band=0.1, steps=400),
    "gan": Stated("error of drawn images", 0, 0.06, band=0.15, steps=500),
    "dqn": Stated("the pole stands for", 100, 200, band=0.25, steps=1000),
}
LONG = {"autoencoder", "gan", "images_convnet", "mnist_convnet"}  # 10 seconds or more


@cache
def printed(program: str, *, on_tensorflow: bool) -> list[str]:
    """Run an example, on MiniTF without a warning, and return its lines."""
    ours, theirs = ["-W", "error", "-m", "minitf", "run"], ["-W", "ignore", str(ON_TENSORFLOW)]
    command = theirs if on_tensorflow else ours
    found = subprocess.run(
        [sys.executable, *command, str(EXAMPLES / f"{program}.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert found.returncode == 0, found.stderr
    return found.stdout.splitlines()


def learning_curve(lines: list[str]) -> dict[int, float]:
    """Return the loss by step."""
    found = (re.match(r"step +(\d+)  loss ([\d.]+)", line) for line in lines)
    return {int(each[1]): float(each[2]) for each in found if each}


def check_figure(program: str, lines: list[str]) -> None:
    stated = STATED[program]
    found = re.match(rf"{stated.words} ([\d.]+)", lines[-1])

    assert found, lines[-1]
    assert stated.least <= float(found[1]) <= stated.most


def test_every_example_states_its_figure():
    elsewhere = {"ptb", "char_lstm", "distributed_mnist"}  # they have test files of their own

    assert {path.stem for path in EXAMPLES.glob("*.py")} - elsewhere == set(STATED)
    assert all(f"[{name}.py]" in (EXAMPLES / "README.md").read_text() for name in STATED)


def test_the_examples_import_tensorflow_in_every_style():
    text = "\n".join(path.read_text() for path in EXAMPLES.glob("*.py"))

    for line in (
        "import tensorflow as tf",
        "import tensorflow.compat.v1 as tf",
        "from tensorflow.contrib.layers import xavier_initializer",
        "from tensorflow.python.framework import ops",
        "from tensorflow.examples.tutorials.mnist import input_data",
    ):
        assert f"\n{line}\n" in text
    assert "minitf as" not in text


@pytest.mark.thorough
@pytest.mark.paper("W-45")
@pytest.mark.parametrize(
    "program",
    [pytest.param(each, marks=pytest.mark.long) if each in LONG else each for each in STATED],
)
def test_an_example_reaches_its_figure(program):
    check_figure(program, printed(program, on_tensorflow=False))


@pytest.mark.long
@pytest.mark.tensorflow
@pytest.mark.parametrize("program", STATED)
def test_an_example_learns_as_on_tensorflow(tensorflow, program):
    stated = STATED[program]
    theirs = printed(program, on_tensorflow=True)
    found, expected = (
        {step: loss for step, loss in learning_curve(lines).items() if step <= stated.steps}
        for lines in (printed(program, on_tensorflow=False), theirs)
    )

    check_figure(program, theirs)
    assert len(expected) > 1
    assert list(found) == list(expected)
    np.testing.assert_allclose(list(found.values()), list(expected.values()), rtol=stated.band)
