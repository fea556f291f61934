"""The Kullback-Leibler divergence, by a function per pair of kinds of distributions.

    KL(a || b) = E[log a.prob(X) - log b.prob(X)] for X drawn from a

**State**: the functions registered, (class, class) -> function; it grows as distributions are
imported and by users' `RegisterKL`.  A pair that is not registered takes the function of the
nearest base classes.

Source: Kullback and Leibler 1951; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.checks import Assert
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.reductions import reduce_any
from minitf.tensor import Tensor

Divergence = Callable[..., Tensor]
_REGISTERED: dict[tuple[type, type], Divergence] = {}


def _nearest(kind_a: type, kind_b: type) -> Divergence | None:
    """Return the function of the pair of base classes with the fewest steps, or None."""
    found = [
        (i + j, i, function)
        for i, a in enumerate(inspect.getmro(kind_a))
        for j, b in enumerate(inspect.getmro(kind_b))
        if (function := _REGISTERED.get((a, b)))
    ]
    return min(found, key=lambda each: each[:2])[2] if found else None


def kl_divergence(
    distribution_a: Any, distribution_b: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """Return KL(a || b) of each member of the batch, in nats.

    Args:
        distribution_a: the distribution that values are drawn from.
        distribution_b: the one that they are compared with.
        allow_nan_stats: give NaN where it is not defined; else a run fails.
        name: name scope of the operations.

    Raises:
        NotImplementedError: if no function is registered for the two kinds.
    """
    kinds = type(distribution_a), type(distribution_b)
    function = _nearest(*kinds)
    if function is None:
        raise NotImplementedError(
            "No KL(distribution_a || distribution_b) registered for distribution_a type "
            f"{kinds[0].__name__} and distribution_b type {kinds[1].__name__}"
        )
    with name_scope("KullbackLeibler"):
        made = function(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return made
        message = (
            f"KL calculation between {distribution_a.name} and {distribution_b.name} returned NaN "
            "values (and was called with allow_nan_stats=False). Values:"
        )
        is_number = ops.logical_not_op(reduce_any(ops.is_nan_op(made)))
        with control_dependencies([Assert(is_number, [message, made])]):
            return identity(made, name="checked_kl")


def cross_entropy(
    ref: Any, other: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """Return -E[log other.prob(X)] of each member of the batch, X drawn from `ref`, in nats.

    Args:
        ref: the distribution that values are drawn from.
        other: the one that they are compared with.
        allow_nan_stats: give NaN where it is not defined; else a run fails.
        name: name scope of the operations.

    Raises:
        NotImplementedError: if no divergence is registered for the pair.
    """
    with name_scope(name, "cross_entropy"):
        divergence = kl_divergence(ref, other, allow_nan_stats=allow_nan_stats)
        entropy: Tensor = ref.entropy()
        return entropy + divergence


class RegisterKL:
    """Decorate a function `(a, b, name=None)` as the divergence of two kinds of distributions.

    Args:
        dist_cls_a: class of the first.
        dist_cls_b: class of the second.
    """

    def __init__(self, dist_cls_a: type, dist_cls_b: type) -> None:
        self._key = dist_cls_a, dist_cls_b

    def __call__(self, kl_fn: Divergence) -> Divergence:
        """Register the function.

        Raises:
            TypeError: if it is not callable.
            ValueError: if the pair has a function already.
        """
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._key in _REGISTERED:
            a, b = (kind.__name__ for kind in self._key)
            raise ValueError(
                f"KL({a} || {b}) has already been registered to: {_REGISTERED[self._key]}"
            )
        _REGISTERED[self._key] = kl_fn
        return kl_fn
