"""LSTMBlockCell, GRUBlockCell: cells under the names, and with the arguments, of fused ops.

There each is one op, which its user picks for speed.  Here it is `LSTMCell` or `GRUCell`: its
variables have the same names, shapes and order of gates, so checkpoints fit, and it computes the
same.

Source: TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from typing import Any

from minitf.rnn.basic_cells import GRUCell
from minitf.rnn.lstm_cells import LSTMCell


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


class GRUBlockCellV2(GRUCell):
    """The gated recurrent unit with variables named as those of `GRUCell`.

    Args:
        num_units: the width of state and outputs.
        cell_size: an old name of `num_units`.
        reuse: whether the variables exist already.
        name: the name of the variables' scope.

    Raises:
        ValueError: if there is no width.

    Source: Cho 2014; TensorFlow 1.15.
    """

    def __init__(
        self,
        num_units: int | None = None,
        cell_size: int | None = None,
        reuse: Any = None,
        name: str | None = "gru_cell",
    ) -> None:
        width = num_units or cell_size
        if width is None:
            raise ValueError("num_units and cell_size can not both be None")
        super().__init__(width, reuse=reuse, name=name)


class GRUBlockCell(GRUBlockCellV2):
    """The gated recurrent unit with the first names of its variables; see `GRUBlockCellV2`."""

    NAMES = ("w_ru", "b_ru", "w_c", "b_c")
