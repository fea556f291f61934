"""Cells with a long short-term memory c beside the outputs h.

    i, j, f, o = [x, h] W + b                     input gate, new input, forget gate, output gate
    c' = s(f + forget_bias) c + s(i) act(j)
    h' = s(o) act(c')

Peepholes let the gates see the memory, each unit its own: f + w_f c, i + w_i c, o + w_o c'.  A
projection makes the outputs narrower: h' P.

Source: Hochreiter 1997; Gers 1999; Sak 2014; Zaremba 2014; TensorFlow 1.15's `tf.nn.rnn_cell`.
"""

from __future__ import annotations

import logging
from collections import namedtuple
from typing import Any

from minitf.api import math
from minitf.api.array import concat, slice, split
from minitf.api.clipping import clip_by_value
from minitf.api.constants import constant
from minitf.api.elementary import sigmoid
from minitf.api.matmul import matmul
from minitf.dtypes import int32
from minitf.layers.named import initializer_of
from minitf.rnn.basic_cells import GatedCell, check_all_floating
from minitf.rnn.cell import check_floating, known_depth
from minitf.variables.initializers import Zeros
from minitf.variables.partitioned import fixed_size_partitioner


class LSTMStateTuple(namedtuple("LSTMStateTuple", ("c", "h"))):  # noqa: PYI024 of sizes and states
    """The state of an LSTM cell: its memory `c` and its last outputs `h`."""

    __slots__ = ()

    @property
    def dtype(self) -> Any:
        """The type of both.

        Raises:
            TypeError: if they have different ones.
        """
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


