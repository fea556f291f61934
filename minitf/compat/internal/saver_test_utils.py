"""`tensorflow.python.training.saver_test_utils`: something that is saved in its own way.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.framework import add_to_collection
from minitf.compat.internal import gen_ops
from minitf.dtypes import float32, string
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.train.saveable import SaveableObject, SaveSpec


class CheckpointedOp:
    """A table from strings to numbers, which a Saver saves as two arrays."""

    def __init__(self, name: str, table_ref: Tensor | None = None) -> None:
        if table_ref is None:
            table_ref = gen_ops.mutable_hash_table_v2(
                key_dtype=string, value_dtype=float32, name=name
            )
        self.table_ref = table_ref
        self._name = name
        self._saveable = CheckpointedOp.CustomSaveable(self, name)
        add_to_collection(GraphKeys.SAVEABLE_OBJECTS, self._saveable)

    @property
    def name(self) -> str:
        """Its name, which its arrays' names in checkpoints begin with."""
        return self._name

    @property
    def saveable(self) -> CustomSaveable:
        """What a Saver is given."""
        return self._saveable

    def insert(self, keys: Any, values: Any) -> Operation:
        """Return an operation that puts in values for keys."""
        return gen_ops.lookup_table_insert_v2(self.table_ref, keys, values)  # type: ignore[no-any-return]

    def lookup(self, keys: Any, default: Any) -> Tensor:
        """Return the values for keys, the default where there is none."""
        return gen_ops.lookup_table_find_v2(self.table_ref, keys, default)  # type: ignore[no-any-return]

    def keys(self) -> Tensor:
        """Return all keys."""
        return self._export()[0]

    def values(self) -> Tensor:
        """Return all values, in the order of the keys."""
        return self._export()[1]

    def _export(self) -> tuple[Tensor, Tensor]:
        return gen_ops.lookup_table_export_v2(self.table_ref, string, float32)  # type: ignore[no-any-return]

    class CustomSaveable(SaveableObject):
        """Saves the table's two arrays, and puts them in again."""

        def __init__(self, table: CheckpointedOp, name: str) -> None:
            keys, values = table._export()
            specs = [SaveSpec(keys, "", f"{name}-keys"), SaveSpec(values, "", f"{name}-values")]
            super().__init__(table, specs, name)

        def restore(self, restored_tensors: Any, shapes: Any) -> Any:
            """Return an operation that fills the table with two arrays of a checkpoint.

            Args:
                restored_tensors: the keys and the values.
                shapes: accepted, without effect.
            """
            return gen_ops.lookup_table_import_v2(self.op.table_ref, *restored_tensors)
