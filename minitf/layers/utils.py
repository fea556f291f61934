"""What the layers share: one number for each axis, names of layouts, sizes, branches.

    normalize_tuple(3, 2, "kernel_size")            (3, 3)
    conv_output_length(28, 5, "valid", 2)           12: windows of 5 cells, 2 apart, in 28 cells
    deconv_output_length(12, 5, "valid", 2)         27: the least that gives 12 back

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import static_value
from minitf.control_flow.cond import cond
from minitf.tensor import Tensor
from minitf.variables.base import Variable

_FORMATS = {
    3: {"channels_last": "NWC", "channels_first": "NCW"},
    4: {"channels_last": "NHWC", "channels_first": "NCHW"},
    5: {"channels_last": "NDHWC", "channels_first": "NCDHW"},
}

# --- arguments -----------------------------------------------------------------------------------


def normalize_tuple(value: Any, n: int, name: str) -> tuple[int, ...]:
    """Return one whole number for each of n axes.

    Args:
        value: a number for all axes, or one for each.
        n: how many axes there are.
        name: of the argument, for the message.

    Raises:
        ValueError: if there are not as many numbers, or they are no numbers.
    """
    if isinstance(value, int):
        return (value,) * n
    refusal = f"The `{name}` argument must be a tuple of {n} integers. Received: {value}"
    try:
        given = tuple(value)
    except TypeError:
        raise ValueError(refusal) from None
    if len(given) != n:
        raise ValueError(refusal)
    numbers = []
    for each in given:
        try:
            numbers.append(int(each))
        except (TypeError, ValueError):
            raise ValueError(f"{refusal} including element {each} of type {type(each)}") from None
    return tuple(numbers)


def normalize_data_format(value: Any) -> str:
    """Return "channels_last" (also for None) or "channels_first", in small letters.

    Raises:
        ValueError: if it is neither.
    """
    data_format = "channels_last" if value is None else str(value).lower()
    if data_format not in _FORMATS[4]:
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return data_format


def normalize_padding(value: Any) -> str:
    """Return "valid", "same" or "causal", in small letters.

    Raises:
        ValueError: if it is none of them.
    """
    padding = str(value).lower()
    if padding not in {"valid", "same", "causal"}:
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", '
            f"only for `Conv1D). Received: {padding}"
        )
    return padding


def convert_data_format(data_format: str, ndim: int) -> str:
    """Return the name that operations have for a layout: "NHWC" for "channels_last" of 4 axes.

    Raises:
        ValueError: for other layouts, or fewer than 3 or more than 5 axes.
    """
    if data_format not in _FORMATS[4]:
        raise ValueError(f"Invalid data_format: {data_format}")
    if ndim not in _FORMATS:
        raise ValueError(f"Input rank not supported: {ndim}")
    return _FORMATS[ndim][data_format]


# --- sizes ---------------------------------------------------------------------------------------


def conv_output_length(
    input_length: int | None, filter_size: int, padding: str, stride: int, dilation: int = 1
) -> int | None:
    """Return how many windows there are along an axis; None if its size is not known.

    Args:
        input_length: size of the axis.
        filter_size: taps of a window.
        padding: "valid", "same", "causal", or "full" for every window that sees a cell.
        stride: cells from one window to the next.
        dilation: cells from one tap to the next.
    """
    if input_length is None:
        return None
    extent = filter_size + (filter_size - 1) * (dilation - 1)
    margins = {"valid": 1 - extent, "same": 0, "causal": 0, "full": extent - 1}
    return (input_length + margins[padding] + stride - 1) // stride


def deconv_output_length(input_length: Any, filter_size: int, padding: str, stride: int = 0) -> Any:
    """Return the size of an axis from that of its convolution: a number, a Tensor, or None.

    Args:
        input_length: how many windows there are.
        filter_size: taps of a window.
        padding: "valid", "same" or "full".
        stride: cells from one window to the next.
    """
    if input_length is None:
        return None
    length = input_length * stride
    if padding == "valid":
        return length + max(filter_size - stride, 0)
    return length - (stride + filter_size - 2) if padding == "full" else length


def conv_input_length(
    output_length: int | None, filter_size: int, padding: str, stride: int
) -> int | None:
    """Return the size of an axis from the number of its windows; None if that is not known.

    Args:
        output_length: how many windows there are.
        filter_size: taps of a window.
        padding: "valid", "same" or "full".
        stride: cells from one window to the next.
    """
    if output_length is None:
        return None
    margins = {"valid": 0, "same": filter_size // 2, "full": filter_size - 1}
    return (output_length - 1) * stride - 2 * margins[padding] + filter_size


# --- branches ------------------------------------------------------------------------------------


def constant_value(pred: Any) -> bool | None:
    """Return a predicate's value if it is known while the graph is built, else None.

    Args:
        pred: a Tensor, a variable, a bool, 0 or 1.

    Raises:
        TypeError: if it is none of them.
    """
    if isinstance(pred, Variable):
        return None
    if isinstance(pred, Tensor):
        known = static_value.constant_value(pred)
        return None if known is None else bool(known)
    if pred in {0, 1}:
        return bool(pred)
    raise TypeError(f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {pred}")


def smart_cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """Call one function if it is known which, else build `tf.cond` of both.

    Args:
        pred: see `constant_value`.
        true_fn: a function without arguments.
        false_fn: likewise.
        name: of the scope of `tf.cond`.

    Raises:
        TypeError: if one of them is something else.
    """
    if not callable(true_fn):
        raise TypeError("`true_fn` must be callable.")
    if not callable(false_fn):
        raise TypeError("`false_fn` must be callable.")
    known = constant_value(pred)
    if known is None:
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if known else false_fn()
