"""The switch for mixed precision: what of it there is on a CPU.

TensorFlow rewrites the graphs of later Sessions so that GPUs of a certain kind compute in float16;
on a CPU it leaves them as they are.  What remains is the scale of the loss, which the optimizer
that is returned applies.

Source: TensorFlow 1.15's `tf.train.experimental`.
"""

from __future__ import annotations

from typing import Any

from minitf.train.loss_scale_optimizer import MixedPrecisionLossScaleOptimizer
from minitf.train.optimizer import Optimizer


class Switch:
    """Whether mixed precision is on."""

    is_on = False


def enable_mixed_precision_graph_rewrite(opt: Any, loss_scale: Any = "dynamic") -> Any:
    """Turn mixed precision on; return an optimizer whose loss is scaled.

    Args:
        opt: an optimizer of `tf.train`.
        loss_scale: a LossScale, a number or "dynamic".

    Raises:
        ValueError: if it is none, or its loss is scaled already.
    """
    if isinstance(opt, MixedPrecisionLossScaleOptimizer):
        raise ValueError(
            '"opt" must not already be an instance of a MixedPrecisionLossScaleOptimizer. '
            "`enable_mixed_precision_graph_rewrite` will automatically wrap the optimizer with a "
            "MixedPrecisionLossScaleOptimizer."
        )
    if not isinstance(opt, Optimizer):
        raise ValueError(
            '"opt" must be an instance of a tf.train.Optimizer or a tf.keras.optimizers.Optimizer, '
            f"but got: {opt}"
        )
    made = MixedPrecisionLossScaleOptimizer(opt, loss_scale)
    Switch.is_on = True
    return made


def disable_mixed_precision_graph_rewrite() -> None:
    """Turn mixed precision off; optimizers that were returned scale their losses still."""
    Switch.is_on = False
