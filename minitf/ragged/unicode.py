"""Strings as code points, letters and scripts of Unicode, in rows of different lengths.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.dispatch import dispatchable
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.tensor import Tensor


@dispatchable
def unicode_script(input: Any, name: str | None = None) -> Tensor:
    """Return the number of the script of each code point."""
    return ops.unicode_script_op(input, name=name)  # type: ignore[no-any-return]


def unicode_encode(
    input: Any,
    output_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    name: str | None = None,
) -> Any:
    """Write rows of code points as strings.

    Args:
        input: code points, at least a vector; the last dimension becomes strings.
        output_encoding: "UTF-8", "UTF-16-BE" or "UTF-32-BE".
        errors: "replace" what is no code point, "ignore" it, or be "strict" and refuse it.
        replacement_char: the code point that stands for it.
        name: name of the operation.

    Returns:
        Strings, with a dimension less.

    Raises:
        ValueError: if the rank is not known, or zero.
    """
    with name_scope(name, "UnicodeEncode", [input]):
        points = as_tensor_or_ragged(input)
        rank = points.shape.ndims
        if rank is None:
            raise ValueError("Rank of input_tensor must be statically known.")
        if rank == 0:
            raise ValueError("input_tensor's rank must be at least 1.")
        rest = (output_encoding, errors, replacement_char)
        if isinstance(points, RaggedTensor):
            if isinstance(points.values, RaggedTensor):
                return points.with_values(unicode_encode(points.values, *rest))
            if points.flat_values.shape.ndims is not None and points.flat_values.shape.ndims > 1:
                return points.with_values(unicode_encode(points.values, *rest))
            return ops.unicode_encode_op(
                points.values,
                points.row_splits,
                output_encoding=output_encoding,
                errors=errors,
                replacement_char=replacement_char,
            )
        if rank == 2:
            return unicode_encode(RaggedTensor.from_tensor(points), *rest)
        if rank > 2:
            last = ops.shape_op(points)[-1:]
            flat = ops.reshape_op(points, ops.concat_v2_op([[-1], last], 0))
            texts = unicode_encode(RaggedTensor.from_tensor(flat), *rest)
            return ops.reshape_op(texts, ops.shape_op(points)[:-1])
        one_row = RaggedTensor.from_row_splits(
            points, ops.pack_op([0, ops.shape_op(points)[0]]), validate=False
        )
        return ops.reshape_op(unicode_encode(one_row, *rest), [])


def unicode_decode(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> Any:
    """Return the code points of each string, as a row.

    Args:
        input: strings of any shape whose rank is known, ragged or not.
        input_encoding: the encoding they are in.
        errors: "replace" what is no letter, "ignore" it, or be "strict" and refuse it.
        replacement_char: the code point that stands for it.
        replace_control_characters: do the same to control characters.
        name: name of the operation.

    Returns:
        int32 code points, with a dimension more: a RaggedTensor; a vector of one string.
    """
    with name_scope(name, "UnicodeDecode", [input]):
        return _decoded(input, input_encoding, errors, replacement_char, replace_control_characters)


def unicode_decode_with_offsets(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> Any:
    """Return the code points of each string, and where each begins; as `unicode_decode`.

    Returns:
        (int32 code points, int64 places in bytes).
    """
    with name_scope(name, "UnicodeDecodeWithOffsets", [input]):
        return _decoded(
            input,
            input_encoding,
            errors,
            replacement_char,
            replace_control_characters,
            with_offsets=True,
        )


def unicode_split(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    name: str | None = None,
) -> Any:
    """Cut each string into its letters, as a row; arguments as of `unicode_decode`."""
    with name_scope(name, "UnicodeSplit", [input]):
        points = _decoded(input, input_encoding, errors, replacement_char, False)
        return _letters(points, input_encoding, errors, replacement_char)


def unicode_split_with_offsets(
    input: Any,
    input_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    name: str | None = None,
) -> Any:
    """Cut each string into its letters, and say where each begins; as `unicode_decode`.

    Returns:
        (strings, int64 places in bytes).
    """
    with name_scope(name, "UnicodeSplitWithOffsets", [input]):
        points, offsets = _decoded(
            input, input_encoding, errors, replacement_char, False, with_offsets=True
        )
        return _letters(points, input_encoding, errors, replacement_char), offsets


def _letters(points: Any, encoding: str, errors: str, replacement_char: int) -> Any:
    flat = points.flat_values if isinstance(points, RaggedTensor) else points
    alone = ops.expand_dims_op(flat, 1)
    texts = unicode_encode(alone, encoding, errors, replacement_char)
    return points.with_flat_values(texts) if isinstance(points, RaggedTensor) else texts


def _decoded(
    input: Any,
    encoding: str,
    errors: str,
    replacement_char: int,
    replace_control_characters: bool,
    *,
    with_offsets: bool = False,
) -> Any:
    texts = as_tensor_or_ragged(input, dtypes.string, name="input")
    rank = texts.shape.ndims
    if rank is None:
        raise ValueError("Rank of `input` must be statically known.")
    if rank > 1 and not isinstance(texts, RaggedTensor):
        texts = RaggedTensor.from_tensor(texts, ragged_rank=rank - 1)
    if rank > 1:
        flat = texts.flat_values
        flat = ops.reshape_op(flat, [-1]) if flat.shape.ndims != 1 else flat
    else:
        flat = ops.reshape_op(texts, [1]) if rank == 0 else texts
    attrs = {
        "input_encoding": encoding,
        "errors": errors,
        "replacement_char": replacement_char,
        "replace_control_characters": replace_control_characters,
    }
    if with_offsets:
        found = ops.unicode_decode_with_offsets_op(flat, **attrs)
        values = [found.char_values, found.char_to_byte_starts]
    else:
        found = ops.unicode_decode_op(flat, **attrs)
        values = [found.char_values]
    if rank == 0:
        made: list[Any] = values
    else:
        made = [
            RaggedTensor.from_row_splits(each, found.row_splits, validate=False) for each in values
        ]
    if rank > 1:
        made = [texts.with_flat_values(each) for each in made]
    return tuple(made) if with_offsets else made[0]
