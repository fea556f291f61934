"""Parts of variables: of one that is kept in several, and slices that can be assigned to.

Source: OSDI §4.2 (sharded variables); TensorFlow's `v[a:b].assign(...)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import resource
from minitf.graph import Operation
from minitf.tensor import Tensor

_MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


class SaveSliceInfo:
    """Which part of a larger variable a variable is; checkpoints store the larger one.

    Attributes:
        full_name: the larger variable's name.
        full_shape: its shape.
        var_offset: where the part begins.
        var_shape: the part's shape.

    Source: OSDI §4.2, §4.3.
    """

    def __init__(
        self,
        full_name: str | None = None,
        full_shape: Sequence[int] | None = None,
        var_offset: Sequence[int] | None = None,
        var_shape: Sequence[int] | None = None,
        save_slice_info_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if save_slice_info_def is not None:
            prefix = f"{import_scope}/" if import_scope else ""
            full_name = prefix + save_slice_info_def.full_name
            full_shape = save_slice_info_def.full_shape
            var_offset = save_slice_info_def.var_offset
            var_shape = save_slice_info_def.var_shape
        self.full_name = full_name
        self.full_shape = list(full_shape or ())
        self.var_offset = list(var_offset or ())
        self.var_shape = list(var_shape or ())

    @property
    def spec(self) -> str:
        """The part as checkpoints write it: `4 3 0,2:0,3` is rows 0 and 1 of four of length 3."""
        sizes = " ".join(map(str, self.full_shape))
        parts = zip(self.var_offset, self.var_shape, strict=True)
        return f"{sizes} " + ":".join(f"{offset},{length}" for offset, length in parts)

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return a SaveSliceInfoDef, or None if the variable is outside `export_scope`."""
        from minitf.protos import SaveSliceInfoDef

        name = str(self.full_name)
        if export_scope and not name.startswith(export_scope):
            return None
        return SaveSliceInfoDef(
            full_name=name.removeprefix(f"{export_scope}/"),
            full_shape=self.full_shape,
            var_offset=self.var_offset,
            var_shape=self.var_shape,
        )


class VariableSlice(Tensor):
    """The value of a slice of a variable, which `assign` writes to."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Tensor) -> Tensor:
        """Return the Tensor that indexing a variable gave, able to be assigned to if it can be."""
        if value.op.type == "StridedSlice":
            value.__class__ = cls  # the same object: a Tensor knows nothing of variables
        return value

    def assign(self, value: Any, name: str | None = None) -> Any:
        """Add an operation that writes `value` into this slice of the variable.

        Returns:
            What stands for the variable's value after the write.
        """
        source, *bounds = self.op.inputs
        handle = _handle_behind(source)
        masks = {mask: self.op.attrs[mask] for mask in _MASKS}
        name = name or f"{self.op.name}/_assign/"
        if handle.dtype is not resource:
            return ops.strided_slice_assign_op(handle, *bounds, value, name=name, **masks)
        value = convert_to_tensor(value, self.dtype)
        written: Operation = ops.resource_strided_slice_assign_op(
            handle, *bounds, value, name=name, **masks
        )
        with self.graph.control_dependencies([written]):
            return ops.read_variable_op_op(handle, dtype=self.dtype)


def _handle_behind(value: Tensor) -> Tensor:
    """Walk from a read of a variable back to its handle."""
    while not value.dtype.is_ref and value.dtype is not resource:
        value = value.op.inputs[0]
    return value
