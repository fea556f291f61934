"""Values that are shown over time: each function returns a Summary message, to be written out.

    tf.summary.scalar("loss", loss)
    everything = tf.summary.merge_all()
    ...
    writer.add_summary(session.run(everything), step)

A value is found again by its tag: the name, in the scopes that it was made in.  A `family` comes
before both, so that TensorBoard shows those of one family beside each other.

Source: 2015 §9.1; TensorFlow 1.15's functions of the same names in tf.summary.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf import ops, protos
from minitf.api.framework import add_to_collections, convert_to_tensor, name_scope
from minitf.dtypes import float32, string
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def scalar(name: str, tensor: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """Show a number.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        tensor: the number, of any real type.
        collections: collections that it joins; that of all summaries by default.
        family: what comes before the tag, so that TensorBoard groups by it.

    Returns:
        A Summary message, as a string scalar.

    Raises:
        ValueError: if the family is no name of a scope.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        return collected(ops.scalar_summary_op(tag, tensor, name=scope), collections)


def histogram(name: str, values: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """Show how many values there are of each size.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        values: numbers of any real type and shape; NaN or an infinity among them ends the step.
        collections: as of `scalar`.
        family: likewise.

    Returns:
        A Summary message, as a string scalar.

    Raises:
        ValueError: if the family is no name of a scope.
    """
    with summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        return collected(ops.histogram_summary_op(tag, values, name=scope), collections)


def image(
    name: str,
    tensor: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """Show images.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        tensor: [N, H, W, 1, 3 or 4], grey, RGB or RGBA: bytes as they are, floats of each image
            spread over 0 to 255.  Pixels with NaN or an infinity are red.
        max_outputs: how many of them to show at most.
        collections: as of `scalar`.
        family: likewise.

    Returns:
        A Summary message, as a string scalar.

    Raises:
        ValueError: if the family is no name of a scope.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = ops.image_summary_op(tag, tensor, max_images=max_outputs, name=scope)
        return collected(made, collections)


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: str | None = None,
) -> Tensor:
    """Let sounds be heard.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        tensor: float32[N, frames] or [N, frames, channels], from -1 to 1.
        sample_rate: samples per second, a number or a tensor of one.
        max_outputs: how many of them to write at most.
        collections: as of `scalar`.
        family: likewise.

    Returns:
        A Summary message, as a string scalar.

    Raises:
        ValueError: if the family is no name of a scope.
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, float32, "sample_rate")
        made = ops.audio_summary_v2_op(tag, tensor, rate, max_outputs=max_outputs, name=scope)
        return collected(made, collections)


def text(name: str, tensor: Any, collections: Any = None) -> Tensor:
    """Show text, in Markdown; a matrix of it as a table.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        tensor: strings.
        collections: as of `scalar`.

    Returns:
        A Summary message, as a string scalar.

    Raises:
        ValueError: if the tensor has no strings.
    """
    tensor = convert_to_tensor(tensor)
    if tensor.dtype.base_dtype is not string:
        raise ValueError(
            f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype!r}"
        )
    plugin = protos.SummaryMetadata.PluginData(plugin_name="text")
    metadata = protos.SummaryMetadata(plugin_data=plugin)
    return tensor_summary(name, tensor, summary_metadata=metadata, collections=collections)


def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Any = None,
    summary_metadata: Any = None,
    family: str | None = None,
    display_name: str | None = None,
) -> Tensor:
    """Hand a tensor to a plugin of TensorBoard.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        tensor: any tensor.
        summary_description: what it is, in Markdown.
        collections: as of `scalar`.
        summary_metadata: a SummaryMetadata, which names the plugin.
        family: as of `scalar`.
        display_name: what it is called in the plugin.

    Returns:
        A Summary message, as a string scalar.

    Raises:
        ValueError: if the family is no name of a scope.
    """
    metadata = protos.SummaryMetadata()
    if summary_metadata is not None:
        metadata.MergeFromString(summary_metadata.SerializeToString())
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = ops.tensor_summary_v2_op(tag, tensor, metadata.SerializeToString(), name=scope)
        return collected(made, collections)


@contextmanager
def summary_scope(
    name: str | None,
    family: str | None = None,
    default_name: str | None = None,
    values: list[Any] | None = None,
) -> Iterator[tuple[str, str]]:
    """Open the name scope of a summary; give its tag and, for the operation, the scope."""
    name, family = clean(name), clean(family)
    inner = name if family is None else f"{family}/{name}"
    with name_scope(inner, default_name, values) as scope:
        tag = scope.rstrip("/")
        # the family once more, as the scope may lie within others
        yield tag if family is None else f"{family}/{tag}", scope


def clean(name: str | None) -> str | None:
    """Return a name whose letters an operation's name may have."""
    if name is None:
        return None
    made = re.sub(r"[^-/\w.]", "_", name, flags=re.ASCII).lstrip("/")
    if made != name:
        logging.getLogger("tensorflow").info(
            "Summary name %s is illegal; using %s instead.", name, made
        )
    return made


def collected(summary: Tensor, collections: Any) -> Tensor:
    """Add a summary to collections, by default to that of all summaries, and return it."""
    add_to_collections([GraphKeys.SUMMARIES] if collections is None else collections, summary)
    return summary
