"""Layers that most models have: Dense, Dropout, shapes, masks, functions.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api import array
from minitf.api.sizes import shape
from minitf.keras import activations
from minitf.keras.backend.config import layout
from minitf.keras.engine.layer import Layer
from minitf.keras.layers.arguments import WEIGHTS, described, understood
from minitf.layers import core
from minitf.layers.input_spec import InputSpec
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Dense(core.Dense, Layer):
    """activation(inputs kernel + bias), over the last axis.

    Args:
        units: how many outputs there are.
        activation: a function, or its name; none by default.
        use_bias: whether there is a bias.
        kernel_initializer: of the kernel; see `tf.keras.initializers`.
        bias_initializer: of the bias.
        kernel_regularizer: see `tf.keras.regularizers`.
        bias_regularizer: likewise of the bias.
        activity_regularizer: likewise of the outputs.
        kernel_constraint: see `tf.keras.constraints`.
        bias_constraint: likewise of the bias.
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**understood(locals()))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, f"units activation {WEIGHTS}")}


class Flatten(core.Flatten, Layer):
    """Makes one axis of all but the batch.

    Args:
        data_format: "channels_first" to move the channels, which are second, to the end before.
        **kwargs: see `Layer`.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(layout(data_format), **kwargs)
        self.input_spec = InputSpec(min_ndim=1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "data_format": self.data_format}


class Dropout(core.Dropout, Layer):
    """Sets elements to 0 at random in training, and scales the others.

    Args:
        rate: the share that is set to 0.
        noise_shape: shape of the random choices, None in it for a size of the inputs.
        seed: of the random choices.
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def __init__(
        self, rate: Any, noise_shape: Any = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, noise_shape, seed, **kwargs)

    def call(self, inputs: Any, training: Any = None) -> Tensor:
        """Return the outputs; the learning phase says whether it is training if nothing does."""
        return super().call(inputs, training)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, "rate noise_shape seed")}


class SpatialDropout1D(Dropout):
    """Sets whole channels of sequences [N, T, C] to 0 at random in training.

    Args:
        rate: the share that is set to 0.
        **kwargs: see `Layer`.
    """

    def __init__(self, rate: Any, **kwargs: Any) -> None:
        super().__init__(rate, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def _get_noise_shape(self, inputs: Any) -> Any:
        sizes = shape(inputs)
        return (sizes[0], 1, sizes[2])


class _SpatialDropout(Dropout):
    """Sets whole channels of images or volumes to 0."""

    rank: int

    def __init__(self, rate: Any, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(rate, **kwargs)
        self.data_format = layout(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _get_noise_shape(self, inputs: Any) -> Any:
        sizes, ones = shape(inputs), (1,) * self.rank
        if self.data_format == "channels_first":
            return (sizes[0], sizes[1], *ones)
        return (sizes[0], *ones, sizes[self.rank + 1])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "data_format": self.data_format}


class SpatialDropout2D(_SpatialDropout):
    """Sets whole channels of images to 0 at random in training.

    Args:
        rate: the share that is set to 0.
        data_format: "channels_last" or "channels_first".
        **kwargs: see `Layer`.
    """

    rank = 2


class SpatialDropout3D(_SpatialDropout):
    """Sets whole channels of volumes to 0; see `SpatialDropout2D`."""

    rank = 3


class Activation(Layer):
    """A function of each element.

    Args:
        activation: the function, or its name.
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)

    def call(self, inputs: Any) -> Any:
        """Return the outputs."""
        return self.activation(inputs)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: that of the inputs."""
        return TensorShape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), **described(self, "activation")}


class Reshape(Layer):
    """Gives rows another shape.

    Args:
        target_shape: the shape, without the batch; -1 in it for what is left.
        **kwargs: see `Layer`.
    """

    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs.

        Raises:
            ValueError: if the shapes have different numbers of elements.
        """
        batch, *sizes = TensorShape(input_shape).as_list()
        if None in sizes:
            return TensorShape([batch, *(None if s == -1 else s for s in self.target_shape)])
        return TensorShape([batch, *self._known([each or 0 for each in sizes])])

    def _known(self, sizes: list[int]) -> list[int]:
        target, count = list(self.target_shape), math.prod(sizes)
        known = math.prod(each for each in target if each >= 0)
        if target.count(-1) > 1:
            raise ValueError(f"There must be at most one unknown dimension. Received: {target}")
        fits = count % known == 0 if -1 in target and known else count == known
        if not fits:
            raise ValueError(
                "total size of new array must be unchanged, "
                f"input_shape = {sizes}, output_shape = {target}"
            )
        return [count // known if each == -1 else each for each in target]

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        made = array.reshape(inputs, (shape(inputs)[0], *self.target_shape))
        made.set_shape(self.compute_output_shape(inputs.shape))
        return made

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(Layer):
    """Gives the axes of rows another order.

    Args:
        dims: the axes in the new order, counted from 1.
        **kwargs: see `Layer`.

    Raises:
        ValueError: if they are no order of the axes.
    """

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"Invalid permutation `dims` for Permute Layer: {dims}. The set of indices in "
                "`dims` must be consecutive and start from 1."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], *(sizes[each] for each in self.dims)])

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        return array.transpose(inputs, perm=(0, *self.dims))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "dims": self.dims}


class RepeatVector(Layer):
    """Repeats rows [N, C] to [N, n, C].

    Args:
        n: how often.
        **kwargs: see `Layer`.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        batch, depth = TensorShape(input_shape).as_list()
        return TensorShape([batch, self.n, depth])

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        return array.tile(array.expand_dims(inputs, 1), [1, self.n, 1])

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "n": self.n}
