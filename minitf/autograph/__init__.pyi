# AutoGraph: Python functions whose `if`, `while` and `for` may depend on tensors.

from minitf.autograph.public import to_code as to_code
from minitf.autograph.public import to_graph as to_graph
from minitf.autograph.verbosity import set_verbosity as set_verbosity
from minitf.autograph.verbosity import trace as trace
__all__ = ['experimental', 'set_verbosity', 'to_code', 'to_graph', 'trace']
