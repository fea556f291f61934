"""`tf.contrib.tfprof.model_analyzer`: print_model_analysis and its options.

Source: TensorFlow 1.15's tf.contrib.tfprof.
"""

from __future__ import annotations

from typing import Any

from minitf.graph import Graph
from minitf.profiler.model_profiler import profile
from minitf.profiler.options import ProfileOptionBuilder

TRAINABLE_VARS_PARAMS_STAT_OPTIONS = ProfileOptionBuilder.trainable_variables_parameter()
FLOAT_OPS_OPTIONS = ProfileOptionBuilder.float_operation()
PRINT_ALL_TIMING_MEMORY = ProfileOptionBuilder.time_and_memory()


def print_model_analysis(
    graph: Graph,
    run_meta: Any = None,
    op_log: Any = None,
    tfprof_cmd: str = "scope",
    tfprof_options: dict[str, Any] = TRAINABLE_VARS_PARAMS_STAT_OPTIONS,
) -> Any:
    """Show what a graph costs, and return it; as `tf.profiler.profile` does.

    Args:
        graph: the graph.
        run_meta: the RunMetadata of a step with full trace.
        op_log: an OpLogProto with what the user knows of its operations.
        tfprof_cmd: the view: "scope", "graph", "op" or "code".
        tfprof_options: the options; by default the parameters of trainable variables.

    Raises:
        ValueError: if there is no such view, or an option has a value that it cannot have.
    """
    return profile(graph, run_meta, op_log, tfprof_cmd, tfprof_options)
