"""Memory that nobody writes to any more: an array in it may be handed on and kept without a copy.

Source: no paper; OSDI §4.3 (a restored tensor becomes a variable's value).
"""

from __future__ import annotations

from typing import Any

import numpy as np


class FilledOnce(np.ndarray[Any, Any]):
    """Memory that is filled by who makes it and never written to after: a variable may keep it.

    memory = FilledOnce(size, np.uint8)
    ...                                             # fill it
    memory.flags.writeable = False
    array = np.ndarray(shape, dtype, memory)
    """


def is_constant(value: Any) -> bool:
    """Tell whether an array lies in memory that nobody can write to."""
    while isinstance(value, np.ndarray):
        if isinstance(value, FilledOnce):
            return not value.flags.writeable
        value = value.base
    return isinstance(value, bytes)
