"""Strategies for `tf.train.replica_device_setter`: which parameter server gets a variable.

Source: TensorFlow 1.15's tf.contrib.training.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable

from minitf.operation import Operation
from minitf.tensor_shape import TensorShape


class GreedyLoadBalancingStrategy:
    """Gives each operation to the task with the least load so far, the first of several.

    Args:
        num_tasks: how many tasks there are.
        load_fn: the load of an operation, in any unit.
    """

    def __init__(self, num_tasks: int, load_fn: Callable[[Operation], float]) -> None:
        self._loads = [0.0] * num_tasks
        self._load_fn = load_fn

    def __call__(self, op: Operation) -> int:
        """Return the task for an operation."""
        task = min(range(len(self._loads)), key=self._loads.__getitem__)
        self._loads[task] += self._load_fn(op)
        return task


class RandomStrategy:
    """Gives each operation to a task by a hash of its name, the same one in every program.

    Args:
        num_ps_tasks: how many tasks there are.
        seed: another number, other tasks.
    """

    def __init__(self, num_ps_tasks: int, seed: int = 0) -> None:
        self._num_tasks = num_ps_tasks
        self._seed = seed

    def __call__(self, op: Operation) -> int:
        """Return the task for an operation."""
        digest = hashlib.md5(f"{op.name}_{self._seed}".encode(), usedforsecurity=False)
        return int(digest.hexdigest(), 16) % self._num_tasks


def byte_size_load_fn(op: Operation) -> int:
    """Return the bytes of an operation's output: of a variable, also of one behind a handle.

    Args:
        op: the operation.

    Raises:
        ValueError: if it has not one output, or not all of its shape is known.
    """
    if len(op.outputs) != 1:
        raise ValueError(f"Op {op} must have a single output")
    (output,) = op.outputs
    dtype, shape = output.dtype.base_dtype, output.shape
    if op.type == "VarHandleOp":
        dtype = op.get_attr("dtype")
    if op.type == "VarHandleOp" or not shape.is_fully_defined():
        shape = TensorShape(op.get_attr("shape"))
    shape.assert_is_fully_defined()
    size: int = dtype.size
    return size * math.prod(shape.static_shape)
