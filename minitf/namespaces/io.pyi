# `tf.io`: reading and writing.

from minitf.api.files import matching_files as matching_files
from minitf.api.files import read_file as read_file
from minitf.api.files import write_file as write_file
from minitf.api.graph_io import write_graph as write_graph
__all__ = ['matching_files', 'read_file', 'write_file', 'write_graph']
