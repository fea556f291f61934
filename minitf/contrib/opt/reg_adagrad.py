"""Adagrad whose accumulators may rest while a regularizer's gradients are applied.

Source: Duchi, Hazan and Singer 2011; TensorFlow 1.15's tf.contrib.opt.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from minitf.train.adagrad import AdagradOptimizer


class RegAdagradOptimizer(AdagradOptimizer):
    """Adagrad; in `avoid_updating_slots()` steps are made without growth of the accumulators.

        optimizer = tf.contrib.opt.RegAdagradOptimizer(0.1)
        step = optimizer.minimize(loss)
        with tf.control_dependencies([step]), optimizer.avoid_updating_slots():
            both = optimizer.minimize(regularization_loss)

    Arguments as of `tf.train.AdagradOptimizer`.

    Source: Duchi, Hazan and Singer 2011; TensorFlow 1.15's tf.contrib.opt.RegAdagradOptimizer.
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "RegAdagrad",
    ) -> None:
        super().__init__(learning_rate, initial_accumulator_value, use_locking, name)
        self._flags["update_slots"] = True

    @contextlib.contextmanager
    def avoid_updating_slots(self) -> Iterator[None]:
        """Leave accumulators as they are in updates that are built in this context."""
        before = self._flags["update_slots"]
        self._flags["update_slots"] = False
        try:
            yield
        finally:
            self._flags["update_slots"] = before
