"""Probabilities and their logits, of which a distribution takes either.

Of one event, logits = log(p / (1 - p)); of several classes, logits = log p, up to a constant.

Source: TensorFlow 1.15's distributions.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.checks import Assert
from minitf.api.control import identity
from minitf.api.elementary import log, log1p, sigmoid
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.nn_losses import softmax
from minitf.api.reductions import reduce_all, reduce_sum
from minitf.convert import convert_to_tensor
from minitf.distributions.checks import must
from minitf.distributions.distribution import Distribution
from minitf.tensor import Tensor


class WithOdds(Distribution):
    """A distribution of events, or of classes, that has both."""

    _logits: Tensor
    _probs: Tensor

    @property
    def logits(self) -> Tensor:
        """Log-odds of an event; scores of classes."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """Probabilities of an event; of classes."""
        return self._probs


class WithTrials(WithOdds):
    """A distribution of what happens in a number of trials."""

    _total_count: Tensor

    @property
    def total_count(self) -> Tensor:
        """How many trials there are."""
        return self._total_count


def logits_and_probs(
    logits: Any, probs: Any, *, classes: bool = False, validate_args: bool = False
) -> tuple[Tensor, Tensor]:
    """Return both, of which one is given.

    Args:
        logits: scores, or None.
        probs: probabilities, or None.
        classes: whether the last dimension counts classes, one of which happens.
        validate_args: check the probabilities while the graph runs.

    Raises:
        ValueError: if both are given, or neither.
        TypeError: if logits are not floating-point numbers.
    """
    if (probs is None) == (logits is None):
        raise ValueError("Must pass probs or logits, but not both.")
    if probs is None:
        logits = convert_to_tensor(logits, name="logits")
        if not logits.dtype.is_floating:
            raise TypeError("logits must having floating type.")
        made = softmax(logits, name="probs") if classes else sigmoid(logits, name="probs")
        return logits, made
    probs = convert_to_tensor(probs, name="probs")
    if validate_args:
        probs = _validated(probs, classes=classes)
    with name_scope("logits"):
        return (log(probs) if classes else log(probs) - log1p(-1.0 * probs)), probs


def _validated(probs: Tensor, *, classes: bool) -> Tensor:
    """Return probabilities that exist only if they are such."""
    checks = [must(probs >= 0.0, "probs must be non-negative", probs)]
    if classes:
        error = ops.abs_op(reduce_sum(probs, axis=-1) - 1.0)
        least = 1e-3 if probs.dtype.base_dtype.size < 4 else 1e-5
        checks.append(Assert(reduce_all(error < least), ["probs does not sum to 1.", probs]))
    else:
        checks.append(must(probs <= 1.0, "probs has components greater than 1.", probs))
    with control_dependencies(checks):
        return identity(probs)
