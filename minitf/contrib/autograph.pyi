# `tf.contrib.autograph`: the older place of `tf.autograph`.

from minitf.autograph.features import Feature as Feature
from minitf.autograph.loops import set_loop_options as set_loop_options
from minitf.autograph.public import to_code as to_code
from minitf.autograph.public import to_graph as to_graph
from minitf.autograph.verbosity import set_verbosity as set_verbosity
from minitf.autograph.verbosity import trace as trace
from minitf.compat.internal.autograph_api import convert as convert
from minitf.compat.internal.autograph_api import converted_call as converted_call
from minitf.compat.internal.autograph_api import do_not_convert as do_not_convert
__all__ = ['Feature', 'convert', 'converted_call', 'do_not_convert', 'set_loop_options', 'set_verbosity', 'to_code', 'to_graph', 'trace']
