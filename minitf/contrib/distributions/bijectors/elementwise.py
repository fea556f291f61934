"""Bijectors of single numbers.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.constants import zeros
from minitf.api.control import after
from minitf.api.elementary import expm1, log, log1p, sigmoid, sqrt, square
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.nn_activations import softplus
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.helpers import softplus_inverse
from minitf.convert import convert_to_tensor
from minitf.distributions.statistics import given
from minitf.tensor import Tensor


class Sigmoid(Bijector):
    """y = 1 / (1 + exp(-x)).

    Args:
        validate_args: accepted: every x has a y.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "sigmoid") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=0, name=name)

    def _forward(self, x: Tensor) -> Tensor:
        return sigmoid(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return log(y) - log1p(-y)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return -log1p(-y) - log(y)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return -softplus(-x) - softplus(x)


class Softplus(Bijector):
    """y = c log(1 + exp(x / c)), with the softness c of the bend.

    Args:
        hinge_softness: c, not 0; 1 if None.
        validate_args: check that while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self, hinge_softness: Any = None, validate_args: bool = False, name: str = "softplus"
    ) -> None:
        self._softness: Tensor | None = None
        with name_scope(name, values=[hinge_softness]):
            if hinge_softness is not None:
                made = convert_to_tensor(hinge_softness, name="hinge_softness")
                fits = ops.not_equal_op(made, ops.zeros_like_op(made)) if validate_args else None
                self._softness = given(made, fits, "hinge_softness must be non-zero")
        super().__init__(
            graph_parents=[] if self._softness is None else [self._softness],
            validate_args=validate_args,
            forward_min_event_ndims=0,
            name=name,
        )

    @property
    def hinge_softness(self) -> Tensor | None:
        """The softness of the bend; None for 1."""
        return self._softness

    def _over(self, x: Tensor) -> Tensor:
        return x if self._softness is None else x / self._softness

    def _times(self, x: Tensor) -> Tensor:
        return x if self._softness is None else x * self._softness

    def _forward(self, x: Tensor) -> Tensor:
        return self._times(softplus(self._over(x)))

    def _inverse(self, y: Tensor) -> Tensor:
        return self._times(softplus_inverse(self._over(y)))

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return -log(-expm1(-self._over(y)))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return -softplus(-self._over(x))


class Square(Bijector):
    """y = x^2, of numbers that are not negative.

    Args:
        validate_args: check that while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "square") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=0, name=name)

    def _positive(self, value: Tensor) -> Tensor:
        fits = value >= 0 if self.validate_args else None
        made: Tensor = given(value, fits, "All elements must be non-negative.")
        return made

    def _forward(self, x: Tensor) -> Tensor:
        return square(self._positive(x))

    def _inverse(self, y: Tensor) -> Tensor:
        return sqrt(self._positive(y))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        x = self._positive(x)
        return log(x + x)


class AffineScalar(Bijector):
    """y = shift + scale x.

    Args:
        shift: what is added; 0 if None.
        scale: the factor, not 0; 1 if None.
        validate_args: check that while the graph runs.
        name: name scope of all operations.
    """

    def __init__(
        self,
        shift: Any = None,
        scale: Any = None,
        validate_args: bool = False,
        name: str = "affine_scalar",
    ) -> None:
        self._shift: Tensor | None = None
        self._scale: Tensor | None = None
        with name_scope(name, values=[scale, shift]):
            if shift is not None:
                self._shift = convert_to_tensor(shift, name="shift")
            if scale is not None:
                made = convert_to_tensor(scale, name="scale")
                fits = ops.not_equal_op(made, ops.zeros_like_op(made)) if validate_args else None
                self._scale = given(made, fits, "scale must be non-zero")
        parents = [each for each in (self._shift, self._scale) if each is not None]
        super().__init__(
            graph_parents=parents,
            is_constant_jacobian=True,
            validate_args=validate_args,
            forward_min_event_ndims=0,
            name=name,
        )

    @property
    def shift(self) -> Tensor | None:
        """What is added; None for 0."""
        return self._shift

    @property
    def scale(self) -> Tensor | None:
        """The factor; None for 1."""
        return self._scale

    def _forward(self, x: Tensor) -> Tensor:
        scaled = ops.identity_op(x) if self._scale is None else x * self._scale
        return scaled if self._shift is None else scaled + self._shift

    def _inverse(self, y: Tensor) -> Tensor:
        moved = ops.identity_op(y) if self._shift is None else y - self._shift
        return moved if self._scale is None else moved / self._scale

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        if self._scale is None:
            return ops.zeros_like_op(x)
        return log(abs_(self._scale)) + ops.zeros_like_op(x)


class AbsoluteValue(Bijector):
    """y = |x|, which two x have: -y and y.

    Args:
        validate_args: check that y is not negative while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "absolute_value") -> None:
        super().__init__(
            is_constant_jacobian=True,
            validate_args=validate_args,
            forward_min_event_ndims=0,
            name=name,
        )

    @property
    def _is_injective(self) -> bool:
        return False

    def _forward(self, x: Tensor) -> Tensor:
        return abs_(x)

    def _inverse(self, y: Tensor) -> tuple[Tensor, Tensor]:
        y = self._positive(y)
        return -y, y

    def _inverse_log_det_jacobian(self, y: Tensor) -> tuple[Tensor, Tensor]:
        nothing = zeros([], y.dtype)
        return nothing, after([self._positive(y).op], nothing) if self.validate_args else nothing

    def _positive(self, y: Tensor) -> Tensor:
        return given(y, y >= 0 if self.validate_args else None, "Argument y was negative")
