"""`tf.contrib.memory_stats`: how much memory the arrays of the CPU use.

Counted are arrays of 64 KiB and more in steps that are compiled, from their third run on.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from minitf import ops
from minitf.tensor import Tensor


def BytesInUse() -> Tensor:  # noqa: N802 TensorFlow's name
    """Return an int64 scalar: how many bytes the device holds when the operation runs."""
    return ops.bytes_in_use_op()


def BytesLimit() -> Tensor:  # noqa: N802
    """Return an int64 scalar: how many bytes the device can hold."""
    return ops.bytes_limit_op()


def MaxBytesInUse() -> Tensor:  # noqa: N802
    """Return an int64 scalar: how many bytes the device held at most, in all sessions."""
    return ops.max_bytes_in_use_op()
