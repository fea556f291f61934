"""`tensorflow.python.tools.optimize_for_inference_lib`: a frozen graph without what training needs.

What is folded: a batch normalisation behind a convolution becomes other weights and an offset; a
resize and a border in front of a convolution become one operation with it.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import dtypes, protos
from minitf.api.graph_util import remove_training_nodes
from minitf.api.tensor_util import make_ndarray, make_tensor_proto
from minitf.compat.internal.strip_unused import strip_unused

INPUT_ORDER = {  # conv_op, mean_op, var_op, beta_op, gamma_op: where a normalisation has them
    "BatchNormWithGlobalNormalization": ["conv_op", "mean_op", "var_op", "beta_op", "gamma_op"],
    "FusedBatchNorm": ["conv_op", "gamma_op", "beta_op", "mean_op", "var_op"],
    "FusedBatchNormV3": ["conv_op", "gamma_op", "beta_op", "mean_op", "var_op"],
}
EPSILON_ATTR = {
    "BatchNormWithGlobalNormalization": "variance_epsilon",
    "FusedBatchNorm": "epsilon",
    "FusedBatchNormV3": "epsilon",
}
_INT32 = dtypes.int32.as_datatype_enum
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
_LOG = logging.getLogger("tensorflow")


def optimize_for_inference(
    input_graph_def: Any,
    input_node_names: Sequence[str],
    output_node_names: list[str],
    placeholder_type_enum: Any,
    toco_compatible: bool = False,
) -> Any:
    """Return a GraphDef that computes the same with fewer operations.

    Args:
        input_graph_def: a frozen GraphDef.
        input_node_names: nodes that become placeholders.
        output_node_names: nodes wanted.
        placeholder_type_enum: the placeholders' type, or a list with one for each.
        toco_compatible: whether to leave resizes and borders alone.

    Raises:
        ValueError: if names stand twice, or inputs are missing.
    """
    ensure_graph_is_valid(input_graph_def)
    made = strip_unused(input_graph_def, input_node_names, output_node_names, placeholder_type_enum)
    made = fold_batch_norms(remove_training_nodes(made, output_node_names))
    if not toco_compatible:
        made = fuse_resize_and_conv(made, output_node_names)
    ensure_graph_is_valid(made)
    return made


def ensure_graph_is_valid(graph_def: Any) -> None:
    """Check that each name stands once, and each input has a node.

    Raises:
        ValueError: if not.
    """
    nodes = _by_name(graph_def)
    for node in graph_def.node:
        for name in node.input:
            if node_name_from_input(name) not in nodes:
                raise ValueError(f"Input for {node.name} not found: {name}")


def _by_name(graph_def: Any) -> dict[str, Any]:
    nodes: dict[str, Any] = {}
    for node in graph_def.node:
        if node.name in nodes:
            raise ValueError(f"Duplicate node names detected for {node.name}")
        nodes[node.name] = node
    return nodes


def node_name_from_input(node_name: str) -> str:
    """Return the node's name of an input: without `^` and the number of the output."""
    return node_name.removeprefix("^").partition(":")[0]


def node_from_map(node_map: dict[str, Any], name: str) -> Any:
    """Return the node of an input.

    Raises:
        ValueError: if there is none.
    """
    stripped = node_name_from_input(name)
    if stripped not in node_map:
        raise ValueError(f"No node named '{name}' found in map.")
    return node_map[stripped]


def values_from_const(node_def: Any) -> Any:
    """Return the array that a Const node holds.

    Raises:
        ValueError: if it is no Const.
    """
    if node_def.op != "Const":
        raise ValueError(
            f"Node named '{node_def.name}' should be a Const op for values_from_const."
        )
    return make_ndarray(node_def.attr["value"].tensor)


def scale_after_normalization(node: Any) -> bool:
    """Tell whether a batch normalisation multiplies by gamma."""
    if node.op == "BatchNormWithGlobalNormalization":
        return bool(node.attr["scale_after_normalization"].b)
    return True


def fold_batch_norms(input_graph_def: Any) -> Any:
    """Return a GraphDef whose convolutions have taken in the normalisations behind them.

    Raises:
        ValueError: if names stand twice, or inputs are missing.
    """
    nodes, uses = _by_name(input_graph_def), _uses(input_graph_def)
    skipped: set[str] = set()
    added: list[Any] = []
    for node in input_graph_def.node:
        if node.op not in INPUT_ORDER or uses[node_name_from_input(node.input[0])] > 1:
            continue
        parts = _parts_to_fold(node, nodes)
        if parts is None:
            continue
        conv, weights = parts["conv_op"], parts["weights_op"]
        scale, offset = _folded(node, parts)
        skipped |= {node.name, conv.name, weights.name}
        skipped |= {parts[key].name for key in INPUT_ORDER[node.op] if key != "conv_op"}
        added += _folded_nodes(node, conv, weights, scale, offset)
    return _with_nodes(input_graph_def, skipped, added)


def _uses(graph_def: Any) -> Counter[str]:
    """Count by name how often a node is an input."""
    return Counter(node_name_from_input(name) for node in graph_def.node for name in node.input)


