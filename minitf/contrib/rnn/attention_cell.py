"""AttentionCellWrapper: a cell that attends to what it gave in the last steps.

    x = [inputs, a] W + b                                a: what it attended to the last time
    y, s' = cell(x, s)
    scores_i = v tanh(h_i W_a + s' W_s + b_s)            h_i: the outputs of the last steps
    a' = sum softmax(scores)_i h_i;  output = [y, a'] W_o + b_o, which joins the h_i

Source: Bahdanau 2014; TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf import nest
from minitf.api import array
from minitf.api.elementary import tanh
from minitf.api.nn_conv import conv2d
from minitf.api.nn_losses import softmax
from minitf.api.reductions import reduce_sum
from minitf.rnn.cell import RNNCell, assert_like_rnncell
from minitf.rnn.projection_wrappers import projected
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable, variable_scope


class AttentionCellWrapper(RNNCell):
    """A cell with attention to its own last outputs.

    Args:
        cell: the cell.
        attn_length: to how many steps it attends.
        attn_size: the width of its outputs; that of the cell's by default.
        attn_vec_size: the width of what scores are made of; `attn_size` by default.
        input_size: the width of the cell's inputs; that of the inputs by default.
        state_is_tuple: whether the state is (the cell's, the attention, the outputs); else they are
            side by side.
        reuse: whether to find variables that exist, not to make them.

    Raises:
        TypeError: if `cell` is none.
        ValueError: if it attends to no step, or states that are tuples should stand side by side.

    Source: TensorFlow 1.15's tf.contrib.rnn.
    """

    def __init__(
        self,
        cell: Any,
        attn_length: int,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        input_size: int | None = None,
        state_is_tuple: bool = True,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError(
                "Cell returns tuple of states, but the flag state_is_tuple is not set. State size "
                f"is: {cell.state_size}"
            )
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        if not state_is_tuple:
            logging.getLogger("tensorflow").warning(
                "%s: Using a concatenated state is slower and will soon be deprecated.  Use "
                "state_is_tuple=True.",
                self,
            )
        self._cell = cell
        self._length = attn_length
        self._width: int = cell.output_size if attn_size is None else attn_size
        self._depth: int = self._width if attn_vec_size is None else attn_vec_size
        self._input_size = input_size
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Any:
        """The widths of the cell's state, of the attention and of the outputs, or their sum."""
        size = (self._cell.state_size, self._width, self._width * self._length)
        return size if self._state_is_tuple else sum(size)

    @property
    def output_size(self) -> int:
        """The number of outputs."""
        return self._width

    def call(self, inputs: Any, state: Any) -> Any:
        """Return the outputs and the next state."""
        if not self._state_is_tuple:
            n, width = self._cell.state_size, self._width
            state = state[:, :n], state[:, n : n + width], state[:, n + width :]
        of_cell, attention, outputs = state
        outputs = array.reshape(outputs, [-1, self._length, self._width])
        width = self._input_size or inputs.shape[1].value
        made, new_state = self._cell(
            projected(array.concat([inputs, attention], 1), width), of_cell
        )
        query = array.concat(nest.flatten(new_state), 1)
        attention = self._attention(query, outputs)
        with variable_scope("attn_output_projection"):
            output = projected(array.concat([made, attention], 1), self._width)
        kept = array.concat([outputs[:, 1:, :], array.expand_dims(output, 1)], 1)
        flat = array.reshape(kept, [-1, self._length * self._width])
        after = new_state, attention, flat
        return output, after if self._state_is_tuple else array.concat(list(after), 1)

    def _attention(self, query: Tensor, outputs: Tensor) -> Tensor:
        """Return the mean of the last outputs, by how well they fit a query."""
        with variable_scope("attention"):
            kernel = get_variable("attn_w", [1, 1, self._width, self._depth])
            v = get_variable("attn_v", [self._depth])
            places = array.reshape(outputs, [-1, self._length, 1, self._width])
            features = conv2d(places, kernel, [1, 1, 1, 1], "SAME")
            asked = array.reshape(projected(query, self._depth), [-1, 1, 1, self._depth])
            scores = reduce_sum(v * tanh(features + asked), [2, 3])
            weights = array.reshape(softmax(scores), [-1, self._length, 1, 1])
            return array.reshape(reduce_sum(weights * places, [1, 2]), [-1, self._width])
