"""Residual networks, version 1: units that end with an activation.

    shortcut     the inputs, or a filter of one cell where the number of channels changes
    residual     filters of 1, 3 and 1 cells, the middle one on few channels

Source: He et al. 2015, "Deep residual learning for image recognition"; TensorFlow 1.15's
tf.contrib.slim.nets.resnet_v1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.nn_activations import relu
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.utils import collect_named_outputs, last_dimension
from minitf.contrib.slim.nets.resnet_utils import (
    Block,
    Net,
    bottleneck_block,
    bottleneck_blocks,
    conv2d_same,
    residual_network,
    subsample,
)
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


@add_arg_scope
def bottleneck(
    inputs: Any,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    rate: int = 1,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Return relu(shortcut + residual).

    Args:
        inputs: images [N, H, W, C].
        depth: channels of the outputs.
        depth_bottleneck: channels of what is between.
        stride: how much smaller the outputs are along each axis.
        rate: cells from one tap of the filters to the next.
        outputs_collections: names of collections that the outputs join.
        scope: name of the variable scope.
    """
    with variable_scope(scope, "bottleneck_v1", [inputs]) as entered:
        if last_dimension(inputs.shape, min_rank=4) == depth:
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = convolution2d(inputs, depth, 1, stride, activation_fn=None, scope="shortcut")
        residual = convolution2d(inputs, depth_bottleneck, 1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate, scope="conv2")
        residual = convolution2d(residual, depth, 1, activation_fn=None, scope="conv3")
        outputs = relu(shortcut + residual)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


def resnet_v1(
    inputs: Any,
    blocks: Sequence[Block],
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: int | None = None,
    include_root_block: bool = True,
    reuse: Any = None,
    scope: Any = None,
) -> Net:
    """Return the outputs of a residual network, and those of its layers by name.

    Args:
        inputs: images [N, H, W, C].
        blocks: the blocks.
        num_classes: how many scores there are; None for features in their place.
        is_training: whether batches' own statistics are used: a bool or a Tensor.
        global_pool: whether the mean over all places is taken.
        output_stride: how much smaller the outputs are before that; None for all strides.
        include_root_block: whether a filter and a pool, of stride 2 each, come first.
        reuse: whether to find variables that exist; needs `scope`.
        scope: name of the variable scope.

    Raises:
        ValueError: if `output_stride` is no product of the first strides.
    """
    return residual_network(
        inputs,
        blocks,
        num_classes,
        is_training,
        global_pool,
        output_stride,
        include_root_block,
        reuse,
        (scope, "resnet_v1"),
        unit_fn=bottleneck,
        root={},
        after=lambda net: net,
    )


vars(resnet_v1)["default_image_size"] = 224


def resnet_v1_block(scope: str, base_depth: int, num_units: int, stride: int) -> Block:
    """Return a block of bottleneck units, the last of which has the stride.

    Args:
        scope: name of the variable scope.
        base_depth: channels inside the units; their outputs have four times as many.
        num_units: how many units there are.
        stride: of the last one.
    """
    return bottleneck_block(bottleneck, scope, base_depth, num_units, stride)


def resnet_v1_50(
    inputs: Any,
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: int | None = None,
    reuse: Any = None,
    scope: Any = "resnet_v1_50",
) -> Net:
    """Return `resnet_v1` of 50 layers."""
    return resnet_v1(**locals(), blocks=bottleneck_blocks(bottleneck, (3, 4, 6, 3)))


def resnet_v1_101(
    inputs: Any,
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: int | None = None,
    reuse: Any = None,
    scope: Any = "resnet_v1_101",
) -> Net:
    """Return `resnet_v1` of 101 layers."""
    return resnet_v1(**locals(), blocks=bottleneck_blocks(bottleneck, (3, 4, 23, 3)))


def resnet_v1_152(
    inputs: Any,
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: int | None = None,
    reuse: Any = None,
    scope: Any = "resnet_v1_152",
) -> Net:
    """Return `resnet_v1` of 152 layers."""
    return resnet_v1(**locals(), blocks=bottleneck_blocks(bottleneck, (3, 8, 36, 3)))


def resnet_v1_200(
    inputs: Any,
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: int | None = None,
    reuse: Any = None,
    scope: Any = "resnet_v1_200",
) -> Net:
    """Return `resnet_v1` of 200 layers."""
    return resnet_v1(**locals(), blocks=bottleneck_blocks(bottleneck, (3, 24, 36, 3)))
