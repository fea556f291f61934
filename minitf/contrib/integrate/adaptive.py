"""odeint: dy/dt = f(y, t), by Runge-Kutta steps whose size follows from their error.

The method of Dormand and Prince: of six values of f a step of order 5, and of the same values its
error.  A step that errs too much is made again, smaller.  Between the ends of a step the state is a
polynomial of degree 4, so that steps need not end at the times asked for.

**State** of the loop: the state and its slope at the end of the last step, its two times, the next
step's size, and the polynomial's coefficients.

Source: Dormand and Prince 1980; Shampine 1986, "Some Practical Runge-Kutta Formulas"; TensorFlow
1.15's tf.contrib.integrate.odeint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from minitf import ops
from minitf.api.casting import cast
from minitf.api.control import after
from minitf.api.elementary import sqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.math import pow as pow_
from minitf.api.reductions import reduce_mean
from minitf.api.sizes import shape
from minitf.contrib.integrate.checks import checked_state, checked_times
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import must
from minitf.dtypes import float64, int32
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray

Slope = Callable[[Any, Any], Any]

# the times of a step's values of f, and the weights of the earlier values that each is taken at
TIMES: Final = (1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
STAGES: Final = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),  # the step itself
)
ERROR: Final = (
    *(35 / 384 - 1951 / 21600, 0.0, 500 / 1113 - 22642 / 50085, 125 / 192 - 451 / 720),
    *(-2187 / 6784 + 12231 / 42400, 11 / 84 - 649 / 6300, -1 / 60),
)
MIDDLE: Final = (  # of the state half way
    *(6025192743 / 30085553152 / 2, 0.0, 51252292925 / 65400821598 / 2),
    *(-2691868925 / 45128329728 / 2, 187940372067 / 1594534317056 / 2),
    *(-1776094331 / 19743644256 / 2, 11237099 / 235043384 / 2),
)


class _Place(NamedTuple):
    """Where the solver is.

    Attributes:
        y: the state at the end of the last step.
        slope: f there.
        t0: float64[], where that step began.
        t1: float64[], where it ended.
        dt: float64[], the size of the next one.
        coefficients: of the polynomial between, the highest power first.
    """

    y: Any
    slope: Any
    t0: Any
    t1: Any
    dt: Any
    coefficients: Any


class _History(NamedTuple):
    """What the solver did: how many steps it tried, where they ended, and how much they erred."""

    count: Any
    points: Any
    ratios: Any


def odeint(
    func: Slope,
    y0: Any,
    t: Any,
    rtol: Any = 1e-6,
    atol: Any = 1e-12,
    method: str | None = None,
    options: dict[str, Any] | None = None,
    full_output: bool = False,
    name: str | None = None,
) -> Any:
    """Solve dy/dt = func(y, t), y(t[0]) = y0.

    Args:
        func: (y, t) -> the slope of y.
        y0: real or complex floats of any shape.
        t: float[n], rising times.
        rtol: how large the error of a step may be, as a share of the state,
        atol: and beside that.
        method: "dopri5", which None is.
        options: of the method: `first_step` (1.0), `safety` (0.9), `ifactor` (10.0) and `dfactor`
            (0.2), by how much a step's size grows at most, and shrinks at most, and
            `max_num_steps` (1000) between two times.
        full_output: whether it is told how it went.
        name: name scope of all operations.

    Returns:
        y0's type [n, *its shape]; with `full_output` also a dict of `num_func_evals`,
        `integrate_points` and `error_ratio`.

    Raises:
        TypeError: if types do not fit, or there are options without a method.
        ValueError: if there is no such method or option.
    """
    if method not in (None, "dopri5"):
        raise ValueError(f"invalid method: {method!r}")
    if options is not None and method is None:
        raise TypeError("cannot supply `options` without specifying `method`")
    with name_scope(name, "odeint", [y0, t, rtol, atol]):
        y0, t = checked_state(y0), cast(checked_times(t), float64)
        real = y0.dtype.real_dtype
        shares, beside = convert_to_tensor(rtol, real), convert_to_tensor(atol, real)
        solver = _Solver(func, shares, beside, **(options or {}))
        return solver.solve(y0, t, full_output=full_output)


class _Solver:
    """The method of Dormand and Prince; arguments as of `odeint`."""

    def __init__(
        self,
        func: Slope,
        rtol: Tensor,
        atol: Tensor,
        first_step: Any = 1.0,
        safety: Any = 0.9,
        ifactor: Any = 10.0,
        dfactor: Any = 0.2,
        max_num_steps: int = 1000,
    ) -> None:
        self._func = func
        self._rtol, self._atol = rtol, atol
        self._first_step, self._safety, self._ifactor, self._dfactor = (
            convert_to_tensor(each, float64) for each in (first_step, safety, ifactor, dfactor)
        )
        self._max_num_steps = max_num_steps

    def solve(self, y0: Tensor, t: Tensor, *, full_output: bool) -> Any:
        """Return the states at all times; with `full_output` how it went besides."""
        count = shape(t)[0]
        states = TensorArray(y0.dtype, size=count).write(0, y0)
        history = _History(
            convert_to_tensor(0),
            TensorArray(float64, size=0, dynamic_size=True),
            TensorArray(self._rtol.dtype, size=0, dynamic_size=True),
        )
        place = _Place(y0, self._func(y0, t[0]), t[0], t[0], self._first_step, tuple([y0] * 5))

        def next_time(i: Any, states: Any, place: Any, history: Any) -> tuple[Any, ...]:
            place, history = self._reach(t[i], place, history)
            return i + 1, states.write(i, _between(place, t[i])), place, history

        _, states, _, history = while_loop(
            lambda i, *_: i < count,
            next_time,
            (convert_to_tensor(1), states, place, history),
            parallel_iterations=1,
        )
        made = states.stack()
        made.set_shape(t.shape.concatenate(y0.shape))
        if not full_output:
            return made
        told = {
            "num_func_evals": cast(history.count, int32) * len(STAGES) + 1,
            "integrate_points": history.points.stack(),
            "error_ratio": history.ratios.stack(),
        }
        return made, told

    def _reach(self, t: Tensor, place: _Place, history: _History) -> tuple[_Place, _History]:
        """Make steps until one ends at a time or after it."""

        def step(n: Any, place: Any, history: Any) -> tuple[Any, ...]:
            few = must(n < self._max_num_steps, "max_num_steps exceeded")
            return n + 1, *self._step(after([few], place.y), place, history)

        _, place, history = while_loop(
            lambda _, place, __: t > place.t1,
            step,
            (convert_to_tensor(0), place, history),
            parallel_iterations=1,
        )
        return place, history

    def _step(self, y: Tensor, place: _Place, history: _History) -> tuple[_Place, _History]:
        """Try a step from a state: the place after it, or the same if it errs too much."""
        start, dt = place.t1, place.dt
        moves = must(start + dt > start, "underflow in dt", dt)
        finite = must(ops.is_finite_op(abs_(y)), "non-finite values in state `y`", y)
        y = after([moves, finite], y)
        size = cast(dt, y.dtype)
        slopes, end = [place.slope], y
        for time, weights in zip(TIMES, STAGES, strict=True):
            end = y + size * _weighted(weights, slopes)
            slopes.append(convert_to_tensor(self._func(end, start + time * dt)))
        tolerance = self._atol + self._rtol * ops.maximum_op(abs_(y), abs_(end))
        error = abs_(size * _weighted(ERROR, slopes))
        ratio = sqrt(reduce_mean(square(error / tolerance)))
        middle = y + size * _weighted(MIDDLE, slopes)
        fitted = _fit(y, end, middle, slopes[0], slopes[-1], size)
        taken = ratio <= 1.0

        def choose(new: Any, old: Any) -> Any:
            return ops.select_v2_op(taken, new, old)

        after_it = _Place(
            choose(end, y),
            choose(slopes[-1], place.slope),
            choose(start, place.t0),
            choose(start + dt, start),
            self._next_size(dt, cast(ratio, float64)),
            tuple(choose(*pair) for pair in zip(fitted, place.coefficients, strict=True)),
        )
        n = history.count
        told = _History(n + 1, history.points.write(n, start + dt), history.ratios.write(n, ratio))
        return after_it, told

    def _next_size(self, dt: Tensor, ratio: Tensor) -> Tensor:
        """Return a size with which a step errs a little less than it may; its error is dt^5's."""
        least = ops.select_v2_op(ratio < 1.0, ops.ones_like_op(self._dfactor), self._dfactor)
        wanted = pow_(ratio, convert_to_tensor(1 / 5, float64)) / self._safety
        shrink = ops.maximum_op(1.0 / self._ifactor, ops.minimum_op(wanted, 1.0 / least))
        return ops.select_v2_op(ops.equal_op(ratio, 0.0), dt * self._ifactor, dt / shrink)


def _weighted(weights: tuple[float, ...], slopes: list[Any]) -> Any:
    """Return the sum of slopes by their weights."""
    made = None
    for weight, slope in zip(weights, slopes, strict=True):
        if weight:
            made = weight * slope if made is None else made + weight * slope
    return made


def _fit(y0: Any, y1: Any, middle: Any, f0: Any, f1: Any, dt: Any) -> tuple[Any, ...]:
    """Return the polynomial from 0 to 1 with these ends, middle and slopes at the ends."""
    return (
        2.0 * dt * (f1 - f0) - 8.0 * (y1 + y0) + 16.0 * middle,
        dt * (5.0 * f0 - 3.0 * f1) + 18.0 * y0 + 14.0 * y1 - 32.0 * middle,
        dt * (f1 - 4.0 * f0) - 11.0 * y0 - 5.0 * y1 + 16.0 * middle,
        dt * f0,
        y0,
    )


def _between(place: _Place, t: Tensor) -> Tensor:
    """Return the state at a time of the last step."""
    x = cast((t - place.t0) / (place.t1 - place.t0), place.y.dtype)
    made = place.coefficients[0]
    for each in place.coefficients[1:]:
        made = made * x + each
    return made
