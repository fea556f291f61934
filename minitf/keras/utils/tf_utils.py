"""What follows from tensors: asked for by the package `keras`, by TensorFlow's inner path.

Source: TensorFlow 1.15's `tensorflow.python.keras.utils.tf_utils`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.operation import Operation
from minitf.tensor import Tensor


def get_reachable_from_inputs(inputs: Iterable[Any], targets: Any = None) -> set[Any]:
    """Return the tensors and operations that follow from some, which are among them.

    Args:
        inputs: tensors and operations.
        targets: where the search may end, once all of these are found.
    """
    stack = list(inputs)
    found = set(stack)
    missing = None if targets is None else set(targets) - found
    while stack and (missing is None or missing):
        for each in _next(stack.pop()):
            if each not in found:
                found.add(each)
                stack.append(each)
                if missing is not None:
                    missing.discard(each)
    return found


def _next(part: Any) -> list[Any]:
    if isinstance(part, Operation):
        return list(part.outputs)
    if isinstance(part, Tensor):
        return list(part.consumers())
    return [part.op]
