"""CuDNNGRU and CuDNNLSTM: with the weights of NVIDIA's library, by the same formulas on any device.

    GRU     kernels [z, r, h], biases of the inputs, then of the state; r behind the kernel
    LSTM    kernels [i, f, c, o], biases of the inputs, then of the state, which are added

Source: TensorFlow 1.15's `tf.keras.layers.CuDNNGRU` and `CuDNNLSTM`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array
from minitf.api.constants import ones
from minitf.keras.layers.cells import GRUCell, LSTMCell
from minitf.keras.layers.recurrent_kinds import OfCell
from minitf.tensor import Tensor

_FIXED = (
    "activation recurrent_activation use_bias dropout recurrent_dropout implementation reset_after "
    "unroll time_major"
)


class _LibraryGRUCell(GRUCell):
    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(units, recurrent_activation="sigmoid", reset_after=True, **kwargs)

    def _bias_shape(self) -> list[int]:
        return [6 * self.units]

    def _biases(self) -> tuple[Any, Any]:
        return self.bias[: 3 * self.units], self.bias[3 * self.units :]


class _LibraryLSTMCell(LSTMCell):
    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(units, recurrent_activation="sigmoid", **kwargs)

    def _bias_shape(self) -> list[int]:
        return [8 * self.units]

    def _first_bias(self) -> Any:
        if not self.unit_forget_bias:
            return self.bias_initializer

        def first(shape: Any, dtype: Any = None) -> Tensor:
            start, n = self.bias_initializer, self.units
            parts = [start([5 * n], dtype=dtype), ones([n], dtype), start([2 * n], dtype=dtype)]
            return array.concat(parts, 0)

        return first

    def _one_bias(self) -> Any:
        return self.bias[: 4 * self.units] + self.bias[4 * self.units :]


class _OfLibrary(OfCell):
    """What the layers share: the library fixes activations, and drops nothing."""

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        fixed = set(_FIXED.split())
        return {name: each for name, each in super().get_config().items() if name not in fixed}


class CuDNNGRU(_OfLibrary):
    """A GRU of sigmoids and tanh; see `GRU` for the arguments."""

    kind = _LibraryGRUCell

    def __init__(
        self,
        units: int,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **kwargs: Any,
    ) -> None:
        self.set_up(locals())


class CuDNNLSTM(_OfLibrary):
    """An LSTM of sigmoids and tanh; see `LSTM` for the arguments."""

    kind = _LibraryLSTMCell

    def __init__(
        self,
        units: int,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        **kwargs: Any,
    ) -> None:
        self.set_up(locals())
