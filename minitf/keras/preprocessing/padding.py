"""Sequences of one length: cut, or filled up.

    pad_sequences([[1, 2], [3]])      [[1, 2], [0, 3]]

Source: TensorFlow 1.15's `tf.keras.preprocessing.sequence`.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> Any:
    """Return an array [N, maxlen, ...] of sequences.

    Args:
        sequences: lists, or arrays that agree in all but their length.
        maxlen: the length; that of the longest by default.
        dtype: of the array.
        padding: "pre" or "post": where short sequences are filled up.
        truncating: "pre" or "post": where long sequences are cut.
        value: what fills up.

    Raises:
        ValueError: if something is no sequence, they do not agree, or a word is neither.
    """
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for each in sequences:
        if not hasattr(each, "__len__"):
            raise ValueError(f"`sequences` must be a list of iterables. Found non-iterable: {each}")
    for name, given in (("Padding", padding), ("Truncating", truncating)):
        if given not in {"pre", "post"}:
            raise ValueError(f'{name} type "{given}" not understood')
    kind = np.dtype(dtype)
    if isinstance(value, str) and kind.kind not in {"O", "U", "S"}:
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\nYou should set "
            "`dtype=object` for variable length strings."
        )
    length = max((len(each) for each in sequences), default=0) if maxlen is None else maxlen
    row: tuple[int, ...] = next((np.asarray(s).shape[1:] for s in sequences if len(s)), ())
    made = np.full((len(sequences), length, *row), value, dtype=kind)
    for number, each in enumerate(sequences):
        kept = each[-length:] if truncating == "pre" else each[:length]
        if not len(each) or not length:
            continue
        cells = np.asarray(kept, dtype=kind)
        if cells.shape[1:] != row:
            raise ValueError(
                f"Shape of sample {cells.shape[1:]} of sequence at position {number} is different "
                f"from expected shape {row}"
            )
        if padding == "post":
            made[number, : len(cells)] = cells
        else:
            made[number, -len(cells) :] = cells
    return made
