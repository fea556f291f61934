"""Cells around a cell that learn a map before or behind it: an embedding, or a projection.

Source: TensorFlow 1.15's `tf.contrib.rnn`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from minitf.api.array import reshape
from minitf.api.framework import device
from minitf.api.nn_embedding import embedding_lookup
from minitf.rnn.cell import RNNCell, assert_like_rnncell
from minitf.rnn.linear import linear
from minitf.tensor import Tensor
from minitf.variables.initializers import RandomUniform
from minitf.variables.sharing import get_variable, get_variable_scope


class _LearningWrapper(RNNCell):
    """What the three share: a cell inside, in a variable scope of this one."""

    def __init__(self, cell: Any, reuse: Any) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell

    @property
    def state_size(self) -> Any:
        """That of the cell inside."""
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the cell inside."""
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the state of zeros of the cell inside."""
        return self._cell.zero_state(batch_size, dtype)


class EmbeddingWrapper(_LearningWrapper):
    """A cell that reads whole numbers: it looks up a vector for each.

    Args:
        cell: the cell.
        embedding_classes: how many numbers there are.
        embedding_size: the length of the vectors.
        initializer: of the vectors; by default that of the variable scope, or uniform numbers of
            variance 1.
        reuse: whether to find variables that exist, not to make them.

    Raises:
        TypeError: if `cell` is none.
        ValueError: if a size is not positive.

    Source: TensorFlow 1.15's `tf.contrib.rnn.EmbeddingWrapper`.
    """

    def __init__(
        self,
        cell: Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: Any = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                "Both embedding_classes and embedding_size must be > 0: "
                f"{embedding_classes}, {embedding_size}."
            )
        self._sizes = [embedding_classes, embedding_size]
        self._initializer = initializer

    def call(self, inputs: Any, state: Any) -> Any:
        """Run the cell inside on the vectors of the inputs."""
        initializer = self._initializer or get_variable_scope().initializer
        with device("/cpu:0"):
            embedding = get_variable(
                "embedding",
                self._sizes,
                initializer=initializer or RandomUniform(-math.sqrt(3), math.sqrt(3)),
                dtype=(state[0] if isinstance(state, tuple) else state).dtype,
            )
            embedded = embedding_lookup(embedding, reshape(inputs, [-1]))
            return self._cell(embedded, state)


class InputProjectionWrapper(_LearningWrapper):
    """A cell whose inputs are projected: x W + b.

    Args:
        cell: the cell.
        num_proj: the width that it reads.
        activation: a function of what it reads.
        input_size: deprecated: the width of the inputs is known.
        reuse: whether to find variables that exist, not to make them.

    Raises:
        TypeError: if `cell` is none.

    Source: TensorFlow 1.15's `tf.contrib.rnn.InputProjectionWrapper`.
    """

    def __init__(
        self,
        cell: Any,
        num_proj: int,
        activation: Callable[[Any], Any] | None = None,
        input_size: int | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        self._num_proj = num_proj
        self._activation = activation

    def call(self, inputs: Any, state: Any) -> Any:
        """Run the cell inside on the projected inputs."""
        narrowed = projected(inputs, self._num_proj)
        return self._cell(self._activation(narrowed) if self._activation else narrowed, state)


class OutputProjectionWrapper(_LearningWrapper):
    """A cell whose outputs are projected: y W + b.

    Args:
        cell: the cell.
        output_size: the width of the projection.
        activation: a function of it.
        reuse: whether to find variables that exist, not to make them.

    Raises:
        TypeError: if `cell` is none.
        ValueError: if the width is not positive.

    Source: TensorFlow 1.15's `tf.contrib.rnn.OutputProjectionWrapper`.
    """

    def __init__(
        self,
        cell: Any,
        output_size: int,
        activation: Callable[[Any], Any] | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._output_size = output_size
        self._activation = activation

    @property
    def output_size(self) -> int:
        """The width of the projection."""
        return self._output_size

    def call(self, inputs: Any, state: Any) -> Any:
        """Project the outputs of the cell inside."""
        outputs, new_state = self._cell(inputs, state)
        result = projected(outputs, self._output_size)
        return (self._activation(result) if self._activation else result), new_state


def projected(x: Tensor, width: int) -> Tensor:
    """Return x W + b, with variables of the present scope.

    Raises:
        ValueError: if `x` is no matrix, or its width is not known.
    """
    return linear(x, width, bias=True)