def _parts_to_fold(node: Any, nodes: dict[str, Any]) -> dict[str, Any] | None:
    """Return the nodes that a normalisation is made of; None if it can not be folded."""
    parts = {
        key: node_from_map(nodes, name)
        for key, name in zip(INPUT_ORDER[node.op], node.input, strict=False)
    }
    conv = parts["conv_op"]
    if conv.op not in _CONVOLUTIONS:
        _LOG.warning("Didn't find expected Conv2D input to '%s'", node.name)
        return None
    parts["weights_op"] = node_from_map(nodes, conv.input[1])
    for key, part in parts.items():
        if key != "conv_op" and part.op != "Const":
            _LOG.warning("Didn't find expected %s Constant input to '%s'", key, node.name)
            return None
    channels = _channels(conv, values_from_const(parts["weights_op"]))
    for key in INPUT_ORDER[node.op][1:]:
        shape = values_from_const(parts[key]).shape
        if shape != (channels,):
            _LOG.warning("Incorrect shape for %s, found %s", key, shape)
            return None
    return parts


def _channels(conv: Any, weights: Any) -> int:
    deep = conv.op == "DepthwiseConv2dNative"
    return int(weights.shape[2] * weights.shape[3] if deep else weights.shape[3])


def _folded(node: Any, parts: dict[str, Any]) -> tuple[Any, Any]:
    """Return the scale and the offset of each channel."""
    mean, var, beta, gamma = (
        values_from_const(parts[key]) for key in ("mean_op", "var_op", "beta_op", "gamma_op")
    )
    scale = 1.0 / np.sqrt(var + node.attr[EPSILON_ATTR[node.op]].f)
    if scale_after_normalization(node):
        scale = scale * gamma
    return scale, beta - mean * scale


def _folded_nodes(node: Any, conv: Any, weights: Any, scale: Any, offset: Any) -> list[Any]:
    """Return the scaled weights, the convolution by them, the offset, and their sum."""
    values = values_from_const(weights)
    shape = values.shape[2:] if conv.op == "DepthwiseConv2dNative" else values.shape[3:]
    scaled = (values * scale.reshape(shape)).astype(values.dtype)
    weights_made = _const(f"{conv.name}_weights", scaled, weights.attr["dtype"].type)
    conv_made = protos.NodeDef()
    conv_made.CopyFrom(conv)
    conv_made.input[1] = weights_made.name
    offset_made = _const(
        f"{conv.name}_bn_offset", offset.astype(values.dtype), weights.attr["dtype"].type
    )
    total = protos.NodeDef(op="BiasAdd", name=node.name, input=[conv.name, offset_made.name])
    total.attr["T"].CopyFrom(conv.attr["T"])
    total.attr["data_format"].CopyFrom(conv.attr["data_format"])
    return [weights_made, conv_made, offset_made, total]


def _const(name: str, values: Any, dtype: Any) -> Any:
    made = protos.NodeDef(op="Const", name=name)
    made.attr["dtype"].type = dtype
    made.attr["value"].tensor.CopyFrom(make_tensor_proto(values, shape=values.shape))
    return made


def _with_nodes(graph_def: Any, skipped: set[str], added: list[Any]) -> Any:
    """Return a GraphDef with nodes in place of others; those that somebody still needs stay."""
    names = {node.name for node in added}
    kept = [node for node in graph_def.node if node.name not in skipped]
    needed = {node_name_from_input(name) for node in (*kept, *added) for name in node.input}
    made = protos.GraphDef(versions=graph_def.versions, library=graph_def.library)
    made.node.extend(
        node for node in graph_def.node if node.name not in skipped or node.name in needed - names
    )
    made.node.extend(added)
    return made


def fuse_resize_and_conv(input_graph_def: Any, output_node_names: Sequence[str]) -> Any:
    """Return a GraphDef whose convolutions resize and pad their images themselves.

    Args:
        input_graph_def: the GraphDef.
        output_node_names: nodes wanted: they stay.

    Raises:
        ValueError: if names stand twice, or inputs are missing.
    """
    nodes = _by_name(input_graph_def)
    uses = _uses(input_graph_def) + Counter(output_node_names)
    skipped: set[str] = set()
    added: list[Any] = []
    for node in input_graph_def.node:
        if node.op == "Conv2D":
            fused, gone = _fused(node, nodes, uses)
            skipped |= gone
            added += fused
    return _with_nodes(input_graph_def, skipped, added)


def _fused(conv: Any, nodes: dict[str, Any], uses: dict[str, int]) -> tuple[list[Any], set[str]]:
    """Return what stands for a convolution and what is in front of it, and the names of these."""
    before = source = node_from_map(nodes, conv.input[0])
    gone = {conv.name}
    mode, paddings, extra = b"REFLECT", f"{conv.name}_dummy_paddings", []
    if source.op == "MirrorPad" and uses[source.name] == 1:
        mode, paddings = source.attr["mode"].s, source.input[1]
        gone.add(source.name)
        before = node_from_map(nodes, source.input[0])
    resize = before if before.op == "ResizeBilinear" and uses[before.name] == 1 else None
    if resize is None and len(gone) == 1:
        return [], set()
    if len(gone) == 1:
        extra = [_const(paddings, np.zeros((4, 2), np.int32), _INT32)]
    made = protos.NodeDef(name=conv.name)
    if resize is None:
        made.op = "FusedPadConv2D"
        made.input.extend([source.input[0], paddings, conv.input[1]])
    else:
        gone.add(resize.name)
        made.op = "FusedResizeAndPadConv2D"
        made.input.extend([resize.input[0], resize.input[1], paddings, conv.input[1]])
        made.attr["resize_align_corners"].CopyFrom(resize.attr["align_corners"])
    for name in ("T", "strides", "padding"):
        made.attr[name].CopyFrom(conv.attr[name])
    made.attr["mode"].s = mode
    return [*extra, made], gone
