"""LossScaleOptimizer: an optimizer of Keras whose loss is scaled and whose gradients are not.

Source: Micikevicius 2018; TensorFlow 1.15's `tf.keras.mixed_precision.experimental`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from minitf.api.control import group, no_op
from minitf.keras.backend.sessions import track_variable
from minitf.keras.optimizers.base import Optimizer
from minitf.layers.utils import smart_cond
from minitf.tensor import Tensor
from minitf.train import loss_scale as loss_scales
from minitf.train.loss_scale_optimizer import scaled
from minitf.variables.base import Variable


class LossScaleOptimizer(Optimizer):
    """An optimizer that multiplies the loss by a scale, and divides the gradients by it.

    A step whose gradients are not finite changes no variable, if the scale is dynamic. Numbers of
    the wrapped optimizer are attributes of this one.

    Args:
        opt: the optimizer that does the steps.
        loss_scale: a LossScale, a number or "dynamic".

    Raises:
        ValueError: if either is something else, or gradients are clipped.

    Source: TensorFlow 1.15.
    """

    def __init__(self, opt: Any, loss_scale: Any) -> None:
        if not isinstance(opt, Optimizer):
            raise ValueError(f'"opt" must be an instance of OptimizerV2, but got: {opt}')
        for name in ("clipnorm", "clipvalue"):
            if getattr(opt, name) is not None:
                raise ValueError(
                    f"LossScaleOptimizer does not support wrapping optimizers with a {name}. "
                    f"Optimizer {opt} has {name} {getattr(opt, name)}"
                )
        vars(self)["_optimizer"] = opt
        super().__init__(opt._name)  # noqa: SLF001 one of us, here and below
        self._numbers = opt._numbers  # noqa: SLF001
        self._loss_scale = loss_scales.get(loss_scale)
        if self._loss_scale is None:
            raise ValueError("loss_scale cannot be None.")
        for each in self._loss_scale._weights.values():  # noqa: SLF001
            track_variable(each)
        self._track_trackable(opt, "base_optimizer")
        self._track_trackable(self._loss_scale, "loss_scale")

    @property
    def loss_scale(self) -> Any:
        """The LossScale."""
        return self._loss_scale

    # --- losses and gradients ---------------------------------------------------------------------

    def get_scaled_loss(self, loss: Any) -> Any:
        """Return a loss multiplied by the scale; a function that makes one for a function."""
        scale = self._loss_scale()
        if callable(loss) and not isinstance(loss, (Tensor, Variable)):
            return lambda: scaled(loss(), scale)
        return scaled(loss, scale)

    def get_unscaled_gradients(self, grads: Sequence[Any]) -> list[Any]:
        """Return gradients of a scaled loss divided by the scale."""
        reciprocal = 1.0 / self._loss_scale()
        return [scaled(each, reciprocal) for each in grads]

    def get_gradients(self, loss: Any, params: Sequence[Any]) -> list[Any]:
        """Return the gradients of the loss itself, computed of the scaled one."""
        grads = self._optimizer.get_gradients(self.get_scaled_loss(loss), params)
        return self.get_unscaled_gradients(grads)

    def minimize(
        self, loss: Any, var_list: Any, grad_loss: Any = None, name: str | None = None
    ) -> Any:
        """Return the operation of a step along the gradients of a loss; see `Optimizer`."""
        from minitf.api.gradients import gradients

        value = self.get_scaled_loss(loss() if callable(loss) else loss)
        variables = list(var_list() if callable(var_list) else var_list)
        grads = self.get_unscaled_gradients(gradients(value, variables, grad_loss))
        return self.apply_gradients(zip(grads, variables, strict=True), name)

    def apply_gradients(self, grads_and_vars: Any, name: str | None = None) -> Any:
        """Return the operation of a step, which changes the scale too."""
        pairs = list(grads_and_vars)
        update, is_good = self._loss_scale.update([grad for grad, _ in pairs])
        with_grads = [variable for grad, variable in pairs if grad is not None]
        self._optimizer.begin(with_grads)

        def applied() -> Any:
            return group(self._optimizer.apply_gradients(pairs, name))

        return group(smart_cond(is_good, applied, no_op), update)

    # --- what the wrapped optimizer has -----------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if "_optimizer" not in vars(self):  # while it is copied
            raise AttributeError(name)
        return getattr(vars(self)["_optimizer"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        of_inner = vars(vars(self)["_optimizer"]).get("_numbers", {})
        if name in of_inner or name == "lr":
            setattr(vars(self)["_optimizer"], name, value)
        else:
            vars(self)[name] = value

    @property
    def iterations(self) -> Any:
        """A variable: how many steps were taken."""
        return self._optimizer.iterations

    def count_by(self, iterations: Any) -> None:
        """Count steps in a variable of the program."""
        self._optimizer.count_by(iterations)

    @property
    def weights(self) -> list[Any]:
        """The weights of the wrapped optimizer."""
        return list(self._optimizer.weights)

    def get_slot(self, var: Any, slot_name: str) -> Any:
        """Return nothing: the slots are the wrapped optimizer's, as in TensorFlow."""
        raise AttributeError("You cannot call get_slot on a LossScaleOptimizer")

    def get_slot_names(self) -> list[str]:
        """Return the names of the wrapped optimizer's slots."""
        return list(self._optimizer.get_slot_names())

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        from minitf.keras.optimizers.named import serialize

        held = self._loss_scale
        return {
            "optimizer": serialize(self._optimizer),
            "loss_scale": {"class_name": type(held).__name__, "config": held.get_config()},
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Any = None) -> Self:
        """Return the optimizer that `get_config` describes; see `Optimizer`."""
        from minitf.keras.optimizers.named import deserialize

        inner = deserialize(config["optimizer"], custom_objects)
        return cls(inner, loss_scales.get(config["loss_scale"]))
