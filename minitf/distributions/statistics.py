"""Statistics that are not defined everywhere, and seeds that follow from others.

Source: TensorFlow 1.15's tf.distributions.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import control_dependencies
from minitf.distributions.checks import must
from minitf.distributions.distribution import Distribution
from minitf.tensor import Tensor


def where_defined(
    of: Distribution, defined: Tensor, value: Tensor, message: str, otherwise: float = math.nan
) -> Tensor:
    """Return a statistic; NaN where it is not defined, if the distribution allows that.

    Args:
        of: the distribution.
        defined: bool, broadcasts with `value`.
        value: the statistic.
        message: of the error of a step in which it is not defined somewhere.
        otherwise: what stands for NaN.
    """
    if not of.allow_nan_stats:
        with control_dependencies([must(defined, message)]):
            return identity(value)
    nothing = constant(np.array(otherwise, value.dtype.as_numpy_dtype))
    made: Tensor = ops.select_v2_op(defined, value, nothing)
    return made


def next_seed(seed: int | None, salt: str) -> int | None:
    """Return another seed for the second of two draws, as TensorFlow has it."""
    if seed is None:
        return None
    text = f"{seed}{salt}".encode()
    return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF


def given(x: Any, condition: Tensor | None, message: str) -> Any:
    """Return a value that exists only if a condition holds; None asks for nothing."""
    if condition is None:
        return x
    with control_dependencies([must(condition, message)]):
        return identity(x)
