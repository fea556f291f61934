"""The white paper's Table 1: every example of a category is an op here, or listed as missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from minitf import ops

ROOT = Path(__file__).parent.parent

# Category -> (registry names of its examples, where its tests are).
PRESENT = {
    "Element-wise mathematical operations": (
        "Add Sub Mul Div Exp Log Greater Less Equal",
        "tests/ops/elementwise",
    ),
    "Array operations": ("ConcatV2 Slice Split Const Rank Shape RandomShuffle", "tests/ops/array"),
    "Matrix operations": ("MatMul MatrixInverse MatrixDeterminant", "tests/ops/linalg"),
    "Stateful operations": ("VariableV2 Assign AssignAdd", "tests/ops/state"),
    "Neural-net building blocks": (
        "Softmax Sigmoid Relu Conv2D MaxPool",
        "tests/ops/nn",
    ),
    "Queue and synchronization operations": (
        "QueueEnqueueV2 QueueDequeueV2 MutexAcquire MutexRelease",
        "tests/ops/queue",
    ),
    "Control flow operations": (
        "Merge Switch Enter Leave NextIteration",
        "tests/executor/test_frames.py",
    ),
}
# Example -> the words with which the README lists it as missing.
MISSING = {
    "SaveV2": "checkpoints",
    "RestoreV2": "checkpoints",
}


@pytest.mark.paper("W-06")
@pytest.mark.parametrize("category", PRESENT)
def test_the_examples_of_a_category_are_ops_with_tests(category):
    names, tests = PRESENT[category]

    assert all(ops.find_op(name).body.__doc__ for name in names.split())
    assert (ROOT / tests).exists()


@pytest.mark.paper("W-06")
@pytest.mark.parametrize("name", MISSING)
def test_an_example_that_is_not_there_yet_is_listed_as_missing(name):
    assert not any(own.removesuffix("_op").replace("_", "") == name.lower() for own in dir(ops))
    assert MISSING[name] in (ROOT / "README.md").read_text().replace("\n", " ")
