"""Cells around a cell that learn a map before or behind it: an embedding, or a projection.

Source: TensorFlow 1.15's `tf.contrib.rnn`.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.array import concat, reshape
from minitf.api.framework import convert_to_tensor, device
from minitf.api.matmul import matmul
from minitf.api.nn_embedding import embedding_lookup
from minitf.api.nn_layers import bias_add
from minitf.rnn.cell import RNNCell, assert_like_rnncell
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, RandomUniform
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


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


class Linear:
    """A map x W + b of tensors side by side, with variables of the scope in which it is made.

    Args:
        args: float[batch, n], or a list of them, which are joined.
        output_size: the width of the result.
        build_bias: whether there is a b.
        bias_initializer: of "bias", zeros by default; or a number.
        kernel_initializer: of "kernel".

    Raises:
        ValueError: if there are no arguments, one is no matrix, or its width is not known.

    Source: TensorFlow 1.15's tf.contrib.rnn, where libraries find it as `_Linear`.
    """

    def __init__(
        self,
        args: Any,
        output_size: int,
        build_bias: bool,
        bias_initializer: Any = None,
        kernel_initializer: Any = None,
    ) -> None:
        tensors = self._tensors(args)
        if not tensors:
            raise ValueError("`args` must be specified")
        shapes = [tensor.shape for tensor in tensors]
        if any(shape.ndims != 2 for shape in shapes):
            raise ValueError(f"linear is expecting 2D arguments: {shapes}")
        for shape in shapes:
            if shape[1].value is None:
                raise ValueError(
                    f"linear expects shape[1] to be provided for shape {shape}, but saw None"
                )
        depth, dtype = sum(shape[1].value for shape in shapes), tensors[0].dtype
        if bias_initializer is None or isinstance(bias_initializer, int | float):
            bias_initializer = Constant(bias_initializer or 0.0, dtype=dtype)
        self._kernel = get_variable(
            "kernel", [depth, output_size], dtype, initializer=kernel_initializer
        )
        self._bias = (
            get_variable("bias", [output_size], dtype, initializer=bias_initializer)
            if build_bias
            else None
        )

    def __call__(self, args: Any) -> Tensor:
        """Return x W + b, float[batch, output_size]."""
        tensors = self._tensors(args)
        x = tensors[0] if len(tensors) == 1 else concat(tensors, 1)
        y = matmul(x, self._kernel)
        return y if self._bias is None else bias_add(y, self._bias)

    @staticmethod
    def _tensors(args: Any) -> list[Tensor]:
        if args is None:
            return []
        return [convert_to_tensor(each) for each in nest.flatten(args)]


def linear(
    args: Any,
    output_size: int,
    bias: bool,
    bias_initializer: Any = None,
    kernel_initializer: Any = None,
    scope: Any = None,
) -> Tensor:
    """Return x W + b, with variables of the present scope, or of `scope` in it.

    The arguments, and the errors, are those of `Linear`.
    """
    with contextlib.nullcontext() if scope is None else variable_scope(scope):
        return Linear(args, output_size, bias, bias_initializer, kernel_initializer)(args)


def projected(x: Tensor, width: int) -> Tensor:
    """Return x W + b, with variables of the present scope.

    Raises:
        ValueError: if `x` is no matrix, or its width is not known.
    """
    return linear(x, width, bias=True)
