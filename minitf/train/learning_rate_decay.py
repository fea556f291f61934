"""Learning rates that fall with the number of steps.

Each function gives a scalar Tensor, computed anew in every run from the global step:

    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.1, step, decay_steps=1000, decay_rate=0.96)
    train = tf.train.GradientDescentOptimizer(rate).minimize(loss, global_step=step)

Source: TensorFlow 1.15's tf.train functions of these names; Loshchilov and Hutter 2016 (restarts);
Bello, Zoph, Vasudevan and Le 2017 (linear cosine).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from minitf.api.array import stack
from minitf.api.casting import cast
from minitf.api.comparison import equal, greater
from minitf.api.constants import constant
from minitf.api.elementary import ceil, cos, exp, floor, log, sqrt
from minitf.api.framework import name_scope
from minitf.api.gathering import gather, where
from minitf.api.math import add, divide, minimum, multiply, negative, pow
from minitf.api.random import random_normal
from minitf.api.reductions import reduce_sum
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, int32, int64
from minitf.tensor import Tensor


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return learning_rate * decay_rate ^ (global_step / decay_steps).

    Args:
        learning_rate: where it begins; a number or a scalar Tensor.
        global_step: a whole number >= 0; a variable, as a rule.
        decay_steps: after how many steps it is `decay_rate` times as high.
        decay_rate: see above.
        staircase: whether it falls only at multiples of `decay_steps`.
        name: name of the operation.
    """
    with _schedule(name, "ExponentialDecay", learning_rate) as (scope, rate, dtype):
        steps, factor = cast(decay_steps, dtype), cast(decay_rate, dtype)
        periods = cast(global_step, dtype) / steps
        if staircase:
            periods = floor(periods)
        return multiply(rate, pow(factor, periods), name=scope)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return learning_rate * exp(-decay_rate * global_step / decay_steps).

    Arguments as of `exponential_decay`.
    """
    factor = exp(negative(decay_rate))
    return exponential_decay(learning_rate, global_step, decay_steps, factor, staircase, name)


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return learning_rate / (1 + decay_rate * global_step / decay_steps).

    Arguments as of `exponential_decay`.
    """
    with _schedule(name, "InverseTimeDecay", learning_rate) as (scope, rate, dtype):
        steps, factor = cast(decay_steps, dtype), cast(decay_rate, dtype)
        periods = cast(global_step, dtype) / steps
        if staircase:
            periods = floor(periods)
        one = cast(constant(1), dtype)
        decayed: Tensor = divide(rate, add(one, multiply(factor, periods)), name=scope)
        return decayed


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return end + (learning_rate - end) * (1 - global_step / decay_steps) ^ power.

    Args:
        learning_rate: where it begins; a number or a scalar Tensor.
        global_step: a whole number >= 0; a variable, as a rule.
        decay_steps: when it reaches `end_learning_rate`.
        end_learning_rate: where it stays.
        power: of the polynomial.
        cycle: whether it does not stay: `decay_steps` becomes its first multiple that is not
            exceeded yet.
        name: name of the operation.
    """
    with _schedule(name, "PolynomialDecay", learning_rate) as (scope, rate, dtype):
        end, power = cast(end_learning_rate, dtype), cast(power, dtype)
        step, steps = cast(global_step, dtype), cast(decay_steps, dtype)
        if cycle:
            multiple = ceil(step / steps)
            steps = multiply(steps, where(equal(step, 0), constant(1, dtype), multiple))
        else:
            step = minimum(step, decay_steps)
        done = divide(step, steps)
        return add(multiply(rate - end, pow(1 - done, power)), end, name=scope)


def piecewise_constant(
    x: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None
) -> Tensor:
    """Return values[i], i being how many boundaries `x` has passed.

    Args:
        x: a scalar Tensor; the global step, as a rule.
        boundaries: numbers that increase, of the type of `x`; values[1] begins after the first.
        values: one more than boundaries, of one type.
        name: name scope of the operations.

    Raises:
        ValueError: if there are not so many values, or types differ.
    """
    limits = [convert_to_tensor(each) for each in boundaries]
    rates = [convert_to_tensor(each) for each in values]
    x = convert_to_tensor(x)
    for i, limit in enumerate(limits):
        if limit.dtype == x.dtype.base_dtype:
            continue
        if (limit.dtype, x.dtype.base_dtype) != (int32, int64):
            raise ValueError(
                f"Boundaries ({limit.dtype}) must have the same dtype as x ({x.dtype.base_dtype})."
            )
        limits[i] = cast(limit, int64)
    for each in rates[1:]:
        if each.dtype.base_dtype != rates[0].dtype.base_dtype:
            raise ValueError(
                "Values must have elements all with the same dtype "
                f"({rates[0].dtype.base_dtype} vs {each.dtype.base_dtype})."
            )
    if len(limits) != len(rates) - 1:
        raise ValueError(
            "The length of boundaries should be 1 less than the length of values: "
            f"{len(limits)} and {len(rates)}"
        )
    x.shape.assert_has_rank(0)
    with name_scope(name, "PiecewiseConstant"):
        passed = reduce_sum(cast(greater(x, stack(limits)), int32))
        return gather(stack(rates), passed)


piecewise_constant_decay = piecewise_constant


def cosine_decay(
    learning_rate: Any, global_step: Any, decay_steps: Any, alpha: Any = 0.0, name: Any = None
) -> Tensor:
    """Return learning_rate * (alpha + (1 - alpha) * half a wave of the cosine).

    Args:
        learning_rate: where it begins; a number or a scalar Tensor.
        global_step: a whole number >= 0; a variable, as a rule.
        decay_steps: when it reaches alpha * learning_rate, where it stays.
        alpha: see above.
        name: name scope of the operations.
    """
    with _schedule(name, "CosineDecay", learning_rate) as (_, rate, dtype):
        steps = cast(decay_steps, dtype)
        wave = _wave(minimum(cast(global_step, dtype), steps) / steps)
        return multiply(rate, (1 - alpha) * wave + alpha)


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """Return `cosine_decay` that starts again whenever it has come down.

    Args:
        learning_rate: where it begins; a number or a scalar Tensor.
        global_step: a whole number >= 0; a variable, as a rule.
        first_decay_steps: how long the first decay takes.
        t_mul: how many times as long as the one before each next decay takes.
        m_mul: how many times as high it begins.
        alpha: as of `cosine_decay`.
        name: name of the operation.
    """
    with _schedule(name, "SGDRDecay", learning_rate) as (scope, rate, dtype):
        steps, alpha = cast(first_decay_steps, dtype), cast(alpha, dtype)
        longer, higher = cast(t_mul, dtype), cast(m_mul, dtype)
        done = cast(global_step, dtype) / steps  # in units of the first decay
        # lengths are 1, t, t^2, ...: restart i is at (1 - t^i) / (1 - t); or all are 1
        i = floor(log(1.0 - done * (1.0 - longer)) / log(longer))
        power = pow(longer, i)
        within = (done - (1.0 - power) / (1.0 - longer)) / power
        all_alike = equal(longer, 1.0)
        i = where(all_alike, floor(done), i)
        within = where(all_alike, done - floor(done), within)
        decayed = (1 - alpha) * pow(higher, i) * _wave(within) + alpha
        return multiply(rate, decayed, name=scope)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """Return learning_rate * ((alpha + linear) * cosine + beta).

    linear = 1 - global_step / decay_steps
    cosine = (1 + cos(2 pi * num_periods * global_step / decay_steps)) / 2

    Args:
        learning_rate: where it begins; a number or a scalar Tensor.
        global_step: a whole number >= 0; a variable, as a rule.
        decay_steps: when the linear part reaches 0, where it stays.
        num_periods: how many waves the cosine makes.
        alpha: see above.
        beta: see above.
        name: name of the operation.
    """
    with _schedule(name, "LinearCosineDecay", learning_rate) as (scope, rate, dtype):
        steps, periods = cast(decay_steps, dtype), cast(num_periods, dtype)
        alpha, beta = cast(alpha, dtype), cast(beta, dtype)
        step = minimum(cast(global_step, dtype), steps)
        linear = (steps - step) / steps
        done = step / steps
        wave = _wave(2.0 * periods * done)
        return multiply(rate, (alpha + linear) * wave + beta, name=scope)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """Return `linear_cosine_decay` with noise on its linear part.

    The noise is normal, of the variance initial_variance / (1 + global_step) ^ variance_decay.

    Args:
        learning_rate: as of `linear_cosine_decay`, likewise the next two.
        global_step: see above.
        decay_steps: see above.
        initial_variance: see above.
        variance_decay: see above.
        num_periods: as of `linear_cosine_decay`, likewise the rest.
        alpha: see above.
        beta: see above.
        name: name of the operation.
    """
    with _schedule(name, "NoisyLinearCosineDecay", learning_rate) as (scope, rate, dtype):
        steps, start = cast(decay_steps, dtype), cast(initial_variance, dtype)
        falling, periods = cast(variance_decay, dtype), cast(num_periods, dtype)
        alpha, beta = cast(alpha, dtype), cast(beta, dtype)
        step = minimum(cast(global_step, dtype), steps)
        linear = (steps - step) / steps
        deviation = sqrt(start / pow(1.0 + step, falling))
        noisy = linear + random_normal(linear.shape, stddev=deviation)
        done = step / steps
        wave = _wave(2.0 * periods * done)
        return multiply(rate, (alpha + noisy) * wave + beta, name=scope)


@contextmanager
def _schedule(
    name: str | None, default_name: str, learning_rate: Any
) -> Iterator[tuple[str, Tensor, DType]]:
    """Open a schedule's name scope; give it, the first rate as a Tensor, and that one's type."""
    with name_scope(name, default_name) as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        yield scope, rate, rate.dtype.base_dtype


def _wave(done: Tensor) -> Tensor:
    """Return a cosine that falls from 1 to 0 while `done` goes from 0 to 1."""
    return 0.5 * (1.0 + cos(constant(math.pi) * done))
