"""odeint_fixed: dy/dt = f(y, t), by steps of fixed sizes.

    midpoint   y + dt f(y + dt/2 f(y, t), t + dt/2)
    rk4        the classical method of order 4

Source: Runge 1895; Kutta 1901; TensorFlow 1.15's tf.contrib.integrate.odeint_fixed.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.elementary import ceil
from minitf.api.framework import name_scope
from minitf.api.sizes import shape
from minitf.contrib.integrate.adaptive import Slope
from minitf.contrib.integrate.checks import checked_state, checked_times
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray


def _midpoint(func: Slope, y: Tensor, t: Tensor, dt: Tensor) -> Tensor:
    size = cast(dt, y.dtype)
    return size * func(y + size * func(y, t) / 2, t + dt / 2)


def _rk4(func: Slope, y: Tensor, t: Tensor, dt: Tensor) -> Tensor:
    size, half = cast(dt, y.dtype), t + dt / 2
    k1 = func(y, t)
    k2 = func(y + size * k1 / 2, half)
    k3 = func(y + size * k2 / 2, half)
    k4 = func(y + size * k3, t + dt)
    return (k1 + 2 * k2 + 2 * k3 + k4) * size / 6


_METHODS = {"midpoint": _midpoint, "rk4": _rk4}


def odeint_fixed(
    func: Slope, y0: Any, t: Any, dt: Any = None, method: str = "rk4", name: str | None = None
) -> Tensor:
    """Solve dy/dt = func(y, t), y(t[0]) = y0; the result has gradients.

    Args:
        func: (y, t) -> the slope of y.
        y0: real or complex floats of any shape.
        t: float[n], rising times.
        dt: the size of a step, or float[n - 1] of a step between each two times, made smaller so
            that a whole number fits; as large as fits if None.
        method: "rk4" or "midpoint".
        name: name scope of all operations.

    Returns:
        y0's type [n, *its shape].

    Raises:
        TypeError: if types do not fit.
        ValueError: if there is no such method, or shapes do not fit.
    """
    if method not in _METHODS:
        raise ValueError(f"method not supported: {method!s}")
    step = _METHODS[method]
    with name_scope(name, "odeint_fixed", [y0, t, dt]):
        y0, t = checked_state(y0), checked_times(t)
        spans = t[1:] - t[:-1]
        if dt is None:
            counts = ones_like(spans, int32)
        else:
            sizes = convert_to_tensor(dt, preferred_dtype=t.dtype, name="dt")
            if not sizes.dtype.is_floating:
                raise TypeError("`dt` must have a floating point dtype")
            if sizes.shape.rank == 1 and not sizes.shape.is_compatible_with(spans.shape):
                raise ValueError("t and dt have incompatible lengths, must be N and N-1")
            counts = cast(ceil(spans / cast(sizes, t.dtype)), int32)
        steps = spans / cast(counts, t.dtype)

        def interval(i: Any, states: Any, y: Any) -> tuple[Any, ...]:
            def advance(n: Any, y: Any) -> tuple[Any, ...]:
                now = t[i] + cast(n, t.dtype) * steps[i]
                return n + 1, y + step(func, y, now, steps[i])

            _, y = while_loop(lambda n, _: n < counts[i], advance, (convert_to_tensor(0), y))
            return i + 1, states.write(i + 1, y), y

        states = TensorArray(y0.dtype, size=shape(t)[0]).write(0, y0)
        last = shape(t)[0] - 1
        _, states, _ = while_loop(
            lambda i, *_: i < last, interval, (convert_to_tensor(0), states, y0)
        )
        made = states.stack()
        made.set_shape(t.shape.concatenate(y0.shape))
        return made
