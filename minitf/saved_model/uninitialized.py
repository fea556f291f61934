"""UninitializedVariable: a variable that nothing but a checkpoint gives a value.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf import ops
from minitf.api.framework import control_dependencies, name_scope
from minitf.shapes import as_shape
from minitf.variables.options import VariableAggregation, VariableSynchronization
from minitf.variables.resource import ResourceVariable


class UninitializedVariable(ResourceVariable):
    """A variable behind a resource handle without an initial value.

    Args:
        dtype: the type of its elements.
        shape: what is known of its shape.
        name: its name, made unique.
        trainable, synchronization, aggregation: as of `Variable`.
        collections: the collections that it joins; none by default.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        dtype: Any,
        shape: Any,
        name: str,
        trainable: bool = True,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        collections: Iterable[str] = (),
    ) -> None:
        self._constraint = self.save_slice_info = self._initial_value = None
        self._trainable = trainable
        self._synchronization, self._aggregation = synchronization, aggregation
        self._shape = as_shape(shape)
        with control_dependencies(None), name_scope(name, "Variable", []) as scope:
            self._handle = ops.var_handle_op_op(
                shape=self._shape, dtype=dtype, shared_name=scope[:-1], name=scope
            )
            with name_scope("Read"):
                self._snapshot = self._element = self._read()
        self.graph.add_to_collections(collections, self)
