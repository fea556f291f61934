"""Inception version 3: filters of one row and of one column, and scores on the way.

Source: Szegedy et al. 2015, "Rethinking the Inception architecture for computer vision";
TensorFlow 1.15's tf.contrib.slim.nets.inception.
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
    multiplied_depth,
    trunc_normal,
    window_within,
)
from minitf.graph_keys import GraphKeys
from minitf.variables.sharing import variable_scope


def _large(pooled: int) -> tuple[str, ...]:
    return ("64:1x1", "48:1x1 64:5x5", "64:1x1 96:3x3 96:3x3", f"avg:3x3 {pooled}:1x1")


def _middle(n: int) -> tuple[str, ...]:
    return (
        "192:1x1",
        f"{n}:1x1 {n}:1x7 192:7x1",
        f"{n}:1x1 {n}:7x1 {n}:1x7 {n}:7x1 192:1x7",
        "avg:3x3 192:1x1",
    )


def _small(second: str) -> tuple[str, ...]:
    return (
        "320:1x1",
        f"384:1x1 384:1x3+3x1={second}",
        "448:1x1 384:3x3 384:1x3+3x1=Conv2d_0d_3x1",
        "avg:3x3 192:1x1",
    )


_TABLE: Table = {
    "Conv2d_1a_3x3": "32:3x3/2",
    "Conv2d_2a_3x3": "32:3x3",
    "Conv2d_2b_3x3": "64:3x3=same",
    "MaxPool_3a_3x3": "max:3x3/2",
    "Conv2d_3b_1x1": "80:1x1",
    "Conv2d_4a_3x3": "192:3x3",
    "MaxPool_5a_3x3": "max:3x3/2",
    "Mixed_5b": _large(32),
    "Mixed_5c": (
        "64:1x1",
        "48:1x1=Conv2d_0b_1x1 64:5x5=Conv_1_0c_5x5",
        *_large(64)[2:],
    ),
    "Mixed_5d": _large(64),
    "Mixed_6a": (
        "384:3x3/2=Conv2d_1a_1x1",
        "64:1x1 96:3x3 96:3x3/2=Conv2d_1a_1x1",
        "max:3x3/2",
    ),
    "Mixed_6b": _middle(128),
    "Mixed_6c": _middle(160),
    "Mixed_6d": _middle(160),
    "Mixed_6e": _middle(192),
    "Mixed_7a": ("192:1x1 320:3x3/2", "192:1x1 192:1x7 192:7x1 192:3x3/2", "max:3x3/2"),
    "Mixed_7b": _small("Conv2d_0b_3x1"),
    "Mixed_7c": _small("Conv2d_0c_3x1"),
}


def inception_v3_base(
    inputs: Any,
    final_endpoint: str = "Mixed_7c",
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
    with variable_scope(scope, "InceptionV3", [inputs]):
        builder = Builder(depth, "VALID", lambda *_: None)
        return builder.grown(inputs, _TABLE, final_endpoint, stem_padding="VALID")


def inception_v3(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: Any = None,
    create_aux_logits: bool = True,
    scope: Any = "InceptionV3",
) -> Net:
    """Return the scores of classes, and the outputs of the network's parts by name.

    Args:
        inputs: images [N, 299, 299, C], or larger ones without `spatial_squeeze`.
        num_classes: how many classes there are.
        is_training: whether batches' own statistics are used and dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        min_depth: how many filters there are at least.
        depth_multiplier: what numbers of filters are multiplied by.
        prediction_fn: function of the scores whose result is called Predictions.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        reuse: whether to find variables that exist.
        create_aux_logits: whether the middle of the network scores classes too.
        scope: name of the variable scope.

    Raises:
        ValueError: if the multiplier is not positive.
    """
    depth = multiplied_depth(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV3", [inputs, num_classes], reuse=reuse) as entered,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v3_base(
            inputs, min_depth=min_depth, depth_multiplier=depth_multiplier, scope=entered
        )
        plain = {"activation_fn": None, "normalizer_fn": None}
        if create_aux_logits and num_classes:
            with variable_scope("AuxLogits"):
                middle = avg_pool2d(
                    ends["Mixed_6e"], 5, stride=3, padding="VALID", scope="AvgPool_1a_5x5"
                )
                middle = convolution2d(middle, depth(128), 1, scope="Conv2d_1b_1x1")
                height, width = window = window_within(middle, 5)
                middle = convolution2d(
                    middle,
                    depth(768),
                    window,
                    padding="VALID",
                    weights_initializer=trunc_normal(0.01),
                    scope=f"Conv2d_2a_{height}x{width}",
                )
                middle = convolution2d(
                    middle,
                    num_classes,
                    1,
                    weights_initializer=trunc_normal(0.001),
                    scope="Conv2d_2b_1x1",
                    **plain,
                )
                if spatial_squeeze:
                    middle = squeeze(middle, [1, 2], name="SpatialSqueeze")
                ends["AuxLogits"] = middle
        with variable_scope("Logits"):
            height, width = window = window_within(net, 8)
            net = avg_pool2d(net, window, padding="VALID", scope=f"AvgPool_1a_{height}x{width}")
            net = dropout(net, dropout_keep_prob, scope="Dropout_1b")
            ends["PreLogits"] = net
            logits = convolution2d(net, num_classes, 1, scope="Conv2d_1c_1x1", **plain)
            if spatial_squeeze:
                logits = squeeze(logits, [1, 2], name="SpatialSqueeze")
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


vars(inception_v3)["default_image_size"] = 299


def inception_v3_arg_scope(
    weight_decay: float = 4e-05,
    batch_norm_var_collection: str = "moving_vars",
    batch_norm_decay: float = 0.9997,
    batch_norm_epsilon: float = 0.001,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    use_fused_batchnorm: bool = True,
) -> Scope:
    """Return the arguments of the network's layers, for `arg_scope`.

    Args:
        weight_decay: what the sum of squared weights is multiplied by.
        batch_norm_var_collection: name of the collection that moving averages join.
        batch_norm_decay: how much of the moving averages stays at an update.
        batch_norm_epsilon: keeps the root of a variance from being 0.
        updates_collections: names of collections that updates join; None moves averages at once.
        use_fused_batchnorm: whether one operation may normalise.
    """
    params = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "updates_collections": updates_collections,
        "fused": use_fused_batchnorm,
        "variables_collections": collected_averages(batch_norm_var_collection),
    }
    return arguments_of_layers(weight_decay, batch_norm, params)
