# `tf.io`: reading and writing.

from minitf.api.graph_io import write_graph as write_graph
__all__ = ['write_graph']
