"""Inception version 1, GoogLeNet: filters of three sizes and a pool side by side.

Source: Szegedy et al. 2014, "Going deeper with convolutions"; TensorFlow 1.15's
tf.contrib.slim.nets.inception.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import squeeze
from minitf.contrib.framework.arguments import Scope, arg_scope
from minitf.contrib.layers.batch_normalization import batch_norm
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.pools import avg_pool2d
from minitf.contrib.layers.shaping import dropout
from minitf.contrib.layers.softmaxes import softmax
from minitf.contrib.slim.nets.inception_modules import (
    Builder,
    Net,
    Table,
    arguments_of_layers,
    collected_averages,
)
from minitf.graph_keys import GraphKeys
from minitf.variables.sharing import variable_scope

_TABLE: Table = {
    "Conv2d_1a_7x7": "64:7x7/2",
    "MaxPool_2a_3x3": "max:3x3/2",
    "Conv2d_2b_1x1": "64:1x1",
    "Conv2d_2c_3x3": "192:3x3",
    "MaxPool_3a_3x3": "max:3x3/2",
    "Mixed_3b": ("64:1x1", "96:1x1 128:3x3", "16:1x1 32:3x3", "max:3x3 32:1x1"),
    "Mixed_3c": ("128:1x1", "128:1x1 192:3x3", "32:1x1 96:3x3", "max:3x3 64:1x1"),
    "MaxPool_4a_3x3": "max:3x3/2",
    "Mixed_4b": ("192:1x1", "96:1x1 208:3x3", "16:1x1 48:3x3", "max:3x3 64:1x1"),
    "Mixed_4c": ("160:1x1", "112:1x1 224:3x3", "24:1x1 64:3x3", "max:3x3 64:1x1"),
    "Mixed_4d": ("128:1x1", "128:1x1 256:3x3", "24:1x1 64:3x3", "max:3x3 64:1x1"),
    "Mixed_4e": ("112:1x1", "144:1x1 288:3x3", "32:1x1 64:3x3", "max:3x3 64:1x1"),
    "Mixed_4f": ("256:1x1", "160:1x1 320:3x3", "32:1x1 128:3x3", "max:3x3 128:1x1"),
    "MaxPool_5a_2x2": "max:2x2/2",
    "Mixed_5b": (
        "256:1x1",
        "160:1x1 320:3x3",
        "32:1x1 128:3x3=Conv2d_0a_3x3",
        "max:3x3 128:1x1",
    ),
    "Mixed_5c": ("384:1x1", "192:1x1 384:3x3", "48:1x1 128:3x3", "max:3x3 128:1x1"),
}


def inception_v1_base(
    inputs: Any, final_endpoint: str = "Mixed_5c", scope: Any = "InceptionV1"
) -> Net:
    """Return what the network makes of images before it scores classes, and its parts by name.

    Args:
        inputs: images [N, H, W, C].
        final_endpoint: name of the last part.
        scope: name of the variable scope.

    Raises:
        ValueError: if there is no such part.
    """
    with variable_scope(scope, "InceptionV1", [inputs]):
        builder = Builder(lambda filters: filters, "SAME", lambda *_: 0.01)
        return builder.grown(inputs, _TABLE, final_endpoint)


def inception_v1(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.8,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    scope: Any = "InceptionV1",
) -> Net:
    """Return the scores of classes, and the outputs of the network's parts by name.

    Args:
        inputs: images [N, 224, 224, C], or larger ones without `spatial_squeeze`.
        num_classes: how many classes there are.
        is_training: whether batches' own statistics are used and dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        prediction_fn: function of the scores whose result is called Predictions.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        reuse: whether to find variables that exist.
        scope: name of the variable scope.
    """
    with (
        variable_scope(scope, "InceptionV1", [inputs, num_classes], reuse=reuse) as entered,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v1_base(inputs, scope=entered)
        with variable_scope("Logits"):
            net = avg_pool2d(net, 7, stride=1, scope="MaxPool_0a_7x7")
            net = dropout(net, dropout_keep_prob, scope="Dropout_0b")
            logits = convolution2d(
                net, num_classes, 1, activation_fn=None, normalizer_fn=None, scope="Conv2d_0c_1x1"
            )
            if spatial_squeeze:
                logits = squeeze(logits, [1, 2], name="SpatialSqueeze")
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


vars(inception_v1)["default_image_size"] = 224


def inception_v1_arg_scope(
    weight_decay: float = 4e-05,
    use_batch_norm: bool = True,
    batch_norm_var_collection: str = "moving_vars",
) -> Scope:
    """Return the arguments of the network's layers, for `arg_scope`.

    Args:
        weight_decay: what the sum of squared weights is multiplied by.
        use_batch_norm: whether each filter is followed by a batch normalisation.
        batch_norm_var_collection: name of the collection that moving averages join.
    """
    params = {
        "decay": 0.9997,
        "epsilon": 0.001,
        "updates_collections": GraphKeys.UPDATE_OPS,
        "variables_collections": collected_averages(batch_norm_var_collection),
    }
    if not use_batch_norm:
        return arguments_of_layers(weight_decay, None, {})
    return arguments_of_layers(weight_decay, batch_norm, params)
