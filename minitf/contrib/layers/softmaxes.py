"""Softmax over more axes than one: over classes of any tensor, over the places of images.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api import nn_losses
from minitf.api.array import concat, reshape, transpose
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import lin_space, meshgrid
from minitf.api.sizes import shape as shape_of
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.utils import get_variable_collections, last_dimension
from minitf.dtypes import float32
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, Ones
from minitf.variables.sharing import variable_scope


@add_arg_scope
def softmax(logits: Any, scope: Any = None) -> Tensor:
    """Return the softmax along the last axis.

    Args:
        logits: a tensor of rank 2 or more, whose last size is known.
        scope: name of the variable scope.

    Raises:
        ValueError: if the rank is another, or the size is not known.
    """
    with variable_scope(scope, "softmax", [logits]):
        logits = convert_to_tensor(logits)
        rows = reshape(logits, [-1, last_dimension(logits.shape, min_rank=2)])
        predictions = reshape(nn_losses.softmax(rows), shape_of(logits))
        predictions.set_shape(logits.shape)
        return predictions


@add_arg_scope
def spatial_softmax(
    features: Any,
    temperature: float | None = None,
    name: str | None = None,
    variables_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
) -> Tensor:
    """Return where each channel is greatest: the mean place under a softmax over all places.

    Places go from -1 to 1 along each axis.

    Args:
        features: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        temperature: what the features are divided by; None for a variable that begins at 1.
        name: name of the variable scope.
        variables_collections: names of collections that the temperature joins, or a dictionary
            of such for "temperature".
        trainable: whether optimizers change the temperature.
        data_format: "NHWC" or "NCHW".

    Returns:
        float[N, 2 C]: place along the first axis and along the second one, for each channel.

    Raises:
        ValueError: if `data_format` is another, or the number of channels is not known.

    Source: Finn et al. 2015.
    """
    with variable_scope(name, "spatial_softmax"):
        features = convert_to_tensor(features)
        if data_format not in ("NCHW", "NHWC"):
            raise ValueError("data_format has to be either NCHW or NHWC.")
        first = 2 if data_format == "NCHW" else 1
        sizes = shape_of(features)
        height, width = sizes[first], sizes[first + 1]
        channels = features.shape[1 if data_format == "NCHW" else 3].value
        if channels is None:
            raise ValueError(
                "The num_channels dimension of the inputs to `spatial_softmax` should be defined. "
                "Found `None`."
            )
        with name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            places = meshgrid(
                lin_space(-1.0, 1.0, height), lin_space(-1.0, 1.0, width), indexing="ij"
            )
            places = [reshape(each, [height * width]) for each in places]
            collections = get_variable_collections(variables_collections, "temperature")
            divisor = model_variable(
                "temperature",
                shape=(),
                dtype=float32,
                initializer=Ones() if temperature is None else Constant(temperature),
                collections=collections if trainable else None,
                trainable=trainable,
            )
            if data_format == "NHWC":
                features = transpose(features, [0, 3, 1, 2])
            weights = nn_losses.softmax(reshape(features, [-1, height * width]) / divisor)
            means = [reduce_sum(each * weights, [1], keepdims=True) for each in places]
            points = reshape(concat(means, 1), [-1, channels * 2])
            points.set_shape([None, channels * 2])
    return points
