"""The bijector of a linear operator and a shift.

Source: TensorFlow 1.15's tf.contrib.distributions.bijectors.AffineLinearOperator.
"""

from __future__ import annotations

from typing import Any

from minitf.api.constants import zeros
from minitf.api.control import after
from minitf.api.framework import name_scope
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.convert import convert_to_tensor
from minitf.linear_operators import LinearOperator
from minitf.tensor import Tensor


class AffineLinearOperator(Bijector):
    """y = scale x + shift, of vectors.

    Args:
        shift: [..., N], what is added; 0 if None.
        scale: a LinearOperator of shape [..., N, N] that is not singular; the identity if None.
        validate_args: check that while the graph runs.
        name: name scope of all operations.

    Raises:
        TypeError: if `scale` is no LinearOperator, or `shift` of another type.
        ValueError: if `scale` is not promised to be non-singular, or shapes do not fit.
    """

    def __init__(
        self,
        shift: Any = None,
        scale: LinearOperator | None = None,
        validate_args: bool = False,
        name: str = "affine_linear_operator",
    ) -> None:
        self._shift: Tensor | None = None
        self._scale = scale
        parents: list[Tensor] = []
        with name_scope(name, values=[shift]):
            if scale is not None:
                if not isinstance(scale, LinearOperator):
                    raise TypeError("scale is not an instance of tf.LinearOperator")
                if validate_args and not scale.is_non_singular:
                    raise ValueError("Scale matrix must be non-singular.")
                parents += [convert_to_tensor(each) for each in scale.graph_parents]
            if shift is not None:
                kind = None if scale is None else scale.dtype
                self._shift = convert_to_tensor(shift, kind, name="shift")
                parents.append(self._shift)
                if scale is not None:
                    self._shift.shape[-1].assert_is_compatible_with(scale.range_dimension)
        super().__init__(
            graph_parents=parents,
            is_constant_jacobian=True,
            validate_args=validate_args,
            dtype=parents[0].dtype if parents else None,
            forward_min_event_ndims=1,
            name=name,
        )

    @property
    def shift(self) -> Tensor | None:
        """What is added; None for 0."""
        return self._shift

    @property
    def scale(self) -> LinearOperator | None:
        """The linear operator; None for the identity."""
        return self._scale

    def _forward(self, x: Tensor) -> Tensor:
        if self._scale is not None:
            if self.validate_args:
                x = after([self._scale.assert_non_singular()], x)
            x = self._scale.matvec(x)
        return x if self._shift is None else x + self._shift

    def _inverse(self, y: Tensor) -> Tensor:
        x = y if self._shift is None else y - self._shift
        return x if self._scale is None else self._scale.solvevec(x)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        if self._scale is None:
            return zeros([], x.dtype.base_dtype)
        return self._scale.log_abs_determinant()
