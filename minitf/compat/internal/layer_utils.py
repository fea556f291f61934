"""`tensorflow.python.layers.utils`: walks and names that its tests and those of Keras use.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf import nest
from minitf.api.framework import convert_to_tensor
from minitf.tensor import Tensor
from minitf.variables.base import Variable


def object_list_uid(object_list: Any) -> str:
    """Return a name for objects, by where they are kept."""
    return ", ".join(str(abs(id(each))) for each in nest.flatten(object_list))


def static_shape(x: Any) -> tuple[int | None, ...] | None:
    """Return the static shape of a tensor, None if not even the rank is known."""
    shape = convert_to_tensor(x).shape
    return None if shape.ndims is None else tuple(shape.as_list())


def get_reachable_from_inputs(inputs: Any, targets: Iterable[Any] | None = None) -> set[Any]:
    """Return the tensors and operations that follow from tensors, themselves included.

    Args:
        inputs: a tensor, an operation, a variable, or a list of them.
        targets: what is looked for: the walk ends when all of it is found.
    """
    waiting = list(nest.flatten(inputs))
    wanted = set(targets or ())
    found = set(waiting)
    while waiting and not (wanted and wanted <= found):
        each = waiting.pop()
        if isinstance(each, Variable):
            each = each.op
        after = each.consumers() if isinstance(each, Tensor) else each.outputs
        new = [y for y in after if y not in found]
        found.update(new)
        waiting += new
    return found
