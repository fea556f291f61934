"""`tensorflow.python.ops.ragged.ragged_config`: what ragged tensors do by default.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations


def auto_cast_partition_dtype() -> bool:
    """Tell whether splits of int32 become int64 beside others: they do not."""
    return False
