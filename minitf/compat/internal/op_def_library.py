"""`tensorflow.python.framework.op_def_library`: ops by their registry names.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.namespaces import raw_ops


class OpDefLibrary:
    """Adds operations of registered ops."""

    def add_op_list(self, op_list: Any) -> None:
        """Take a message of OpDefs; MiniTF knows its ops without it."""

    def apply_op(self, op_type_name: str, name: str | None = None, **keywords: Any) -> Any:
        """Add an operation and return its outputs, or itself if it has none.

        Args:
            op_type_name: the op's registry name.
            name: name of the operation.
            **keywords: its inputs and attributes.

        Raises:
            RuntimeError: if there is no such op.
            TypeError: if an argument is none of the op's.
        """
        try:
            op = getattr(raw_ops, op_type_name)
        except AttributeError:
            raise RuntimeError(f"Unrecognized Op name {op_type_name}") from None
        return op(name=name, **keywords)
