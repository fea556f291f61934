"""Which modules of ours stand for import paths of TensorFlow's tools and utilities.

A part of the table in `minitf.compat.import_paths`.

Source: no paper; how often programs of TensorFlow 1.x import which path.
"""

from __future__ import annotations

OF_TOOLS = {
    "contextlib": "util.tf_contextlib",
    "inspect": "util.tf_inspect",
    "minitf.compat": "util.compat",
    "minitf.compat.app": "platform.app",
    "minitf.compat.benchmark": "platform.benchmark",
    "minitf.compat.flags": "platform.flags",
    "minitf.compat.gfile": "platform.gfile",
    "minitf.compat.internal.all_util": "util.all_util",
    "minitf.compat.internal.decorator_utils": "util.decorator_utils",
    "minitf.compat.internal.deprecation": "util.deprecation",
    "minitf.compat.internal.file_io": "lib.io.file_io",
    "minitf.compat.internal.freeze_graph": "tools.freeze_graph",
    "minitf.compat.internal.inspect_checkpoint": "tools.inspect_checkpoint",
    "minitf.compat.internal.is_in_graph_mode": "util.is_in_graph_mode",
    "minitf.compat.internal.keyword_args": "util.keyword_args",
    "minitf.compat.internal.lazy_loader": "util.lazy_loader",
    "minitf.compat.internal.lock_util": "util.lock_util",
    "minitf.compat.internal.object_identity": "util.object_identity",
    "minitf.compat.internal.optimize_for_inference": "tools.optimize_for_inference_lib",
    "minitf.compat.internal.plugin_asset": "summary.plugin_asset",
    "minitf.compat.internal.protobuf_compare": "util.protobuf.compare",
    "minitf.compat.internal.saved_model_utils": "tools.saved_model_utils",
    "minitf.compat.internal.serialization": "util.serialization",
    "minitf.compat.internal.strip_unused": "tools.strip_unused_lib",
    "minitf.compat.internal.subscribe": "framework.subscribe",
    "minitf.compat.internal.tf_decorator": "util.tf_decorator",
    "minitf.compat.internal.tf_export": "util.tf_export",
    "minitf.compat.logging": "platform.tf_logging",
    "minitf.compat.resource_loader": "platform.resource_loader",
    "minitf.compat.sysconfig": "platform.sysconfig",
    "minitf.compat.text": "util.compat_internal",
    "minitf.dispatch": "util.dispatch",
    "minitf.tfdbg": "debug",
    "minitf.tfdbg.data": "debug.lib.debug_data",
    "minitf.tfdbg.dumping": "debug.wrappers.dumping_wrapper",
    "minitf.tfdbg.hooks": "debug.wrappers.hooks",
    "minitf.tfdbg.local_cli": "debug.wrappers.local_cli_wrapper",
    "minitf.tfdbg.wrapped_session": "debug.wrappers.framework",
    "minitf.tfdbg.gradients": "debug.lib.debug_gradients",
    "minitf.tfdbg.graphs": "debug.lib.debug_graphs",
    "minitf.tfdbg.offline": "debug.cli.offline_analyzer",
    "minitf.tfdbg.watching": "debug.lib.debug_utils",
    "minitf.namespaces.python_io": "lib.io.python_io lib.io.tf_record",
    "minitf.nest": "util.nest",
    "minitf.summary.event_file": "summary.summary_iterator",
}
"""Module of ours -> import paths below `tensorflow.python`."""
