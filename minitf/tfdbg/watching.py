"""What to watch: RunOptions that ask a run to write outputs of operations.

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.debug_utils`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from minitf.graph import Graph
from minitf.tensor import Tensor

Texts = str | Sequence[str] | None
Fits = Callable[[str | None, str], bool]


def add_debug_tensor_watch(
    run_options: Any,
    node_name: str,
    output_slot: int = 0,
    debug_ops: Texts = "DebugIdentity",
    debug_urls: Texts = None,
    tolerate_debug_op_creation_failures: bool = False,
    global_step: int = -1,
) -> None:
    """Let RunOptions ask for one output.

    Args:
        run_options: a RunOptions, changed.
        node_name: the operation.
        output_slot: which of its outputs.
        debug_ops: what to keep: "DebugIdentity", "DebugNanCount", "DebugNumericSummary", or
            several; attributes may follow, as in "DebugNumericSummary(lower_bound=-1.0)".
        debug_urls: where to write it: `file:///a/folder`, or several.
        tolerate_debug_op_creation_failures: whether debug ops that do not fit the output's type are
            left out instead of being an error.
        global_step: noted with what is written.
    """
    options = run_options.debug_options
    options.global_step = global_step
    watch = options.debug_tensor_watch_opts.add()
    watch.tolerate_debug_op_creation_failures = tolerate_debug_op_creation_failures
    watch.node_name = node_name
    watch.output_slot = output_slot
    watch.debug_ops.extend(_texts(debug_ops))
    watch.debug_urls.extend(_texts(debug_urls))


def watch_graph(
    run_options: Any,
    graph: Graph,
    debug_ops: Texts = "DebugIdentity",
    debug_urls: Texts = None,
    node_name_regex_whitelist: str | None = None,
    op_type_regex_whitelist: str | None = None,
    tensor_dtype_regex_whitelist: str | None = None,
    tolerate_debug_op_creation_failures: bool = False,
    global_step: int = -1,
    reset_disk_byte_usage: bool = False,
) -> None:
    """Let RunOptions ask for all outputs of a graph, or those that fit all expressions given.

    Args:
        run_options: a RunOptions, changed.
        graph: the graph.
        debug_ops, debug_urls: as of `add_debug_tensor_watch`.
        node_name_regex_whitelist, op_type_regex_whitelist: which operations, by name and type.
        tensor_dtype_regex_whitelist: which outputs, by the names of their types.
        tolerate_debug_op_creation_failures, global_step: as of `add_debug_tensor_watch`.
        reset_disk_byte_usage: whether what was written before no longer counts.
    """
    expressions = node_name_regex_whitelist, op_type_regex_whitelist, tensor_dtype_regex_whitelist
    _watch(
        run_options,
        _chosen(graph, expressions, lambda pattern, text: not pattern or _fits(pattern, text)),
        debug_ops,
        debug_urls,
        tolerate_debug_op_creation_failures,
        global_step,
        reset_disk_byte_usage,
    )


def watch_graph_with_blacklists(
    run_options: Any,
    graph: Graph,
    debug_ops: Texts = "DebugIdentity",
    debug_urls: Texts = None,
    node_name_regex_blacklist: str | None = None,
    op_type_regex_blacklist: str | None = None,
    tensor_dtype_regex_blacklist: str | None = None,
    tolerate_debug_op_creation_failures: bool = False,
    global_step: int = -1,
    reset_disk_byte_usage: bool = False,
) -> None:
    """Let RunOptions ask for all outputs of a graph but those that fit one of the expressions.

    Args:
        run_options, graph, debug_ops, debug_urls: as of `watch_graph`.
        node_name_regex_blacklist, op_type_regex_blacklist: which operations to leave out.
        tensor_dtype_regex_blacklist: which types of outputs to leave out.
        tolerate_debug_op_creation_failures, global_step, reset_disk_byte_usage: as of
            `watch_graph`.
    """
    expressions = node_name_regex_blacklist, op_type_regex_blacklist, tensor_dtype_regex_blacklist
    _watch(
        run_options,
        _chosen(graph, expressions, lambda pattern, text: not (pattern and _fits(pattern, text))),
        debug_ops,
        debug_urls,
        tolerate_debug_op_creation_failures,
        global_step,
        reset_disk_byte_usage,
    )


def _watch(
    run_options: Any,
    tensors: Iterator[Tensor],
    debug_ops: Texts,
    debug_urls: Texts,
    tolerates: bool,
    global_step: int,
    resets: bool,
) -> None:
    for tensor in tensors:
        add_debug_tensor_watch(
            run_options, tensor.op.name, tensor.value_index, debug_ops, debug_urls, tolerates
        )
    run_options.debug_options.global_step = global_step
    run_options.debug_options.reset_disk_byte_usage = resets


def _chosen(graph: Graph, expressions: Sequence[str | None], fits: Fits) -> Iterator[Tensor]:
    """Walk the outputs whose name, type of operation and type all fit."""
    name, kind, dtype = expressions
    for operation in graph.get_operations():
        if fits(name, operation.name) and fits(kind, operation.type):
            yield from (each for each in operation.outputs if fits(dtype, each.dtype.name))


def _fits(pattern: str | None, text: str) -> bool:
    return re.match(pattern or "", text) is not None


def _texts(given: Texts) -> Sequence[str]:
    return [given] if isinstance(given, str) else list(given or ())
