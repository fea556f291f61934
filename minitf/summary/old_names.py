"""Summaries under their names before TensorFlow 1.0, as the white paper's time wrote them.

A tag is what the program says, whatever scope the operation is in.  `tf.summary` has what
followed them.

Source: TensorFlow 0.12's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import convert_to_tensor
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.summary.merging import merge, merge_all
from minitf.summary.values import collected
from minitf.tensor import Tensor


def scalar_summary(tags: Any, values: Any, collections: Any = None, name: Any = None) -> Tensor:
    """Show numbers, each under a tag of its own.

    Args:
        tags: strings.
        values: real numbers, in the tags' shape.
        collections: collections that it joins; that of all summaries by default.
        name: name of the operation.
    """
    return collected(ops.scalar_summary_op(tags, values, name=name), collections)


def histogram_summary(tag: Any, values: Any, collections: Any = None, name: Any = None) -> Tensor:
    """Show how many values there are of each size: `tf.summary.histogram` under a given tag."""
    return collected(ops.histogram_summary_op(tag, values, name=name), collections)


def image_summary(
    tag: Any, tensor: Any, max_images: int = 3, collections: Any = None, name: Any = None
) -> Tensor:
    """Show images: `tf.summary.image` under a given tag."""
    made = ops.image_summary_op(tag, tensor, max_images=max_images, name=name)
    return collected(made, collections)


def audio_summary(
    tag: Any,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    name: Any = None,
) -> Tensor:
    """Let sounds be heard: `tf.summary.audio` under a given tag."""
    rate = convert_to_tensor(sample_rate, float32, "sample_rate")
    made = ops.audio_summary_v2_op(tag, tensor, rate, max_outputs=max_outputs, name=name)
    return collected(made, collections)


def merge_summary(inputs: Any, collections: Any = None, name: str | None = None) -> Tensor:
    """Join summaries: `tf.summary.merge`."""
    return merge(inputs, collections, name)


def merge_all_summaries(key: str = GraphKeys.SUMMARIES) -> Tensor | None:
    """Join all summaries of the default graph: `tf.summary.merge_all`."""
    return merge_all(key)
