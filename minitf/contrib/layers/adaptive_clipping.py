"""Clipping of gradients whose norm is unusual: measured by the norms that came before.

    clip = adaptive_clipping_fn(std_factor=2.0)
    slim.optimize_loss(loss, step, 0.1, "SGD", clip_gradients=clip)

**State**: moving averages of log norm and of its square, in variables of the graph.

Source: TensorFlow 1.15's tf.contrib.layers.adaptive_clipping_fn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.casting import cast
from minitf.api.clipping import global_norm
from minitf.api.constants import ones_like
from minitf.api.elementary import exp, log, sqrt, square
from minitf.api.gathering import where
from minitf.api.math import maximum, minimum
from minitf.composite import IndexedSlices
from minitf.dtypes import float32
from minitf.summary.values import scalar
from minitf.tensor import Tensor
from minitf.train.moving_averages import assign_moving_average
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, variable_scope

Pairs = Sequence[tuple[Any, Any]]


def adaptive_clipping_fn(
    std_factor: float = 2.0,
    decay: float = 0.95,
    static_max_norm: float | None = None,
    global_step: Any = None,
    report_summary: bool = False,
    epsilon: float = 1e-8,
    name: str | None = None,
) -> Callable[[Pairs], list[tuple[Any, Any]]]:
    """Return a function that clips gradients whose norm is far above what it was.

    The bound is exp(m + std_factor s), with m and s the moving mean and deviation of the log norm;
    gradients above it are scaled to the norm exp(m).

    Args:
        std_factor: how many deviations a norm may be above the mean.
        decay: of the moving averages.
        static_max_norm: a norm that is never exceeded.
        global_step: the number of steps, by which the averages move faster at first.
        report_summary: whether to write a summary of the bound.
        epsilon: the least variance, and what keeps the logarithm finite.
        name: name of the variable scope; `AdaptiveMaxNorm` by default.

    Returns:
        A function from pairs (gradient, variable) to such pairs.
    """

    def clip(grads_and_vars: Pairs) -> list[tuple[Any, Any]]:
        norm = global_norm([grad for grad, _ in grads_and_vars])
        bound, log_mean = _bound(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            scalar("global_norm/adaptive_max_gradient_norm", bound)
        factor = where(norm < bound, ones_like(norm), exp(log_mean) / norm)
        if static_max_norm is not None:
            factor = minimum(static_max_norm / norm, factor)
        return [(_scaled(grad, factor), variable) for grad, variable in grads_and_vars]

    return clip


def _bound(
    norm: Tensor, std_factor: float, decay: Any, global_step: Any, epsilon: float, name: str | None
) -> tuple[Tensor, Tensor]:
    """Return the greatest norm that is usual, and the moving mean of the log norm."""
    with variable_scope(name, "AdaptiveMaxNorm", [norm]):
        log_norm = log(norm + epsilon)
        if global_step is not None:
            steps = cast(global_step, float32)
            decay = minimum(decay, steps / (steps + 1.0))
        mean = _average("mean", log_norm, decay)
        variance = _average("sq_mean", square(log_norm), decay) - square(mean)
        deviation = sqrt(maximum(epsilon, variance))
        return exp(mean + std_factor * deviation), mean


def _average(name: str, value: Tensor, decay: Any) -> Tensor:
    variable = get_variable(
        name, shape=value.shape, dtype=value.dtype, initializer=Zeros(), trainable=False
    )
    moved: Tensor = assign_moving_average(variable, value, decay, zero_debias=False)
    return moved


def _scaled(gradient: Any, factor: Tensor) -> Any:
    if gradient is None:
        return None
    if isinstance(gradient, IndexedSlices):
        return IndexedSlices(gradient.values * factor, gradient.indices, gradient.dense_shape)
    return gradient * factor
