"""Softmax and its logarithm over the last axis.

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import Shape
from minitf.symbols import T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Softmax -----------------------------------------------------------------------------------


@op("Softmax", T=FLOATS, outputs=("softmax",))
def softmax_op(logits: T) -> T:
    """Turn each row of scores into probabilities.

    softmax[.., j] = e^logits[.., j] / sum over c of e^logits[.., c].  The row's maximum is taken
    away first, so that e^x never overflows.

    Args:
        logits: float[..., C].

    Returns:
        float[..., C], >= 0, rows sum to 1.

    Raises:
        InvalidArgumentError: if `logits` is a scalar.

    Source: 2015 Table 1.
    """
    powers = np.exp(shifted_rows(logits))
    return (powers / powers.sum(-1, keepdims=True)).astype(logits.dtype)


@softmax_op.shape
def softmax_shape(logits: Shape) -> Shape:
    if logits.rank == 0:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    return logits


@softmax_op.gradient
def softmax_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    probabilities = op.outputs[0]
    return [(grad - ops.sum_op(grad * probabilities, [-1], keep_dims=True)) * probabilities]


def shifted_rows(logits: Array) -> Array:
    """Return rows less their maximum; float32 where the input is narrower."""
    softmax_shape(Shape(logits.shape))
    rows = wide(logits)
    shifted: Array = rows - rows.max(-1, keepdims=True, initial=-np.inf)
    return shifted


# --- LogSoftmax --------------------------------------------------------------------------------


@op("LogSoftmax", T=FLOATS, outputs=("logsoftmax",))
def log_softmax_op(logits: T) -> T:
    """Give the logarithm of each row's softmax, exact where the softmax itself would be 0.

    logsoftmax[.., j] = x[j] - log(sum over c of e^x[c]) with x = logits - max(logits).

    Args:
        logits: float[..., C].

    Returns:
        float[..., C], <= 0.

    Raises:
        InvalidArgumentError: if `logits` is a scalar.

    Source: 2015 Table 1.
    """
    shifted = shifted_rows(logits)
    return (shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))).astype(logits.dtype)


@log_softmax_op.shape
def log_softmax_shape(logits: Shape) -> Shape:
    return softmax_shape(logits)


@log_softmax_op.gradient
def log_softmax_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    probabilities = ops.exp_op(op.outputs[0])
    return [grad - ops.sum_op(grad, [-1], keep_dims=True) * probabilities]
