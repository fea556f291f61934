"""Layers of several inputs: sums, products, extremes, joins.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.comparison import logical_and
from minitf.api.constants import ones_like
from minitf.api.math import maximum as greater
from minitf.api.math import minimum as less
from minitf.api.reductions import reduce_all
from minitf.keras.backend.nn import l2_normalize
from minitf.keras.backend.numbers import batch_dot
from minitf.keras.engine.layer import Layer
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _Merge(Layer):
    """A function of several inputs, whose sizes broadcast.

    Args:
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Check the shapes.

        Raises:
            ValueError: if there are not two or more inputs, or they do not broadcast.
        """
        if not isinstance(input_shape, list) or len(input_shape) < 2:
            raise ValueError(
                f"A merge layer should be called on a list of at least 2 inputs. Got {input_shape}"
            )
        self._check([TensorShape(each).as_list() for each in input_shape])
        self.built = True

    def _check(self, shapes: list[list[Any]]) -> None:
        batches = {each[0] for each in shapes if each} - {None}
        if len(batches) > 1:
            raise ValueError(
                "Can not merge tensors with different batch sizes. Got tensors with shapes : "
                f"{shapes}"
            )
        ranks = max(len(each) for each in shapes)
        for axis in range(1, ranks):
            sizes = {each[-axis] for each in shapes if len(each) > axis} - {1, None}
            if len(sizes) > 1:
                raise ValueError(f"Operands could not be broadcast together with shapes {shapes}")

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        if not isinstance(inputs, (list, tuple)):
            raise ValueError("A merge layer should be called on a list of inputs.")
        rank = max(each.shape.ndims for each in inputs)
        return self._merged([_of_rank(each, rank) for each in inputs])

    def _merged(self, inputs: list[Any]) -> Tensor:
        raise NotImplementedError

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return where no input is masked."""
        if mask is None or all(each is None for each in mask):
            return None
        given = [array.expand_dims(each, 0) for each in mask if each is not None]
        return reduce_all(array.concat(given, 0), axis=0)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        shapes = [TensorShape(each).as_list() for each in input_shape]
        rank = max(len(each) for each in shapes)
        full = [[*each[:1], *[1] * (rank - len(each)), *each[1:]] for each in shapes]
        sizes = []
        for of_axis in zip(*full, strict=True):
            known = [each for each in of_axis if each not in {1, None}]
            sizes.append(known[0] if known else None if None in of_axis else 1)
        return TensorShape(sizes)


def _of_rank(x: Any, rank: int) -> Any:
    """Return a tensor with axes of size 1 behind the batch."""
    for _ in range(rank - x.shape.ndims):
        x = array.expand_dims(x, 1)
    return x


class Add(_Merge):
    """The sum of the inputs."""

    def _merged(self, inputs: list[Any]) -> Tensor:
        made = inputs[0]
        for each in inputs[1:]:
            made = made + each
        return made


class Subtract(_Merge):
    """The first input less the second."""

    def _merged(self, inputs: list[Any]) -> Tensor:
        if len(inputs) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")
        return inputs[0] - inputs[1]


class Multiply(_Merge):
    """The product of the inputs."""

    def _merged(self, inputs: list[Any]) -> Tensor:
        made = inputs[0]
        for each in inputs[1:]:
            made = made * each
        return made


class Average(_Merge):
    """The mean of the inputs."""

    def _merged(self, inputs: list[Any]) -> Tensor:
        made = inputs[0]
        for each in inputs[1:]:
            made = made + each
        return made / len(inputs)


class Maximum(_Merge):
    """The greatest of the inputs, element by element."""

    def _merged(self, inputs: list[Any]) -> Tensor:
        made = inputs[0]
        for each in inputs[1:]:
            made = greater(made, each)
        return made


class Minimum(_Merge):
    """The least of the inputs, element by element."""

    def _merged(self, inputs: list[Any]) -> Tensor:
        made = inputs[0]
        for each in inputs[1:]:
            made = less(made, each)
        return made


class Concatenate(_Merge):
    """The inputs one behind the other.

    Args:
        axis: along which.
        **kwargs: see `Layer`.
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def _check(self, shapes: list[list[Any]]) -> None:
        others = [[s for i, s in enumerate(each) if i != self.axis % len(each)] for each in shapes]
        for sizes in zip(*others, strict=True):
            if len(set(sizes) - {None}) > 1:
                raise ValueError(
                    "A `Concatenate` layer requires inputs with matching shapes except for the "
                    f"concat axis. Got inputs shapes: {shapes}"
                )

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        return array.concat(inputs, self.axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the masks one behind the other, with True where an input has none."""
        if mask is None or all(each is None for each in mask):
            return None
        masks = []
        for tensor, each in zip(inputs, mask, strict=True):
            if each is None:
                masks.append(cast(ones_like(tensor), "bool"))
            elif each.shape.ndims < tensor.shape.ndims:
                whole = cast(ones_like(tensor), "bool")
                masks.append(logical_and(array.expand_dims(each, -1), whole))
            else:
                masks.append(each)
        return reduce_all(array.concat(masks, self.axis), axis=-1)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        shapes = [TensorShape(each).as_list() for each in input_shape]
        made = list(shapes[0])
        sizes = [each[self.axis] for each in shapes]
        made[self.axis] = None if None in sizes else sum(each or 0 for each in sizes)
        return TensorShape(made)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "axis": self.axis}


class Dot(_Merge):
    """The product of each two rows of two inputs, along one axis of each.

    Args:
        axes: the axes, or the one that both have.
        normalize: whether rows are scaled to length 1 before: cosines are the outputs.
        **kwargs: see `Layer`.
    """

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axes = axes
        self.normalize = normalize
        self.supports_masking = True

    def _check(self, shapes: list[list[Any]]) -> None:
        if len(shapes) != 2:
            raise ValueError("A `Dot` layer should be called on exactly 2 inputs")
        a, b = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        if shapes[0][a] != shapes[1][b]:
            raise ValueError(
                f"Dimension incompatibility {shapes[0][a]} != {shapes[1][b]}. Layer shapes: "
                f"{shapes[0]}, {shapes[1]}"
            )

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        x, y = inputs
        a, b = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        a, b = a % x.shape.ndims, b % y.shape.ndims
        if self.normalize:
            x, y = l2_normalize(x, axis=a), l2_normalize(y, axis=b)
        return batch_dot(x, y, (a, b))

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Return no mask."""

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        x, y = (TensorShape(each).as_list() for each in input_shape)
        a, b = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        x.pop(a)
        y.pop(b)
        made = [*x, *y[1:]]
        return TensorShape([*made, 1] if len(made) == 1 else made)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def add(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Return the sum of tensors; see `Add`."""
    return Add(**kwargs)(inputs)


def subtract(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Return the difference of two tensors; see `Subtract`."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Return the product of tensors; see `Multiply`."""
    return Multiply(**kwargs)(inputs)


def average(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Return the mean of tensors; see `Average`."""
    return Average(**kwargs)(inputs)


def maximum(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Return the greatest of tensors, element by element; see `Maximum`."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs: Sequence[Any], **kwargs: Any) -> Any:
    """Return the least of tensors, element by element; see `Minimum`."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs: Sequence[Any], axis: int = -1, **kwargs: Any) -> Any:
    """Return tensors one behind the other; see `Concatenate`."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs: Sequence[Any], axes: Any, normalize: bool = False, **kwargs: Any) -> Any:
    """Return the products of rows; see `Dot`."""
    return Dot(axes=axes, normalize=normalize, **kwargs)(inputs)
