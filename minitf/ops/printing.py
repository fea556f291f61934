"""Arrays as text, in strings and on the screen while a step runs.

Source: 2015 §9.2 (looking into a running graph); TensorFlow's ops of the same names.
"""

import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np

from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.strings.arrays import octets, strings
from minitf.ops.summaries import edges, summary
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import T, TypeList, U, string
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- StringFormat --------------------------------------------------------------------------------


@op("StringFormat", T=ANY.at_least(0))
def string_format_op(
    inputs: TypeList[T], *, template: str = "%s", placeholder: str = "%s", summarize: int = 3
) -> string:
    """Write arrays into a text, each in a place that the template leaves for it.

    Args:
        inputs: any arrays.
        template: the text.
        placeholder: what marks a place.
        summarize: how many slices at either end of each dimension to show; all if negative.

    Returns:
        string scalar.

    Raises:
        InvalidArgumentError: if there is not a place for each array.

    Source: TensorFlow's op of the same name.
    """
    _check_places(template, placeholder, len(inputs))
    first, *rest = template.split(placeholder)
    shown = [edges(array, summarize) for array in inputs]
    parts = [part for pair in zip(shown, rest, strict=True) for part in pair]
    return strings([octets("".join([first, *parts]))], ())


def _check_places(template: str, placeholder: str, count: int) -> None:
    places = template.count(placeholder)
    if places != count:
        raise invalid(
            f"num placeholders in template and num inputs must match: {places} vs. {count}"
        )


@string_format_op.shape
def string_format_shape(
    inputs: list[Shape], *, template: str, placeholder: str, summarize: int
) -> Shape:
    _check_places(template, placeholder, len(inputs))
    return Shape(())


string_format_op.no_gradient("text has no slope")

# --- Print ---------------------------------------------------------------------------------------


@op("Print", "stateful", T=ANY, U=ANY.at_least(0))
def print_op(
    input: T,
    data: TypeList[U],
    *,
    message: str = "",
    first_n: int = -1,
    summarize: int = 3,
    context: Context,
) -> T:
    """Pass an array on, and show others on standard error.

    Args:
        input: T[...].
        data: any arrays.
        message: what the line begins with.
        first_n: show them so often at most in a session; always, if negative.
        summarize: how many elements of each to show; all if negative.

    Returns:
        `input`.

    Source: TensorFlow's op of the same name.
    """
    if _is_due(context, first_n):
        shown = "".join(f"[{summary(array, summarize)}]" for array in data)
        sys.stderr.write(_printable(message + shown) + "\n")
    return input


def _is_due(context: Context, first_n: int) -> bool:
    if first_n < 0:
        return True
    key = context.node_name, "printed"
    with context.lock:
        printed = context.local.get(key, 0)
        context.local[key] = printed + 1
    return bool(printed < first_n)


def _printable(text: str) -> str:
    """Return a text with other bytes than UTF-8 escaped: no stream takes them."""
    return octets(text).decode("utf-8", "backslashreplace")


@print_op.shape
def print_shape(input: Shape, data: list[Shape], **_: Any) -> Shape:
    return input


@print_op.gradient
def print_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [grad, *[None] * (len(op.inputs) - 1)]


# --- PrintV2 -------------------------------------------------------------------------------------

LOGS = {
    "log(info)": logging.INFO,
    "log(warning)": logging.WARNING,
    "log(error)": logging.ERROR,
}


@op("PrintV2", "stateful")
def print_v2_op(input: string[()], *, output_stream: str = "stderr", end: str = "\n") -> None:
    """Write a string to a stream, the log or a file.

    Args:
        input: scalar.
        output_stream: "stdout", "stderr", "log(info)", "log(warning)", "log(error)", or
            "file://" and a path, to which the string is appended.
        end: what follows it.

    Raises:
        InvalidArgumentError: if there is no such stream.

    Source: TensorFlow's op of the same name.
    """
    text = input[()] + end.encode()
    shown = text.decode("utf-8", "backslashreplace")
    if output_stream in LOGS:
        logging.getLogger("tensorflow").log(LOGS[output_stream], "%s", shown)
    elif output_stream in ("stdout", "stderr"):
        getattr(sys, output_stream).write(shown)
    elif output_stream.startswith("file://"):
        with Path(output_stream.removeprefix("file://")).open("ab") as file:
            file.write(text)
    else:
        raise invalid(
            f"Unknown output stream: {output_stream}, Valid streams are: stdout stderr "
            + " ".join(LOGS)
        )


@print_v2_op.shape
def print_v2_shape(input: Shape, *, output_stream: str, end: str) -> list[Shape]:
    return []


print_v2_op.no_gradient("it has no outputs")
