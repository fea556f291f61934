"""Matrices of random numbers on which linear operators are tried out.

Source: TensorFlow 1.15's functions of the same names in linear_operator_test_util.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat
from minitf.api.casting import cast
from minitf.api.comparison import less
from minitf.api.diagonals import matrix_band_part, matrix_set_diag
from minitf.api.elementary import complex as complex_of
from minitf.api.framework import name_scope
from minitf.api.gathering import where
from minitf.api.matmul import matmul
from minitf.api.random import random_normal as real_normal
from minitf.api.random import random_uniform as real_uniform
from minitf.api.sequences import eye
from minitf.api.sizes import shape as sizes_of
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, float32, int32
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


def _sizes(shape: Any) -> Any:
    """Return sizes as a list, or as a Tensor if they are not known."""
    if isinstance(shape, TensorShape):
        return shape.as_list()
    return shape if isinstance(shape, Tensor) else [int(each) for each in shape]


def _complex(real: Tensor, imaginary: Tensor, dtype: Any) -> Tensor:
    return cast(complex_of(real, imaginary), dtype)  # type: ignore[no-any-return]


def random_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = float32, seed: int | None = None
) -> Tensor:
    """Return normal numbers; complex ones of two parts.

    Args:
        shape: their shape.
        mean: of each part.
        stddev: of each part.
        dtype: a floating-point or complex type.
        seed: of the operation; see `tf.set_random_seed`.
    """
    dtype = as_dtype(dtype)
    with name_scope("random_normal"):
        made = real_normal(shape, mean, stddev, dtype.real_dtype, seed)
        if not dtype.is_complex:
            return made
        seed = None if seed is None else seed + 1234
        return _complex(made, real_normal(shape, mean, stddev, dtype.real_dtype, seed), dtype)


def random_uniform(
    shape: Any,
    minval: Any = None,
    maxval: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
) -> Tensor:
    """Return uniform numbers, at least `minval` and less than `maxval`; else as `random_normal`."""
    dtype = as_dtype(dtype)
    with name_scope("random_uniform"):
        least = 0 if minval is None else minval
        made = real_uniform(shape, least, maxval, dtype.real_dtype, seed)
        if not dtype.is_complex:
            return made
        seed = None if seed is None else seed + 12345
        return _complex(made, real_uniform(shape, least, maxval, dtype.real_dtype, seed), dtype)


def random_sign_uniform(
    shape: Any,
    minval: Any = None,
    maxval: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
) -> Tensor:
    """Return uniform numbers, half of them with the other sign; arguments as above."""
    with name_scope("random_sign_uniform"):
        made = random_uniform(shape, minval, maxval, dtype, seed)
        seed = None if seed is None else seed + 12
        coin = real_uniform(sizes_of(made), 0, 1, seed=seed)
        return where(less(coin, 0.5), made, -made)


def random_normal_correlated_columns(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    eps: float = 1e-4,
    seed: int | None = None,
) -> Tensor:
    """Return matrices whose second half of columns nearly repeats the first.

    Args:
        shape: their shape.
        mean: as of `random_normal`.
        stddev: likewise.
        dtype: likewise.
        eps: how much a column differs from the one that it repeats, in units of `stddev`.
        seed: as of `random_normal`.
    """
    dtype = as_dtype(dtype)
    with name_scope("random_normal_correlated_columns"):
        sizes = _sizes(shape)
        half = -(-sizes[-1] // 2)
        first = random_normal([*sizes[:-1], half], mean, stddev, dtype, seed)
        seed = None if seed is None else seed + 123
        noise = random_normal([*sizes[:-1], half], 0.0, stddev, dtype, seed)
        second = first + cast(eps, dtype) * noise
        return concat([first, second[..., : sizes[-1] - half]], -1)


def random_positive_definite_matrix(
    shape: Any, dtype: Any, force_well_conditioned: bool = False
) -> Tensor:
    """Return self-adjoint positive definite matrices.

    Args:
        shape: [..., N, N].
        dtype: a floating-point or complex type.
        force_well_conditioned: whether the eigenvalues are at least 1.
    """
    dtype = as_dtype(dtype)
    with name_scope("random_positive_definite_matrix"):
        sizes = convert_to_tensor(_sizes(shape), int32)
        half = random_normal(concat([sizes[:-1], [2 * sizes[-1]]], 0), dtype=dtype)
        made: Tensor = matmul(half, half, adjoint_b=True) / cast(2 * sizes[-1], dtype)
        return made + eye(sizes[-1], dtype=dtype) if force_well_conditioned else made


def random_tril_matrix(
    shape: Any, dtype: Any, force_well_conditioned: bool = False, remove_upper: bool = True
) -> Tensor:
    """Return lower triangles.

    Args:
        shape: [..., N, N].
        dtype: a floating-point or complex type.
        force_well_conditioned: whether the diagonal is from 1 to 2, and the rest small.
        remove_upper: whether there are zeros above the diagonal.
    """
    dtype = as_dtype(dtype)
    with name_scope("random_tril_matrix"):
        made = random_normal(shape, dtype=dtype)
        if remove_upper:
            made = matrix_band_part(made, -1, 0)
        if not force_well_conditioned:
            return made
        sizes = convert_to_tensor(_sizes(shape), int32)
        diagonal = real_uniform(sizes[:-1], 1.0, 2.0, dtype.real_dtype)
        return matrix_set_diag(made / cast(sizes[-1], dtype), cast(diagonal, dtype))
