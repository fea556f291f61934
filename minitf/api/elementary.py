"""Functions of one number, applied element by element: powers, exponentials, angles, rounding.

Source: TensorFlow 1.15's functions of the same names; 2015 Table 1.
"""

from __future__ import annotations

import logging
import weakref
from typing import Any

from minitf import ops, source
from minitf.api.constants import zeros_like
from minitf.api.framework import name_scope, of_sparse_too
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype, float32, float64, variant
from minitf.graph import Graph
from minitf.tensor import Tensor

_LOG = logging.getLogger("tensorflow")
_warned: weakref.WeakSet[Graph] = weakref.WeakSet()  # graphs of which it was said
_FUSED = {
    "Softmax": "tf.nn.softmax_cross_entropy_with_logits",
    "Sigmoid": "tf.nn.sigmoid_cross_entropy_with_logits",
}

# --- powers and exponentials -----------------------------------------------------------------


@dispatchable
@of_sparse_too
def square(x: Any, name: str | None = None) -> Tensor:
    """Return x * x, element by element."""
    return ops.square_op(x, name=name)


@dispatchable
@of_sparse_too
def sqrt(x: Any, name: str | None = None) -> Tensor:
    """Return the square root of x, element by element."""
    return ops.sqrt_op(x, name=name)


@dispatchable
def rsqrt(x: Any, name: str | None = None) -> Tensor:
    """Return 1 / sqrt(x), element by element."""
    return ops.rsqrt_op(x, name=name)


@dispatchable
def reciprocal(x: Any, name: str | None = None) -> Tensor:
    """Return 1 / x, element by element."""
    return ops.reciprocal_op(x, name=name)


@dispatchable
def exp(x: Any, name: str | None = None) -> Tensor:
    """Return e^x, element by element."""
    return ops.exp_op(x, name=name)


@dispatchable
def expm1(x: Any, name: str | None = None) -> Tensor:
    """Return e^x - 1, exact for small x, element by element."""
    return ops.expm1_op(x, name=name)


@dispatchable
def log(x: Any, name: str | None = None) -> Tensor:
    """Return the natural logarithm of x, element by element.

    Logs a warning, once for each graph, if x is what a softmax or a sigmoid gives: it may be 0.
    """
    result: Tensor = ops.log_op(x, name=name)
    kind = result.op.inputs[0].op.type
    if kind in _FUSED and result.graph not in _warned:
        _warned.add(result.graph)
        _LOG.warning(
            "%s: the logarithm of a %s is infinite where that is 0: %s takes the logits, and "
            "is exact",
            source.describe(result.op.site),
            kind.lower(),
            _FUSED[kind],
        )
    return result


@dispatchable
def log1p(x: Any, name: str | None = None) -> Tensor:
    """Return log(1 + x), exact for small x, element by element."""
    return ops.log1p_op(x, name=name)


def xlogy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x log(y) element by element, 0 where x is 0."""
    return ops.xlogy_op(x, y, name=name)


def xdivy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x / y element by element, 0 where x is 0."""
    with name_scope(name, "xdivy", [x]):
        return ops.xdivy_op(x, y)


# --- angles ----------------------------------------------------------------------------------


@dispatchable
def sin(x: Any, name: str | None = None) -> Tensor:
    """Return the sine of x, in radians, element by element."""
    return ops.sin_op(x, name=name)


@dispatchable
def cos(x: Any, name: str | None = None) -> Tensor:
    """Return the cosine of x, in radians, element by element."""
    return ops.cos_op(x, name=name)


@dispatchable
def tan(x: Any, name: str | None = None) -> Tensor:
    """Return the tangent of x, in radians, element by element."""
    return ops.tan_op(x, name=name)


@dispatchable
def asin(x: Any, name: str | None = None) -> Tensor:
    """Return the angle in [-pi/2, pi/2] whose sine is x, element by element."""
    return ops.asin_op(x, name=name)


@dispatchable
def acos(x: Any, name: str | None = None) -> Tensor:
    """Return the angle in [0, pi] whose cosine is x, element by element."""
    return ops.acos_op(x, name=name)


@dispatchable
def atan(x: Any, name: str | None = None) -> Tensor:
    """Return the angle in [-pi/2, pi/2] whose tangent is x, element by element."""
    return ops.atan_op(x, name=name)


@dispatchable
def sinh(x: Any, name: str | None = None) -> Tensor:
    """Return the hyperbolic sine of x, element by element."""
    return ops.sinh_op(x, name=name)


@dispatchable
def cosh(x: Any, name: str | None = None) -> Tensor:
    """Return the hyperbolic cosine of x, element by element."""
    return ops.cosh_op(x, name=name)


@dispatchable
def asinh(x: Any, name: str | None = None) -> Tensor:
    """Return the inverse hyperbolic sine of x, element by element."""
    return ops.asinh_op(x, name=name)


