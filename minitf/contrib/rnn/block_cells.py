"""Cells under the names, and with the arguments, of TensorFlow's fused ops.

`LSTMBlockCell` is `LSTMCell` here: its variables have the same names, shapes and order of gates, so
checkpoints fit, and it computes the same.  `LSTMBlockFusedCell` runs a whole sequence in the op
BlockLSTM, the cells of the gated recurrent unit a step in GRUBlockCell.

Source: TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, stack, transpose, unstack
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


class LSTMBlockWrapper(Layer):
    """What runs a whole sequence: states at first, lengths, the last state.

    Subclasses define `num_units` and `_call_cell`.

    Source: TensorFlow 1.15's tf.contrib.rnn.LSTMBlockWrapper.
    """

    @property
    def num_units(self) -> int:
        """The number of outputs, and of what is remembered."""
        raise NotImplementedError("Abstract method")

    def _call_cell(
        self,
        inputs: Tensor,
        initial_cell_state: Tensor,
        initial_output: Tensor,
        dtype: Any,
        sequence_length: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        """Return what is remembered after each step and the outputs, [time, batch, num_units].

        Args:
            inputs: [time, batch, inputs].
            initial_cell_state: [batch, num_units].
            initial_output: [batch, num_units].
            dtype: of both.
            sequence_length: how many steps each row has, int[batch]; or None. What follows is not
                used.
        """
        raise NotImplementedError("Abstract method")

    def call(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
    ) -> tuple[Any, LSTMStateTuple]:
        """Return the outputs of all steps, like the inputs, and the last state (c, h).

        Args:
            inputs: [time, batch, inputs], or a list of matrices.
            initial_state: (c, h) at first; zeros if None.
            dtype: of the zeros; that of the inputs if None.
            sequence_length: how many steps each row has; all if None.

        Raises:
            ValueError: if the state at first is no pair.
        """
        x = convert_to_tensor(inputs)
        steps, batch = (shape(x)[axis] for axis in (0, 1))
        if initial_state is None:
            blank = zeros(stack([batch, self.num_units]), x.dtype if dtype is None else dtype)
            initial_state = blank, blank
        if len(initial_state) != 2:
            raise ValueError("Expecting initial_state to be a tuple with length 2 or None")
        firsts = [convert_to_tensor(each) for each in initial_state]
        lengths = None if sequence_length is None else convert_to_tensor(sequence_length)
        cells, outputs = self._call_cell(x, firsts[0], firsts[1], firsts[0].dtype, lengths)
        if lengths is None:
            state = LSTMStateTuple(cells[-1], outputs[-1])
        else:
            lengths = cast(lengths, int32)
            places = stack([lengths, range_(batch)], axis=1)
            state = LSTMStateTuple(
                *(
                    gather_nd(concat([expand_dims(first, 0), each], 0), places)
                    for first, each in zip(firsts, (cells, outputs), strict=True)
                )
            )
            mask = sequence_mask(lengths, steps, outputs.dtype)
            outputs = outputs * expand_dims(transpose(mask), -1)
        return unstack(outputs) if isinstance(inputs, list) else outputs, state


class LSTMBlockFusedCell(LSTMBlockWrapper):
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
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = -1.0 if cell_clip is None else cell_clip
        self._use_peephole = use_peephole

    def build(self, input_shape: Any) -> None:
        """Make the kernel, the bias and, if the gates see the memory, three vectors."""
        step = input_shape[-1] if isinstance(input_shape, list) else input_shape
        depth, n = known_depth(step), self.num_units
        self._kernel = self.add_weight("kernel", shape=[depth + n, 4 * n])
        self._bias = self.add_weight("bias", shape=[4 * n], initializer=Zeros(dtype=self.dtype))
        names = ("w_i_diag", "w_f_diag", "w_o_diag") if self._use_peephole else ()
        self._peepholes = [self.add_weight(each, shape=[n]) for each in names]
        self.built = True

    @property
    def num_units(self) -> int:
        """The width of the memory and of the outputs."""
        return self._num_units

    def _call_cell(
        self,
        inputs: Tensor,
        initial_cell_state: Tensor,
        initial_output: Tensor,
        dtype: Any,
        sequence_length: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        count = shape(inputs)[0] if sequence_length is None else reduce_max(sequence_length)
        seen = self._peepholes or [zeros([self.num_units], inputs.dtype)] * 3
        made = ops.block_lstm_op(
            *(cast(count, int64), inputs, initial_cell_state, initial_output),
            *(self._kernel, *seen, self._bias),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return made.cs, made.h


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
