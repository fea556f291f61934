"""Parts of layers: biases, dropout, the best few of many.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Figure 1, Table 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.constants import zeros
from minitf.api.control import identity
from minitf.api.framework import name_scope
from minitf.api.matmul import matmul
from minitf.api.random import random_uniform
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import shape, size
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, int64
from minitf.shapes import as_shape
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

# --- biases --------------------------------------------------------------------------------------


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """Add one number a channel.

    Args:
        value: the tensor; its channels are last, or second for "NCHW".
        bias: a vector of the same type.
        data_format: "N...C" or "NC...".
        name: name of the operation.

    Raises:
        ValueError: if there are not as many biases as channels.
    """
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, value.dtype, "bias")
        return ops.bias_add_op(value, bias, data_format=_either_format(data_format), name=scope)


def _either_format(data_format: str | None) -> str:
    if data_format is None:
        return "NHWC"
    if data_format.startswith("NC"):
        return "NCHW"
    if data_format.startswith("N") and data_format.endswith("C"):
        return "NHWC"
    raise ValueError("data_format must be of the form `N...C` or `NC...`")


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """Return x @ weights + biases."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return bias_add(matmul(x, weights), biases, name=scope)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """Return max(x @ weights + biases, 0)."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return ops.relu_op(bias_add(matmul(x, weights), biases), name=scope)


# --- dropout -------------------------------------------------------------------------------------


def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """Set elements to 0 at random, and scale the others so that the expected sum stays the same.

    Args:
        x: a floating-point tensor.
        keep_prob: deprecated: 1 - rate.
        noise_shape: shape of the random choices, broadcast to `x`; that of `x` by default.
        seed: of the random numbers; see `tf.set_random_seed`.
        name: name scope of the operations.
        rate: the probability that an element is set to 0, in [0, 1).

    Raises:
        ValueError: if `rate` is missing or outside its range, or `x` is not floating-point.
    """
    try:
        from_keep_prob = None if keep_prob is None else 1.0 - keep_prob
    except TypeError:
        raise ValueError(
            f"keep_prob must be a floating point number or Tensor (got {keep_prob!r})"
        ) from None
    rate = renamed_argument("rate", rate, "keep_prob", from_keep_prob)
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    with name_scope(name, "dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError(
                "x has to be a floating point tensor since it's going to be scaled. Got a "
                f"{x.dtype} tensor instead."
            )
        if isinstance(rate, (int, float, np.floating)) and not 0 <= rate < 1:
            raise ValueError(
                f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
            )
        if isinstance(rate, (int, float, np.floating)) and rate == 0:
            return x
        rate = convert_to_tensor(rate, x.dtype.base_dtype, "rate")
        rate.shape.assert_has_rank(0)
        if constant_value(rate) == 0:
            return x
        drawn = random_uniform(_noise_shape(x, noise_shape), dtype=x.dtype, seed=seed)
        scale = 1 / (1 - rate)
        # >= since a draw may be 0, and nothing may be dropped at rate 0
        kept: Tensor = x * scale * cast(drawn >= rate, x.dtype)
        kept.set_shape(x.shape)
        return kept


def _noise_shape(x: Tensor, noise_shape: Any) -> Any:
    """Return the shape of the choices; None in it stands for the size of `x`."""
    if noise_shape is None:
        return shape(x)
    try:
        wanted = as_shape(noise_shape)
    except (TypeError, ValueError):
        return noise_shape  # a Tensor
    sizes, own = wanted.as_list(), x.static_shape.as_list()
    if sizes is None or own is None or len(sizes) != len(own):
        return noise_shape
    return TensorShape([b if a is None else a for a, b in zip(sizes, own, strict=True)])


# --- the best few --------------------------------------------------------------------------------


def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> Any:
    """Return the k greatest entries of each row, greatest first, and their indices.

    Args:
        input: numbers, [..., C].
        k: how many.
        sorted: whether the order matters.
        name: name of the operation.

    Returns:
        values: [..., k].
        indices: int32[..., k].
    """
    return ops.top_kv2_op(input, k, sorted=sorted, name=name)


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Tell of each row whether fewer than k entries exceed the one at its target.

    Args:
        predictions: float32[N, C].
        targets: int[N].
        k: how many places count.
        name: name scope of the operation.
    """
    with name_scope(name, "in_top_k"):
        return ops.in_top_kv2_op(predictions, targets, k, name=name)


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """Return the fraction of zeros in a tensor: how sparse an activation is."""
    with name_scope(name, "zero_fraction", [value]):
        value = convert_to_tensor(value, name="value")
        total = size(value, out_type=int64)
        differs = not_equal(value, zeros([], value.dtype.base_dtype))
        zero_count = total - reduce_sum(cast(differs, int64))
        fraction = cast(zero_count, float32) / cast(total, float32)
        return identity(fraction, "fraction")
