"""optimize_loss: one call from a loss to the tensor whose evaluation trains.

    loss -> gradients -> + noise -> x multipliers -> clipped -> applied -> loss

Source: TensorFlow 1.15's `tf.contrib.layers.optimize_loss`; noise: Neelakantan et al. 2015.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf.api.clipping import clip_by_global_norm, global_norm
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, convert_to_tensor, get_collection
from minitf.api.math import multiply
from minitf.api.random import truncated_normal
from minitf.api.sizes import shape as shape_of
from minitf.api.state import trainable_variables
from minitf.api.static_checks import assert_scalar
from minitf.composite import IndexedSlices, on_values
from minitf.graph_keys import GraphKeys
from minitf.summary.values import histogram, scalar
from minitf.tensor import Tensor
from minitf.train.adagrad import AdagradOptimizer
from minitf.train.adam import AdamOptimizer
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.train.momentum import MomentumOptimizer
from minitf.train.optimizer import Optimizer
from minitf.train.rmsprop import RMSPropOptimizer
from minitf.train.training_util import assert_global_step, get_global_step
from minitf.variables.initializers import Constant
from minitf.variables.sharing import get_variable, variable_scope

Pairs = list[tuple[Any, Any]]
"""Gradients with their variables."""

OPTIMIZER_CLS_NAMES: dict[str, Callable[..., Optimizer]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
"""Name that `optimize_loss` takes -> function of the learning rate."""

OPTIMIZER_SUMMARIES = [
    "learning_rate",
    "loss",
    "gradients",
    "gradient_norm",
    "global_gradient_norm",
]
_BY_DEFAULT = ("loss", "learning_rate", "global_gradient_norm")


def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Mapping[Any, Any] | None = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Callable[[Any, Any], Any] | None = None,
    update_ops: Sequence[Any] | None = None,
    variables: Sequence[Any] | None = None,
    name: str | None = None,
    summaries: Sequence[str] | None = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> Tensor:
    """Return a loss that trains: when it is evaluated, variables are changed too.

    Args:
        loss: a scalar.
        global_step: the variable that counts updates; None takes the graph's, if there is one.
        learning_rate: a float, which becomes a variable, or a scalar tensor; or None.
        optimizer: a name of `OPTIMIZER_CLS_NAMES`; a class, or a function of the learning rate (of
            nothing if that is None), which gives an Optimizer; or an Optimizer.
        gradient_noise_scale: the deviation of normal noise that is added to gradients.
        gradient_multipliers: variable or its name -> a factor of its gradient.
        clip_gradients: a float, the greatest norm of all gradients together; or a function from
            (gradient, variable) pairs to such pairs.
        learning_rate_decay_fn: function of the learning rate and the global step.
        update_ops: operations to run before the loss is computed; by default those of UPDATE_OPS.
        variables: what to train; by default all trainable variables.
        name: name of the variable scope; `OptimizeLoss` by default.
        summaries: which of `OPTIMIZER_SUMMARIES` to write.
        colocate_gradients_with_ops: whether gradients are computed where their operations are.
        increment_global_step: whether the step is counted here.

    Returns:
        The value of the loss before the update.

    Raises:
        ValueError: if the loss is no scalar, or an argument is none of these.

    Source: TensorFlow 1.15.
    """
    loss = assert_scalar(convert_to_tensor(loss))
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = list(dict.fromkeys(get_collection(GraphKeys.UPDATE_OPS)))
        if update_ops:
            with control_dependencies(list(update_ops)):
                loss = identity(loss)
        rate = _rate(learning_rate)
        wanted = _checked(summaries)
        if rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in wanted:
                scalar("learning_rate", rate)
        chosen = _optimizer(optimizer, rate)
        pairs = chosen.compute_gradients(
            loss,
            trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gradient_noise_scale is not None:
            pairs = [(_noisy(grad, gradient_noise_scale), var) for grad, var in pairs]
        if gradient_multipliers is not None:
            pairs = _multiplied(pairs, gradient_multipliers)
        pairs = _clipped_and_shown(pairs, clip_gradients, wanted, loss)
        step = global_step if increment_global_step else None
        update = chosen.apply_gradients(pairs, global_step=step, name="train")
        with control_dependencies([update]):
            trained: Tensor = identity(loss)
        return trained


def _rate(learning_rate: Any) -> Any:
    """Return the learning rate: a variable if it is a float."""
    if learning_rate is None:
        return None
    if isinstance(learning_rate, Tensor) and learning_rate.shape.ndims == 0:
        return learning_rate
    if not isinstance(learning_rate, float):
        raise ValueError(
            f"Learning rate should be 0d Tensor or float. Got {learning_rate} of type "
            f"{type(learning_rate)}"
        )
    if learning_rate < 0.0:
        raise ValueError(f"Invalid learning_rate {learning_rate}.")
    return get_variable("learning_rate", [], trainable=False, initializer=Constant(learning_rate))


def _checked(summaries: Sequence[str] | None) -> Sequence[str]:
    for each in summaries or ():
        if each not in OPTIMIZER_SUMMARIES:
            raise ValueError(
                f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you provided "
                f"{each}."
            )
    return _BY_DEFAULT if summaries is None else summaries


def _optimizer(optimizer: Any, rate: Any) -> Optimizer:
    """Return the optimizer that is meant."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    is_class = isinstance(optimizer, type) and issubclass(optimizer, Optimizer)
    if rate is None and (is_class or isinstance(optimizer, str)):
        kind = "class" if is_class else "string"
        raise ValueError(
            f"Learning rate is None, but should be specified if optimizer is {kind} ({optimizer})."
        )
    if isinstance(optimizer, str):
        if optimizer not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], you provided "
                f"{optimizer}."
            )
        return OPTIMIZER_CLS_NAMES[optimizer](learning_rate=rate)
    if is_class:
        made: Optimizer = optimizer(learning_rate=rate)
        return made
    if not callable(optimizer):
        raise ValueError(
            "Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass "
            f"of Optimizer or function with one argument. Got {optimizer}."
        )
    given = optimizer() if rate is None else optimizer(rate)
    if not isinstance(given, Optimizer):
        raise ValueError(
            f"Unrecognized optimizer: function should return subclass of Optimizer. Got {given}."
        )
    return given


