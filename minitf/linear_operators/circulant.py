"""Circulant operators, also of blocks, and of blocks of blocks: convolutions on a ring.

Each row is the row before it, moved by one place to the right in a circle, so that the discrete
Fourier transform F makes the operator diagonal:

    A = F^-1 diag(spectrum) F,   A x = the kernel F^-1(spectrum), convolved with x

A vector of N numbers stands for a block of as many dimensions as the spectrum has (its shape is
that of the block), and F runs over all of them.

Source: TensorFlow 1.15's LinearOperatorCirculant, ...2D and ...3D.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api import assertions
from minitf.api.array import concat, reshape
from minitf.api.casting import cast
from minitf.api.constants import ones, zeros_like
from minitf.api.elementary import complex as complex_of
from minitf.api.elementary import conj, imag, log, real
from minitf.api.framework import name_scope
from minitf.api.linalg import adjoint as adjoint_of
from minitf.api.math import abs as abs_
from minitf.api.reductions import reduce_prod, reduce_sum
from minitf.api.sizes import shape
from minitf.api.spectral import fft, fft2d, fft3d, ifft, ifft2d, ifft3d
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, complex64
from minitf.linear_operators.algebra import (
    RegisterAdjoint,
    RegisterInverse,
    RegisterMatmul,
    RegisterSolve,
)
from minitf.linear_operators.base import LinearOperator
from minitf.linear_operators.batches import broadcast_matrix_batch_dims, rotate_transpose
from minitf.linear_operators.hints import Hint, always, commuting, hints_of
from minitf.linear_operators.parameters import (
    assert_no_entries_with_modulus_zero,
    assert_zero_imag_part,
    to_complex,
)
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_FORWARD = {1: fft, 2: fft2d, 3: fft3d}
_BACKWARD = {1: ifft, 2: ifft2d, 3: ifft3d}


class _BaseLinearOperatorCirculant(LinearOperator):
    """Circulant operators of blocks of any number of dimensions, 1 to 3.

    Args:
        spectrum: number[..., *block], the eigenvalues.
        block_depth: how many dimensions a block has.
        input_output_dtype: of the vectors, and of the operator.
        is_non_singular: whether no eigenvalue is 0.
        is_self_adjoint: whether all eigenvalues are real.
        is_positive_definite: whether all eigenvalues have a positive real part.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if the spectrum has too few dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        spectrum: Any,
        block_depth: int,
        input_output_dtype: Any = complex64,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = True,
        name: str = "LinearOperatorCirculant",
    ) -> None:
        if block_depth not in _FORWARD:
            raise ValueError(
                f"Expected block_depth to be in {list(_FORWARD)}.  Found: {block_depth}."
            )
        self._block_depth = block_depth
        with name_scope(name, values=[spectrum]):
            self._spectrum = convert_to_tensor(spectrum, name="spectrum")
            rank = self._spectrum.shape.rank
            if rank is not None and rank < block_depth:
                raise ValueError(
                    f"Argument spectrum must have at least {block_depth} dimensions.  Found: "
                    f"{self._spectrum}"
                )
            if not self._spectrum.dtype.is_complex:
                message = "A real spectrum always corresponds to a self-adjoint operator."
                is_self_adjoint = always(is_self_adjoint, message)
            message = "A [[nested] block] circulant operator is always square."
            super().__init__(
                dtype=as_dtype(input_output_dtype),
                graph_parents=[self._spectrum],
                is_non_singular=is_non_singular,
                is_self_adjoint=is_self_adjoint,
                is_positive_definite=is_positive_definite,
                is_square=always(is_square, message),
                name=name,
            )

    @property
    def block_depth(self) -> int:
        """How many dimensions a block has."""
        return self._block_depth

    @property
    def block_shape(self) -> TensorShape:
        """The shape of a block, as far as it is known."""
        return self._spectrum.shape[-self._block_depth :]  # type: ignore[no-any-return]

    def block_shape_tensor(self) -> Tensor:
        """Return the shape of a block."""
        return shape(self._spectrum)[-self._block_depth :]

    @property
    def spectrum(self) -> Tensor:
        """The eigenvalues."""
        return self._spectrum

    def convolution_kernel(self, name: str = "convolution_kernel") -> Tensor:
        """Return the blocks that vectors are convolved with."""
        with self._name_scope(name):
            kernel = _BACKWARD[self._block_depth](to_complex(self._spectrum))
            return self._own(kernel)

    def _shape(self) -> TensorShape:
        block = self.block_shape
        side = block.num_elements()
        return self._spectrum.shape[: -self._block_depth].concatenate([side, side])  # type: ignore[no-any-return]

    def _shape_tensor(self) -> Tensor:
        sizes = shape(self._spectrum)
        side = reduce_prod(sizes[-self._block_depth :])
        return concat((sizes[: -self._block_depth], [side, side]), 0)

    # --- assertions ------------------------------------------------------------------------------

    def assert_hermitian_spectrum(self, name: str = "assert_hermitian_spectrum") -> Operation:
        """Return an operation that aborts the step if the convolution kernel is not real."""
        with self._name_scope(name):
            dtype = self.dtype.real_dtype
            eps = np.finfo(dtype.as_numpy_dtype).eps
            most = cast(self.domain_dimension_tensor(), dtype) * eps
            error = abs_(imag(self.convolution_kernel()))
            return assertions.assert_less(error, most, message="Spectrum was not Hermitian")

    def _assert_non_singular(self) -> Operation:
        message = "Singular operator:  Spectrum contained zero values."
        return assert_no_entries_with_modulus_zero(self._spectrum, message=message)

    def _assert_positive_definite(self) -> Operation:
        message = "Not positive definite:  Real part of spectrum was not all positive."
        return assertions.assert_positive(real(self._spectrum), message=message)

    def _assert_self_adjoint(self) -> Operation:
        message = "Not self-adjoint:  The spectrum contained non-zero imaginary part."
        return assert_zero_imag_part(self._spectrum, message=message)

    def _own(self, x: Tensor) -> Tensor:
        """Return numbers in the operator's type, of complex ones their real parts if it is real."""
        if x.dtype == self.dtype:
            return x
        return ops.cast_op(x, DstT=self.dtype)  # type: ignore[no-any-return]

    # --- products and systems --------------------------------------------------------------------

    def _matmul(self, x: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        x = adjoint_of(x) if adjoint_arg else x
        blocks, spectrum = self._blocks(x, adjoint=adjoint)
        return self._columns(spectrum * blocks)

    def _solve(self, rhs: Tensor, adjoint: bool = False, adjoint_arg: bool = False) -> Tensor:
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        blocks, spectrum = self._blocks(rhs, adjoint=adjoint)
        return self._columns(blocks / spectrum)

    def _blocks(self, x: Tensor, *, adjoint: bool) -> tuple[Tensor, Tensor]:
        """Return the transforms of columns: [R, *batch, *block], and the spectrum that fits."""
        spectrum = to_complex(self._spectrum)
        spectrum = conj(spectrum) if adjoint else spectrum
        x = cast(x, spectrum.dtype)
        column = reshape(spectrum, concat((self.batch_shape_tensor(), [-1, 1]), 0))
        x, column = broadcast_matrix_batch_dims((x, column))
        block = self.block_shape_tensor()
        spectrum = reshape(column, concat((shape(x)[:-2], block), 0))
        rows = rotate_transpose(x, shift=1)
        blocks = reshape(rows, _joined(rows.shape[:-1], shape(rows)[:-1], self.block_shape, block))
        return _FORWARD[self._block_depth](blocks), spectrum

    def _columns(self, blocks: Tensor) -> Tensor:
        """Return the columns of which blocks are the transforms."""
        found = _BACKWARD[self._block_depth](blocks)
        outer, sizes = found.shape[: -self._block_depth], shape(found)[: -self._block_depth]
        side, side_tensor = self.shape[-1:], self.shape_tensor()[-1:]
        flat = reshape(found, _joined(outer, sizes, side, side_tensor))
        return self._own(rotate_transpose(flat, shift=-1))

    # --- numbers that say much of it -------------------------------------------------------------

    def _axes(self) -> list[int]:
        return [-each for each in range(1, self._block_depth + 1)]

    def _determinant(self) -> Tensor:
        return self._own(reduce_prod(self._spectrum, axis=self._axes()))

    def _log_abs_determinant(self) -> Tensor:
        found = reduce_sum(log(abs_(self._spectrum)), axis=self._axes())
        return self._own(found)

    def _trace(self) -> Tensor:
        found = reduce_sum(real(self._spectrum), axis=self._axes())
        if self.dtype.is_complex:
            rest = (
                zeros_like(found)
                if self.is_self_adjoint
                else reduce_sum(imag(self._spectrum), axis=self._axes())
            )
            found = complex_of(found, rest)
        return self._own(found)

    def _diag_part(self) -> Tensor:
        known = self.shape.is_fully_defined()
        sizes = self.shape[:-1] if known else self.shape_tensor()[:-1]
        number = self.trace() / cast(self.domain_dimension_tensor(), self.dtype)
        return number[..., None] * ones(sizes, self.dtype)  # type: ignore[no-any-return]


def _joined(
    outer: TensorShape, outer_sizes: Tensor, inner: TensorShape, inner_sizes: Tensor
) -> TensorShape | Tensor:
    """Return two shapes after each other, known if both are."""
    if outer.is_fully_defined() and inner.is_fully_defined():
        return outer.concatenate(inner)
    return concat((outer_sizes, inner_sizes), 0)


class LinearOperatorCirculant(_BaseLinearOperatorCirculant):
    """A batch of circulant matrices.

    Args:
        spectrum: number[..., N], the eigenvalues.
        input_output_dtype: of the vectors, and of the operator.
        is_non_singular: whether no eigenvalue is 0.
        is_self_adjoint: whether all eigenvalues are real.
        is_positive_definite: whether all eigenvalues have a positive real part.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if the spectrum has too few dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        spectrum: Any,
        input_output_dtype: Any = complex64,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = True,
        name: str = "LinearOperatorCirculant",
    ) -> None:
        super().__init__(
            spectrum,
            block_depth=1,
            input_output_dtype=input_output_dtype,
            is_non_singular=is_non_singular,
            is_self_adjoint=is_self_adjoint,
            is_positive_definite=is_positive_definite,
            is_square=is_square,
            name=name,
        )


class LinearOperatorCirculant2D(_BaseLinearOperatorCirculant):
    """A batch of matrices of circulant blocks, in a circle.

    Args:
        spectrum: number[..., M, N], the eigenvalues.
        input_output_dtype: of the vectors, and of the operator.
        is_non_singular: whether no eigenvalue is 0.
        is_self_adjoint: whether all eigenvalues are real.
        is_positive_definite: whether all eigenvalues have a positive real part.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if the spectrum has too few dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        spectrum: Any,
        input_output_dtype: Any = complex64,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = True,
        name: str = "LinearOperatorCirculant2D",
    ) -> None:
        super().__init__(
            spectrum,
            block_depth=2,
            input_output_dtype=input_output_dtype,
            is_non_singular=is_non_singular,
            is_self_adjoint=is_self_adjoint,
            is_positive_definite=is_positive_definite,
            is_square=is_square,
            name=name,
        )


