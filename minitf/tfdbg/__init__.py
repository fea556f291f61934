"""`tensorflow.python.debug`: watching what every operation of a run gives (tfdbg).

    from tensorflow.python import debug as tf_debug

    session = tf_debug.LocalCLIDebugWrapperSession(session)
    session.add_tensor_filter("has_inf_or_nan", tf_debug.has_inf_or_nan)

A run whose RunOptions have `debug_options` writes each watched output to a file
(`minitf.executor.debug_dumps`); `DebugDumpDir` reads them, wrappers of sessions and hooks ask for
them, and the wrapper with a command line shows them.

Source: TensorFlow 1.15's module of this name; no paper.
"""

from minitf import lazy

_NAMES = {
    "minitf.tfdbg.data": (
        "DebugTensorDatum has_inf_or_nan load_tensor_from_event load_tensor_from_event_file"
    ),
    "minitf.tfdbg.dump_dir": "DebugDumpDir",
    "minitf.tfdbg.gradients": "GradientsDebugger",
    "minitf.tfdbg.graphs": "reconstruct_non_debug_graph_def",
    "minitf.tfdbg.dumping": "DumpingDebugWrapperSession",
    "minitf.tfdbg.hooks": "DumpingDebugHook LocalCLIDebugHook",
    "minitf.tfdbg.local_cli": "LocalCLIDebugWrapperSession",
    "minitf.tfdbg.requests": "WatchOptions",
    "minitf.tfdbg.watching": "add_debug_tensor_watch watch_graph watch_graph_with_blacklists",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
