"""Bijectors of single numbers that are named after distributions, powers and bends.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

import math
from typing import Any

from minitf import ops
from minitf.api.elementary import asinh, exp, expm1, log, log1p, sinh, xlogy
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.math import pow as pow_
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.convert import convert_to_tensor
from minitf.distributions.statistics import given
from minitf.dtypes import float32
from minitf.static_value import constant_value
from minitf.tensor import Tensor


class _Curve(Bijector):
    """A bijector of single numbers with parameters that may have to be positive.

    Args:
        parameters: their values by name.
        positive: the names of those that must be greater than 0.
        validate_args: check them, and values, while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self, parameters: dict[str, Any], positive: str, validate_args: bool, name: str
    ) -> None:
        made = {}
        with name_scope(name, values=list(parameters.values())):
            for key, value in parameters.items():
                number = convert_to_tensor(value, name=key)
                checked = validate_args and key in positive.split()
                message = f"Argument {key} was not positive"
                made[key] = given(number, number > 0 if checked else None, message)
        self._given: dict[str, Tensor] = made
        super().__init__(
            graph_parents=list(made.values()),
            validate_args=validate_args,
            forward_min_event_ndims=0,
            name=name,
        )

    def _within(self, value: Tensor, fits: Tensor, message: str) -> Tensor:
        """Return a value that is checked if that is asked for."""
        return given(value, fits if self.validate_args else None, message)

    def _share(self, y: Tensor) -> Tensor:
        """Return a y that is checked to be a share, 0 < y <= 1, if that is asked for."""
        y = self._within(y, y > 0, "Inverse transformation input must be greater than 0.")
        message = "Inverse transformation input must be less than or equal to 1."
        return self._within(y, y <= 1, message)


class Gumbel(_Curve):
    """y = exp(-exp(-z)) with z = (x - loc) / scale, from 0 to 1.

    Args:
        loc: where z is 0.
        scale: greater than 0.
        validate_args: check that, and that y is a share, while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self,
        loc: Any = 0.0,
        scale: Any = 1.0,
        validate_args: bool = False,
        name: str = "gumbel",
    ) -> None:
        super().__init__({"loc": loc, "scale": scale}, "scale", validate_args, name)

    @property
    def loc(self) -> Tensor:
        """Where z is 0."""
        return self._given["loc"]

    @property
    def scale(self) -> Tensor:
        """How wide the bend is."""
        return self._given["scale"]

    def _forward(self, x: Tensor) -> Tensor:
        return exp(-exp(-(x - self.loc) / self.scale))

    def _inverse(self, y: Tensor) -> Tensor:
        return self.loc - self.scale * log(-log(self._share(y)))

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        y = self._share(y)
        return log(self.scale / (-log(y) * y))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        z = (x - self.loc) / self.scale
        return -z - exp(-z) - log(self.scale)


class Weibull(_Curve):
    """y = 1 - exp(-(x / scale)^concentration), of x that are not negative.

    Args:
        scale: greater than 0.
        concentration: greater than 0.
        validate_args: check that, and values, while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self,
        scale: Any = 1.0,
        concentration: Any = 1.0,
        validate_args: bool = False,
        name: str = "weibull",
    ) -> None:
        parameters = {"scale": scale, "concentration": concentration}
        super().__init__(parameters, "scale concentration", validate_args, name)

    @property
    def scale(self) -> Tensor:
        """What x is divided by."""
        return self._given["scale"]

    @property
    def concentration(self) -> Tensor:
        """The power."""
        return self._given["concentration"]

    def _at_least_0(self, x: Tensor) -> Tensor:
        return self._within(x, x >= 0, "Forward transformation input must be at least 0.")

    def _forward(self, x: Tensor) -> Tensor:
        return -expm1(-pow_(self._at_least_0(x) / self.scale, self.concentration))

    def _inverse(self, y: Tensor) -> Tensor:
        return self.scale * pow_(-log1p(-self._share(y)), 1.0 / self.concentration)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        less = log1p(-self._share(y))
        bend = xlogy(1.0 / self.concentration - 1.0, -less)
        return -less + bend + log(self.scale / self.concentration)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        x = self._at_least_0(x)
        k = self.concentration
        return -pow_(x / self.scale, k) + xlogy(k - 1.0, x) + log(k) - k * log(self.scale)


