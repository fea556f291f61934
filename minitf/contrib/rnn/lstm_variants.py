"""Long short-term memories with other gates: coupled, in groups, opened by a clock.

    coupled    c' = f c + (1 - f) act(j): what is forgotten makes room for what is new
    groups     [x, h] in equal parts, an LSTM for each: fewer weights
    phased     a rhythm of each unit's own opens it; else c and h stay

Source: Greff 2015, "LSTM: A Search Space Odyssey"; Kuchaiev and Ginsburg 2017; Neil, Pfeiffer and
Liu 2016, "Phased LSTM"; TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, split
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.control import stop_gradient
from minitf.api.elementary import exp, log, sigmoid, tanh
from minitf.api.gathering import where
from minitf.api.math import floormod
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.api.random import random_uniform
from minitf.contrib.rnn.own_variables import diagonals, normalized, sharded, zeros_at_first
from minitf.convert import convert_to_tensor
from minitf.rnn.cell import RNNCell, known_depth
from minitf.rnn.linear import linear
from minitf.rnn.lstm_cells import LSTMStateTuple
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


class _ProjectedCell(RNNCell):
    """What cells share whose outputs may be projected to another width."""

    def __init__(self, num_units: int, num_proj: int | None, reuse: Any) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._num_proj = num_proj

    @property
    def state_size(self) -> Any:
        """The widths of c and h."""
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> int:
        """The width of the projection, or the number of units."""
        return self._num_proj or self._num_units


class CoupledInputForgetGateLSTMCell(_ProjectedCell):
    """The LSTM cell whose input gate is what the forget gate leaves: i = 1 - f.

    Args:
        num_units: the width of the memory, and of the outputs unless they are projected.
        use_peepholes: whether the gates see the memory.
        initializer: of the matrices and the peepholes.
        num_proj: the width of the outputs, if they are projected.
        proj_clip: the projected outputs are clipped to [-proj_clip, proj_clip].
        num_unit_shards: in how many variables the matrix of the gates is kept.
        num_proj_shards: in how many variables the projection is kept.
        forget_bias: added to the forget gate.
        state_is_tuple: whether the state is an LSTMStateTuple; else c and h are side by side.
        activation: of the candidate and of the memory.
        reuse: whether to find variables that exist, not to make them.
        layer_norm: whether gates and memory are normalised; the gates then have no bias.
        norm_gain: what the gains begin with.
        norm_shift: what the shifts begin with.

    Source: Greff 2015; Sak 2014; Ba 2016.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int = 1,
        num_proj_shards: int = 1,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = tanh,
        reuse: Any = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        self._use_peepholes = use_peepholes
        self._initializer = initializer
        self._proj_clip = proj_clip
        self._shards = num_unit_shards, num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation
        self._layer_norm = layer_norm
        self._norm_start = norm_gain, norm_shift

    @property
    def state_size(self) -> Any:
        """The widths of c and h, or their sum."""
        sizes = super().state_size
        return sizes if self._state_is_tuple else sum(sizes)

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h').

        Raises:
            ValueError: if the width of the inputs is not known.
        """
        n, dtype = self._num_units, inputs.dtype
        c, h = state if self._state_is_tuple else split(state, [n, self.output_size], 1)
        depth = known_depth(inputs.shape) + self.output_size
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            gates = matmul(
                concat([inputs, h], 1), sharded("W", [depth, 3 * n], dtype, self._shards[0])
            )
            bias = zeros_at_first("B", 3 * n, dtype)
            gates = gates if self._layer_norm else bias_add(gates, bias)
            names = ("w_f_diag", "w_o_diag") if self._use_peepholes else ()
            of_f, of_o = diagonals(names, n, dtype) or (None, None)
            j, f, o = map(self._norm, split(gates, 3, 1), ("transform", "forget", "output"))
            f = sigmoid(_seeing(f + self._forget_bias, of_f, c))
            new_c = self._norm(f * c + (1.0 - f) * self._activation(j), "state")
            new_h = sigmoid(_seeing(o, of_o, new_c)) * self._activation(new_c)
            if self._num_proj is not None:
                shape = [n, self._num_proj]
                new_h = matmul(new_h, sharded("W_P", shape, dtype, self._shards[1]))
                if self._proj_clip is not None:
                    new_h = clip_by_value(new_h, -self._proj_clip, self._proj_clip)
        tupled = LSTMStateTuple(new_c, new_h)
        return new_h, tupled if self._state_is_tuple else concat(tupled, 1)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return normalized(x, name, *self._norm_start) if self._layer_norm else x


def _seeing(gate: Any, diagonal: Any, memory: Any) -> Any:
    return gate if diagonal is None else gate + diagonal * memory


class GLSTMCell(_ProjectedCell):
    """An LSTM cell in groups: each has its part of the inputs, of the state and of the outputs.

    Args:
        num_units: the width of the memory, and of the outputs unless they are projected.
        initializer: of the matrices.
        num_proj: the width of the outputs, if they are projected; the projection is of all groups.
        number_of_groups: in how many parts inputs and outputs fall.
        forget_bias: added to the forget gate.
        activation: of the memory.
        reuse: whether to find variables that exist, not to make them.

    Raises:
        ValueError: if a width does not fall into equal parts.

    Source: Kuchaiev and Ginsburg 2017, "Factorization Tricks for LSTM Networks".
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        num_proj: int | None = None,
        number_of_groups: int = 1,
        forget_bias: float = 1.0,
        activation: Any = tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        if number_of_groups < 1:
            raise ValueError(f"number_of_groups must be at least 1, not {number_of_groups}")
        for name, width in (("num_units", num_units), ("num_proj", num_proj or 0)):
            if width % number_of_groups:
                raise ValueError(
                    f"{name} must be divisible by number_of_groups: {width}, {number_of_groups}"
                )
        self._initializer = initializer
        self._groups = number_of_groups
        self._forget_bias = forget_bias
        self._activation = activation

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h').

        Raises:
            ValueError: if the width of the inputs is not known, or does not fall into equal parts.
        """
        c, h = state
        if inputs.shape.with_rank(2)[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        if inputs.shape[1].value % self._groups:
            raise ValueError(
                f"input size must be divisible by number_of_groups: {inputs.shape[1].value}, "
                f"{self._groups}"
            )
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            i, j, f, o = self._gates(inputs, h)
            new_c = sigmoid(f + self._forget_bias) * c + sigmoid(i) * tanh(j)
            new_h = sigmoid(o) * self._activation(new_c)
            if self._num_proj is not None:
                with variable_scope("projection"):
                    new_h = linear(new_h, self._num_proj, bias=False)
        return new_h, LSTMStateTuple(new_c, new_h)

    def _gates(self, inputs: Any, h: Any) -> list[Tensor]:
        parts = []
        pairs = zip(split(inputs, self._groups, 1), split(h, self._groups, 1), strict=True)
        for group, pair in enumerate(pairs):
            with variable_scope(f"group{group}"):
                width = 4 * self._num_units // self._groups
                parts.append(split(linear(list(pair), width, bias=False), 4, 1))
        biases = [zeros_at_first(f"bias_{x}", self._num_units, inputs.dtype) for x in "ijfo"]
        return [
            bias_add(concat(list(each), 1), bias)
            for each, bias in zip(zip(*parts, strict=True), biases, strict=True)
        ]


class PhasedLSTMCell(RNNCell):
    """An LSTM cell whose units are open for a part of a period each, closed but for a leak else.

    Its inputs are two: the times [batch, 1], and the inputs proper [batch, n].

    Args:
        num_units: the width of the memory and of the outputs.
        use_peepholes: whether the gates see the memory.
        leak: how far a closed unit is open, for each part of the period.
        ratio_on: the part of a period during which a unit is open.
        trainable_ratio_on: whether that part learns.
        period_init_min: the shortest period at first.
        period_init_max: the longest one; between them logarithms are equally likely.
        reuse: whether to find variables that exist, not to make them.

    Source: Neil, Pfeiffer and Liu 2016.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        leak: Any = 0.001,
        ratio_on: float = 0.1,
        trainable_ratio_on: bool = True,
        period_init_min: Any = 1.0,
        period_init_max: Any = 1000.0,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._leak = leak
        self._ratio_on = ratio_on
        self._trainable_ratio_on = trainable_ratio_on
        self._period_range = period_init_min, period_init_max

    @property
    def state_size(self) -> LSTMStateTuple:
        """The widths of c and h."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h'); the inputs are a pair of times and numbers."""
        c, h = state
        time, x = inputs
        n, seen = self._num_units, self._use_peepholes
        with variable_scope("mask_gates"):
            i, f = split(sigmoid(linear([x, h, *([c] if seen else [])], 2 * n, bias=True)), 2, 1)
        with variable_scope("new_input"):
            candidate = tanh(linear([x, h], n, bias=True))
        new_c = c * f + i * candidate
        with variable_scope("output_gate"):
            o = sigmoid(linear([x, h, *([new_c] if seen else [])], n, bias=True))
        k = self._openness(time, new_c.dtype)
        new_c, new_h = k * new_c + (1 - k) * c, k * (tanh(new_c) * o) + (1 - k) * h
        return new_h, LSTMStateTuple(new_c, new_h)

    def _openness(self, time: Any, dtype: Any) -> Tensor:
        """Return how far each unit is open, [batch, n]: up, down, and closed."""
        shape = [self._num_units]
        period = get_variable("period", shape, dtype, initializer=self._first_periods)

        def within_period(shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
            return random_uniform(shape, 0.0, period.initial_value, dtype)

        phase = get_variable("phase", shape, dtype, initializer=within_period)
        on = get_variable(
            "ratio_on",
            shape,
            dtype,
            initializer=Constant(self._ratio_on, dtype=dtype),
            trainable=self._trainable_ratio_on,
        )
        # times may need more digits than the rest
        length, shifted = cast(period, time.dtype), time - cast(phase, time.dtype)
        # the remainder grows with the time; it has no gradient of the jumps
        remainder = stop_gradient(floormod(shifted, length) - shifted) + shifted
        part = cast(remainder / length, dtype)
        rising = 2 * part / on
        opened = where(part < 0.5 * on, rising, 2 - rising)
        return where(part < on, opened, self._leak * part)

    def _first_periods(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        low, high = (log(cast(convert_to_tensor(x), dtype)) for x in self._period_range)
        return exp(random_uniform(shape, low, high, dtype))
