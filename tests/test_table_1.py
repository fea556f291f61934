"""The white paper's Table 1: every example of a category is an op here."""

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
    "Checkpointing operations": ("SaveV2 RestoreV2", "tests/ops/io/test_checkpoint.py"),
    "Control flow operations": (
        "Merge Switch Enter Leave NextIteration",
        "tests/executor/test_frames.py",
    ),
}


@pytest.mark.paper("W-06")
@pytest.mark.parametrize("category", PRESENT)
def test_the_examples_of_a_category_are_ops_with_tests(category):
    names, tests = PRESENT[category]

    assert all(ops.find_op(name).body.__doc__ for name in names.split())
    assert (ROOT / tests).exists()
