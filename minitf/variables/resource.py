"""ResourceVariable: a variable behind a resource handle, each of whose reads is an operation.

    v                           VarHandleOp: gives the handle
    v/Initializer/...           what it starts as
    v/IsInitialized/VarIsInitializedOp
    v/Assign                    AssignVariableOp: its initializer
    v/Read/ReadVariableOp       the read that fetching it gives; other readers make their own

Source: OSDI §3.1 (handles as typed capabilities); TensorFlow's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError
from minitf.graph import Operation
from minitf.shapes import as_shape, merge
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable
from minitf.variables.initial_value import guarded, made_initial_value, own_device

_WRITES = {
    "assign": "assign_variable_op_op",
    "assign_add": "assign_add_variable_op_op",
    "assign_sub": "assign_sub_variable_op_op",
}


class ResourceVariable(Variable):
    """A variable behind a resource handle; see `Variable` for its arguments.

    Source: OSDI §3.1.
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
        make = initial_value if callable(initial_value) else lambda: initial_value
        with own_device(scope):
            value = made_initial_value(make, dtype)
            if shape is None:
                shape = value.static_shape
            self._handle = ops.var_handle_op_op(
                shape=shape, dtype=value.dtype.base_dtype, shared_name=scope[:-1], name=scope
            )
        self._initial_value = value
        self._shape = as_shape(shape)
        graph = self.graph
        with graph.name_scope("IsInitialized"):
            ops.var_is_initialized_op_op(self._handle)
        with (
            graph.name_scope("Assign") as name,
            graph.colocate_with(None, ignore_existing=True),
            graph.device(self.device),
        ):
            value = guarded(value, scope[:-1])
            self._initializer = ops.assign_variable_op_op(self._handle, value, name=name)
        with graph.name_scope("Read"):
            with graph.device(self.device):
                self._snapshot = self._element = self._read()
            if caching_device is not None:
                # readers anywhere share the copy: neither this place nor its device concerns it
                with graph.colocate_with(None, ignore_existing=True), graph.device(caching_device):
                    self._snapshot = ops.identity_op(self._element)

    def _restore(self, variable_def: Any, import_scope: str | None) -> None:
        super()._restore(variable_def, import_scope)
        self._shape = self.op.attrs["shape"]
        element = self._snapshot
        while element.op.type != "ReadVariableOp":
            element = element.op.inputs[0]
        self._element = element

    def _read(self) -> Tensor:
        read: Tensor = ops.read_variable_op_op(self._handle, dtype=self.dtype)
        return read

    def _write(
        self,
        kind: str,
        *inputs: Any,
        name: str | None,
        use_locking: bool,
        read_value: bool = True,
    ) -> Any:
        *indices, value = inputs
        value = convert_to_tensor(value, self.dtype)
        if kind in ("assign", "assign_add", "assign_sub"):
            self.shape.assert_is_compatible_with(value.shape)
        op = getattr(ops, _WRITES.get(kind) or f"resource_{kind}_op")
        made = op(self._handle, *indices, value, name=name)
        return UnreadVariable(self, made) if read_value else made

    @property
    def dtype(self) -> DType:
        """The type of its elements."""
        return self._handle.op.attrs["dtype"]  # type: ignore[no-any-return]

    @property
    def shape(self) -> TensorShape:
        """What is known of its shape."""
        return TensorShape(self._shape)

    def set_shape(self, shape: Any) -> None:
        """Add knowledge about its shape.

        Raises:
            ValueError: if it contradicts what is known.
        """
        try:
            self._shape = merge(self._shape, as_shape(shape))
        except InvalidArgumentError as error:
            raise ValueError(f"{error} for variable {self.name}") from None

    def __bool__(self) -> bool:
        """Refuse as its value does: a graph only knows it when it runs.

        Raises:
            TypeError: always.
        """
        return bool(self.value())

    @property
    def create(self) -> Operation:
        """The operation that gives it its initial value."""
        return self._initializer

    def is_initialized(self, name: str | None = None) -> Tensor:
        """Return whether it has a value."""
        made: Tensor = ops.var_is_initialized_op_op(self._handle, name=name)
        return made

    def value(self) -> Tensor:
        """Return a read, or the copy on the caching device."""
        if self._snapshot is not self._element:
            return self._snapshot
        graph = self.graph
        with graph.colocate_with(None, ignore_existing=True), graph.device(self.device):
            return self._read()

    def read_value(self) -> Tensor:
        """Return a read of its own, so that control dependencies decide when it reads."""
        with self.graph.name_scope("Read"), self.graph.device(self.device):
            read = self._read()
        copy: Tensor = ops.identity_op(read)
        return copy

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """Return the rows that `indices` name, without reading the others."""
        rows: Tensor = ops.resource_gather_op(
            self._handle, indices, dtype=self.dtype, name=name or "Gather"
        )
        return rows

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """Return the parts that the index vectors in `indices` name."""
        parts: Tensor = ops.resource_gather_nd_op(
            self._handle, indices, dtype=self.dtype, name=name or "GatherNd"
        )
        return parts

    def _as_graph_element(self) -> Tensor:
        return self._element


class UnreadVariable(ResourceVariable):
    """A variable as a write leaves it: whatever reads it waits for the write.

    Source: TensorFlow's result of `ResourceVariable.assign`.
    """

    def __init__(self, variable: ResourceVariable, write: Operation) -> None:
        self.__dict__.update(variable.__dict__)
        self._after = write
        with write.graph.control_dependencies([write]):
            self._snapshot = self._element = self._read()

    @property
    def op(self) -> Operation:
        """The operation that writes."""
        return self._after

    @property
    def name(self) -> str:
        """The name of that operation."""
        return self._after.name

    def value(self) -> Tensor:
        """Return a read that waits for the write."""
        with self._after.graph.control_dependencies([self._after]):
            return super().value()

    def read_value(self) -> Tensor:
        """Return a read of its own that waits for the write."""
        with self._after.graph.control_dependencies([self._after]):
            return super().read_value()
