"""Inception version 2: batch normalisation, and two small filters in place of one of 5 x 5 cells.

Source: Ioffe and Szegedy 2015, "Batch normalization"; TensorFlow 1.15's
tf.contrib.slim.nets.inception.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import squeeze
from minitf.contrib.framework.arguments import Scope, arg_scope
from minitf.contrib.layers.batch_normalization import batch_norm
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.planes import separable_convolution2d
from minitf.contrib.layers.pools import avg_pool2d
from minitf.contrib.layers.shaping import dropout
from minitf.contrib.layers.softmaxes import softmax
from minitf.contrib.slim.nets.inception_modules import (
    Builder,
    Net,
    Table,
    arguments_of_layers,
    collected_averages,
    multiplied_depth,
    trunc_normal,
    window_within,
)
from minitf.graph_keys import GraphKeys
from minitf.variables.sharing import variable_scope

_TABLE: Table = {
    "Conv2d_1a_7x7": "64:7x7/2",
    "MaxPool_2a_3x3": "max:3x3/2",
    "Conv2d_2b_1x1": "64:1x1",
    "Conv2d_2c_3x3": "192:3x3",
    "MaxPool_3a_3x3": "max:3x3/2",
    "Mixed_3b": ("64:1x1", "64:1x1 64:3x3", "64:1x1 96:3x3 96:3x3", "avg:3x3 32:1x1"),
    "Mixed_3c": ("64:1x1", "64:1x1 96:3x3", "64:1x1 96:3x3 96:3x3", "avg:3x3 64:1x1"),
    "Mixed_4a": ("128:1x1 160:3x3/2", "64:1x1 96:3x3 96:3x3/2", "max:3x3/2"),
    "Mixed_4b": ("224:1x1", "64:1x1 96:3x3", "96:1x1 128:3x3 128:3x3", "avg:3x3 128:1x1"),
    "Mixed_4c": ("192:1x1", "96:1x1 128:3x3", "96:1x1 128:3x3 128:3x3", "avg:3x3 128:1x1"),
    "Mixed_4d": ("160:1x1", "128:1x1 160:3x3", "128:1x1 160:3x3 160:3x3", "avg:3x3 96:1x1"),
    "Mixed_4e": ("96:1x1", "128:1x1 192:3x3", "160:1x1 192:3x3 192:3x3", "avg:3x3 96:1x1"),
    "Mixed_5a": ("128:1x1 192:3x3/2", "192:1x1 256:3x3 256:3x3/2", "max:3x3/2"),
    "Mixed_5b": ("352:1x1", "192:1x1 320:3x3", "160:1x1 224:3x3 224:3x3", "avg:3x3 128:1x1"),
    "Mixed_5c": ("352:1x1", "192:1x1 320:3x3", "192:1x1 224:3x3 224:3x3", "max:3x3 128:1x1"),
}


_STDDEV = {"part": 0.1, "first": 0.09, "later": 0.1}  # of the weights of filters of one cell


def inception_v2_base(
    inputs: Any,
    final_endpoint: str = "Mixed_5c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> Net:
    """Return what the network makes of images before it scores classes, and its parts by name.

    Args:
        inputs: images [N, H, W, C].
        final_endpoint: name of the last part.
        min_depth: how many filters there are at least.
        depth_multiplier: what numbers of filters are multiplied by.
        scope: name of the variable scope.

    Raises:
        ValueError: if there is no such part, or the multiplier is not positive.
    """
    depth = multiplied_depth(depth_multiplier, min_depth)

    def first(images: Any) -> Any:
        return separable_convolution2d(
            images,
            depth(64),
            7,
            depth_multiplier=min(depth(64) // 3, 8),
            stride=2,
            padding="SAME",
            weights_initializer=trunc_normal(1.0),
            scope="Conv2d_1a_7x7",
        )

    with variable_scope(scope, "InceptionV2", [inputs]):
        builder = Builder(
            depth, "SAME", lambda step, place: _STDDEV.get(place) if step.sizes == ["1x1"] else None
        )
        return builder.grown(inputs, _TABLE, final_endpoint, first)


def inception_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV2",
) -> Net:
    """Return the scores of classes, and the outputs of the network's parts by name.

    Args:
        inputs: images [N, 224, 224, C], or larger ones without `spatial_squeeze`.
        num_classes: how many classes there are.
        is_training: whether batches' own statistics are used and dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        min_depth: how many filters there are at least.
        depth_multiplier: what numbers of filters are multiplied by.
        prediction_fn: function of the scores whose result is called Predictions.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        reuse: whether to find variables that exist.
        scope: name of the variable scope.

    Raises:
        ValueError: if the multiplier is not positive.
    """
    with (
        variable_scope(scope, "InceptionV2", [inputs, num_classes], reuse=reuse) as entered,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v2_base(
            inputs, min_depth=min_depth, depth_multiplier=depth_multiplier, scope=entered
        )
        with variable_scope("Logits"):
            height, width = window = window_within(net, 7)
            net = avg_pool2d(net, window, padding="VALID", scope=f"AvgPool_1a_{height}x{width}")
            net = dropout(net, dropout_keep_prob, scope="Dropout_1b")
            logits = convolution2d(
                net, num_classes, 1, activation_fn=None, normalizer_fn=None, scope="Conv2d_1c_1x1"
            )
            if spatial_squeeze:
                logits = squeeze(logits, [1, 2], name="SpatialSqueeze")
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


vars(inception_v2)["default_image_size"] = 224


def inception_v2_arg_scope(
    weight_decay: float = 4e-05, batch_norm_var_collection: str = "moving_vars"
) -> Scope:
    """Return the arguments of the network's layers, for `arg_scope`.

    Args:
        weight_decay: what the sum of squared weights is multiplied by.
        batch_norm_var_collection: name of the collection that moving averages join.
    """
    params = {
        "decay": 0.9997,
        "epsilon": 0.001,
        "updates_collections": GraphKeys.UPDATE_OPS,
        "variables_collections": collected_averages(batch_norm_var_collection),
    }
    return arguments_of_layers(weight_decay, batch_norm, params)
