"""Tensors as text: in strings, and on the screen while a step runs.

Source: 2015 §9.2; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import itertools
import logging
import os
import pprint
import random
import sys
from typing import Any

from minitf import nest, ops
from minitf.api.framework import is_tensor
from minitf.composite import SparseTensor
from minitf.dtypes import string
from minitf.operation import Operation
from minitf.tensor import Tensor


def Print(
    input_: Any,
    data: Any,
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Pass a tensor on, and show others on standard error whenever it runs.

    Args:
        input_: the tensor.
        data: tensors to show.
        message: what the line begins with.
        first_n: show them so often at most; always by default.
        summarize: how many elements of each to show, 3 by default.
        name: name of the operation.
    """
    given = {"message": message, "first_n": first_n, "summarize": summarize}
    attrs = {key: value for key, value in given.items() if value is not None}
    return ops.print_op(input_, data, **attrs, name=name)


def format(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: int = 3,
    name: str | None = None,
) -> Tensor:
    """Write tensors into a text, each in a place that the template leaves for it.

    Args:
        template: the text.
        inputs: tensors, or one.
        placeholder: what marks a place.
        summarize: how many slices at either end of each dimension to show; all if negative.
        name: name of the operation.

    Raises:
        ValueError: if there is not a place for each tensor.
    """
    tensors = [inputs] if is_tensor(inputs) else inputs
    places = template.count(placeholder)
    if places != len(tensors):
        raise ValueError(
            f"{places} placeholder(s) in template does not match {len(tensors)} tensor(s) "
            "provided as input"
        )
    return ops.string_format_op(
        tensors, template=template, placeholder=placeholder, summarize=summarize, name=name
    )


def print_(*inputs: Any, **kwargs: Any) -> Operation:
    """Print tensors and other things, in any nested structure, whenever the operation runs.

    Args:
        *inputs: what to print.
        **kwargs: `output_stream`: sys.stdout, sys.stderr (the default), a level of tf.logging or
            "file://" and a path; `summarize`: how many slices at either end of each dimension to
            show, 3 by default, all if negative; `sep`: what stands between two things; `end`: what
            follows the last; `name`: name of the operation.

    Returns:
        An operation that prints: run it, or let others depend on it.

    Raises:
        ValueError: if there is no such stream or argument.
    """
    stream = _stream(kwargs.pop("output_stream", sys.stderr))
    name, summarize = kwargs.pop("name", None), kwargs.pop("summarize", 3)
    sep, end = kwargs.pop("sep", " "), kwargs.pop("end", os.linesep)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    if _is_text(inputs):
        text = inputs[0]
    else:
        template, tensors, placeholder = _template(inputs, sep)
        text = format(template, tensors, placeholder, summarize, name and f"{name}_format")
    return ops.print_v2_op(text, output_stream=stream, end=end, name=name)


def _is_text(inputs: tuple[Any, ...]) -> bool:
    """Tell whether one string is to be printed, which needs no quotation marks."""
    return (
        len(inputs) == 1
        and isinstance(inputs[0], Tensor)
        and inputs[0].static_shape.rank == 0
        and inputs[0].dtype is string
    )


def _template(inputs: tuple[Any, ...], sep: str) -> tuple[str, list[Tensor], str]:
    """Return a text with places, the tensors that belong there, and what marks a place."""
    plain = nest.map_structure(lambda x: "" if is_tensor(x) else x, inputs)
    placeholder = _unused(" ".join(map(pprint.pformat, plain)))
    tensors: list[Tensor] = []
    parts = []
    for each in inputs:
        if isinstance(each, str):
            parts.append(each)
            continue
        shown = []
        for item in nest.flatten(each):
            if isinstance(item, SparseTensor):
                tensors += [item.indices, item.values, item.dense_shape]
                shown.append(
                    f"SparseTensor(indices={placeholder}, values={placeholder}, "
                    f"shape={placeholder})"
                )
            elif is_tensor(item):
                tensors.append(item)
                shown.append(placeholder)
            else:
                shown.append(item)
        parts.append(pprint.pformat(nest.pack_sequence_as(each, shown)))
    return sep.join(parts).replace(f"'{placeholder}'", placeholder), tensors, placeholder


def _unused(text: str) -> str:
    """Return a mark that a text does not contain, the one that TensorFlow finds."""
    digits = random.Random(5)
    marks = itertools.accumulate(
        itertools.repeat(None), lambda mark, _: mark + str(digits.randint(0, 9)), initial="{}"
    )
    return next(mark for mark in marks if mark not in text)


def _stream(stream: Any) -> str:
    if isinstance(stream, str) and stream.startswith("file://"):
        return stream
    known = {
        sys.stdout: "stdout",
        sys.stderr: "stderr",
        logging.INFO: "log(info)",
        logging.WARNING: "log(warning)",
        logging.ERROR: "log(error)",
    }
    if stream not in known:
        raise ValueError(
            f"Unsupported output stream, logging level, or file.{stream}. Supported streams are "
            "sys.stdout, sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. "
            "File needs to be in the form of 'file://<filepath>'."
        )
    return known[stream]
