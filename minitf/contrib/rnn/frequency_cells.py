"""TimeFreqLSTMCell: one LSTM that walks along the frequencies of each step, and along time.

    inputs [batch, features] -> windows [batch, feature_size], `frequency_skip` apart
    window k reads:  its features, the outputs of window k at the step before, those of window k - 1

Source: Sainath and Li 2016, "Modeling Time-Frequency Patterns with LSTM vs. Convolutional
Architectures for LVCSR Tasks"; TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, slice, split
from minitf.api.clipping import clip_by_value
from minitf.api.constants import zeros_like
from minitf.api.elementary import sigmoid, tanh
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.contrib.rnn.own_variables import diagonals, sharded, zeros_at_first
from minitf.rnn.cell import RNNCell
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable_scope, variable_scope


def known_width(inputs: Any) -> int:
    """Return the number of features.

    Raises:
        ValueError: if it is not known.
    """
    width = inputs.shape.with_rank(2)[1].value
    if width is None:
        raise ValueError("Cannot infer input_size from static shape inference.")
    return int(width)


def windows(inputs: Any, first: int, count: int, size: int, skip: int) -> list[Tensor]:
    """Return columns of inputs: `count` windows of `size` features, `skip` apart."""
    return [slice(inputs, [0, first + k * skip], [-1, size]) for k in range(count)]


class TimeFreqLSTMCell(RNNCell):
    """The LSTM cell along frequencies and time.

    Its state has c and h of every window side by side, [batch, windows 2 num_units], and so it
    must be given at first: `state_size` is that of one window.

    Args:
        num_units: the width of a window's memory and outputs.
        use_peepholes: whether the gates see the memory.
        cell_clip: the memory is clipped to [-cell_clip, cell_clip].
        initializer: of the matrix and the peepholes.
        num_unit_shards: in how many variables the matrix is kept.
        forget_bias: added to the forget gate.
        feature_size: how many features are in a window.
        frequency_skip: by how many features windows are apart.
        reuse: whether to find variables that exist, not to make them.

    Source: Sainath and Li 2016.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_unit_shards: int = 1,
        forget_bias: float = 1.0,
        feature_size: int | None = None,
        frequency_skip: int = 1,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_unit_shards = num_unit_shards
        self._forget_bias = forget_bias
        self._feature_size = feature_size
        self._frequency_skip = frequency_skip

    @property
    def state_size(self) -> int:
        """The width of one window's c and h."""
        return 2 * self._num_units

    @property
    def output_size(self) -> int:
        """The number of outputs of one window."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        """Return the outputs [batch, windows num_units] and the state.

        Raises:
            ValueError: if the number of features is not known, or `feature_size` was not given.
        """
        n, dtype, size = self._num_units, inputs.dtype, self._feature_size
        if size is None:
            raise ValueError("TimeFreqLSTMCell needs a feature_size")
        count = (known_width(inputs) - size) // self._frequency_skip + 1
        outputs, states = [], []
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            kernel = sharded("W", [size + 2 * n, 4 * n], dtype, self._num_unit_shards)
            bias = zeros_at_first("B", 4 * n, dtype)
            names = ("W_F_diag", "W_I_diag", "W_O_diag") if self._use_peepholes else ()
            of_f, of_i, of_o = diagonals(names, n, dtype) or (0.0, 0.0, 0.0)
        below = None
        for k, x in enumerate(windows(inputs, 0, count, size, self._frequency_skip)):
            c, h = (slice(state, [0, (2 * k + part) * n], [-1, n]) for part in (0, 1))
            below = zeros_like(h) if below is None else below
            i, j, f, o = split(bias_add(matmul(concat([x, h, below], 1), kernel), bias), 4, 1)
            f, i = sigmoid(f + self._forget_bias + of_f * c), sigmoid(i + of_i * c)
            new_c = f * c + i * tanh(j)
            if self._cell_clip is not None:
                new_c = clip_by_value(new_c, -self._cell_clip, self._cell_clip)
            below = sigmoid(o + of_o * new_c) * tanh(new_c)
            outputs.append(below)
            states += [new_c, below]
        return concat(outputs, 1), concat(states, 1)
