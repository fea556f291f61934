"""What follows from tensors, and what counts as one: asked for by TensorFlow's inner path.

**State**: `_SYMBOLIC`, the classes that are registered as tensors.

Source: TensorFlow 1.15's `tensorflow.python.keras.utils.tf_utils`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.composite import SparseTensor
from minitf.operation import Operation
from minitf.ragged.tensor import RaggedTensor
from minitf.tensor import Tensor
from minitf.variables.base import Variable

_SYMBOLIC: list[type] = []


def register_symbolic_tensor_type(cls: type) -> None:
    """Let objects of a class count as symbolic tensors.

    Args:
        cls: a class whose objects stand for tensors, and are converted to one where it is needed.
    """
    if cls not in _SYMBOLIC:
        _SYMBOLIC.append(cls)


def is_symbolic_tensor(tensor: Any) -> bool:
    """Tell whether an object's value comes from a graph; True of registered classes' objects."""
    known = (Tensor, SparseTensor, RaggedTensor, Variable, *_SYMBOLIC)
    return isinstance(tensor, known)


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
