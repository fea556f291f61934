"""What the ops of summaries share: tags, and Summary messages as strings.

Source: 2015 §9.1.
"""

from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.ops.strings.arrays import strings

Array = np.ndarray[Any, Any]

MESSAGE = "a message has no slope"  # why there is no gradient


def tag_of(tag: Array, complaint: str) -> str:
    """Return a tag, which must be one string.

    Raises:
        InvalidArgumentError: with that complaint, if it is an array.
    """
    if tag.ndim:
        raise invalid(complaint, got=list(tag.shape))
    return str(tag.item().decode("utf-8", "replace"))


def serialized(message: Any) -> Array:
    """Return a message as a string scalar."""
    return strings([message.SerializeToString()], ())
