"""RefVariable: a variable behind a ref, TensorFlow 1.x's own kind.

    v               VariableV2: gives the ref
    v/initial_value, v/Initializer/...    what it starts as
    v/Assign        its initializer
    v/read          Identity: the snapshot that all its readers of a step share

Source: 2015 §2 "Variables"; OSDI §3.1.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.shapes import Shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable
from minitf.variables.initial_value import guarded, made_initial_value, own_device


class RefVariable(Variable):
    """A variable behind a ref; see `Variable` for its arguments.

    Source: 2015 §2 "Variables"; OSDI §3.1.
    """

    def _build(
        self,
        scope: str,
        initial_value: Any,
        dtype: Any,
        shape: Any,
        validate_shape: bool,
        caching_device: Any,
    ) -> None:
        if callable(initial_value):
            with own_device(scope):
                self._initial_value = made_initial_value(initial_value, dtype)
                self._handle = self._made_handle(scope, shape, validate_shape)
        else:
            self._initial_value = convert_to_tensor(initial_value, dtype, "initial_value")
            self._handle = self._made_handle(scope, shape, validate_shape)
        if validate_shape and not self._initial_value.static_shape.is_full:
            raise ValueError(f"initial_value must have a shape specified: {self._initial_value}")
        value = guarded(self._initial_value, scope[:-1])
        assigned: Tensor = ops.assign_op(self._handle, value, validate_shape=validate_shape)
        self._initializer = assigned.op
        place = (
            self.graph.colocate_with(self._handle)
            if caching_device is None
            else self.graph.device(caching_device)
        )
        with place:
            self._snapshot = ops.identity_op(self._handle, name="read")

    def _made_handle(self, scope: str, shape: Any, validate_shape: bool) -> Tensor:
        value = self._initial_value
        assert value is not None
        if shape is None:
            shape = value.static_shape if validate_shape else Shape.unknown()
        made: Tensor = ops.variable_v2_op(shape=shape, dtype=value.dtype.base_dtype, name=scope)
        return made

    def _write(
        self,
        kind: str,
        *inputs: Any,
        name: str | None,
        use_locking: bool,
        read_value: bool = True,
    ) -> Any:
        op = getattr(ops, f"{kind}_op")
        made = op(self._handle, *inputs, use_locking=use_locking, name=name)
        return made if read_value else made.op

    @property
    def dtype(self) -> DType:
        """The ref type: its `base_dtype` is the type of its elements."""
        return self._handle.dtype

    @property
    def shape(self) -> TensorShape:
        """What is known of its shape."""
        return self._handle.shape

    def set_shape(self, shape: Any) -> None:
        """Add knowledge about its shape.

        Raises:
            ValueError: if it contradicts what is known.
        """
        self._handle.set_shape(shape)
        self._snapshot.set_shape(shape)

    def value(self) -> Tensor:
        """Return the read that all its readers share."""
        return self._snapshot

    def read_value(self) -> Tensor:
        """Return a read of its own, so that control dependencies decide when it reads."""
        read: Tensor = ops.identity_op(self._handle, name="read")
        return read

    def _as_graph_element(self) -> Tensor:
        return self._handle

    def _ref(self) -> Tensor:
        """Return the ref, by TensorFlow's private name that programs call."""
        return self._handle
