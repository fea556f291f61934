"""`tensorflow.python.framework.op_def_registry`: the OpDefs of all ops.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.errors import NotFoundError
from minitf.graph_def import op_def_message
from minitf.namespaces import raw_ops


def get_registered_ops() -> dict[str, Any]:
    """Return the OpDef message of each op by its registry name."""
    return {name: op_def_message(ops.find_op(name)) for name in dir(raw_ops)}


def get(name: str) -> Any:
    """Return the OpDef message of an op; None if there is no such op."""
    try:
        return op_def_message(ops.find_op(name))
    except NotFoundError:
        return None


def register_op_list(op_list: Any) -> None:
    """Take a message of OpDefs; MiniTF knows its ops without it."""
