"""Affine: y = scale x + shift, of vectors, with a scale made of parts.

    scale = c I + diag(d) + a lower triangle + U diag(e) U^T

Source: TensorFlow 1.15's tf.contrib.distributions.bijectors.Affine.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.elementary import log
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.sizes import shape
from minitf.contrib.distributions.bijectors.affine_operator import AffineLinearOperator
from minitf.contrib.distributions.scales import diagonal_scale, low_rank_scale, triangular_scale
from minitf.convert import convert_to_tensor
from minitf.distributions.statistics import given
from minitf.tensor import Tensor


class Affine(AffineLinearOperator):
    """y = scale x + shift, of vectors.

    Args:
        shift: [..., size], what is added; 0 if None.
        scale_identity_multiplier: [...], c; 1 if it, `scale_diag` and `scale_tril` are None, else
            0 if None.
        scale_diag: [..., size], d; 0 if None.
        scale_tril: [..., size, size], of which what is above the diagonal does not count.
        scale_perturb_factor: U, [..., size, k], k small; none if None.
        scale_perturb_diag: e, [..., k]; ones if None.
        validate_args: check that `scale` is not singular while the graph runs.
        name: name scope of all operations.

    Raises:
        TypeError: if `shift` is of another type than `scale`.
        ValueError: if there is `scale_perturb_diag` without `scale_perturb_factor`.
    """

    def __init__(
        self,
        shift: Any = None,
        scale_identity_multiplier: Any = None,
        scale_diag: Any = None,
        scale_tril: Any = None,
        scale_perturb_factor: Any = None,
        scale_perturb_diag: Any = None,
        validate_args: bool = False,
        name: str = "affine",
    ) -> None:
        if scale_perturb_diag is not None and scale_perturb_factor is None:
            raise ValueError(
                "When scale_perturb_diag is specified, scale_perturb_factor must be specified."
            )
        self._multiplier: Tensor | None = None
        scale = None
        with name_scope(name, values=[shift, scale_diag, scale_tril, scale_perturb_factor]):
            if scale_tril is not None:
                scale = triangular_scale(
                    scale_tril, scale_diag, scale_identity_multiplier, validate_args=validate_args
                )
            elif scale_diag is not None or scale_perturb_factor is not None:
                factor = scale_perturb_factor
                scale = diagonal_scale(
                    None if factor is None else convert_to_tensor(factor)[..., 0],
                    scale_diag,
                    scale_identity_multiplier,
                    validate_args=validate_args,
                    positive=factor is not None,
                )
            elif scale_identity_multiplier is not None:
                made = convert_to_tensor(scale_identity_multiplier, name="identity_multiplier")
                fits = ops.not_equal_op(made, ops.zeros_like_op(made)) if validate_args else None
                self._multiplier = given(made, fits, "identity_multiplier should be non-zero.")
            if scale is not None:
                scale = low_rank_scale(scale, scale_perturb_factor, scale_perturb_diag)
            kind = self._multiplier if scale is None else scale
            if shift is not None and kind is not None:
                shift = convert_to_tensor(shift, name="shift")
                if shift.dtype.base_dtype != kind.dtype.base_dtype:
                    raise TypeError(
                        f"shift.dtype({shift.dtype}) is incompatible with "
                        f"scale.dtype({kind.dtype})."
                    )
        super().__init__(shift, scale, validate_args, name)

    @property
    def scale(self) -> Any:
        """The linear operator; the multiplier if there is nothing else; None for the identity."""
        return self._scale if self._multiplier is None else self._multiplier

    def _forward(self, x: Tensor) -> Tensor:
        return super()._forward(x if self._multiplier is None else x * self._multiplier[..., None])

    def _inverse(self, y: Tensor) -> Tensor:
        x = super()._inverse(y)
        return x if self._multiplier is None else x / self._multiplier[..., None]

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        if self._multiplier is None:
            return super()._forward_log_det_jacobian(x)
        return cast(shape(x)[-1], x.dtype) * log(abs_(self._multiplier))
