"""Linear maps that cells of TensorFlow 1.x programs are made of: `_linear` and `_Linear`.

Source: TensorFlow 1.15's `tf.contrib.rnn.python.ops.core_rnn_cell`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.array import concat
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


class Linear:
    """The sum of products of matrices by weights that it makes in the scope where it is made.

    Args:
        args: a matrix real[batch, n], or a list of them: what it will be called with.
        output_size: the number of columns of the result.
        build_bias: whether a bias is added.
        bias_initializer: of the bias; zeros by default.
        kernel_initializer: of the weights.

    Raises:
        ValueError: if there are no matrices, or a number of columns is unknown.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        args: Any,
        output_size: int,
        build_bias: bool,
        bias_initializer: Any = None,
        kernel_initializer: Any = None,
    ) -> None:
        parts = _listed(args)
        dtype, columns = parts[0].dtype, sum(map(_columns, parts))
        with variable_scope(get_variable_scope()) as scope:
            self._weights = get_variable(
                "kernel", [columns, output_size], dtype, initializer=kernel_initializer
            )
            self._biases = None
            if build_bias:
                with variable_scope(scope) as inner:
                    inner.set_partitioner(None)
                    start = Zeros(dtype=dtype) if bias_initializer is None else bias_initializer
                    self._biases = get_variable("bias", [output_size], dtype, initializer=start)

    def __call__(self, args: Any) -> Tensor:
        """Return the sum: real[batch, output_size]."""
        parts = _listed(args)
        joined = parts[0] if len(parts) == 1 else concat(parts, 1)
        product: Tensor = matmul(joined, self._weights)
        return product if self._biases is None else bias_add(product, self._biases)


def linear(
    args: Any,
    output_size: int,
    bias: bool,
    bias_initializer: Any = None,
    kernel_initializer: Any = None,
) -> Tensor:
    """Return the sum of products of matrices by weights, made or found in the present scope.

    Args:
        args: a matrix real[batch, n], or a list of them.
        output_size: the number of columns of the result.
        bias: whether a bias is added.
        bias_initializer: of the bias; zeros by default.
        kernel_initializer: of the weights.

    Returns:
        real[batch, output_size].

    Raises:
        ValueError: as of `Linear`.
    """
    return Linear(args, output_size, bias, bias_initializer, kernel_initializer)(args)


def _listed(args: Any) -> Sequence[Tensor]:
    if args is None or (isinstance(args, (list, tuple)) and not args):
        raise ValueError("`args` must be specified")
    return args if isinstance(args, (list, tuple)) else [args]


def _columns(part: Tensor) -> int:
    shape = part.get_shape()
    if shape.ndims != 2:
        raise ValueError(f"linear is expecting 2D arguments: {shape}")
    if shape.dims is None or shape.dims[1].value is None:
        raise ValueError(
            f"linear expects shape[1] to be provided for shape {shape}, but saw {shape[1]}"
        )
    return int(shape.dims[1].value)
