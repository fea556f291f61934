"""Masks: which cells of a tensor count, as the layers that make it know.

Source: TensorFlow 1.15's `tf.keras`.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.tensor import Tensor


def mask_of(tensor: Any) -> Any:
    """Return the mask of a tensor, None if it has none."""
    return getattr(tensor, "_keras_mask", None)


def masks_of(tensors: Any) -> Any:
    """Return the masks of tensors in their structure, None if none has one."""
    masks = nest.map_structure(mask_of, tensors)
    return None if all(each is None for each in nest.flatten(masks)) else masks


def set_mask(tensor: Any, mask: Any) -> None:
    """Say which cells of a tensor count."""
    if isinstance(tensor, Tensor):
        vars(tensor)["_keras_mask"] = mask
