"""Cells under the names, and with the arguments, of TensorFlow's fused ops.

`LSTMBlockCell` is `LSTMCell` here: its variables have the same names, shapes and order of gates, so
checkpoints fit, and it computes the same.  `LSTMBlockFusedCell` runs a whole sequence in the op
BlockLSTM, the cells of the gated recurrent unit a step in GRUBlockCell.

Source: TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, stack, transpose
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.gathering import gather_nd
from minitf.api.reductions import reduce_max
from minitf.api.sequences import range as range_
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32, int64
from minitf.layers.base import Layer
from minitf.rnn.cell import LayerRNNCell, known_depth
from minitf.rnn.lstm_cells import LSTMCell, LSTMStateTuple
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, Zeros


class LSTMBlockCell(LSTMCell):
    """The LSTM cell, whose state is always (c, h).

    Args:
        num_units: the width of the memory and of the outputs.
        forget_bias: added to the bias of the forget gate.
        cell_clip: the memory is clipped to [-cell_clip, cell_clip]; None or less than 0 for not.
        use_peephole: whether the gates see the memory.
        dtype: type of the variables; that of the inputs if None.
        reuse: whether the variables exist already.
        name: the name of the variables' scope.

    Source: Zaremba 2014; TensorFlow 1.15.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        dtype: Any = None,
        reuse: Any = None,
        name: str | None = "lstm_cell",
    ) -> None:
        super().__init__(
            num_units,
            use_peepholes=use_peephole,
            cell_clip=None if cell_clip is None or cell_clip < 0 else cell_clip,
            forget_bias=forget_bias,
            reuse=reuse,
            name=name,
            dtype=dtype,
        )


class LSTMBlockFusedCell(Layer):
    """The long short-term memory along a sequence [time, batch, inputs], in one op.

    Args:
        num_units: the width of the memory and of the outputs.
        forget_bias: added to the bias of the forget gate.
        cell_clip: the memory is clipped to [-cell_clip, cell_clip]; None for not.
        use_peephole: whether the gates see the memory.
        reuse: whether the variables exist already.
        dtype: type of the variables; that of the inputs if None.
        name: the name of the variables' scope.

    Source: Zaremba 2014; TensorFlow 1.15.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        reuse: Any = None,
        dtype: Any = None,
        name: str | None = "lstm_fused_cell",
    ) -> None:
        super().__init__(name=name, dtype=dtype, _reuse=reuse)
        self.num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = -1.0 if cell_clip is None else cell_clip
        self._use_peephole = use_peephole

    def build(self, input_shape: Any) -> None:
        """Make the kernel, the bias and, if the gates see the memory, three vectors."""
        depth, n = known_depth(input_shape), self.num_units
        self._kernel = self.add_weight("kernel", shape=[depth + n, 4 * n])
        self._bias = self.add_weight("bias", shape=[4 * n], initializer=Zeros(dtype=self.dtype))
        names = ("w_i_diag", "w_f_diag", "w_o_diag") if self._use_peephole else ()
        self._peepholes = [self.add_weight(each, shape=[n]) for each in names]
        self.built = True

    def call(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
    ) -> tuple[Tensor, LSTMStateTuple]:
        """Return the outputs [time, batch, num_units] and the last state (c, h).

        Args:
            inputs: [time, batch, inputs].
            initial_state: (c, h) at first; zeros if None.
            dtype: of the zeros; that of the inputs if None.
            sequence_length: how many steps each row has; all if None.
        """
        x = convert_to_tensor(inputs)
        steps, batch = (shape(x)[axis] for axis in (0, 1))
        if initial_state is None:
            blank = zeros(stack([batch, self.num_units]), x.dtype if dtype is None else dtype)
            initial_state = blank, blank
        first_c, first_h = initial_state
        count = steps if sequence_length is None else reduce_max(sequence_length)
        seen = self._peepholes or [zeros([self.num_units], x.dtype)] * 3
        made = ops.block_lstm_op(
            *(cast(count, int64), x, first_c, first_h, self._kernel, *seen, self._bias),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        if sequence_length is None:
            return made.h, LSTMStateTuple(made.cs[-1], made.h[-1])
        lengths = cast(sequence_length, int32)
        mask = expand_dims(transpose(sequence_mask(lengths, steps, x.dtype)), -1)
        places = stack([lengths, range_(batch)], axis=1)
        last_c, last_h = (
            gather_nd(concat([expand_dims(first, 0), each], 0), places)
            for first, each in ((first_c, made.cs), (first_h, made.h))
        )
        return made.h * mask, LSTMStateTuple(last_c, last_h)


class GRUBlockCellV2(LayerRNNCell):
    """The gated recurrent unit, a step in one op, with the variables of `GRUCell`.

    Args:
        num_units: the width of the outputs.
        cell_size: the name of `num_units` before.
        reuse: whether the variables exist already.
        name: the name of the variables' scope.

    Raises:
        ValueError: if not exactly one of `num_units` and `cell_size` is given.

    Source: Cho et al. 2014; TensorFlow 1.15.
    """

    names = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")

    def __init__(
        self,
        num_units: int | None = None,
        cell_size: int | None = None,
        reuse: Any = None,
        name: str | None = "gru_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name)
        given = [each for each in (num_units, cell_size) if each is not None]
        if len(given) != 1:
            raise ValueError("exactly one of num_units or cell_size must be provided.")
        self._cell_size = given[0]

    @property
    def state_size(self) -> int:
        """The width of the state."""
        return self._cell_size

    @property
    def output_size(self) -> int:
        """The width of the outputs."""
        return self._cell_size

    def build(self, input_shape: Any) -> None:
        """Make the kernels and biases of the gates and of the candidate."""
        depth, n = known_depth(input_shape), self._cell_size
        sizes = [depth + n, 2 * n], [2 * n], [depth + n, n], [n]
        initializers = None, Constant(1.0), None, Zeros()
        self._weights_of_gates = [
            self.add_weight(name, shape=size, initializer=initializer)
            for name, size, initializer in zip(self.names, sizes, initializers, strict=True)
        ]
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Return h', h'."""
        w_ru, b_ru, w_c, b_c = self._weights_of_gates
        new_h = ops.gru_block_cell_op(inputs, state, w_ru, w_c, b_ru, b_c).h
        return new_h, new_h


class GRUBlockCell(GRUBlockCellV2):
    """The gated recurrent unit, a step in one op, with variables of other names.

    Source: Cho et al. 2014; TensorFlow 1.15.
    """

    names = ("w_ru", "b_ru", "w_c", "b_c")