@dispatchable
def acosh(x: Any, name: str | None = None) -> Tensor:
    """Return the inverse hyperbolic cosine of x, element by element."""
    return ops.acosh_op(x, name=name)


@dispatchable
def atanh(x: Any, name: str | None = None) -> Tensor:
    """Return the inverse hyperbolic tangent of x, element by element."""
    return ops.atanh_op(x, name=name)


@dispatchable
def atan2(y: Any, x: Any, name: str | None = None) -> Tensor:
    """Return the angle in [-pi, pi] of the point (x, y), element by element."""
    return ops.atan2_op(y, x, name=name)


# --- squashing and special functions ------------------------------------------------------------


def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """Return 1 / (1 + e^-x), element by element."""
    return ops.sigmoid_op(x, name=name or "Sigmoid")


@dispatchable
def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """Return log(sigmoid(x)), element by element, also where sigmoid(x) is too small to hold."""
    with name_scope(name, "LogSigmoid", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return ops.neg_op(ops.softplus_op(ops.neg_op(x)), name=scope)


@of_sparse_too
def tanh(x: Any, name: str | None = None) -> Tensor:
    """Return the hyperbolic tangent of x, element by element."""
    return ops.tanh_op(x, name=name)


@dispatchable
@of_sparse_too
def erf(x: Any, name: str | None = None) -> Tensor:
    """Return the error function of x, element by element."""
    return ops.erf_op(x, name=name)


@dispatchable
def erfc(x: Any, name: str | None = None) -> Tensor:
    """Return 1 - erf(x), exact for large x, element by element."""
    return ops.erfc_op(x, name=name)


# --- rounding ------------------------------------------------------------------------------------


@dispatchable
def floor(x: Any, name: str | None = None) -> Tensor:
    """Return the greatest whole number <= x, element by element."""
    return ops.floor_op(x, name=name)


@dispatchable
def ceil(x: Any, name: str | None = None) -> Tensor:
    """Return the smallest whole number >= x, element by element."""
    return ops.ceil_op(x, name=name)


@dispatchable
def round(x: Any, name: str | None = None) -> Tensor:
    """Return the whole number nearest to x, the even one of two; integers as they are."""
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else ops.round_op(x, name=name)


@dispatchable
def rint(x: Any, name: str | None = None) -> Tensor:
    """Return the whole number nearest to x, the even one of two, element by element."""
    return ops.rint_op(x, name=name)


# --- complex numbers -----------------------------------------------------------------------------


@dispatchable
def complex(real: Any, imag: Any, name: str | None = None) -> Tensor:
    """Return real + i * imag, element by element.

    Raises:
        TypeError: unless both parts are float32, or both float64.
    """
    real = convert_to_tensor(real, name="real")
    imag = convert_to_tensor(imag, name="imag")
    with name_scope(name, "Complex", [real, imag]) as scope:
        types = real.dtype.base_dtype, imag.dtype.base_dtype
        if types not in ((float32, float32), (float64, float64)):
            raise TypeError(f"real and imag have incorrect types: {types[0].name} {types[1].name}")
        wanted = as_dtype("complex64" if types[0] is float32 else "complex128")
        return ops.complex_op(real, imag, Tout=wanted, name=scope)


@dispatchable
def real(input: Any, name: str | None = None) -> Tensor:
    """Return the real part of each element; a real tensor as it is."""
    with name_scope(name, "Real", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return input
        return ops.real_op(input, Tout=input.dtype.real_dtype, name=scope)


@dispatchable
def imag(input: Any, name: str | None = None) -> Tensor:
    """Return the imaginary part of each element; zeros for a real tensor."""
    with name_scope(name, "Imag", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        if input.dtype.is_complex:
            return ops.imag_op(input, Tout=input.dtype.real_dtype, name=scope)
        return zeros_like(input)


@dispatchable
def angle(input: Any, name: str | None = None) -> Tensor:
    """Return the angle in [-pi, pi] of each complex element; zeros for a real tensor."""
    with name_scope(name, "Angle", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        if input.dtype.is_complex:
            return ops.angle_op(input, Tout=input.dtype.real_dtype, name=scope)
        return zeros_like(input)


@dispatchable
def conj(x: Any, name: str | None = None) -> Tensor:
    """Return the complex conjugate of each element; a real tensor as it is.

    Raises:
        TypeError: if x is not numeric.
    """
    if isinstance(x, Tensor) and (x.dtype.is_floating or x.dtype.is_integer):
        return x
    with name_scope(name, "Conj", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex or x.dtype.base_dtype is variant:
            return ops.conj_op(x, name=scope)
        if x.dtype.is_floating or x.dtype.is_integer:
            return x
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}")
