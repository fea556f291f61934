"""How much signs count, by the step: functions for AddSignOptimizer and PowerSignOptimizer.

Source: Bello, Zoph, Vasudevan and Le 2017; Loshchilov and Hutter 2017 (restarts).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import zeros_like
from minitf.api.elementary import cos
from minitf.api.gathering import where
from minitf.api.math import floormod, minimum
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.tensor import Tensor


def get_linear_decay_fn(decay_steps: Any) -> Callable[[Any], Tensor]:
    """Return a function of the global step that falls from 1 to 0: 1 - step / decay_steps.

    Args:
        decay_steps: after how many steps it is 0.

    Source: Bello, Zoph, Vasudevan and Le 2017.
    """

    def linear_decay_fn(global_step: Any) -> Tensor:
        step, steps = _floats("linear_decay", global_step, decay_steps)
        return (steps - minimum(step, steps)) / steps

    return linear_decay_fn


def get_cosine_decay_fn(
    decay_steps: Any, num_periods: float = 0.5, zero_after: float | None = None
) -> Callable[[Any], Tensor]:
    """Return a function of the global step: (1 + cos(2 pi num_periods step / decay_steps)) / 2.

    Args:
        decay_steps: after how many steps it changes no more.
        num_periods: how many waves there are until then; a half goes from 1 to 0.
        zero_after: after how many waves it is 0; never by default.

    Source: Bello, Zoph, Vasudevan and Le 2017.
    """

    def cosine_decay_fn(global_step: Any) -> Tensor:
        step, steps = _floats("cosine_decay", global_step, decay_steps)
        waves = num_periods * (minimum(step, steps) / steps)
        return _wave(2.0 * waves, waves, zero_after)

    return cosine_decay_fn


def get_restart_decay_fn(
    decay_steps: Any, num_periods: float = 1, zero_after: float | None = None
) -> Callable[[Any], Tensor]:
    """Return a function of the global step that falls from 1 to 0 by half a wave, again and again.

    (1 + cos(pi (num_periods step mod decay_steps) / decay_steps)) / 2

    Args:
        decay_steps: in how many steps it falls `num_periods` times.
        num_periods: how many falls there are in that time.
        zero_after: after how many falls it is 0; never by default.

    Source: Loshchilov and Hutter 2017.
    """

    def restart_decay_fn(global_step: Any) -> Tensor:
        step, steps = _floats("restart_decay", global_step, decay_steps)
        return _wave(
            floormod(num_periods * step, steps) / steps, num_periods * step / steps, zero_after
        )

    return restart_decay_fn


def _floats(name: str, global_step: Any, decay_steps: Any) -> tuple[Tensor, Tensor]:
    if global_step is None:
        raise ValueError(f"global_step is required for {name}.")
    step = convert_to_tensor(global_step, name="global_step")
    return cast(step, float32), cast(convert_to_tensor(decay_steps), float32)


def _wave(halves: Tensor, periods: Tensor, zero_after: float | None) -> Tensor:
    """Return the cosine, between 0 and 1, after some half waves; 0 after so many periods."""
    wave = 0.5 * (1.0 + cos(math.pi * halves))
    if zero_after is None:
        return wave
    return where(periods >= zero_after, zeros_like(wave), wave)
