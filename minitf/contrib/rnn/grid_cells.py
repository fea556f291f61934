"""Grid cells: an LSTM along time and one along frequencies, which see each other's memory.

    inputs [batch, features] -> blocks of windows [batch, feature_size]
    window k reads x = its features, its outputs at the step before, the outputs of window k - 1
    F (along frequencies):  c_f' = f c_f + i act(j),   c_f from window k - 1
    T (along time):         c_t' = f c_t + i act(j),   c_t from the step before
    peepholes let the gates of both see both memories

Source: Kalchbrenner, Danihelka and Graves 2016, "Grid Long Short-Term Memory"; Sainath and Li 2016;
TensorFlow 1.15's tf.contrib.rnn.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from minitf.api.array import concat, pad, split
from minitf.api.clipping import clip_by_value
from minitf.api.constants import zeros_like
from minitf.api.elementary import sigmoid, tanh
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.contrib.rnn.frequency_cells import known_width, windows
from minitf.contrib.rnn.own_variables import diagonals, sharded, zeros_at_first
from minitf.rnn.cell import RNNCell
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable_scope, variable_scope


def _tuple_type(name: str, fields: list[str]) -> Any:
    """Return a type of named tuples, of widths and of tensors."""
    return namedtuple(name, fields)  # noqa: PYI024


class GridLSTMCell(RNNCell):
    """The LSTM cell along time and along frequencies.

    Args:
        num_units: the width of a window's memories and outputs, of each direction.
        use_peepholes: whether the gates see the memories.
        share_time_frequency_weights: whether both directions have the same weights.
        cell_clip: memories are clipped to [-cell_clip, cell_clip].
        initializer: of the matrices and the peepholes.
        num_unit_shards: in how many variables each matrix is kept.
        forget_bias: added to the forget gates.
        feature_size: how many features are in a window.
        frequency_skip: by how many features windows are apart.
        num_frequency_blocks: how many windows each block of features has: a list.
        start_freqindex_list: where each block begins; None for one block of all features.
        end_freqindex_list: where each block ends, itself not in it.
        couple_input_forget_gates: whether the forget gate is 1 - the input gate.
        state_is_tuple: whether the state is a tuple, with c and m of each window; else they are
            side by side.
        reuse: whether to find variables that exist, not to make them.

    Raises:
        ValueError: if there are no `num_frequency_blocks`.

    Source: Kalchbrenner 2016; Sainath and Li 2016.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        share_time_frequency_weights: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_unit_shards: int = 1,
        forget_bias: float = 1.0,
        feature_size: int | None = None,
        frequency_skip: int | None = None,
        num_frequency_blocks: Sequence[int] | None = None,
        start_freqindex_list: Sequence[int] | None = None,
        end_freqindex_list: Sequence[int] | None = None,
        couple_input_forget_gates: bool = False,
        state_is_tuple: bool = True,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        if num_frequency_blocks is None:
            raise ValueError("Must specify num_frequency_blocks")
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._share = share_time_frequency_weights
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_unit_shards = num_unit_shards
        self._forget_bias = forget_bias
        self._feature_size = feature_size
        self._frequency_skip = frequency_skip
        self._num_frequency_blocks = list(num_frequency_blocks)
        self._starts = list(start_freqindex_list or [])
        self._ends = list(end_freqindex_list or [])
        self._couple = couple_input_forget_gates
        self._state_is_tuple = state_is_tuple
        self._tuple = _tuple_type("GridLSTMStateTuple", self._fields("state"))

    def _fields(self, prefix: str) -> list[str]:
        """Return the names of the parts of the state: c and m of each window, block by block."""
        return [
            f"{prefix}_f{window:02d}_b{block:02d}_{part}"
            for block, count in enumerate(self._num_frequency_blocks)
            for window in range(count)
            for part in "cm"
        ]

    @property
    def output_size(self) -> int:
        """The number of outputs: for each window those along time, then along frequencies."""
        return 2 * self._num_units * sum(self._num_frequency_blocks)

    @property
    def state_size(self) -> Any:
        """The widths of c and m of each window, or their sum."""
        if not self._state_is_tuple:
            return self.output_size
        return self._tuple(*[self._num_units] * len(self._tuple._fields))

    @property
    def state_tuple_type(self) -> Any:
        """The type of states that are tuples.

        Raises:
            ValueError: if they are none.
        """
        if not self._state_is_tuple:
            raise ValueError("state_is_tuple must be true")
        return self._tuple

    def call(self, inputs: Any, state: Any) -> Any:
        """Return the outputs and the next state.

        Raises:
            ValueError: if the blocks do not fit the features, or their number is not known.
        """
        parts = state if self._state_is_tuple else split(state, len(self._tuple._fields), 1)
        outputs, states = self._walk(self._blocks(inputs), list(parts))
        made = self._tuple(*states) if self._state_is_tuple else concat(states, 1)
        return concat(outputs, 1), made

    def _blocks(self, inputs: Any, offset: int = 0) -> list[list[Tensor]]:
        """Return the windows of each block, shifted by an offset into zeros."""
        width, size, skip = known_width(inputs), self._feature_size, self._frequency_skip
        if size is None or skip is None:
            raise ValueError("Must specify feature_size and frequency_skip")
        starts, ends, counts = (
            self._starts or [0],
            self._ends or [width],
            self._num_frequency_blocks,
        )
        if not len(starts) == len(ends) == len(counts):
            raise ValueError(
                "Length of num_frequency_blocks, start_freqindex_list and end_freqindex_list does "
                f"not match: {len(counts)}, {len(starts)}, {len(ends)}"
            )
        for start, end, count in zip(starts, ends, counts, strict=True):
            fitting = (end - start - size) // skip + 1
            if fitting != count:
                raise ValueError(
                    f"Invalid num_frequency_blocks, requires {count} but gets {fitting}, please "
                    "check the input size and filter config are correct."
                )
        padded = pad(inputs, [[0, 0], [max(-offset, 0), max(offset, 0)]]) if offset else inputs
        return [
            windows(padded, start + max(offset, 0), count, size, skip)
            for start, count in zip(starts, counts, strict=True)
        ]

    def _walk(
        self, blocks: list[list[Tensor]], state: list[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Run along the windows of all blocks; return outputs and new states."""
        outputs: list[Tensor] = []
        states: list[Tensor] = []
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            for block, inputs in enumerate(blocks):
                weights = _Weights(
                    block,
                    self._num_units,
                    inputs[0].shape[1].value,
                    inputs[0].dtype,
                    gates="IO" if self._couple else "FIO",
                    ways={"freq": "freq", "time": "freq" if self._share else "time"},
                    peepholes=self._use_peepholes,
                    shards=self._num_unit_shards,
                )
                m_freq = c_freq = zeros_like(state[0])
                for x in inputs:
                    c_time, m_time = state[len(states) : len(states) + 2]
                    affine = concat([x, m_time, m_freq], 1)
                    c_freq, c_time, m_freq, m_time = self._step(weights, affine, c_freq, c_time)
                    outputs += [m_time, m_freq]
                    states += [c_time, m_time]
        return outputs, states

    def _step(self, weights: _Weights, x: Tensor, c_freq: Tensor, c_time: Tensor) -> list[Tensor]:
        """Return the memories along frequencies and along time, and the outputs of both."""
        before = {"freq": c_freq, "time": c_time}
        gates = {way: weights.gates(way, x) for way in before}
        after = {}
        for way, (i, j, f, _) in gates.items():
            taken = sigmoid(weights.seeing("I", way, i, c_freq, c_time))
            if f is None:
                kept = 1.0 - taken
            else:
                kept = sigmoid(weights.seeing("F", way, f + self._forget_bias, c_freq, c_time))
            new_c = kept * before[way] + taken * tanh(j)
            if self._cell_clip is not None:
                new_c = clip_by_value(new_c, -self._cell_clip, self._cell_clip)
            after[way] = new_c
        outputs = [
            sigmoid(weights.seeing("O", way, o, after["freq"], after["time"])) * tanh(after[way])
            for way, (_, _, _, o) in gates.items()
        ]
        return [*after.values(), *outputs]


class _Weights:
    """The variables of one block: a matrix and a bias for each direction, and the peepholes."""

    def __init__(
        self,
        block: int,
        num_units: int,
        depth: int,
        dtype: Any,
        *,
        gates: str,
        ways: dict[str, str],
        peepholes: bool,
        shards: int,
    ) -> None:
        self._count = len(gates) + 1  # and the candidate
        self._ways = ways
        shape = [depth + 2 * num_units, self._count * num_units]
        self._maps = {}
        for way in dict.fromkeys(ways.values()):
            kernel = sharded(f"W_{way[0]}_{block}", shape, dtype, shards)
            self._maps[way] = kernel, zeros_at_first(f"B_{way[0]}_{block}", shape[1], dtype)
        self._peepholes = {}
        for way in self._maps if peepholes else ():
            for gate in gates:
                names = tuple(f"W_{gate}_diag_{way}{memory}_{block}" for memory in "ft")
                self._peepholes[gate, way] = diagonals(names, num_units, dtype)

    def gates(self, way: str, x: Tensor) -> list[Any]:
        """Return i, j, f, o of a direction; f is None if it is 1 - i."""
        kernel, bias = self._maps[self._ways[way]]
        parts = split(bias_add(matmul(x, kernel), bias), self._count, 1)
        return [*parts[:2], *([None] if self._count == 3 else []), *parts[2:]]

    def seeing(self, gate: str, way: str, x: Any, c_freq: Tensor, c_time: Tensor) -> Any:
        """Return a gate that sees the memories, if it does."""
        if not self._peepholes:
            return x
        of_freq, of_time = self._peepholes[gate, self._ways[way]]
        return x + of_freq * c_freq + of_time * c_time


class BidirectionalGridLSTMCell(GridLSTMCell):
    """Grid cells that walk up the frequencies and down; along time they go forwards only.

    Args:
        num_units: as of `GridLSTMCell`, and so are the others but the last but one.
        use_peepholes: see there.
        share_time_frequency_weights: see there.
        cell_clip: see there.
        initializer: see there.
        num_unit_shards: see there.
        forget_bias: see there.
        feature_size: see there.
        frequency_skip: see there.
        num_frequency_blocks: see there.
        start_freqindex_list: see there.
        end_freqindex_list: see there.
        couple_input_forget_gates: see there.
        backward_slice_offset: by how many features the windows of the way down are shifted.
        reuse: see there.

    Source: Kalchbrenner 2016; TensorFlow 1.15's tf.contrib.rnn.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        share_time_frequency_weights: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_unit_shards: int = 1,
        forget_bias: float = 1.0,
        feature_size: int | None = None,
        frequency_skip: int | None = None,
        num_frequency_blocks: Sequence[int] | None = None,
        start_freqindex_list: Sequence[int] | None = None,
        end_freqindex_list: Sequence[int] | None = None,
        couple_input_forget_gates: bool = False,
        backward_slice_offset: int = 0,
        reuse: Any = None,
    ) -> None:
        super().__init__(
            num_units,
            use_peepholes,
            share_time_frequency_weights,
            cell_clip,
            initializer,
            num_unit_shards,
            forget_bias,
            feature_size,
            frequency_skip,
            num_frequency_blocks,
            start_freqindex_list,
            end_freqindex_list,
            couple_input_forget_gates,
            True,
            reuse,
        )
        self._backward_slice_offset = int(backward_slice_offset)
        fields = [field for way in ("fwd", "bwd") for field in self._fields(f"{way}_state")]
        self._tuple = _tuple_type("BidirectionalGridLSTMStateTuple", fields)

    @property
    def output_size(self) -> int:
        """The number of outputs: those of the way up, then those of the way down."""
        return 2 * super().output_size

    def call(self, inputs: Any, state: Any) -> Any:
        """Return the outputs and the next state; see `GridLSTMCell`."""
        half = len(self._tuple._fields) // 2
        with variable_scope("fwd"):
            up = self._walk(self._blocks(inputs), list(state[:half]))
        with variable_scope("bwd"):
            shifted = self._blocks(inputs, self._backward_slice_offset)
            down = self._walk([block[::-1] for block in shifted], list(state[half:]))
        return concat(up[0] + down[0], 1), self._tuple(*up[1], *down[1])
