"""`tf.contrib.slim.summaries`: summaries that are called after what they show.

Source: TensorFlow 1.15's tf.contrib.slim.summaries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.api.framework import add_to_collection
from minitf.api.nn_layers import zero_fraction
from minitf.api.printing import Print
from minitf.graph_keys import GraphKeys
from minitf.summary.values import histogram, image, scalar
from minitf.tensor import Tensor


def add_histogram_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None
) -> Tensor:
    """Add a histogram of a tensor's numbers.

    Args:
        tensor: the tensor.
        name: the summary's name; the tensor's if None.
        prefix: what stands before it.
    """
    return histogram(_name(tensor, name, prefix), tensor)


def add_image_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Tensor:
    """Show a tensor's pictures.

    Args:
        tensor: number[batch, height, width, channels].
        name: the summary's name; the tensor's if None.
        prefix: what stands before it.
        print_summary: whether the tensor is printed too.
    """
    title = _name(tensor, name, prefix)
    return _printed(image, title, tensor) if print_summary else image(title, tensor)


def add_scalar_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Tensor:
    """Show a number over time.

    Args:
        tensor: number[].
        name: the summary's name; the tensor's if None.
        prefix: what stands before it.
        print_summary: whether the number is printed too.
    """
    title = _name(tensor, name, prefix)
    return _printed(scalar, title, tensor) if print_summary else scalar(title, tensor)


def add_zero_fraction_summary(
    tensor: Any, name: str | None = None, prefix: str | None = None, print_summary: bool = False
) -> Tensor:
    """Show over time which share of a tensor's numbers is 0.

    Args:
        tensor: the tensor.
        name: the summary's name; the tensor's if None.
        prefix: what stands before it.
        print_summary: whether the share is printed too.
    """
    title = f"{_name(tensor, name, prefix)}/Fraction_of_Zero_Values"
    return add_scalar_summary(zero_fraction(tensor), title, print_summary=print_summary)


def add_histogram_summaries(tensors: Iterable[Any], prefix: str | None = None) -> list[Tensor]:
    """Add a histogram of each tensor; arguments as of `add_histogram_summary`."""
    return [add_histogram_summary(each, prefix=prefix) for each in tensors]


def add_image_summaries(tensors: Iterable[Any], prefix: str | None = None) -> list[Tensor]:
    """Show each tensor's pictures; arguments as of `add_image_summary`."""
    return [add_image_summary(each, prefix=prefix) for each in tensors]


def add_scalar_summaries(
    tensors: Iterable[Any], prefix: str | None = None, print_summary: bool = False
) -> list[Tensor]:
    """Show each number over time; arguments as of `add_scalar_summary`."""
    return [
        add_scalar_summary(each, prefix=prefix, print_summary=print_summary) for each in tensors
    ]


def add_zero_fraction_summaries(tensors: Iterable[Any], prefix: str | None = None) -> list[Tensor]:
    """Show each tensor's share of 0s; arguments as of `add_zero_fraction_summary`."""
    return [add_zero_fraction_summary(each, prefix=prefix) for each in tensors]


def _name(tensor: Any, name: str | None, prefix: str | None) -> str:
    title = name or tensor.op.name
    return f"{prefix}/{title}" if prefix else title


def _printed(kind: Any, title: str, tensor: Any) -> Tensor:
    """Return a summary that prints what it shows; only this one joins the collection."""
    made = Print(kind(title, tensor, collections=[]), [tensor], title)
    add_to_collection(GraphKeys.SUMMARIES, made)
    return made
