# `tf.autograph`: Python's control flow is not rewritten; what rewrites it says so.

from minitf.compat.autograph import set_verbosity as set_verbosity
from minitf.compat.autograph import to_code as to_code
from minitf.compat.autograph import to_graph as to_graph
from minitf.compat.autograph import trace as trace
__all__ = ['experimental', 'set_verbosity', 'to_code', 'to_graph', 'trace']
