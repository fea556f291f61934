"""OverFeat, the fast model: a classifier that is slid over images.

Source: Sermanet et al. 2013; TensorFlow 1.15's tf.contrib.slim.nets.overfeat.
"""

from __future__ import annotations

from typing import Any

from minitf.api.nn_activations import relu
from minitf.contrib.framework.arguments import Scope, arg_scope
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.pools import max_pool2d
from minitf.contrib.slim.nets.convolutional_classifier import (
    EndPoints,
    arguments_of_layers,
    classified,
    trunc_normal,
)
from minitf.tensor import Tensor
from minitf.variables.initializers import Constant, Zeros


def overfeat_arg_scope(weight_decay: float = 0.0005) -> Scope:
    """Return the arguments of the network's layers, for `arg_scope`."""
    with (
        arg_scope(arguments_of_layers(weight_decay, relu, Zeros())),
        arg_scope([max_pool2d], padding="VALID") as scope,
    ):
        return scope


def overfeat(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "overfeat",
) -> tuple[Tensor, EndPoints]:
    """Return the scores of classes, and the outputs of all layers by name.

    Args:
        inputs: images [N, 231, 231, C], or larger ones without `spatial_squeeze`.
        num_classes: how many classes there are.
        is_training: whether dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        scope: name of the variable scope.
    """
    return classified(
        inputs,
        _stages,
        (3072, 6),
        num_classes,
        is_training,
        dropout_keep_prob,
        spatial_squeeze,
        (scope, "overfeat"),
        weights_initializer=trunc_normal(0.005),
        biases_initializer=Constant(0.1),
        last={"biases_initializer": Zeros()},
    )


vars(overfeat)["default_image_size"] = 231


def _stages(net: Any) -> Any:
    net = convolution2d(net, 64, 11, 4, padding="VALID", scope="conv1")
    net = max_pool2d(net, 2, scope="pool1")
    net = convolution2d(net, 256, 5, padding="VALID", scope="conv2")
    net = max_pool2d(net, 2, scope="pool2")
    net = convolution2d(net, 512, 3, scope="conv3")
    net = convolution2d(net, 1024, 3, scope="conv4")
    net = convolution2d(net, 1024, 3, scope="conv5")
    return max_pool2d(net, 2, scope="pool5")
