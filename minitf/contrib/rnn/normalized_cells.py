"""LSTM cells whose gates are normalised by layer, or whose weights are by unit.

    layer norm     i, j, f, o = N([x, h] W), each with a gain and a shift of its own; so is c'
    weight norm    each column of W is g w / |w|: its length g learns apart from its direction

Source: Ba 2016, "Layer Normalization"; Salimans and Kingma 2016, "Weight Normalization";
TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, split
from minitf.api.clipping import clip_by_value
from minitf.api.elementary import sigmoid
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.api.nn_normalisation import l2_normalize
from minitf.contrib.rnn.own_variables import diagonals, normalized, zeros_at_first
from minitf.rnn.cell import RNNCell, activation_function, known_depth
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


class _NormalizedCell(RNNCell):
    """The LSTM cell; subclasses say how its maps and its gates are normalised."""

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool,
        cell_clip: float | None,
        initializer: Any,
        num_proj: int | None,
        proj_clip: float | None,
        forget_bias: float,
        activation: Any,
        reuse: Any,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._activation = activation_function(activation)

    @property
    def state_size(self) -> LSTMStateTuple:
        """The widths of c and h."""
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> int:
        """The width of the projection, or the number of units."""
        return self._num_proj or self._num_units

    def _gates(self, inputs: Any, h: Any) -> Tensor:
        raise NotImplementedError

    def _projected(self, h: Tensor) -> Tensor:
        raise NotImplementedError

    def _norm(self, x: Tensor, _: str) -> Tensor:
        """Return what a gate or the memory becomes before it is used: itself by default."""
        return x

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h').

        Raises:
            ValueError: if the width of the inputs is not known.
        """
        c, h = state
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            parts = split(self._gates(inputs, h), 4, 1)
            i, j, f, o = map(self._norm, parts, ("input", "transform", "forget", "output"))
            names = ("w_f_diag", "w_i_diag", "w_o_diag") if self._use_peepholes else ()
            of_f, of_i, of_o = diagonals(names, self._num_units, inputs.dtype) or (0.0, 0.0, 0.0)
            f, i = sigmoid(f + self._forget_bias + of_f * c), sigmoid(i + of_i * c)
            new_c = self._norm(f * c + i * self._activation(j), "state")
            if self._cell_clip is not None:
                new_c = clip_by_value(new_c, -self._cell_clip, self._cell_clip)
            new_h = sigmoid(o + of_o * new_c) * self._activation(new_c)
            if self._num_proj is not None:
                with variable_scope("projection"):
                    new_h = self._projected(new_h)
                if self._proj_clip is not None:
                    new_h = clip_by_value(new_h, -self._proj_clip, self._proj_clip)
        return new_h, LSTMStateTuple(new_c, new_h)


class LayerNormLSTMCell(_NormalizedCell):
    """The LSTM cell whose gates and memory may be normalised, with peepholes and a projection.

    Args:
        num_units: the width of the memory, and of the outputs unless they are projected.
        use_peepholes: whether the gates see the memory.
        cell_clip: the memory is clipped to [-cell_clip, cell_clip].
        initializer: of the matrices and the peepholes.
        num_proj: the width of the outputs, if they are projected.
        proj_clip: the projected outputs are clipped to [-proj_clip, proj_clip].
        forget_bias: added to the forget gate.
        activation: a function, or its name; tanh by default.
        layer_norm: whether to normalise; the gates then do not use their bias.
        norm_gain: what the gains begin with.
        norm_shift: what the shifts begin with.
        reuse: whether to find variables that exist, not to make them.

    Source: Ba 2016; Sak 2014.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        forget_bias: float = 1.0,
        activation: Any = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        reuse: Any = None,
    ) -> None:
        super().__init__(
            num_units,
            use_peepholes,
            cell_clip,
            initializer,
            num_proj,
            proj_clip,
            forget_bias,
            activation,
            reuse,
        )
        self._layer_norm = layer_norm
        self._norm_start = norm_gain, norm_shift

    def _gates(self, inputs: Any, h: Any) -> Tensor:
        width, depth = 4 * self._num_units, known_depth(inputs.shape) + self.output_size
        kernel = get_variable("kernel", [depth, width], inputs.dtype)
        bias = zeros_at_first("bias", width, inputs.dtype)
        made = matmul(concat([inputs, h], 1), kernel)
        return made if self._layer_norm else bias_add(made, bias)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return normalized(x, name, *self._norm_start) if self._layer_norm else x

    def _projected(self, h: Tensor) -> Tensor:
        shape = [self._num_units, self.output_size]
        return matmul(h, get_variable("kernel", shape, h.dtype))


class WeightNormLSTMCell(_NormalizedCell):
    """The LSTM cell whose weights have a length and a direction, each learnt by itself.

    Args:
        num_units: the width of the memory, and of the outputs unless they are projected.
        norm: whether to normalise weights.
        use_peepholes: whether the gates see the memory.
        cell_clip: the memory is clipped to [-cell_clip, cell_clip].
        initializer: of all variables but the bias.
        num_proj: the width of the outputs, if they are projected.
        proj_clip: the projected outputs are clipped to [-proj_clip, proj_clip].
        forget_bias: added to the forget gate.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.

    Source: Salimans and Kingma 2016; Sak 2014.
    """

    def __init__(
        self,
        num_units: int,
        norm: bool = True,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        forget_bias: float = 1,
        activation: Any = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(
            num_units,
            use_peepholes,
            cell_clip,
            initializer,
            num_proj,
            proj_clip,
            forget_bias,
            activation,
            reuse,
        )
        self._weight_norm = norm

    def _gates(self, inputs: Any, h: Any) -> Tensor:
        made = self._map([inputs, h], 4 * self._num_units)
        return bias_add(made, zeros_at_first("bias", 4 * self._num_units, inputs.dtype))

    def _projected(self, h: Tensor) -> Tensor:
        return self._map([h], self.output_size)

    def _map(self, parts: list[Any], width: int) -> Tensor:
        """Return parts, side by side, times a matrix; its columns are normal for each part."""
        depths = [known_depth(part.shape) for part in parts]
        kernel = get_variable("kernel", [sum(depths), width], parts[0].dtype)
        if self._weight_norm:
            rows = split(kernel, depths, 0)
            lengths = [
                get_variable(f"norm_{i}", [width], parts[0].dtype) for i in range(len(parts))
            ]
            pairs = zip(rows, lengths, strict=True)
            kernel = concat([l2_normalize(w, axis=0) * length for w, length in pairs], 0)
        return matmul(concat(parts, 1), kernel)