class Kumaraswamy(_Curve):
    """y = (1 - (1 - x)^(1 / b))^(1 / a), of shares.

    Args:
        concentration1: a, greater than 0; 1 if None.
        concentration0: b, greater than 0; 1 if None.
        validate_args: check that, and values, while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        name: str = "kumaraswamy",
    ) -> None:
        names = "concentration1 concentration0"
        values = (concentration1, concentration0)
        parameters = {
            key: convert_to_tensor(1.0, float32) if value is None else value
            for key, value in zip(names.split(), values, strict=True)
        }
        super().__init__(parameters, names, validate_args, name)

    @property
    def concentration1(self) -> Tensor:
        """The power a."""
        return self._given["concentration1"]

    @property
    def concentration0(self) -> Tensor:
        """The power b."""
        return self._given["concentration0"]

    def _between(self, value: Tensor) -> Tensor:
        value = self._within(value, value >= 0, "sample must be non-negative")
        return self._within(value, value <= 1, "sample must be no larger than `1`.")

    def _forward(self, x: Tensor) -> Tensor:
        inner = -expm1(log1p(-self._between(x)) / self.concentration0)
        return pow_(inner, 1.0 / self.concentration1)

    def _inverse(self, y: Tensor) -> Tensor:
        power = pow_(self._between(y), self.concentration1)
        return -expm1(self.concentration0 * log1p(-power))

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        y = self._between(y)
        a, b = self.concentration1, self.concentration0
        return log(a) + log(b) + xlogy(a - 1.0, y) + xlogy(b - 1.0, 1.0 - pow_(y, a))


class SinhArcsinh(_Curve):
    """y = sinh((asinh(x) + skewness) tailweight).

    Args:
        skewness: greater than 0 tilts to the right; 0 if None.
        tailweight: greater than 0; more than 1 makes tails heavier; 1 if None.
        validate_args: check that while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self,
        skewness: Any = None,
        tailweight: Any = None,
        validate_args: bool = False,
        name: str = "SinhArcsinh",
    ) -> None:
        parameters = {
            "skewness": 0.0 if skewness is None else skewness,
            "tailweight": 1.0 if tailweight is None else tailweight,
        }
        super().__init__(parameters, "tailweight", validate_args, name)

    @property
    def skewness(self) -> Tensor:
        """How much it tilts to the right."""
        return self._given["skewness"]

    @property
    def tailweight(self) -> Tensor:
        """How heavy it makes tails."""
        return self._given["tailweight"]

    def _forward(self, x: Tensor) -> Tensor:
        return sinh((asinh(x) + self.skewness) * self.tailweight)

    def _inverse(self, y: Tensor) -> Tensor:
        return sinh(asinh(y) / self.tailweight - self.skewness)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        angle = asinh(y)
        bent = angle / self.tailweight - self.skewness
        return _log_cosh(bent) - _log_cosh(angle) - log(self.tailweight)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        angle = asinh(x)
        bent = (angle + self.skewness) * self.tailweight
        return _log_cosh(bent) - _log_cosh(angle) + log(self.tailweight)


def _log_cosh(x: Tensor) -> Tensor:
    """Return log cosh x, which does not overflow; of asinh(x) it is log sqrt(1 + x^2)."""
    size = abs_(x)
    return size + log1p(exp(-2.0 * size)) - math.log(2)


class PowerTransform(Bijector):
    """y = (1 + c x)^(1 / c), of x > -1 / c; for c = 0 its limit exp(x).

    Args:
        power: c, a number that is known while the graph is built, at least 0.
        validate_args: check values while the graph runs.
        name: name scope of all operations.

    Raises:
        ValueError: if `power` is not known, or negative.
    """

    def __init__(
        self, power: Any = 0.0, validate_args: bool = False, name: str = "power_transform"
    ) -> None:
        with name_scope(name, values=[power]):
            known = constant_value(convert_to_tensor(power, name="power"))
        if known is None or known < 0:
            raise ValueError("`power` must be a non-negative TF constant.")
        self._power: Any = known
        super().__init__(validate_args=validate_args, forward_min_event_ndims=0, name=name)

    @property
    def power(self) -> Any:
        """The power c."""
        return self._power

    def _least(self, x: Tensor) -> Tensor:
        fits = 1.0 + x * self._power > 0 if self.validate_args and self._power else None
        least = -1.0 / self._power if self._power else -math.inf
        return given(x, fits, f"Forward transformation input must be at least {least}.")

    def _positive(self, y: Tensor) -> Tensor:
        message = "Inverse transformation input must be greater than 0."
        return given(y, y > 0 if self.validate_args else None, message)

    def _forward(self, x: Tensor) -> Tensor:
        if not self._power:
            return exp(x)
        return exp(log1p(self._least(x) * self._power) / self._power)

    def _inverse(self, y: Tensor) -> Tensor:
        log_y = log(self._positive(y))
        return expm1(log_y * self._power) / self._power if self._power else log_y

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return (self._power - 1.0) * log(self._positive(y))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        if not self._power:
            return ops.identity_op(x)
        return (1.0 / self._power - 1.0) * log1p(self._least(x) * self._power)


class Exp(PowerTransform):
    """y = exp(x).

    Args:
        validate_args: check that y is greater than 0 while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "exp") -> None:
        super().__init__(0.0, validate_args, name)


class Softsign(Bijector):
    """y = x / (1 + |x|), from -1 to 1.

    Args:
        validate_args: check that y is within while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "softsign") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=0, name=name)

    def _within(self, y: Tensor) -> Tensor:
        if not self.validate_args:
            return y
        y = given(y, y > -1, "Inverse transformation input must be greater than -1.")
        return given(y, y < 1, "Inverse transformation input must be less than 1.")

    def _forward(self, x: Tensor) -> Tensor:
        return x / (1.0 + abs_(x))

    def _inverse(self, y: Tensor) -> Tensor:
        y = self._within(y)
        return y / (1.0 - abs_(y))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return -2.0 * log1p(abs_(x))

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return -2.0 * log1p(-abs_(self._within(y)))
