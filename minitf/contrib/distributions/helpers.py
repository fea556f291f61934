"""Weighted sums of exponentials, the inverse of softplus, and streams of seeds.

Source: TensorFlow 1.15's functions and class of the same names in tf.contrib.distributions.
"""

from __future__ import annotations

import hashlib
from typing import Any

from minitf import ops
from minitf.api.constants import ones_like, zeros_like
from minitf.api.control import stop_gradient
from minitf.api.elementary import exp, expm1, log
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.reductions import reduce_logsumexp, reduce_max, reduce_sum
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


def softplus_inverse(x: Any, name: str | None = None) -> Tensor:
    """Return log(exp(x) - 1), the number of which softplus gives x > 0; exact for small x too."""
    with name_scope(name, "softplus_inverse", [x]):
        x = convert_to_tensor(x, name="x")
        return x + log(-expm1(-x))


def reduce_weighted_logsumexp(
    logx: Any,
    w: Any = None,
    axis: Any = None,
    keep_dims: bool = False,
    return_sign: bool = False,
    name: str | None = None,
) -> Any:
    """Return log |sum of w exp(logx)| along dimensions, without overflow.

    Args:
        logx: floats.
        w: weights, which may be negative; 1 if None.
        axis: the dimensions; all if None.
        keep_dims: whether they stay, with a size of 1.
        return_sign: whether the sign of the sum is returned too.
        name: name scope of all operations.

    Returns:
        The logarithm; or it and the sign.
    """
    with name_scope(name, "reduce_weighted_logsumexp", [logx, w]):
        logx = convert_to_tensor(logx, name="logx")
        if w is None:
            found = reduce_logsumexp(logx, axis, keepdims=keep_dims)
            return (found, ones_like(found)) if return_sign else found
        w = convert_to_tensor(w, logx.dtype, name="w")
        logs = logx + log(abs_(w))
        most = reduce_max(logs, axis, keepdims=True)
        finite = ops.is_finite_op(most)
        most = stop_gradient(ops.select_v2_op(finite, most, zeros_like(most)))
        scaled = ops.sign_op(w) * exp(logs - most)
        total = reduce_sum(scaled, axis, keepdims=keep_dims)
        sign = ops.sign_op(total)
        most = most if keep_dims else reduce_sum(most, axis)  # of a size of 1: it only goes
        found = most + log(sign * total)
        return (found, sign) if return_sign else found


class SeedStream:
    """Seeds that follow from one, each another, and from a name that nobody else takes.

        seeds = SeedStream(42, salt="my_sampler")
        first, second = seeds(), seeds()

    Args:
        seed: any object with a text; None gives None each time.
        salt: likewise, the name.
    """

    def __init__(self, seed: Any, salt: Any) -> None:
        self._seed = seed.original_seed if isinstance(seed, SeedStream) else seed
        self._salt = salt
        self._counter = 0

    def __call__(self) -> int | None:
        """Return the next seed."""
        self._counter += 1
        if self._seed is None:
            return None
        text = str((self._seed, self._counter, self._salt)).encode("utf-8")
        return int(hashlib.sha512(text).hexdigest(), 16)

    @property
    def original_seed(self) -> Any:
        """What the seeds follow from."""
        return self._seed

    @property
    def salt(self) -> Any:
        """The name."""
        return self._salt
