"""Several summaries as one, so that a step fetches one value.

Source: 2015 §9.1; TensorFlow 1.15's functions of the same names in tf.summary.
"""

from __future__ import annotations

from typing import Any

from minitf import ops, protos
from minitf.api.framework import add_to_collections, get_collection, name_scope
from minitf.graph_keys import GraphKeys
from minitf.summary.values import clean
from minitf.tensor import Tensor


def merge(inputs: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """Join summaries.

    Args:
        inputs: Summary messages, as string tensors; a tag that comes twice ends the step.
        collections: collections that the result joins; none by default.
        name: name of the operation and of its scope.

    Returns:
        A Summary message with the values of all, as a string scalar.
    """
    name, inputs = clean(name), list(inputs)
    with name_scope(name, "Merge", inputs):
        made: Tensor = ops.merge_summary_op(inputs, name=name)
        if collections is not None:
            add_to_collections(collections, made)
        return made


def merge_all(
    key: str = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> Tensor | None:
    """Join all summaries of the default graph.

    Args:
        key: the collection that they are in.
        scope: a regular expression that their names begin with.
        name: name of the operation.

    Returns:
        A Summary message with the values of all, as a string scalar; None if there are none.
    """
    found = get_collection(key, scope)
    return merge(found, name=name) if found else None


def get_summary_description(node_def: Any) -> Any:
    """Return the SummaryDescription of a TensorSummary node.

    Raises:
        ValueError: if the node is of another op.
    """
    if node_def.op != "TensorSummary":
        raise ValueError(f"Can't get_summary_description on {node_def.op}")
    from google.protobuf import json_format

    text = node_def.attr["description"].s.decode()
    return json_format.Parse(text, protos.SummaryDescription())
