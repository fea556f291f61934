"""Initial values of convolutions that keep the norm of what they read.

    2 x 2:   [[P Q, P (1 - Q)], [(1 - P) Q, (1 - P)(1 - Q)]]     P, Q orthogonal projections

As P and 1 - P split a vector into two parts that are orthogonal to each other, a window moves the
parts apart and loses none.  Larger windows are convolutions of small ones; an orthonormal matrix
before them lets channels in.

Source: Xiao et al. 2018, "Dynamical isometry and a mean field theory of CNNs", algorithms 1 and 2;
TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

from minitf import ops
from minitf.api import random
from minitf.api.array import expand_dims, matrix_transpose, reshape, stack
from minitf.api.casting import cast
from minitf.api.comparison import greater
from minitf.api.constants import zeros
from minitf.api.diagonals import diag_part
from minitf.api.gathering import scatter_nd
from minitf.api.matmul import matmul
from minitf.api.sequences import eye
from minitf.dtypes import as_dtype, float32
from minitf.tensor import Tensor
from minitf.variables.initializers import Initializer

Index = tuple[int, ...]
Window = dict[Index, Any]  # a matrix for each tap


class ConvolutionDeltaOrthogonal(Initializer):
    """An orthonormal matrix at the middle of the window, zeros elsewhere.

    Args:
        gain: factor of the matrix.
        seed: of the operation.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if it is another type.

    Source: Xiao et al. 2018.
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = float32) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = as_dtype(dtype)
        if not self.dtype.is_floating:
            raise ValueError(f"Expected floating point type, got {self.dtype}.")

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return the filters of a convolution over one to three axes.

        Raises:
            ValueError: if the shape is another one, or has more channels in than out.
        """
        sizes = [int(size) for size in shape]
        if not 3 <= len(sizes) <= 5:
            raise ValueError(
                "The tensor to initialize must be at least three-dimensional and at most "
                f"five-dimensional: {sizes}"
            )
        _check_channels(sizes)
        matrix, _ = _orthonormal(sizes[-1], dtype or self.dtype, self.seed)
        matrix = matrix[: sizes[-2], :]
        matrix *= cast(self.gain, dtype or self.dtype)
        middle = [(size - 1) // 2 for size in sizes[:-2]]
        return scatter_nd([middle], expand_dims(matrix, 0), sizes)


class ConvolutionOrthogonal(Initializer):
    """What the kinds of one, two and three axes share.

    Args:
        gain: factor of the filters.
        seed: of the first operation; each that follows has the next one.
        dtype: the type where none is asked for; a floating-point type.

    Raises:
        ValueError: if it is another type.

    Source: Xiao et al. 2018.
    """

    rank: ClassVar[int]
    wanted: ClassVar[str]

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = float32) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = as_dtype(dtype)
        if not self.dtype.is_floating:
            raise ValueError(f"Expected floating point type, got {self.dtype}.")

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """Return the filters of a convolution.

        Raises:
            ValueError: if the shape is another one, has more channels in than out, or windows are
                no squares.
        """
        sizes = [int(size) for size in shape]
        if len(sizes) != self.rank + 2:
            raise ValueError(f"The tensor to initialize must be {self.wanted}-dimensional: {sizes}")
        _check_channels(sizes)
        if len(set(sizes[:-2])) > 1:
            raise ValueError(f"Kernel sizes must be equal: {sizes[:-2]}")
        kind = as_dtype(dtype or self.dtype)
        into = self._matrix(sizes[-1], kind)[: sizes[-2], :]
        if sizes[0] == 1:
            return self.gain * reshape(into, sizes)
        window = self._small(sizes[-1], kind)
        for _ in range(sizes[0] - 2):
            window = _convolved(window, self._small(sizes[-1], kind))
        taps = [matmul(into, window[tap]) for tap in sorted(window)]
        return self.gain * reshape(stack(taps), sizes)

    def _matrix(self, n: int, dtype: Any) -> Tensor:
        """Return an orthonormal matrix; the seed goes on."""
        matrix, self.seed = _orthonormal(n, dtype, self.seed)
        return matrix

    def _projection(self, n: int, dtype: Any) -> Tensor:
        """Return a symmetric matrix that is its own square, on about half of the axes."""
        matrix = self._matrix(n, dtype)
        chosen = greater(random.random_normal([n], dtype=dtype, seed=self.seed), 0)
        self.seed = _next(self.seed)
        columns = ops.mul_op(matrix, cast(chosen, dtype))
        return matmul(columns, matrix_transpose(columns))

    def _small(self, n: int, dtype: Any) -> Window:
        """Return a window of two taps along each axis."""
        parts = [self._projection(n, dtype) for _ in range(self.rank)]
        unit = eye(n, dtype=dtype)
        turned = self.rank == 3  # there the whole of what is projected is behind, not before

        def part(axis: int, place: int) -> Any:
            return parts[axis] if bool(place) is turned else unit - parts[axis]

        made: Window = {}
        for tap in itertools.product((0, 1), repeat=self.rank):
            *others, product = (part(axis, place) for axis, place in enumerate(tap))
            for each in reversed(others):
                product = matmul(each, product)
            made[tap] = product
        return made


class ConvolutionOrthogonal1D(ConvolutionOrthogonal):
    """Filters of sequences, [T, C, K], that keep the norm; see `ConvolutionOrthogonal`."""

    rank, wanted = 1, "three"


class ConvolutionOrthogonal2D(ConvolutionOrthogonal):
    """Filters of images, [H, W, C, K], that keep the norm; see `ConvolutionOrthogonal`."""

    rank, wanted = 2, "four"


class ConvolutionOrthogonal3D(ConvolutionOrthogonal):
    """Filters of volumes, [D, H, W, C, K], that keep the norm; see `ConvolutionOrthogonal`."""

    rank, wanted = 3, "five"


def _check_channels(sizes: list[int]) -> None:
    if sizes[-2] > sizes[-1]:
        raise ValueError(f"In_filters cannot be greater than out_filters: {sizes}")


def _orthonormal(n: int, dtype: Any, seed: int | None) -> tuple[Tensor, int | None]:
    """Return an evenly drawn orthonormal matrix, and the next seed."""
    q, r = ops.qr_op(random.random_normal([n, n], dtype=dtype, seed=seed))
    return q * ops.sign_op(diag_part(r)), _next(seed)


def _next(seed: int | None) -> int | None:
    return seed + 1 if seed else seed


def _convolved(a: Window, b: Window) -> Window:
    """Return the window of one convolution after another."""
    sums: Window = {}
    lengths = [max(tap[0] for tap in window) + 1 for window in (a, b)]
    first = next(iter(a.values()))
    for tap in itertools.product(range(sum(lengths) - 1), repeat=len(next(iter(a)))):
        sums[tap] = zeros(first.shape, first.dtype)
        for one in itertools.product(*(range(min(lengths[0], place + 1)) for place in tap)):
            other = tuple(place - step for place, step in zip(tap, one, strict=True))
            if all(place < lengths[1] for place in other):
                sums[tap] += matmul(a[one], b[other])
    return sums
