"""Gamma-distributed random numbers, differentiable in their shape parameter.

Source: 2015 Table 1 (Random); Marsaglia and Tsang (2000); Figurnov et al. (2018).
"""

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.math.gamma import in_double
from minitf.ops.math.incomplete_gamma import slope_at_rank
from minitf.ops.random.conversion import normal_doubles, uniform_doubles
from minitf.ops.random.distributions import sizes_of
from minitf.ops.random.philox import RESERVED_PER_OUTPUT, Draws, reserve
from minitf.ops.random.sampling import samples_of_each
from minitf.resources import Context
from minitf.shapes import Shape, broadcast
from minitf.symbols import S, T, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- RandomGamma -------------------------------------------------------------------------------


@op("RandomGamma", "stateful", S=INDICES, T=types("float16", "float32", "float64"))
def random_gamma_op(shape: S[n], alpha: T, *, seed: int = 0, seed2: int = 0, context: Context) -> T:
    """Draw numbers with density x^(alpha - 1) exp(-x) / gamma(alpha).

    d (1 + c x)^3 of a normal number x, accepted so that the density comes out (Marsaglia and
    Tsang); for alpha < 1 that of alpha + 1, times a uniform number to the power 1 / alpha; for
    alpha = 1 simply -log(1 - u).  All in double precision.

    Args:
        shape: how many to draw for each alpha.
        alpha: real[...] > 0.
        seed: first seed.
        seed2: second seed.

    Returns:
        T[*shape, ...].

    Source: 2015 Table 1 (Random).
    """
    sizes = sizes_of(shape)
    count = math.prod(sizes)
    size = count * alpha.size
    draws = Draws(reserve(context, seed, seed2, size * RESERVED_PER_OUTPUT), size)
    alphas = np.repeat(alpha.reshape(-1), count).astype(np.float64)
    made = np.empty_like(alphas)
    is_one = alphas == 1
    ones, others = np.flatnonzero(is_one), np.flatnonzero(~is_one)
    made[ones] = -np.log1p(-draws.take(uniform_doubles, ones))
    made[others] = _by_rejection(alphas, others, draws)
    of_each = made.reshape(alpha.size, count).T
    return of_each.reshape((*sizes, *alpha.shape)).astype(alpha.dtype)


def _by_rejection(alphas: Array, elements: Array, draws: Draws) -> Array:
    made = np.empty_like(alphas)
    pending = elements
    while pending.size:
        alpha = alphas[pending]
        d = alpha + np.where(alpha < 1, 2 / 3, -1 / 3)
        x = draws.take(normal_doubles, pending)
        v = 1 + 1 / 3 / np.sqrt(d) * x
        fits = np.flatnonzero(v > 0)
        d, x, v = d[fits], x[fits], v[fits] ** 3
        u = draws.take(uniform_doubles, pending[fits])
        with np.errstate(divide="ignore"):  # u = 0 is accepted
            accepted = (u < 1 - 0.0331 * x**4) | (np.log(u) < x * x / 2 + d * (1 - v + np.log(v)))
        made[pending[fits[accepted]]] = (d * v)[accepted]
        pending = np.delete(pending, fits[accepted])
    below_one = elements[alphas[elements] < 1]
    made[below_one] *= draws.take(uniform_doubles, below_one) ** (1 / alphas[below_one])
    return made[elements]


@random_gamma_op.shape(values_of=("shape",))
def random_gamma_shape(shape: Any, alpha: Shape, *, seed: int, seed2: int) -> Shape:
    return samples_of_each(shape, alpha)


@random_gamma_op.gradient
def random_gamma_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    shape, alpha = op.inputs
    samples = ops.range_op(
        0, ops.size_op(shape), 1
    )  # the dimensions that hold samples of one alpha
    slope = ops.random_gamma_grad_op(alpha, op.outputs[0])
    return [None, ops.sum_op(grad * slope, samples)]


# --- RandomGammaGrad ---------------------------------------------------------------------------


@op("RandomGammaGrad", T=types("float32", "float64"))
def random_gamma_grad_op(alpha: T, sample: T) -> T:
    """Tell how a gamma-distributed number moves with alpha while its rank among others stays.

    With P the distribution function and p its density, P(alpha, x) constant gives

        dx / d alpha = -(dP / d alpha) / p = (dQ / d alpha) / p,  Q = 1 - P,

    Relative error about 1e-15 in double precision.

    Args:
        alpha: real[...] > 0.
        sample: real[...] >= 0, broadcast with `alpha`.

    Returns:
        T[...].

    Source: Figurnov et al., "Implicit reparameterization gradients" (2018).
    """
    return in_double(slope_at_rank, alpha, sample)


@random_gamma_grad_op.shape
def random_gamma_grad_shape(alpha: Shape, sample: Shape) -> Shape:
    return broadcast(alpha, sample)


random_gamma_grad_op.no_gradient("TensorFlow defines none of second order", refuse=True)
