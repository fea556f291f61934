"""Linear operators that scale vectors, of what a caller gives of them.

    diag(diagonal) + multiplier I,  a lower triangle,  either with U diag(d) U^T besides

Source: TensorFlow 1.15's tf.contrib.distributions.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import expand_dims
from minitf.api.assertions import assert_none_equal, assert_positive
from minitf.api.constants import zeros_like
from minitf.api.control import after
from minitf.api.diagonals import matrix_band_part, matrix_diag_part, matrix_set_diag
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.linear_operators import (
    LinearOperator,
    LinearOperatorDiag,
    LinearOperatorIdentity,
    LinearOperatorLowerTriangular,
    LinearOperatorLowRankUpdate,
    LinearOperatorScaledIdentity,
)


def diagonal_scale(
    loc: Any,
    diagonal: Any,
    multiplier: Any,
    *,
    validate_args: bool,
    positive: bool = False,
) -> LinearOperator:
    """Return the operator diag(diagonal) + multiplier I.

    Args:
        loc: [..., size], whose size is that of the identity if there is no diagonal.
        diagonal: [..., size], or None for nothing.
        multiplier: [...], or None for nothing; for the identity if there is no diagonal either.
        validate_args: check that no factor is 0 while the graph runs.
        positive: whether all factors are greater than 0, which is checked likewise.

    Raises:
        ValueError: if no argument has the size.
    """

    def checked(factors: Any, name: str) -> Any:
        given = convert_to_tensor(factors, name=name)
        if not validate_args:
            return given
        message = "diagonal part must be " + ("positive" if positive else "non-zero")
        check = (
            assert_positive(given, message=message)
            if positive
            else assert_none_equal(given, zeros_like(given), message=message)
        )
        return after([check], given)

    if diagonal is not None:
        factors = convert_to_tensor(diagonal, name="scale_diag")
        if multiplier is not None:
            factors += expand_dims(convert_to_tensor(multiplier, factors.dtype), -1)
        return LinearOperatorDiag(
            checked(factors, "scale_diag"),
            is_non_singular=True,
            is_self_adjoint=True,
            is_positive_definite=positive or None,
        )
    if loc is None:
        raise ValueError("Cannot infer `event_shape` unless `loc` or `shape_hint` is specified.")
    loc = convert_to_tensor(loc, name="loc")
    known = loc.shape[-1].value
    size = shape(loc)[-1] if known is None else known
    if multiplier is None:
        return LinearOperatorIdentity(size, dtype=loc.dtype, assert_proper_shapes=validate_args)
    return LinearOperatorScaledIdentity(
        size,
        checked(convert_to_tensor(multiplier, loc.dtype), "scale_identity_multiplier"),
        is_non_singular=True,
        is_self_adjoint=True,
        is_positive_definite=positive or None,
        assert_proper_shapes=validate_args,
    )


def triangular_scale(
    triangle: Any, diagonal: Any = None, multiplier: Any = None, *, validate_args: bool
) -> LinearOperator:
    """Return the operator of a lower triangle + diag(diagonal) + multiplier I.

    Args:
        triangle: [..., size, size], of which what is above the diagonal does not count.
        diagonal: [..., size], or None for nothing.
        multiplier: [...], or None for nothing.
        validate_args: check that no number of the diagonal is 0 while the graph runs.
    """
    made = convert_to_tensor(triangle, name="scale_tril")
    if diagonal is not None or multiplier is not None:
        whole = matrix_diag_part(made)
        if diagonal is not None:
            whole += convert_to_tensor(diagonal, made.dtype)
        if multiplier is not None:
            whole += expand_dims(convert_to_tensor(multiplier, made.dtype), -1)
        made = matrix_set_diag(matrix_band_part(made, -1, 0), whole)
    if validate_args:
        whole = matrix_diag_part(made)
        message = "`scale_tril` must have non-zero diagonal"
        made = after([assert_none_equal(whole, zeros_like(whole), message=message)], made)
    return LinearOperatorLowerTriangular(made, is_non_singular=True, is_self_adjoint=False)


def low_rank_scale(scale: LinearOperator, factor: Any, diagonal: Any) -> LinearOperator:
    """Return scale + U diag(d) U^T.

    Args:
        scale: a positive definite diagonal, or a lower triangle.
        factor: U, [..., size, k]; the scale itself is returned if it is None.
        diagonal: d, [..., k]; ones if None.
    """
    if factor is None:
        return scale
    symmetric = not isinstance(scale, LinearOperatorLowerTriangular)
    return LinearOperatorLowRankUpdate(
        scale,
        convert_to_tensor(factor, name="scale_perturb_factor"),
        diagonal,
        is_diag_update_positive=diagonal is None,
        is_non_singular=True,
        is_self_adjoint=symmetric,
        is_positive_definite=symmetric or None,
        is_square=True,
    )
