"""Strings: joining, cutting, numbers from text and text from numbers.

Source: TensorFlow 1.15's functions of the same names, and those of `tf.strings`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import renamed_argument
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.api.sequences import range
from minitf.api.sizes import rank
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.tensor import Tensor


@dispatchable
def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """Join the strings at the same place of several tensors."""
    return ops.string_join_op(inputs, separator=separator, name=name)


@dispatchable
def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Tensor:
    """Join the strings along some dimensions, the first one named running fastest.

    Args:
        inputs: strings.
        axis: one or several dimensions; by default all, the last one first.
        keep_dims: deprecated name of `keepdims`.
        separator: what stands between two strings.
        name: name of the operation.
        reduction_indices: deprecated name of `axis`.
        keepdims: keep the dimensions, with size 1.
    """
    keep = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
    axis = renamed_argument("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(None, "ReduceJoin", [inputs, axis]):
        inputs = convert_to_tensor(inputs)
        count = inputs.static_shape.rank
        if axis is None and count is None:
            axis = range(rank(inputs) - 1, -1, -1)
        elif axis is None:
            axis = constant(np.arange(count - 1, -1, -1), dtypes.int32)
        return ops.reduce_join_op(
            inputs, axis, keep_dims=bool(keep), separator=separator, name=name
        )


def unsorted_segment_join(
    inputs: Any, segment_ids: Any, num_segments: Any, separator: str = "", name: str | None = None
) -> Tensor:
    """Join the strings of each segment, in the order in which they stand."""
    return ops.unsorted_segment_join_op(
        inputs, segment_ids, num_segments, separator=separator, name=name
    )


@dispatchable
def string_length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """Count the bytes (BYTE), or the letters (UTF8_CHAR), of each string."""
    return ops.string_length_op(input, unit=unit, name=name)


@dispatchable
def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """Cut a piece out of each string.

    Args:
        input: strings.
        pos: where it begins; negative: counted from the end.
        len: how long it is at most.
        name: name of the operation.
        unit: BYTE, or UTF8_CHAR for letters.
    """
    return ops.substr_op(input, pos, len, unit=unit, name=name)


@dispatchable
def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    r"""Replace what a regular expression of RE2 matches in each string.

    Args:
        input: strings.
        pattern: the expression.
        rewrite: what stands in its place; \1 to \9 are its groups, \0 all that matched.
        replace_global: every match, else the first.
        name: name of the operation.
    """
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return ops.static_regex_replace_op(
            input, pattern=pattern, rewrite=rewrite, replace_global=replace_global, name=name
        )
    return ops.regex_replace_op(input, pattern, rewrite, replace_global=replace_global, name=name)


@dispatchable
def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Tell of each string whether all of it matches a regular expression of RE2."""
    if isinstance(pattern, (str, bytes)):
        return ops.static_regex_full_match_op(input, pattern=pattern, name=name)
    return ops.regex_full_match_op(input, pattern, name=name)


def unicode_transcode(
    input: Any,
    input_encoding: str,
    output_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> Tensor:
    """Write each string in another encoding.

    Args:
        input: strings.
        input_encoding: the encoding they are in.
        output_encoding: "UTF-8", "UTF-16-BE" or "UTF-32-BE".
        errors: "replace" what is no letter, "ignore" it, or be "strict" and refuse it.
        replacement_char: the code point that stands for it.
        replace_control_characters: do the same to control characters.
        name: name of the operation.
    """
    return ops.unicode_transcode_op(
        input,
        input_encoding=input_encoding,
        output_encoding=output_encoding,
        errors=errors,
        replacement_char=replacement_char,
        replace_control_characters=replace_control_characters,
        name=name,
    )


def edit_distance(
    hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance"
) -> Tensor:
    """Return the Levenshtein distances of sequences, which run along the last dimension.

    Args:
        hypothesis: a SparseTensor of sequences.
        truth: a SparseTensor of what they should be.
        normalize: divide by the true sequence's length.
        name: name of the operation.

    Raises:
        TypeError: if one is no SparseTensor.
    """
    for what, each in (("Hypothesis", hypothesis), ("Truth", truth)):
        if not isinstance(each, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"{what} must be a SparseTensor.")
    return ops.edit_distance_op(
        hypothesis.indices,
        hypothesis.values,
        hypothesis.dense_shape,
        truth.indices,
        truth.values,
        truth.dense_shape,
        normalize=normalize,
        name=name,
    )


@dispatchable
def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Tensor:
    """Write numbers as text, as C's printf does.

    Args:
        input: numbers or bools.
        precision: digits after the point; 6 by default.
        scientific: write with an exponent.
        shortest: write with an exponent where that is shorter.
        width: pad to this many characters.
        fill: what to pad with on the left: " ", "0", "+", "#"; "-" pads on the right.
        name: name of the operation.
    """
    return ops.as_string_op(
        input,
        precision=precision,
        scientific=scientific,
        shortest=shortest,
        width=width,
        fill=fill,
        name=name,
    )


@dispatchable
def string_to_number(
    string_tensor: Any = None,
    out_type: Any = dtypes.float32,
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """Read each string as a number.

    Args:
        string_tensor: strings.
        out_type: float32, float64, int32 or int64.
        name: name of the operation.
        input: another name of `string_tensor`.
    """
    strings = renamed_argument("input", input, "string_tensor", string_tensor)
    return ops.string_to_number_op(strings, out_type=as_dtype(out_type), name=name)


@dispatchable
def string_strip(input: Any, name: str | None = None) -> Tensor:
    """Cut white space off both ends of each string."""
    return ops.string_strip_op(input, name=name)


def string_lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Write each string in small letters; without an encoding only those of ASCII change."""
    return ops.string_lower_op(input, encoding=encoding, name=name)


def string_upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Write each string in capital letters; without an encoding only those of ASCII change."""
    return ops.string_upper_op(input, encoding=encoding, name=name)
