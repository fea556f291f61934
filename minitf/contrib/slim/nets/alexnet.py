"""AlexNet, the second version: the network for one device of Krizhevsky 2014.

Source: Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks";
TensorFlow 1.15's tf.contrib.slim.nets.alexnet.
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


def alexnet_v2_arg_scope(weight_decay: float = 0.0005) -> Scope:
    """Return the arguments of the network's layers, for `arg_scope`."""
    with (
        arg_scope(arguments_of_layers(weight_decay, relu, Constant(0.1))),
        arg_scope([max_pool2d], padding="VALID") as scope,
    ):
        return scope


def alexnet_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "alexnet_v2",
) -> tuple[Tensor, EndPoints]:
    """Return the scores of classes, and the outputs of all layers by name.

    Args:
        inputs: images [N, 224, 224, C], or larger ones without `spatial_squeeze`.
        num_classes: how many classes there are.
        is_training: whether dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        scope: name of the variable scope.
    """
    return classified(
        inputs,
        _stages,
        (4096, 5),
        num_classes,
        is_training,
        dropout_keep_prob,
        spatial_squeeze,
        (scope, "alexnet_v2"),
        weights_initializer=trunc_normal(0.005),
        biases_initializer=Constant(0.1),
        last={"biases_initializer": Zeros()},
    )


vars(alexnet_v2)["default_image_size"] = 224


def _stages(net: Any) -> Any:
    net = convolution2d(net, 64, 11, 4, padding="VALID", scope="conv1")
    net = max_pool2d(net, 3, 2, scope="pool1")
    net = convolution2d(net, 192, 5, scope="conv2")
    net = max_pool2d(net, 3, 2, scope="pool2")
    net = convolution2d(net, 384, 3, scope="conv3")
    net = convolution2d(net, 384, 3, scope="conv4")
    net = convolution2d(net, 256, 3, scope="conv5")
    return max_pool2d(net, 3, 2, scope="pool5")
