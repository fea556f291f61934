"""`tensorflow.python.framework.tensor_like`: what `isinstance` takes for tensors and composites.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import abc

from minitf.composite import IndexedSlices, SparseTensor
from minitf.tensor import Tensor
from minitf.variables.base import Variable


class TensorLike(abc.ABC):  # noqa: B024 what `isinstance` takes; it asks for nothing
    """Tensors, IndexedSlices, SparseTensors and Variables."""


for _kind in (Tensor, IndexedSlices, SparseTensor, Variable):
    TensorLike.register(_kind)
