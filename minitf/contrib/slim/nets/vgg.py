"""VGG: five stages of filters of 3 x 3 cells, each followed by a pool that halves the image.

    vgg_a     1, 1, 2, 2, 2 filters in the stages: 11 layers
    vgg_16    2, 2, 3, 3, 3
    vgg_19    2, 2, 4, 4, 4

Source: Simonyan and Zisserman 2014; TensorFlow 1.15's tf.contrib.slim.nets.vgg.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.nn_activations import relu
from minitf.contrib.framework.arguments import Scope
from minitf.contrib.layers.combining import repeat
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.pools import max_pool2d
from minitf.contrib.slim.nets.convolutional_classifier import (
    EndPoints,
    arguments_of_layers,
    classified,
)
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros

_FILTERS = (64, 128, 256, 512, 512)  # outputs of each stage


def vgg_arg_scope(weight_decay: float = 0.0005) -> Scope:
    """Return the arguments of the network's layers, for `arg_scope`."""
    return arguments_of_layers(weight_decay, relu, Zeros())


def vgg_a(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "vgg_a",
) -> tuple[Tensor, EndPoints]:
    """Return the scores of classes by 11 layers, and the outputs of all layers by name.

    Args:
        inputs: images [N, 224, 224, C], or larger ones without `spatial_squeeze`.
        num_classes: how many classes there are.
        is_training: whether dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        scope: name of the variable scope.
    """
    return _vgg((1, 1, 2, 2, 2), "vgg_a", **locals())


def vgg_16(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "vgg_16",
) -> tuple[Tensor, EndPoints]:
    """Return the scores of classes by 16 layers; see `vgg_a`."""
    return _vgg((2, 2, 3, 3, 3), "vgg_16", **locals())


def vgg_19(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: Any = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "vgg_19",
) -> tuple[Tensor, EndPoints]:
    """Return the scores of classes by 19 layers; see `vgg_a`."""
    return _vgg((2, 2, 4, 4, 4), "vgg_19", **locals())


for _net in (vgg_a, vgg_16, vgg_19):
    vars(_net)["default_image_size"] = 224

vgg_d, vgg_e = vgg_16, vgg_19  # the paper's names


def _vgg(
    depths: Sequence[int],
    name: str,
    *,
    inputs: Any,
    num_classes: int,
    is_training: Any,
    dropout_keep_prob: Any,
    spatial_squeeze: bool,
    scope: Any,
) -> tuple[Tensor, EndPoints]:
    return classified(
        inputs,
        _stages(depths),
        (4096, 7),
        num_classes,
        is_training,
        dropout_keep_prob,
        spatial_squeeze,
        (scope, name),
    )


def _stages(depths: Sequence[int]) -> Callable[[Any], Any]:
    def grow(net: Any) -> Any:
        for i, (depth, filters) in enumerate(zip(depths, _FILTERS, strict=True), 1):
            net = repeat(net, depth, convolution2d, filters, 3, scope=f"conv{i}")
            net = max_pool2d(net, 2, scope=f"pool{i}")
        return net

    return grow
