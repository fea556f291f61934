"""Layers of functions, of masks and of losses.

Source: TensorFlow 1.15's `tf.keras.layers`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.reductions import reduce_any
from minitf.keras.engine.layer import Layer
from minitf.keras.regularizers import L1L2
from minitf.layers.masks import set_mask
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Lambda(Layer):
    """A function of the program's.

    Args:
        function: (inputs, **arguments) -> outputs; it may take `mask` and `training`.
        output_shape: accepted for compatibility: the graph knows it.
        mask: the mask of the outputs, or a function (inputs, mask) that gives it.
        arguments: what the function takes besides.
        **kwargs: see `Layer`.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.function = function
        self.arguments = dict(arguments or {})
        self.mask = mask
        self.supports_masking = mask is not None

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """Return what the function returns."""
        taken = inspect.signature(self.function).parameters
        further = {"mask": mask, "training": training}
        passed = {name: value for name, value in further.items() if name in taken}
        return self.function(inputs, **self.arguments, **passed)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the outputs."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        """Refuse: a function is no data, and one made of a file's bytes would be foreign code.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(
            "A `Lambda` layer has no configuration: its function can not be saved. Make it a "
            "subclass of `Layer` with a `get_config`."
        )


class Masking(Layer):
    """Masks the steps in time whose features all have a value, and makes them 0.

    Args:
        mask_value: the value.
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def __init__(self, mask_value: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value

    def compute_mask(self, inputs: Any, mask: Any = None) -> Tensor:
        """Return the mask."""
        return reduce_any(not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        kept = reduce_any(not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        outputs = inputs * cast(kept, inputs.dtype)
        set_mask(outputs, array.squeeze(kept, axis=-1))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs: that of the inputs."""
        return TensorShape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "mask_value": self.mask_value}


class ActivityRegularization(Layer):
    """Adds a loss of the inputs, which it returns.

    Args:
        l1: factor of the sum of absolute values.
        l2: factor of the sum of squares.
        **kwargs: see `Layer`.
    """

    supports_masking = True

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "l1": self.l1, "l2": self.l2}
