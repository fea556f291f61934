"""The tutorials run as programs, and cell by cell as notebooks: any cell may be run again."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TUTORIALS = sorted((ROOT / "tutorials").glob("*.py"))

# Results that a tutorial prints.
SAYS = {
    "01_graph_and_session": [
        "Dimensions must be equal, but are 2 and 3",
        "['weights', 'MatMul']",
        "Attempting to use uninitialized value counter",
        "[1, 2, 3, 4, 5]",
        "01_graph_and_session.py:",
    ],
    "02_autodiff": [
        "slope  10.0, by hand  10.0",
        "[ 0.8415  0.5403 -0.8415 -0.5403  0.8415]",
        "IndexedSlicesValue",
        "w = 3.0000, b = -1.0000",
    ],
    "03_ops_and_kernels": [
        "minitf/kernels_cpu/nn/softmax.py:",
        "kernel and body differ by at most",
        "[-2. -0.  0.  1.]",
        "[1. 0. 0. 1.]",
        "no CPU kernel: the body itself runs",
        "Law: The gradient is the derivative along any direction.",
        "kernel           checked",
    ],
    "04_executor_and_control_flow": [
        "square   waits for 2",
        "Fifo      square minus y       -> 6.0",
        "cond/Sqrt            ran",
        "cond/Neg             dead",
        "sum below 5: 10",
        "[ 0  1  7  2  5  8 16  3 19  6 14]",
        "2 loops,",
        "hint: shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])]",
    ],
    "05_input_pipelines": [
        "batch: [2 3] [b'two' b'three']",
        "elements that went in: 3",
        "is closed and has insufficient elements (requested 3, current size 2)",
        "[ 1  4  9 16] [25 36 49 64]",
        "20 examples, on the line: True",
        "after 60 steps y = 3.00 x + -1.00",
        "checkpoints in order: True the last of step 60",
        "it falls: True",
    ],
}


def name(tutorial: Path) -> str:
    return tutorial.stem


def cells(tutorial: Path) -> list[str]:
    """Return the code of each cell of a py:percent file."""
    parts = re.split(r"^# %%(.*)$", tutorial.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [code for kind, code in zip(parts[::2], parts[1::2], strict=True) if not kind.strip()]


@pytest.mark.long  # `make test` runs them as notebooks
@pytest.mark.parametrize("tutorial", TUTORIALS, ids=name)
def test_a_tutorial_runs_as_a_program_without_a_warning(tutorial):
    run = subprocess.run(
        [sys.executable, "-W", "error", str(tutorial)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert (run.returncode, run.stderr) == (0, "")
    for sentence in SAYS[tutorial.stem]:
        assert sentence in run.stdout


@pytest.mark.long
@pytest.mark.parametrize("tutorial", TUTORIALS, ids=name)
def test_each_cell_of_a_tutorial_may_be_run_twice(tutorial, capsys):
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in cells(tutorial):
        for _ in range(2):
            exec(compile(cell, str(tutorial), "exec", dont_inherit=True), names)
    capsys.readouterr()

    assert len(cells(tutorial)) > 10


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=name)
def test_a_tutorial_shows_code_of_the_library_instead_of_copying_it(tutorial):
    shown = tutorial.read_text(encoding="utf-8").count("inspect.getsource")
    own = [
        node
        for node in ast.walk(ast.parse(tutorial.read_text()))
        if isinstance(node, ast.FunctionDef) and not node.decorator_list  # an op's parts have one
    ]

    assert shown >= 3
    assert len(own) <= 1
