"""LayerNormBasicLSTMCell: an LSTM cell whose gates and memory are normalised, with dropout inside.

    i, j, f, o = N([x, h] W),  each with a gain and a shift of its own
    c' = s(f + forget_bias) c + s(i) dropout(act(j));   h' = act(N(c')) s(o)

Source: Ba 2016, "Layer Normalization"; Semeniuta 2016, "Recurrent Dropout without Memory Loss".
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, split
from minitf.api.elementary import sigmoid, tanh
from minitf.api.matmul import matmul
from minitf.contrib.rnn.own_variables import normalized
from minitf.nn import bias_add, dropout
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable


class LayerNormBasicLSTMCell(RNNCell):
    """The LSTM cell with layer normalisation and recurrent dropout.

    Args:
        num_units: the width of the memory and of the outputs.
        forget_bias: added to the forget gate, so that a cell remembers at first.
        input_size: accepted, without effect.
        activation: of the candidate and of the memory.
        layer_norm: whether to normalise; else the gates have a bias.
        norm_gain: what the gains begin with.
        norm_shift: what the shifts begin with.
        dropout_keep_prob: the share of the candidate that is kept: a number, or a tensor.
        dropout_prob_seed: seed of the choice.
        reuse: whether the variables exist already.

    Source: TensorFlow 1.15's tf.contrib.rnn.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        input_size: Any = None,
        activation: Any = tanh,
        layer_norm: bool = True,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        dropout_keep_prob: Any = 1.0,
        dropout_prob_seed: int | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._activation = activation
        self._forget_bias = forget_bias
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    @property
    def state_size(self) -> LSTMStateTuple:
        """The widths of c and h."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h')."""
        c, h = state
        gates = self._affine(concat([inputs, h], 1))
        names = "input", "transform", "forget", "output"
        i, j, f, o = map(self._norm, split(gates, 4, 1), names)
        g = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            g = dropout(g, self._keep_prob, seed=self._seed)
        new_c = self._norm(c * sigmoid(f + self._forget_bias) + sigmoid(i) * g, "state")
        new_h = self._activation(new_c) * sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)

    def _affine(self, x: Tensor) -> Any:
        width = 4 * self._num_units
        made = matmul(x, get_variable("kernel", [x.shape[-1].value, width], x.dtype))
        if self._layer_norm:
            return made
        return bias_add(made, get_variable("bias", [width], x.dtype))

    def _norm(self, x: Tensor, name: str) -> Any:
        if not self._layer_norm:
            return x
        return normalized(x, name, self._norm_gain, self._norm_shift)
