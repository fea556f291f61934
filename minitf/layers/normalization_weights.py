"""The variables of a batch normalisation: scale, offset, moving averages.

    gamma, beta                      one number for each channel; optimizers change them
    moving_mean, moving_variance     averages over the batches; updates move them
    moving_stddev, renorm_mean, renorm_stddev     with `renorm` only

Source: Ioffe and Szegedy 2015; Ioffe 2017; TensorFlow 1.15's `tf.layers.BatchNormalization`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from minitf.api.constants import constant
from minitf.api.elementary import sqrt
from minitf.api.framework import colocate_with
from minitf.dtypes import bfloat16, float16, float32
from minitf.layers.base import Layer
from minitf.layers.input_spec import InputSpec
from minitf.layers.named import constraint_of, initializer_of, regularizer_of
from minitf.tensor_shape import TensorShape
from minitf.variables.options import VariableAggregation, VariableSynchronization

HALF = (float16, bfloat16)
_CLIPPING = {"rmax", "rmin", "dmax"}


class NormalizationWeights(Layer):
    """A layer with the variables of a batch normalisation; see `BatchNormalization`."""

    DESCRIBED = (
        "axis momentum epsilon center scale beta_initializer gamma_initializer "
        "moving_mean_initializer moving_variance_initializer beta_regularizer gamma_regularizer "
        "beta_constraint gamma_constraint"
    )

    def __init__(
        self,
        axis: Any,
        momentum: Any,
        epsilon: float,
        center: bool,
        scale: bool,
        beta_initializer: Any,
        gamma_initializer: Any,
        moving_mean_initializer: Any,
        moving_variance_initializer: Any,
        beta_regularizer: Any,
        gamma_regularizer: Any,
        beta_constraint: Any,
        gamma_constraint: Any,
        renorm: bool,
        renorm_clipping: Mapping[str, Any] | None,
        renorm_momentum: Any,
        fused: bool | None,
        trainable: bool,
        virtual_batch_size: int | None,
        adjustment: Any,
        name: str | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, **kwargs)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.axis: Any = axis if isinstance(axis, int) else list(axis)
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializer_of(beta_initializer)
        self.gamma_initializer = initializer_of(gamma_initializer)
        self.moving_mean_initializer = initializer_of(moving_mean_initializer)
        self.moving_variance_initializer = initializer_of(moving_variance_initializer)
        self.beta_regularizer = regularizer_of(beta_regularizer)
        self.gamma_regularizer = regularizer_of(gamma_regularizer)
        self.beta_constraint = constraint_of(beta_constraint)
        self.gamma_constraint = constraint_of(gamma_constraint)
        self.renorm = renorm
        self.renorm_clipping = dict(renorm_clipping or {})
        self.renorm_momentum = renorm_momentum
        if wrong := set(self.renorm_clipping) - _CLIPPING:
            raise ValueError(f"renorm_clipping {renorm_clipping} contains keys not in {wrong}")
        self.fused = fused
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment

    def build(self, input_shape: Any) -> None:
        """Make the variables.

        Raises:
            ValueError: if an axis does not exist or its size is not known, or the arguments do not
                fit together.
        """
        shape = TensorShape(input_shape)
        if shape.ndims is None:
            raise ValueError(f"Input has undefined rank: {input_shape}")
        rank = shape.ndims
        self.axis = _checked_axes(self.axis, rank)
        self._check_virtual_batches()
        self.fused = self.fused is not False and self._can_be_fused(rank)
        sizes = {axis: shape[axis].value for axis in self.axis}
        if None in sizes.values():
            raise ValueError(f"Input has undefined `axis` dimension. Input shape: {input_shape}")
        self.input_spec = InputSpec(ndim=rank, axes=sizes)
        self._add_weights(self._shape_of_weights(sizes, rank))
        self.built = True

    def _check_virtual_batches(self) -> None:
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError(
                "virtual_batch_size must be a positive integer that divides the true batch size of "
                f"the input Tensor, got {self.virtual_batch_size}"
            )
        if 0 in self.axis:
            raise ValueError(
                "When using virtual_batch_size, the batch dimension must be 0 and thus axis cannot "
                "include 0"
            )
        if self.adjustment is not None:
            raise ValueError("When using virtual_batch_size, adjustment cannot be specified")

    def _can_be_fused(self, rank: int) -> bool:
        """Tell whether one operation computes it all."""
        return (
            rank == 4
            and self.axis in ([1], [3])
            and not self.renorm
            and self.virtual_batch_size is None
            and self.adjustment is None
            and self._dtype in {None, float32, *HALF}
        )

    def _shape_of_weights(self, sizes: Mapping[int, int | None], rank: int) -> list[int | None]:
        """Return the channels, or where they have several axes, a shape that broadcasts.

        Groups of a virtual batch have an axis of their own before the others of the inputs.
        """
        if len(sizes) == 1 and self.virtual_batch_size is None:
            return list(sizes.values())
        made = [sizes.get(axis, 1) for axis in range(rank)]
        if self.virtual_batch_size is not None:
            made.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        return made

    # --- variables -------------------------------------------------------------------------------

    @property
    def _weight_dtype(self) -> Any:
        return float32 if self.dtype in HALF else self.dtype or float32

    def _add_weights(self, shape: list[int | None]) -> None:
        self.gamma = self.beta = None
        self._neutral: dict[str, Any] = {}  # what a fused operation takes in their place
        if self.scale:
            self.gamma = self.add_weight(
                "gamma",
                shape,
                self._weight_dtype,
                self.gamma_initializer,
                self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        elif self.fused:
            self._neutral["gamma"] = constant(1.0, self._weight_dtype, shape)
        if self.center:
            self.beta = self.add_weight(
                "beta",
                shape,
                self._weight_dtype,
                self.beta_initializer,
                self.beta_regularizer,
                constraint=self.beta_constraint,
            )
        elif self.fused:
            self._neutral["beta"] = constant(0.0, self._weight_dtype, shape)
        with self._unpartitioned():
            self._add_averages(shape)

    def _add_averages(self, shape: list[int | None]) -> None:
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        self.moving_mean = self._add_average("moving_mean", shape, mean)
        self.moving_variance = self._add_average("moving_variance", shape, variance)
        if not self.renorm:
            return

        def stddev(*args: Any, **kwargs: Any) -> Any:
            return sqrt(variance(*args, **kwargs))

        with colocate_with(self.moving_variance):
            self.moving_stddev = self._add_average("moving_stddev", shape, stddev)
        with colocate_with(self.moving_mean):
            self.renorm_mean = self._add_average("renorm_mean", shape, mean)
        with colocate_with(self.moving_stddev):
            self.renorm_stddev = self._add_average("renorm_stddev", shape, stddev)

    def _add_average(self, name: str, shape: list[int | None], initializer: Any) -> Any:
        return self.add_weight(
            name,
            shape,
            self._weight_dtype,
            initializer,
            trainable=False,
            synchronization=VariableSynchronization.ON_READ,
            aggregation=VariableAggregation.MEAN,
        )

    @contextlib.contextmanager
    def _unpartitioned(self) -> Iterator[None]:
        """Make variables in one part: averages are never partitioned."""
        scope = self._scope
        if scope is None or scope.partitioner is None:
            yield
            return
        partitioner = scope.partitioner
        scope.set_partitioner(None)
        try:
            yield
        finally:
            scope.set_partitioner(partitioner)


def _checked_axes(axis: Any, rank: int) -> list[int]:
    """Return the axes as numbers from 0.

    Raises:
        ValueError: if one does not exist, or comes twice.
    """
    axes = [axis] if isinstance(axis, int) else axis
    found = [each + rank if each < 0 else each for each in axes]
    for each, given in zip(found, axes, strict=True):
        if not 0 <= each < rank:
            raise ValueError(f"Invalid axis: {given}")
    if len(set(found)) != len(found):
        raise ValueError(f"Duplicate axis: {found}")
    return found
