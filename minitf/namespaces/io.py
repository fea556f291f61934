"""`tf.io`: reading and writing."""

from minitf import lazy

_NAMES = {
    "minitf.api.files": "matching_files read_file write_file",
    "minitf.api.graph_io": "write_graph",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