# --- gradients -----------------------------------------------------------------------------------


def _noisy(gradient: Any, scale: float) -> Any:
    def add_noise(values: Any) -> Any:
        return values + scale * truncated_normal(shape_of(values), dtype=values.dtype)

    return on_values(gradient, add_noise)


def _scaled(gradient: Any, factor: Any) -> Any:
    def scale(values: Any) -> Any:
        return multiply(values, convert_to_tensor(factor, values.dtype))

    return on_values(gradient, scale)


def _multiplied(pairs: Pairs, factors: Mapping[Any, Any]) -> Pairs:
    """Multiply the gradients of those variables that have a factor, by themselves or by name."""
    found = []
    for grad, var in pairs:
        key = next((each for each in (var, var.op.name) if each in factors), None)
        found.append((grad if key is None else _scaled(grad, factors[key]), var))
    if not found:
        raise ValueError(
            "Empty list of (gradient, var) pairs encountered. This is most likely to be caused by "
            "an improper value of gradient_multipliers."
        )
    return found


def _clipped_and_shown(pairs: Pairs, clip: Any, wanted: Sequence[str], loss: Any) -> Pairs:
    """Clip gradients and write the summaries of them and of the loss."""
    with_norms = "global_gradient_norm" in wanted or "gradient_norm" in wanted
    if with_norms:
        scalar("global_norm/gradient_norm", global_norm([grad for grad, _ in pairs]))
    if isinstance(clip, float):
        clipped, _ = clip_by_global_norm([grad for grad, _ in pairs], clip)
        pairs = [(grad, var) for grad, (_, var) in zip(clipped, pairs, strict=True)]
    elif callable(clip):
        pairs = list(clip(pairs))
    elif clip is not None:
        raise ValueError(f"Unknown type {type(clip)} for clip_gradients")
    if "loss" in wanted:
        scalar("loss", loss)
    for grad, var in pairs:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        if values is None:
            continue
        name = var.name.replace(":", "_")
        if "gradients" in wanted:
            histogram(f"gradients/{name}", values)
        if "gradient_norm" in wanted:
            scalar(f"gradient_norm/{name}", global_norm([values]))
    if clip is not None and with_norms:
        scalar("global_norm/clipped_gradient_norm", global_norm([grad for grad, _ in pairs]))
    return pairs
