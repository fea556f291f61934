"""`tensorflow.python.ops.script_ops`: how many functions of the program graphs hold.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from minitf.ops.script import FUNCTIONS


class FuncRegistry:
    """The functions that operations of this process name; each lives as long as its graph."""

    def size(self) -> int:
        """Return how many there are."""
        return len(FUNCTIONS)


py_funcs = FuncRegistry()
"""The one that there is."""
