"""What the solvers check of times and states.

Source: TensorFlow 1.15's messages in tf.contrib.integrate.
"""

from __future__ import annotations

from typing import Any

from minitf.api.control import after
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import must
from minitf.dtypes import float64
from minitf.tensor import Tensor


def checked_times(t: Any) -> Tensor:
    """Return float[n] times that exist only if they rise.

    Raises:
        TypeError: if they are not of floats.
        ValueError: if they are no vector.
    """
    made = convert_to_tensor(t, preferred_dtype=float64, name="t")
    if not made.dtype.is_floating:
        raise TypeError("`t` must have a floating point dtype")
    if made.shape.rank not in (1, None):
        raise ValueError("t must be a 1D tensor")
    rises = must(made[1:] > made[:-1], "`t` must be monotonic increasing")
    return after([rises], made)


def checked_state(y0: Any) -> Tensor:
    """Return an initial state.

    Raises:
        TypeError: if it is not of real or complex floats.
    """
    made = convert_to_tensor(y0, name="y0")
    if not (made.dtype.is_floating or made.dtype.is_complex):
        raise TypeError("`y0` must have a floating point or complex floating point dtype")
    return made
