"""What watches a training: logs, keeps values, ends it.

Source: TensorFlow 1.15's `tf.contrib.learn.monitors`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import numpy as np

from minitf.api.state import trainable_variables
from minitf.contrib.learn.monitors.base import BaseMonitor, EveryN
from minitf.train.watching_hooks import NanLossDuringTrainingError

_LOG = logging.getLogger("tensorflow")


class StopAtStep(BaseMonitor):
    """Ends the training.

    Args:
        num_steps: after how many steps.
        last_step: at which step, instead.

    Raises:
        ValueError: if there are both, or neither.
    """

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        super().__init__()
        self._check(
            (num_steps is None) != (last_step is None),
            "Exactly one of num_steps and last_step should be specified.",
        )
        self._num_steps = num_steps
        self._last = last_step

    @property
    def run_on_all_workers(self) -> bool:
        """True: each machine ends."""
        return True

    def step_begin(self, step: int) -> list[Any]:
        """Count from the first step on."""
        super().step_begin(step)
        if self._last is None:
            self._last = step + (self._num_steps or 0) - 1
        return []

    def step_end(self, step: int, output: Mapping[Any, Any]) -> bool:
        """Return whether this was the last step."""
        super().step_end(step, output)
        return self._last is not None and step >= self._last


class PrintTensor(EveryN):
    """Logs tensors.

    Args:
        tensor_names: names of tensors; or label -> name.
        every_n: how many steps are from one to the next.
        first_n: up to which step each is logged.
    """

    def __init__(self, tensor_names: Any, every_n: int = 100, first_n: int = 1) -> None:
        super().__init__(every_n, first_n)
        named = isinstance(tensor_names, Mapping)
        self._names = dict(tensor_names) if named else {each: each for each in tensor_names}

    def every_n_step_begin(self, step: int) -> list[Any]:
        """Ask for the tensors."""
        return list(self._names.values())

    def every_n_step_end(self, step: int, outputs: Mapping[Any, Any]) -> bool:
        """Log them."""
        shown = [f"{label} = {outputs[name]}" for label, name in self._names.items()]
        _LOG.info("Step %d: %s", step, ", ".join(shown))
        return False


class LoggingTrainable(EveryN):
    """Logs the mean of each trained variable.

    Args:
        scope: beginning of the variables' names; all if None.
        every_n: how many steps are from one to the next.
        first_n: up to which step each is logged.
    """

    def __init__(self, scope: str | None = None, every_n: int = 100, first_n: int = 1) -> None:
        super().__init__(every_n, first_n)
        self._scope = scope
        self._names: list[str] = []

    def every_n_step_begin(self, step: int) -> list[Any]:
        """Ask for the variables."""
        self._names = [each.name for each in trainable_variables(scope=self._scope)]
        return list(self._names)

    def every_n_step_end(self, step: int, outputs: Mapping[Any, Any]) -> bool:
        """Log their means."""
        shown = [f"{name} = {np.mean(outputs[name])}" for name in self._names]
        _LOG.info("Logging Trainable: Step %d: %s", step, ", ".join(shown))
        return False


class CaptureVariable(EveryN):
    """Keeps the values of a tensor.

    Args:
        var_name: its name, such as `w:0`.
        every_n: how many steps are from one to the next.
        first_n: up to which step each is kept.
    """

    def __init__(self, var_name: str, every_n: int = 100, first_n: int = 1) -> None:
        super().__init__(every_n, first_n)
        self._name = var_name
        self._values: dict[int, Any] = {}

    @property
    def values(self) -> dict[int, Any]:
        """Step -> value."""
        return self._values

    def every_n_step_begin(self, step: int) -> list[Any]:
        """Ask for the tensor."""
        return [self._name]

    def every_n_step_end(self, step: int, outputs: Mapping[Any, Any]) -> bool:
        """Keep its value."""
        self._values[step] = outputs[self._name]
        return False


class NanLoss(EveryN):
    """Ends the training if a loss is no number.

    Args:
        loss_tensor: the loss, or its name.
        every_n_steps: how many steps are from one look to the next.
        fail_on_nan_loss: whether to raise an error.

    Raises:
        NanLossDuringTrainingError: from the step, if the loss is no number and that is an error.
    """

    def __init__(
        self, loss_tensor: Any, every_n_steps: int = 100, fail_on_nan_loss: bool = True
    ) -> None:
        super().__init__(every_n_steps)
        self._loss = loss_tensor
        self._fail = fail_on_nan_loss

    def every_n_step_begin(self, step: int) -> list[Any]:
        """Ask for the loss."""
        return [self._loss]

    def every_n_step_end(self, step: int, outputs: Mapping[Any, Any]) -> bool:
        """Return whether it is no number."""
        if not np.isnan(outputs[self._loss]):
            return False
        if self._fail:
            _LOG.error("Model diverged with loss = NaN.")
            raise NanLossDuringTrainingError
        _LOG.warning("Model diverged with loss = NaN.")
        return True
