"""Summaries of tensors by their ranks, and of whole collections.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import greater, less
from minitf.api.framework import get_collection
from minitf.api.reductions import reduce_mean
from minitf.dtypes import bool_, float32, string
from minitf.graph_keys import GraphKeys
from minitf.summary.values import histogram, scalar
from minitf.tensor import Tensor

_OF_SIGNS = ("Relu", "Softplus", "Relu6")
_GREATEST = 6.0  # of Relu6


def summarize_tensor(tensor: Any, tag: str | None = None) -> Tensor | None:
    """Write a scalar, or the histogram of a tensor; return the summary, None for strings and bools.

    Args:
        tensor: what is written.
        tag: its tag; by default that of the operation, with `_summary`.
    """
    if tensor.dtype.base_dtype in (string, bool_):
        return None
    write = scalar if tensor.shape.ndims == 0 else histogram
    return write(tag or f"{tensor.op.name}_summary", tensor)


def summarize_activation(op: Any) -> Tensor:
    """Write the histogram of an activation, and which share of its inputs it cuts off.

    Args:
        op: outputs of a layer.
    """
    name, kind = op.op.name, op.op.type
    if kind in _OF_SIGNS:
        before = op.op.inputs[0]
        _write_share(less(before, cast(0.0, before.dtype)), f"{name}/zeros")
        if kind == "Relu6":
            _write_share(greater(before, cast(_GREATEST, before.dtype)), f"{name}/sixes")
    return histogram(f"{name}/activation", op)


def _write_share(condition: Any, tag: str) -> None:
    scalar(tag, reduce_mean(cast(condition, float32)))


def summarize_tensors(
    tensors: Iterable[Any], summarizer: Callable[[Any], Any] = summarize_tensor
) -> list[Any]:
    """Apply a summarizer to each tensor."""
    return [summarizer(each) for each in tensors]


def summarize_collection(
    collection: str,
    name_filter: str | None = None,
    summarizer: Callable[[Any], Any] = summarize_tensor,
) -> list[Any]:
    """Apply a summarizer to the tensors of a collection.

    Args:
        collection: its name.
        name_filter: a regular expression with which names of their operations begin.
        summarizer: a function of a tensor.
    """
    found = get_collection(collection)
    if name_filter is not None:
        found = [each for each in found if re.match(name_filter, each.op.name)]
    return summarize_tensors(found, summarizer)


summarize_variables = functools.partial(summarize_collection, GraphKeys.GLOBAL_VARIABLES)
summarize_weights = functools.partial(summarize_collection, GraphKeys.WEIGHTS)
summarize_biases = functools.partial(summarize_collection, GraphKeys.BIASES)


def summarize_activations(
    name_filter: str | None = None, summarizer: Callable[[Any], Any] = summarize_activation
) -> list[Any]:
    """Apply a summarizer to the tensors of ACTIVATIONS; see `summarize_collection`."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)
