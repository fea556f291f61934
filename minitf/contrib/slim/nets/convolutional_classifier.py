"""What AlexNet, OverFeat and VGG share: stages of convolutions, then three dense layers as filters.

A dense layer over the cells of an image is a filter as large as the image: on a larger image the
network then gives a map of predictions, one for each place where the window fits.

    stages                     conv1, pool1, conv2, ...
    fc6, dropout6              a filter as large as what the stages leave of the image
    fc7, dropout7, fc8         filters of one cell

Source: Sermanet et al. 2013; TensorFlow 1.15's tf.contrib.slim.nets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.array import squeeze
from minitf.contrib.framework.arguments import Scope, arg_scope
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.dense import fully_connected
from minitf.contrib.layers.pools import max_pool2d
from minitf.contrib.layers.shaping import dropout
from minitf.contrib.layers.utils import convert_collection_to_dict
from minitf.tensor import Tensor
from minitf.variables.initializers import TruncatedNormal
from minitf.variables.sharing import variable_scope

EndPoints = dict[str, Any]


def trunc_normal(stddev: float) -> TruncatedNormal:
    """Return an initializer: normal numbers, truncated at two deviations."""
    return TruncatedNormal(0.0, stddev)


def arguments_of_layers(weight_decay: float, activation_fn: Any, biases_initializer: Any) -> Scope:
    """Return the arguments of filters and dense layers, for `arg_scope`; images keep their size.

    Args:
        weight_decay: what the sum of squared weights is multiplied by.
        activation_fn: a function.
        biases_initializer: of the biases.
    """
    from minitf.variables.regularizers import l2_regularizer

    with (
        arg_scope(
            [convolution2d, fully_connected],
            activation_fn=activation_fn,
            biases_initializer=biases_initializer,
            weights_regularizer=l2_regularizer(weight_decay),
        ),
        arg_scope([convolution2d], padding="SAME") as scope,
    ):
        return scope


def classified(
    inputs: Any,
    stages: Callable[[Any], Any],
    dense: tuple[int, int],
    num_classes: int,
    is_training: Any,
    dropout_keep_prob: Any,
    spatial_squeeze: bool,
    scope: tuple[Any, str],
    **of_dense: Any,
) -> tuple[Tensor, EndPoints]:
    """Return the scores of classes, and the outputs of all layers by name.

    Args:
        inputs: images [N, H, W, C].
        stages: the function from images to what is left of them.
        dense: how many outputs fc6 has, and over how many cells along each axis it goes.
        num_classes: how many scores there are.
        is_training: whether dropout sets anything to 0.
        dropout_keep_prob: the probability that an element stays.
        spatial_squeeze: whether the axes of space, of one cell each, are left out of the scores.
        scope: name of the variable scope, and the one by default.
        **of_dense: arguments of the dense layers; `last` of fc8 alone.
    """
    outputs, cells = dense
    last = of_dense.pop("last", {})
    with variable_scope(*scope, [inputs]) as entered:
        ends = f"{entered.original_name_scope}_end_points"
        with arg_scope([convolution2d, fully_connected, max_pool2d], outputs_collections=ends):
            net = stages(inputs)
            with arg_scope([convolution2d], **of_dense):
                net = convolution2d(net, outputs, cells, padding="VALID", scope="fc6")
                net = dropout(net, dropout_keep_prob, is_training=is_training, scope="dropout6")
                net = convolution2d(net, 4096, 1, scope="fc7")
                net = dropout(net, dropout_keep_prob, is_training=is_training, scope="dropout7")
                net = convolution2d(
                    net,
                    num_classes,
                    1,
                    activation_fn=None,
                    normalizer_fn=None,
                    scope="fc8",
                    **last,
                )
        end_points = convert_collection_to_dict(ends)
        if spatial_squeeze:
            net = squeeze(net, [1, 2], name="fc8/squeezed")
            end_points[f"{entered.name}/fc8"] = net
        return net, end_points
