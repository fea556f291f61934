"""A number that is shown over time.

Source: 2015 §9.1; TensorFlow 1.15's function of the same name in tf.summary.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from minitf import ops
from minitf.api.framework import add_to_collections, name_scope
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def scalar(name: str, tensor: Any, collections: Any = None, family: str | None = None) -> Tensor:
    """Return a Summary message with one number, as a string scalar.

    Args:
        name: the tag, in the present name scope; also the operation's name.
        tensor: the number.
        collections: collections that it joins; that of all summaries by default.
        family: what comes before the tag, so that TensorBoard groups by it.

    Raises:
        ValueError: if the family is no name of a scope.
    """
    name = _clean(name)
    prefix = None if family is None else _clean(family)
    with name_scope(name if prefix is None else f"{prefix}/{name}", values=[tensor]) as scope:
        tag = scope.removesuffix("/") if prefix is None else f"{prefix}/{scope.removesuffix('/')}"
        made: Tensor = ops.scalar_summary_op(tag, tensor, name=scope)
        add_to_collections([GraphKeys.SUMMARIES] if collections is None else collections, made)
        return made


def _clean(name: str) -> str:
    """Return a name whose letters an operation's name may have."""
    clean = re.sub(r"[^-/\w.]", "_", name, flags=re.ASCII).lstrip("/")
    if clean != name:
        logging.getLogger("tensorflow").info(
            "Summary name %s is illegal; using %s instead.", name, clean
        )
    return clean
