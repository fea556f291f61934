"""`tensorflow.python.util.is_in_graph_mode`: whether operations go to a graph.

Source: TensorFlow 1.15's module of the same name.
"""

from minitf.compat.internal.context import in_graph_mode

__all__ = ["IS_IN_GRAPH_MODE"]

IS_IN_GRAPH_MODE = in_graph_mode
