"""`tf.saved_model.main_op`: operations to run when a SavedModel has been loaded.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.control import group
from minitf.api.framework import control_dependencies
from minitf.api.state import (
    global_variables_initializer,
    local_variables_initializer,
    tables_initializer,
)
from minitf.default_graph import default_graph
from minitf.operation import Operation


def main_op() -> Operation:
    """Return an operation that initializes all variables, local variables and tables."""
    return group(
        global_variables_initializer(), local_variables_initializer(), tables_initializer()
    )


def main_op_with_restore(restore_op_name: Any) -> Operation:
    """Return an operation that initializes everything, then restores.

    Args:
        restore_op_name: the operation that restores, or its name.
    """
    restore = default_graph().as_graph_element(restore_op_name)
    with control_dependencies([main_op()]):
        return group(restore)
