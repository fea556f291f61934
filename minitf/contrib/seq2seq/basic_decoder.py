"""BasicDecoder: a cell, and a helper that says what goes in next.

Source: TensorFlow 1.15's tf.contrib.seq2seq.BasicDecoder.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf import nest
from minitf.api.framework import name_scope
from minitf.contrib.seq2seq.decoder import Decoder
from minitf.contrib.seq2seq.helper import Helper
from minitf.layers.base import Layer
from minitf.rnn.cell import assert_like_rnncell
from minitf.tensor_shape import TensorShape


class BasicDecoderOutput(NamedTuple):
    """Outputs of a step.

    Attributes:
        rnn_output: what the cell gives, or the layer after it.
        sample_id: what the helper makes of it.
    """

    rnn_output: Any
    sample_id: Any


class BasicDecoder(Decoder):
    """Runs a cell on what a helper gives.

    Args:
        cell: an RNNCell.
        helper: a Helper.
        initial_state: the cell's first state.
        output_layer: a layer that is applied to the cell's outputs.

    Raises:
        TypeError: if one is something else.
    """

    def __init__(
        self, cell: Any, helper: Helper, initial_state: Any, output_layer: Layer | None = None
    ) -> None:
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._helper.batch_size

    @property
    def output_size(self) -> BasicDecoderOutput:
        """The shapes of the outputs without the batch."""
        return BasicDecoderOutput(
            output_size_after(self._cell, self._output_layer), self._helper.sample_ids_shape
        )

    @property
    def output_dtype(self) -> BasicDecoderOutput:
        """The types of the outputs: that of the state, and the helper's."""
        dtype = nest.flatten(self._initial_state)[0].dtype
        return BasicDecoderOutput(
            nest.map_structure(lambda _: dtype, self.output_size.rnn_output),
            self._helper.sample_ids_dtype,
        )

    def initialize(self, name: str | None = None) -> Any:
        """Return which sequences have ended, the first inputs and the first state."""
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Return outputs, the next state, the next inputs, and which sequences have ended."""
        with name_scope(name, "BasicDecoderStep", nest.flatten((time, inputs, state))):
            outputs, next_state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            samples = self._helper.sample(time=time, outputs=outputs, state=next_state)
            finished, next_inputs, next_state = self._helper.next_inputs(
                time=time, outputs=outputs, state=next_state, sample_ids=samples
            )
        return BasicDecoderOutput(outputs, samples), next_state, next_inputs, finished


def output_size_after(cell: Any, output_layer: Layer | None) -> Any:
    """Return the shape of a cell's outputs, or of what a layer makes of them."""
    size = cell.output_size
    if output_layer is None:
        return size
    shapes = nest.map_structure(lambda n: TensorShape([None]).concatenate(_as_shape(n)), size)
    after = nest.map_structure(output_layer.compute_output_shape, shapes)
    return nest.map_structure(lambda shape: shape[1:], after)


def _as_shape(size: Any) -> TensorShape:
    return TensorShape([size] if isinstance(size, int) else size)