class BasicLSTMCell(GatedCell):
    """The LSTM cell without peepholes, clipping and projection.

    Args:
        num_units: the width of memory and outputs.
        forget_bias: added to the forget gate, so that training begins with a long memory.
        state_is_tuple: whether the state is an LSTMStateTuple; else c and h are side by side.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.
        **kwargs: `trainable`.

    Raises:
        ValueError: if the type is not floating-point.

    Source: Zaremba 2014; TensorFlow 1.15.
    """

    DESCRIBED = "num_units forget_bias state_is_tuple activation reuse"

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        _warn_of_joint_state(self, state_is_tuple)

    @property
    def state_size(self) -> Any:
        """The widths of c and h, or their sum."""
        n = self._num_units
        return LSTMStateTuple(n, n) if self._state_is_tuple else 2 * n

    def build(self, input_shape: Any) -> None:
        """Make the kernel and the bias of the four gates."""
        depth, n = known_depth(input_shape), self._num_units
        check_floating(self.dtype)
        self._kernel = self.add_weight("kernel", shape=[depth + n, 4 * n])
        self._bias = self.add_weight("bias", shape=[4 * n], initializer=Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h')."""
        check_all_floating(inputs, state)
        columns = constant(1, int32)
        c, h = state if self._state_is_tuple else split(state, 2, columns)
        gates = self._affine(inputs, h, self._kernel, self._bias)
        i, j, f, o = split(gates, 4, columns)
        forget_bias = constant(self._forget_bias, f.dtype)
        new_c = math.add(
            math.multiply(c, sigmoid(math.add(f, forget_bias))),
            math.multiply(sigmoid(i), self._activation(j)),
        )
        new_h = math.multiply(self._activation(new_c), sigmoid(o))
        return new_h, _state(new_c, new_h, self._state_is_tuple)


class LSTMCell(GatedCell):
    """The LSTM cell with all that TensorFlow's has.

    Args:
        num_units: the width of the memory, and of the outputs unless they are projected.
        use_peepholes: whether the gates see the memory.
        cell_clip: the memory is clipped to [-cell_clip, cell_clip], before the outputs are made.
        initializer: of the kernel, the peepholes and the projection.
        num_proj: the width of the outputs, if they are projected.
        proj_clip: the projected outputs are clipped to [-proj_clip, proj_clip].
        num_unit_shards: deprecated: in how many parts the kernel is kept.
        num_proj_shards: deprecated: in how many parts the projection is kept.
        forget_bias: added to the forget gate, so that training begins with a long memory.
        state_is_tuple: whether the state is an LSTMStateTuple; else c and h are side by side.
        activation: a function, or its name; tanh by default.
        reuse: whether to find variables that exist, not to make them.
        name: name of the cell and of its variable scope.
        dtype: type of the variables; that of the first inputs by default.
        **kwargs: `trainable`.

    Raises:
        ValueError: if the type is not floating-point.

    Source: Hochreiter 1997; Sak 2014; TensorFlow 1.15.
    """

    DESCRIBED = (
        "num_units use_peepholes cell_clip initializer num_proj proj_clip num_unit_shards "
        "num_proj_shards forget_bias state_is_tuple activation reuse"
    )

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer_of(initializer)
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        _warn_of_joint_state(self, state_is_tuple)
        if num_unit_shards is not None or num_proj_shards is not None:
            logging.getLogger("tensorflow").warning(
                "%s: The num_unit_shards and proj_unit_shards parameters are deprecated. Use a "
                "variable scope with a partitioner instead.",
                self,
            )

    @property
    def state_size(self) -> Any:
        """The widths of c and h, or their sum."""
        n, h = self._num_units, self.output_size
        return LSTMStateTuple(n, h) if self._state_is_tuple else n + h

    @property
    def output_size(self) -> int:
        """The width of the projection, or the number of units."""
        return self._num_proj or self._num_units

    def build(self, input_shape: Any) -> None:
        """Make the kernel and the bias of the gates, the peepholes, the projection."""
        depth, n = known_depth(input_shape), self._num_units
        check_floating(self.dtype)
        initializer = self._initializer
        self._kernel = self.add_weight(
            "kernel",
            shape=[depth + self.output_size, 4 * n],
            initializer=initializer,
            partitioner=_partitioner(self._num_unit_shards),
        )
        self._bias = self.add_weight("bias", shape=[4 * n], initializer=Zeros(dtype=self.dtype))
        if self._use_peepholes:
            self._w_f = self.add_weight("w_f_diag", shape=[n], initializer=initializer)
            self._w_i = self.add_weight("w_i_diag", shape=[n], initializer=initializer)
            self._w_o = self.add_weight("w_o_diag", shape=[n], initializer=initializer)
        if self._num_proj is not None:
            self._projection = self.add_weight(
                "projection/kernel",
                shape=[n, self._num_proj],
                initializer=initializer,
                partitioner=_partitioner(self._num_proj_shards),
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', (c', h')."""
        check_all_floating(inputs, state)
        if self._state_is_tuple:
            c, h = state
        else:
            c = slice(state, [0, 0], [-1, self._num_units])
            h = slice(state, [0, self._num_units], [-1, self.output_size])
        if inputs.shape.with_rank(2)[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        gates = self._affine(inputs, h, self._kernel, self._bias)
        i, j, f, o = split(gates, 4, 1)
        f = f + self._forget_bias
        if self._use_peepholes:
            f = f + self._w_f * c
        kept = sigmoid(f) * c
        if self._use_peepholes:
            i = i + self._w_i * c
        new_c = kept + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            new_c = clip_by_value(new_c, -self._cell_clip, self._cell_clip)
        if self._use_peepholes:
            o = o + self._w_o * new_c
        new_h = sigmoid(o) * self._activation(new_c)
        if self._num_proj is not None:
            new_h = matmul(new_h, self._projection)
            if self._proj_clip is not None:
                new_h = clip_by_value(new_h, -self._proj_clip, self._proj_clip)
        return new_h, _state(new_c, new_h, self._state_is_tuple)


def _state(c: Any, h: Any, is_tuple: bool) -> Any:
    return LSTMStateTuple(c, h) if is_tuple else concat([c, h], 1)


def _partitioner(shards: int | None) -> Any:
    return None if shards is None else fixed_size_partitioner(shards)


def _warn_of_joint_state(cell: Any, state_is_tuple: bool) -> None:
    if not state_is_tuple:
        logging.getLogger("tensorflow").warning(
            "%s: Using a concatenated state is slower and will soon be deprecated.  Use "
            "state_is_tuple=True.",
            cell,
        )
