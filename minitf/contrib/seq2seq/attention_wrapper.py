"""AttentionWrapper: a cell that attends to a memory at each step.

    cell inputs    inputs and the last attention, side by side
    context        the mean of the memory by weights that the cell's outputs give
    attention      the context; or attention_layer(cell's outputs and context)

Source: Bahdanau, Cho and Bengio 2014; Luong, Pham and Manning 2015; TensorFlow 1.15's
tf.contrib.seq2seq.AttentionWrapper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Self

from minitf import nest
from minitf.api.array import concat, expand_dims, squeeze
from minitf.api.assertions import assert_equal
from minitf.api.constants import zeros
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.matmul import matmul
from minitf.api.sizes import shape as shape_of
from minitf.contrib.seq2seq.attention import AttentionMechanism
from minitf.dtypes import int32
from minitf.layers.core import Dense
from minitf.rnn.cell import RNNCell, assert_like_rnncell, sizes, static_sizes
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape

_OF_MEMORY = (
    "When calling zero_state or the constructor of AttentionWrapper: Non-matching batch "
    "sizes between the memory (encoder output) and the requested batch size.  Are you "
    "using the BeamSearchDecoder?  You may need to tile your initial state via the "
    "tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width."
)


class AttentionWrapperState(NamedTuple):
    """The state of an AttentionWrapper.

    Attributes:
        cell_state: that of the cell.
        attention: what the last step attended to.
        time: number of the step.
        alignments: the last weights; one for each mechanism where there are several.
        alignment_history: the weights of all steps, time first; () if they are not kept.
        attention_state: the states of the mechanisms.
    """

    cell_state: Any
    attention: Any
    time: Any
    alignments: Any
    alignment_history: Any
    attention_state: Any

    def clone(self, **kwargs: Any) -> Self:
        """Return the state with other parts.

        Args:
            **kwargs: the parts by name.

        Raises:
            ValueError: if a tensor's shape is another.
        """

        def checked(old: Any, new: Any) -> Any:
            if isinstance(old, Tensor) and isinstance(new, Tensor):
                new.set_shape(old.shape)
            return new

        made: Self = nest.map_structure(checked, self, self._replace(**kwargs))
        return made


class AttentionWrapper(RNNCell):
    """A cell that attends.

    Args:
        cell: the cell.
        attention_mechanism: an AttentionMechanism, or a list of them.
        attention_layer_size: width of the layer that makes attention of outputs and context; a list
            where there are several mechanisms; None for the context itself.
        alignment_history: whether the weights of all steps are kept.
        cell_input_fn: function of inputs and attention; by default it puts them side by side.
        output_attention: whether the attention is the outputs; else the cell's outputs are.
        initial_cell_state: the cell's first state; by default that of `zero_state`.
        name: name of the cell.
        attention_layer: a layer in place of one of `attention_layer_size`, or a list.
        attention_fn: function of a mechanism, the cell's outputs, the mechanism's state and the
            attention layer, that returns attention, weights and the next state.

    Raises:
        TypeError: if a mechanism or a function is something else.
        ValueError: if there are not as many layers as mechanisms, or both kinds of them.
    """

    def __init__(
        self,
        cell: Any,
        attention_mechanism: Any,
        attention_layer_size: Any = None,
        alignment_history: bool = False,
        cell_input_fn: Callable[[Any, Any], Any] | None = None,
        output_attention: bool = True,
        initial_cell_state: Any = None,
        name: str | None = None,
        attention_layer: Any = None,
        attention_fn: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__(name=name)
        assert_like_rnncell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        self._attention_mechanisms = _as_tuple(attention_mechanism)
        for each in self._attention_mechanisms:
            if not isinstance(each, AttentionMechanism):
                raise TypeError(
                    "attention_mechanism must be an AttentionMechanism or list of multiple "
                    f"AttentionMechanism instances, saw type: {type(each).__name__}"
                )
        self._cell_input_fn = _beside if cell_input_fn is None else cell_input_fn
        if not callable(self._cell_input_fn):
            raise TypeError(
                f"cell_input_fn must be callable, saw type: {type(cell_input_fn).__name__}"
            )
        self._attention_layers = self._made_layers(attention_layer_size, attention_layer)
        self._attention_layer_size = self._attention_width()
        self._attention_fn = compute_attention if attention_fn is None else attention_fn
        self._cell, self._alignment_history = cell, alignment_history
        self._output_attention = output_attention
        with name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state: Any = None
            if initial_cell_state is not None:
                first = nest.flatten(initial_cell_state)[-1]
                batch_size = first.shape[0].value or shape_of(first)[0]
                with control_dependencies(self._batch_size_checks(batch_size, _OF_MEMORY)):
                    self._initial_cell_state = nest.map_structure(
                        lambda each: identity(each, name="check_initial_cell_state"),
                        initial_cell_state,
                    )

    def _made_layers(self, layer_size: Any, layer: Any) -> tuple[Any, ...] | None:
        if layer_size is not None and layer is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        given = layer_size if layer is None else layer
        if given is None:
            return None
        each = _as_tuple(given)
        if len(each) != len(self._attention_mechanisms):
            what = "attention_layer_size" if layer is None else "attention_layer"
            raise ValueError(
                f"If provided, {what} must contain exactly one integer per attention_mechanism, "
                f"saw: {len(each)} vs {len(self._attention_mechanisms)}"
            )
        if layer is not None:
            return each
        return tuple(
            Dense(size, name="attention_layer", use_bias=False, dtype=mechanism.dtype)
            for size, mechanism in zip(each, self._attention_mechanisms, strict=True)
        )

    def _attention_width(self) -> int:
        """Return the width of all attentions side by side."""
        if self._attention_layers is None:
            return sum(each.values.shape[-1].value for each in self._attention_mechanisms)
        total = 0
        for layer, mechanism in zip(
            self._attention_layers, self._attention_mechanisms, strict=True
        ):
            if isinstance(layer, Dense):
                total += layer.units
            else:
                beside = TensorShape([None, mechanism.values.shape[-1].value])
                total += layer.compute_output_shape(beside)[-1].value
        return total

    def _batch_size_checks(self, batch_size: Any, error_message: str) -> list[Any]:
        return [
            assert_equal(batch_size, each.batch_size, message=error_message)
            for each in self._attention_mechanisms
        ]

    def _item_or_tuple(self, seq: Any) -> Any:
        """Return a tuple for several mechanisms, the one thing for one."""
        made = tuple(seq)
        return made if self._is_multi else made[0]

    @property
    def output_size(self) -> Any:
        """The width of the outputs."""
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self) -> AttentionWrapperState:
        """The widths of the state's parts."""
        keeps = self._alignment_history
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._item_or_tuple(
                each.alignments_size for each in self._attention_mechanisms
            ),
            attention_state=self._item_or_tuple(
                each.state_size for each in self._attention_mechanisms
            ),
            alignment_history=self._item_or_tuple(
                each.alignments_size if keeps else () for each in self._attention_mechanisms
            ),
        )

    def zero_state(self, batch_size: Any, dtype: Any) -> AttentionWrapperState:
        """Return a state of zeros, with the cell's first state if one was given.

        Args:
            batch_size: how many sequences there are: a number, or a tensor.
            dtype: the type.
        """
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.zero_state(batch_size, dtype)
            with control_dependencies(self._batch_size_checks(batch_size, _OF_MEMORY)):
                cell_state = nest.map_structure(
                    lambda each: identity(each, name="checked_cell_state"), cell_state
                )
            attention = zeros(sizes(batch_size, self._attention_layer_size), dtype)
            attention.set_shape(static_sizes(batch_size, self._attention_layer_size))
            alignments = [
                each.initial_alignments(batch_size, dtype) for each in self._attention_mechanisms
            ]
            return AttentionWrapperState(
                cell_state=cell_state,
                time=zeros([], dtype=int32),
                attention=attention,
                alignments=self._item_or_tuple(alignments),
                attention_state=self._item_or_tuple(
                    each.initial_state(batch_size, dtype) for each in self._attention_mechanisms
                ),
                alignment_history=self._item_or_tuple(
                    TensorArray(dtype, 0, dynamic_size=True, element_shape=each.shape)
                    if self._alignment_history
                    else ()
                    for each in alignments
                ),
            )

    def call(self, inputs: Any, state: AttentionWrapperState) -> tuple[Any, Any]:
        """Run one step: the cell, then attention to the memory.

        Args:
            inputs: [batch, n].
            state: what `zero_state` returns, or an earlier step.

        Raises:
            TypeError: if the state is something else.
        """
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(
                "Expected state to be instance of AttentionWrapperState. Received type "
                f"{type(state)} instead."
            )
        cell_inputs = self._cell_input_fn(inputs, state.attention)
        outputs, cell_state = self._cell(cell_inputs, state.cell_state)
        batch_size = outputs.shape[0].value or shape_of(outputs)[0]
        message = (
            "When applying AttentionWrapper: Non-matching batch sizes between the memory (encoder "
            "output) and the query (decoder output).  Are you using the BeamSearchDecoder?  You "
            "may need to tile your memory input via the tf.contrib.seq2seq.tile_batch function "
            "with argument multiple=beam_width."
        )
        with control_dependencies(self._batch_size_checks(batch_size, message)):
            outputs = identity(outputs, name="checked_cell_output")

        layers = self._attention_layers or [None] * len(self._attention_mechanisms)
        states, histories = state.attention_state, state.alignment_history
        if not self._is_multi:
            states, histories = (states,), (histories,)
        found = [
            self._attention_fn(mechanism, outputs, before, layer)
            for mechanism, before, layer in zip(
                self._attention_mechanisms, states, layers, strict=True
            )
        ]
        attention = concat([each[0] for each in found], 1)
        if self._alignment_history:
            histories = [
                history.write(state.time, each[1])
                for history, each in zip(histories, found, strict=True)
            ]
        next_state = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._item_or_tuple(each[2] for each in found),
            alignments=self._item_or_tuple(each[1] for each in found),
            alignment_history=self._item_or_tuple(histories),
        )
        return (attention if self._output_attention else outputs), next_state


def _as_tuple(given: Any) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, (list, tuple)) else (given,)


def _beside(inputs: Any, attention: Any) -> Tensor:
    return concat([inputs, attention], -1)


def compute_attention(
    mechanism: Any, cell_output: Any, attention_state: Any, attention_layer: Any
) -> tuple[Any, Any, Any]:
    """Return attention, weights, and the mechanism's next state."""
    alignments, next_state = mechanism(cell_output, state=attention_state)
    context = squeeze(matmul(expand_dims(alignments, 1), mechanism.values), [1])
    if attention_layer is not None:
        context = attention_layer(concat([cell_output, context], 1))
    return context, alignments, next_state
