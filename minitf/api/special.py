"""Special functions: gamma, zeta, beta and Bessel functions, and values of polynomials.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import nest, ops
from minitf.api.constants import constant, zeros_like
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_sum
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.tensor import Tensor

# --- gamma, zeta, beta ---------------------------------------------------------------------------


@dispatchable
def lgamma(x: Any, name: str | None = None) -> Tensor:
    """Return the logarithm of |gamma(x)|, element by element."""
    return ops.lgamma_op(x, name=name)


@dispatchable
def digamma(x: Any, name: str | None = None) -> Tensor:
    """Return the derivative of lgamma(x), element by element."""
    return ops.digamma_op(x, name=name)


def polygamma(a: Any, x: Any, name: str | None = None) -> Tensor:
    """Return the a-th derivative of digamma(x), element by element."""
    return ops.polygamma_op(a, x, name=name)


def zeta(x: Any, q: Any, name: str | None = None) -> Tensor:
    """Return the sum of (q + k)^-x over k = 0, 1, 2, ..., element by element."""
    return ops.zeta_op(x, q, name=name)


def igamma(a: Any, x: Any, name: str | None = None) -> Tensor:
    """Return the integral of t^(a - 1) e^-t from 0 to x over gamma(a), element by element."""
    return ops.igamma_op(a, x, name=name)


def igammac(a: Any, x: Any, name: str | None = None) -> Tensor:
    """Return 1 - igamma(a, x), exact also where it is small."""
    return ops.igammac_op(a, x, name=name)


def betainc(a: Any, b: Any, x: Any, name: str | None = None) -> Tensor:
    """Return the integral of t^(a - 1) (1 - t)^(b - 1) from 0 to x over that from 0 to 1.

    Args:
        a: real[...] > 0.
        b: real[...] > 0.
        x: real[...] in [0, 1].  All that are not scalars have one shape.
        name: name of the operation.
    """
    return ops.betainc_op(a, b, x, name=name)


def lbeta(x: Any, name: str | None = None) -> Tensor:
    """Return the logarithm of the beta function of the numbers along the last axis.

    The sum of their lgamma less the lgamma of their sum; -inf of no numbers.

    Args:
        x: real[..., n] > 0.
        name: name scope of the operations.
    """
    with name_scope(name, "lbeta", [x]):
        x = convert_to_tensor(x, name="x")
        product = reduce_sum(ops.lgamma_op(x), axis=[-1])
        return product - ops.lgamma_op(reduce_sum(x, axis=[-1]))


# --- Bessel functions ----------------------------------------------------------------------------


def bessel_i0(x: Any, name: str | None = None) -> Tensor:
    """Return the modified Bessel function of order 0, element by element."""
    with name_scope(name, "bessel_i0", [x]):
        return ops.exp_op(ops.abs_op(x)) * ops.bessel_i0e_op(x)


def bessel_i1(x: Any, name: str | None = None) -> Tensor:
    """Return the modified Bessel function of order 1, element by element."""
    with name_scope(name, "bessel_i1", [x]):
        return ops.exp_op(ops.abs_op(x)) * ops.bessel_i1e_op(x)


def bessel_i0e(x: Any, name: str | None = None) -> Tensor:
    """Return e^-|x| times the modified Bessel function of order 0, element by element."""
    return ops.bessel_i0e_op(x, name=name)


def bessel_i1e(x: Any, name: str | None = None) -> Tensor:
    """Return e^-|x| times the modified Bessel function of order 1, element by element."""
    return ops.bessel_i1e_op(x, name=name)


# --- neighbours, inverses, polynomials -----------------------------------------------------------


def nextafter(x1: Any, x2: Any, name: str | None = None) -> Tensor:
    """Return the number next to x1 in the direction of x2, element by element."""
    return ops.next_after_op(x1, x2, name=name or "NextAfter")


def reciprocal_no_nan(x: Any, name: str | None = None) -> Tensor:
    """Return 1 / x, 0 where x is 0."""
    with name_scope(name, "reciprocal_no_nan", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        one = constant(1, dtype=x.dtype.base_dtype, name="one")
        return ops.div_no_nan_op(one, x, name=scope)


def polyval(coeffs: list[Any], x: Any, name: str | None = None) -> Tensor:
    """Return c[0] x^(n - 1) + ... + c[n - 2] x + c[n - 1], by Horner's rule.

    Args:
        coeffs: a list of n Tensors that broadcast with x.
        x: where to evaluate.
        name: name scope of the operations.

    Raises:
        ValueError: if `coeffs` is not a list.
    """
    if not isinstance(coeffs, list):
        raise ValueError(f"Argument coeffs must be list type found {type(coeffs)}.")
    with name_scope(name, "polyval", [*nest.flatten(coeffs), x]) as scope:
        x = convert_to_tensor(x, name="x")
        if not coeffs:
            return zeros_like(x, name=scope)
        total, *rest = [convert_to_tensor(c, name=f"coeff_{i}") for i, c in enumerate(coeffs)]
        for coefficient in rest:
            total = coefficient + total * x
        return total
