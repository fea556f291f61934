"""The switch for mixed precision: what of it there is on a CPU.

TensorFlow rewrites the graphs of later Sessions so that GPUs of a certain kind compute in float16;
on a CPU it leaves them as they are.  What remains is the scale of the loss, which the optimizer
that is returned applies.

Source: TensorFlow 1.15's `tf.train.experimental`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from minitf.train.loss_scale_optimizer import MixedPrecisionLossScaleOptimizer
from minitf.train.optimizer import Optimizer


class Switch:
    """Whether mixed precision is on, and what wraps optimizers that are not of `tf.train`."""

    is_on = False
    wrappers: ClassVar[list[tuple[type[Any], Callable[[Any, Any], Any]]]] = []


def register_loss_scale_wrapper(
    optimizer_cls: type[Any], wrapper: Callable[[Any, Any], Any]
) -> None:
    """Let a class of optimizers be wrapped.

    Args:
        optimizer_cls: the class.
        wrapper: of an optimizer and a loss scale.
    """
    Switch.wrappers.append((optimizer_cls, wrapper))


def _wrapped(opt: Any, loss_scale: Any) -> Any:
    if isinstance(opt, Optimizer):
        return MixedPrecisionLossScaleOptimizer(opt, loss_scale)
    for cls, wrapper in Switch.wrappers:
        if isinstance(opt, cls):
            return wrapper(opt, loss_scale)
    raise ValueError(
        '"opt" must be an instance of a tf.train.Optimizer or a tf.keras.optimizers.Optimizer, '
        f"but got: {opt}"
    )


def enable_mixed_precision_graph_rewrite(opt: Any, loss_scale: Any = "dynamic") -> Any:
    """Turn mixed precision on; return an optimizer whose loss is scaled.

    Args:
        opt: an optimizer of `tf.train` or of Keras.
        loss_scale: a LossScale, a number or "dynamic".

    Raises:
        ValueError: if it is none, or its loss is scaled already.
    """
    if hasattr(opt, "_loss_scale"):
        raise ValueError(
            f'"opt" must not already be an instance of a {type(opt).__name__}. '
            "`enable_mixed_precision_graph_rewrite` will automatically wrap the optimizer with a "
            f"{type(opt).__name__}."
        )
    made = _wrapped(opt, loss_scale)
    Switch.is_on = True
    return made


def disable_mixed_precision_graph_rewrite() -> None:
    """Turn mixed precision off; optimizers that were returned scale their losses still."""
    Switch.is_on = False