class LinearOperatorCirculant3D(_BaseLinearOperatorCirculant):
    """A batch of matrices of blocks of circulant blocks, in circles.

    Args:
        spectrum: number[..., L, M, N], the eigenvalues.
        input_output_dtype: of the vectors, and of the operator.
        is_non_singular: whether no eigenvalue is 0.
        is_self_adjoint: whether all eigenvalues are real.
        is_positive_definite: whether all eigenvalues have a positive real part.
        is_square: it always is.
        name: name scope of all operations.

    Raises:
        ValueError: if the spectrum has too few dimensions, or hints say what is not so.
    """

    def __init__(
        self,
        spectrum: Any,
        input_output_dtype: Any = complex64,
        is_non_singular: Hint = None,
        is_self_adjoint: Hint = None,
        is_positive_definite: Hint = None,
        is_square: Hint = True,
        name: str = "LinearOperatorCirculant3D",
    ) -> None:
        super().__init__(
            spectrum,
            block_depth=3,
            input_output_dtype=input_output_dtype,
            is_non_singular=is_non_singular,
            is_self_adjoint=is_self_adjoint,
            is_positive_definite=is_positive_definite,
            is_square=is_square,
            name=name,
        )


# --- algebra -------------------------------------------------------------------------------------


@RegisterAdjoint(LinearOperatorCirculant)
def _adjoint(operator: LinearOperatorCirculant) -> LinearOperatorCirculant:
    hints = hints_of(operator)
    return LinearOperatorCirculant(conj(operator.spectrum), operator.dtype, **hints)


@RegisterInverse(LinearOperatorCirculant)
def _inverse(operator: LinearOperatorCirculant) -> LinearOperatorCirculant:
    hints = hints_of(operator)
    return LinearOperatorCirculant(1.0 / operator.spectrum, operator.dtype, **hints)


@RegisterMatmul(LinearOperatorCirculant, LinearOperatorCirculant)
def _product(a: LinearOperatorCirculant, b: LinearOperatorCirculant) -> LinearOperatorCirculant:
    return LinearOperatorCirculant(a.spectrum * b.spectrum, a.dtype, **commuting(a, b))


@RegisterSolve(LinearOperatorCirculant, LinearOperatorCirculant)
def _quotient(a: LinearOperatorCirculant, b: LinearOperatorCirculant) -> LinearOperatorCirculant:
    return LinearOperatorCirculant(b.spectrum / a.spectrum, a.dtype, **commuting(a, b))
