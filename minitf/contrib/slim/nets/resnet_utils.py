"""Residual networks: blocks of units, each of which adds to its inputs what it makes of them.

A network halves images several times.  Where a map of predictions must be finer than that, units
whose turn it is to halve keep the size, and those after them put as many cells between the taps of
their filters as were not left out: the same filters see the same cells.

Source: He et al. 2015; Chen et al. 2016 (the finer maps); TensorFlow 1.15's
tf.contrib.slim.nets.resnet_utils.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from minitf.api.array import pad
from minitf.api.nn_activations import relu
from minitf.api.reductions import reduce_mean
from minitf.contrib.framework.arguments import Scope, add_arg_scope, arg_scope
from minitf.contrib.layers.batch_normalization import batch_norm
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.initializers import variance_scaling_initializer
from minitf.contrib.layers.pools import max_pool2d
from minitf.contrib.layers.softmaxes import softmax
from minitf.contrib.layers.utils import collect_named_outputs, convert_collection_to_dict
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.regularizers import l2_regularizer
from minitf.variables.sharing import variable_scope

Net = tuple[Tensor, dict[str, Any]]


class Block(NamedTuple):
    """A block of units.

    Attributes:
        scope: name of its variable scope.
        unit_fn: the function of a unit: of its inputs, `rate` and its own arguments.
        args: for each unit its own arguments.
    """

    scope: str
    unit_fn: Callable[..., Any]
    args: Sequence[Mapping[str, Any]]


def subsample(inputs: Any, factor: int, scope: str | None = None) -> Any:
    """Return each `factor`-th cell of images along each axis.

    Args:
        inputs: images [N, H, W, C].
        factor: 1 for the images themselves.
        scope: name of the name scope.
    """
    return inputs if factor == 1 else max_pool2d(inputs, 1, factor, scope=scope)


def conv2d_same(
    inputs: Any, num_outputs: int, kernel_size: int, stride: int, rate: int = 1, scope: Any = None
) -> Tensor:
    """Return the cells, `stride` apart, that a convolution of padding "SAME" without strides has.

    Which cells "SAME" takes with a stride depends on whether the size is even; here it does not.

    Args:
        inputs: images [N, H, W, C].
        num_outputs: how many filters there are.
        kernel_size: taps of a filter along each axis.
        stride: cells from one window to the next.
        rate: cells from one tap to the next.
        scope: name of the variable scope.
    """
    if stride == 1:
        return convolution2d(inputs, num_outputs, kernel_size, rate=rate, scope=scope)
    margin = (kernel_size - 1) * rate
    margins = [margin // 2, margin - margin // 2]
    return convolution2d(
        pad(inputs, [[0, 0], margins, margins, [0, 0]]),
        num_outputs,
        kernel_size,
        stride,
        padding="VALID",
        rate=rate,
        scope=scope,
    )


@add_arg_scope
def stack_blocks_dense(
    net: Any,
    blocks: Sequence[Block],
    output_stride: float | None = None,
    outputs_collections: Any = None,
) -> Tensor:
    """Apply the units of blocks, one after the other.

    Args:
        net: images [N, H, W, C].
        blocks: the blocks.
        output_stride: how much smaller the outputs may be: a product of the first strides; None
            for all of them.
        outputs_collections: names of collections that the outputs of blocks join.

    Raises:
        ValueError: if `output_stride` is no such product.
    """
    so_far = rate = 1
    for block in blocks:
        with variable_scope(block.scope, "block", [net]) as entered:
            for i, unit in enumerate(block.args, 1):
                if output_stride is not None and so_far > output_stride:
                    raise ValueError("The target output_stride cannot be reached.")
                stride = unit.get("stride", 1)
                with variable_scope(f"unit_{i}", values=[net]):
                    if so_far == output_stride:
                        net = block.unit_fn(net, rate=rate, **{**unit, "stride": 1})
                        rate *= stride
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        so_far *= stride
            net = collect_named_outputs(outputs_collections, entered.name, net)
    if output_stride is not None and so_far != output_stride:
        raise ValueError("The target output_stride cannot be reached.")
    return net


def resnet_arg_scope(
    weight_decay: float = 0.0001,
    batch_norm_decay: float = 0.997,
    batch_norm_epsilon: float = 1e-05,
    batch_norm_scale: bool = True,
) -> Scope:
    """Return the arguments of the networks' layers, for `arg_scope`.

    Args:
        weight_decay: what the sum of squared weights is multiplied by.
        batch_norm_decay: how much of the moving averages stays at an update.
        batch_norm_epsilon: keeps the root of a variance from being 0.
        batch_norm_scale: whether there is a gamma.
    """
    of_norms = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": GraphKeys.UPDATE_OPS,
    }
    with (
        arg_scope(
            [convolution2d],
            weights_regularizer=l2_regularizer(weight_decay),
            weights_initializer=variance_scaling_initializer(),
            activation_fn=relu,
            normalizer_fn=batch_norm,
            normalizer_params=of_norms,
        ),
        arg_scope([batch_norm], **of_norms),
        arg_scope([max_pool2d], padding="SAME") as scope,
    ):
        return scope


# --- what both versions share --------------------------------------------------------------------


def bottleneck_block(
    unit_fn: Callable[..., Any], scope: str, base_depth: int, num_units: int, stride: int
) -> Block:
    """Return a block of bottleneck units, the last of which has the stride.

    Args:
        unit_fn: the unit.
        scope: name of the variable scope.
        base_depth: channels inside the units; their outputs have four times as many.
        num_units: how many units there are.
        stride: of the last one.
    """
    strides = [1] * (num_units - 1) + [stride]
    sizes = {"depth": base_depth * 4, "depth_bottleneck": base_depth}
    return Block(scope, unit_fn, [{**sizes, "stride": each} for each in strides])


def bottleneck_blocks(unit_fn: Callable[..., Any], units: Sequence[int]) -> list[Block]:
    """Return four blocks of so many bottleneck units; all but the last halve images."""
    shapes = zip((64, 128, 256, 512), units, (2, 2, 2, 1), strict=True)
    return [bottleneck_block(unit_fn, f"block{i}", *shape) for i, shape in enumerate(shapes, 1)]


def residual_network(
    inputs: Any,
    blocks: Sequence[Block],
    num_classes: int | None,
    is_training: Any,
    global_pool: bool,
    output_stride: float | None,
    include_root_block: bool,
    reuse: Any,
    scope: tuple[Any, str],
    *,
    unit_fn: Callable[..., Any],
    root: Mapping[str, Any],
    after: Callable[[Any], Any],
) -> Net:
    """Return a residual network's outputs, and those of its layers by name.

    Args:
        inputs: see `resnet_v1`, and so are the following ones.
        blocks: its blocks.
        num_classes: how many scores there are; None for none.
        is_training: whether batches' own statistics are used.
        global_pool: whether the mean over all places is taken.
        output_stride: how much smaller the outputs are before that; None for 32.
        include_root_block: whether a filter and a pool come first.
        reuse: whether to find variables that exist.
        scope: name of the variable scope, and the one by default.
        unit_fn: the version's own unit.
        root: arguments of the first filter.
        after: the function of what the blocks give.
    """
    with variable_scope(*scope, [inputs], reuse=reuse) as entered:
        ends = f"{entered.original_name_scope}_end_points"
        with (
            arg_scope([convolution2d, unit_fn, stack_blocks_dense], outputs_collections=ends),
            arg_scope([batch_norm], is_training=is_training),
        ):
            net = inputs
            if include_root_block:
                if output_stride is not None:
                    if output_stride % 4:
                        raise ValueError("The output_stride needs to be a multiple of 4.")
                    output_stride /= 4
                with arg_scope([convolution2d], **root):
                    net = conv2d_same(net, 64, 7, stride=2, scope="conv1")
                net = max_pool2d(net, 3, 2, scope="pool1")
            net = after(stack_blocks_dense(net, blocks, output_stride))
            if global_pool:
                net = reduce_mean(net, [1, 2], name="pool5", keepdims=True)
            if num_classes is not None:
                net = convolution2d(
                    net, num_classes, 1, activation_fn=None, normalizer_fn=None, scope="logits"
                )
            end_points = convert_collection_to_dict(ends)
            if num_classes is not None:
                end_points["predictions"] = softmax(net, scope="predictions")
            return net, end_points
