"""The script of letters: Latin, Greek, Han.

Source: TensorFlow's op of the same name.
"""

from functools import cache
from typing import Any

import numpy as np

from minitf.op_def import op
from minitf.ops.strings.script_table import RUNS
from minitf.shapes import Shape
from minitf.symbols import int32

Array = np.ndarray[Any, Any]
LAST = 0x10FFFF
NO_LETTER = -1


@op("UnicodeScript")
def unicode_script_op(input: int32) -> int32:
    """Give the number of the script of each code point, by ICU's `UScriptCode`.

    Args:
        input: int32[...], code points.

    Returns:
        int32[...] of the same shape: 0 for what all scripts use, 25 for Latin letters, and so on;
        103 for what belongs to none, -1 for numbers that are no code points.

    Source: TensorFlow's op of the same name.
    """
    starts, scripts = _runs()
    found = scripts[np.searchsorted(starts, input, side="right") - 1]
    return np.where((input >= 0) & (input <= LAST), found, NO_LETTER).astype(np.int32)


@cache
def _runs() -> tuple[Array, Array]:
    """Return where each run of neighbours of one script begins, and the script."""
    pairs = [each.split(":") for each in RUNS.split()]
    lengths = [int(length or "1", 16) for length, _ in pairs]
    starts = np.cumsum([0, *lengths[:-1]])
    return starts, np.array([int(script, 16) for _, script in pairs], np.int32)


@unicode_script_op.shape
def unicode_script_shape(input: Shape) -> Shape:
    return input


unicode_script_op.no_gradient("counts")
