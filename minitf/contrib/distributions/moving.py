"""Moving means and variances of values that come one after the other.

    variance = decay (variance + (1 - decay) (value - mean)^2)
    mean     = decay mean + (1 - decay) value

Source: Finch 2009, "Incremental calculation of weighted mean and variance" §9; TensorFlow 1.15's
functions of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import stack
from minitf.api.elementary import log, log1p, square
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.reductions import reduce_logsumexp
from minitf.api.state import assign_add, assign_sub
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, variable_scope


def _floating(variable: Any, name: str) -> DType:
    """Return a variable's type.

    Raises:
        TypeError: if it is not a floating-point one.
    """
    dtype: DType = variable.dtype.base_dtype
    if not dtype.is_floating:
        raise TypeError(f"{name}.base_dtype({dtype.name}) does not have float type `dtype`.")
    return dtype


def assign_moving_mean_variance(
    mean_var: Any, variance_var: Any, value: Any, decay: Any, name: str | None = None
) -> tuple[Any, Any]:
    """Move a mean and a variance by a value.

    Args:
        mean_var: a variable of floats, the mean.
        variance_var: a variable like it, the variance.
        value: of the same shape.
        decay: how much of what was known remains, such as 0.999.
        name: name scope of all operations.

    Returns:
        Both, after they have moved.

    Raises:
        TypeError: if types are not floats, or differ.
    """
    with name_scope(name, "assign_moving_mean_variance", [mean_var, variance_var, value, decay]):
        dtype = _floating(mean_var, "mean_var")
        if variance_var.dtype.base_dtype != dtype:
            raise TypeError(
                f"mean_var.base_dtype({dtype.name}) != "
                f"variance_var.base_dtype({variance_var.dtype.base_dtype.name})"
            )
        kept = convert_to_tensor(decay, dtype, name="decay")
        delta = convert_to_tensor(value, dtype, name="value") - mean_var
        with control_dependencies([delta]):  # of the mean before it moves
            mean = assign_add(mean_var, (1.0 - kept) * delta)
            change = variance_var - kept * square(delta)
            variance = assign_sub(variance_var, (1.0 - kept) * change)
        return mean, variance


def assign_log_moving_mean_exp(
    log_mean_exp_var: Any, log_value: Any, decay: Any, name: str | None = None
) -> Any:
    """Move the logarithm of a mean by the logarithm of a value, without overflow.

    Args:
        log_mean_exp_var: a variable of floats, the logarithm of the mean.
        log_value: of the same shape.
        decay: how much of what was known remains, such as 0.999.
        name: name scope of all operations.

    Returns:
        The variable, after it has moved.

    Raises:
        TypeError: if types are not floats, or differ.
    """
    with name_scope(name, "assign_log_moving_mean_exp", [log_mean_exp_var, log_value, decay]):
        dtype = _floating(log_mean_exp_var, "log_mean_exp_var")
        kept = convert_to_tensor(decay, dtype, name="decay")
        moved = convert_to_tensor(log_value, dtype, name="log_value") - log_mean_exp_var
        moved = moved + log1p(-kept)
        old = log(kept) + 0.0 * moved
        return assign_add(log_mean_exp_var, reduce_logsumexp(stack([old, moved]), 0))


def moving_mean_variance(
    value: Any, decay: Any, collections: Any = None, name: str | None = None
) -> tuple[Any, Any]:
    """Return the moving mean and variance of a value, in variables of their own.

    Args:
        value: floats, of a shape that is known while the graph is built.
        decay: how much of what was known remains, such as 0.999.
        collections: that the variables are added to; the global variables if None.
        name: scope of the variables.

    Returns:
        Both, after they have moved.

    Raises:
        TypeError: if the value is not of floats.
    """
    with variable_scope(name, "moving_mean_variance", [value, decay]):
        value = convert_to_tensor(value, name="value")
        dtype = _floating(value, "value")
        mean, variance = (
            get_variable(key, value.shape, dtype, Zeros(), trainable=False, collections=collections)
            for key in ("moving_mean", "moving_variance")
        )
        return assign_moving_mean_variance(mean, variance, value, decay)
