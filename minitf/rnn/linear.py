"""The linear map of inputs side by side that cells are made of: `_linear` and `_Linear` of 1.x.

Source: TensorFlow 1.15's `tf.contrib.rnn`.
"""

from __future__ import annotations

import contextlib
from typing import Any

from minitf import nest
from minitf.api.array import concat
from minitf.api.framework import convert_to_tensor
from minitf.api.matmul import matmul
from minitf.api.nn_layers import bias_add
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


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
        self._bias = None
        if build_bias:
            with variable_scope(get_variable_scope()) as scope:
                scope.set_partitioner(None)  # a bias is one piece
                self._bias = get_variable(
                    "bias", [output_size], dtype, initializer=bias_initializer
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
