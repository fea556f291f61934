"""Inception networks written as tables, and the walk that builds them.

A **module** applies several branches to the same inputs and puts their outputs side by side.  A
branch is a text, its steps apart by spaces:

    64:3x3            64 filters of 3 x 3 cells              Conv2d_0a_3x3, then 0b, 0c, ...
    64:3x3/2          with a stride of 2                     Conv2d_1a_3x3
    max:3x3, avg:3x3  a pool, of stride 2 with /2            MaxPool_0a_3x3
    8:1x3+3x1         two sets of filters of the same inputs, side by side
    64:3x3=name       with another name, which checkpoints know

A table names the parts of a network in order: a step by itself is called as the part is.

Source: Szegedy et al. 2014 and 2015; TensorFlow 1.15's tf.contrib.slim.nets.inception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from minitf.api.array import concat
from minitf.contrib.framework.arguments import Scope, arg_scope
from minitf.contrib.layers.convolutions import convolution2d
from minitf.contrib.layers.dense import fully_connected
from minitf.contrib.layers.initializers import variance_scaling_initializer
from minitf.contrib.layers.pools import avg_pool2d, max_pool2d
from minitf.variables.initializers import TruncatedNormal
from minitf.variables.regularizers import l2_regularizer
from minitf.variables.sharing import variable_scope

Table = Mapping[str, str | Sequence[str]]
Net = tuple[Any, dict[str, Any]]

_POOLS = {"max": ("MaxPool", max_pool2d), "avg": ("AvgPool", avg_pool2d)}


def trunc_normal(stddev: float) -> TruncatedNormal:
    """Return an initializer: normal numbers, truncated at two deviations."""
    return TruncatedNormal(0.0, stddev)


class Step(NamedTuple):
    """One step of a branch.

    Attributes:
        what: how many filters there are, or the kind of pool.
        sizes: cells of a window, height x width; two of them for two sets of filters.
        stride: cells from one window to the next.
        name: that of the (last) scope, where it is another than follows from the rest.
    """

    what: str
    sizes: Sequence[str]
    stride: int
    name: str

    @classmethod
    def read(cls, text: str) -> Step:
        """Read a step as a table has it."""
        text, _, name = text.partition("=")
        text, _, stride = text.partition("/")
        what, _, sizes = text.partition(":")
        return cls(what, sizes.split("+"), int(stride or 1), name)


class Builder:
    """Builds the parts of a network.

    Args:
        depth: function of a number of filters that returns how many there are really.
        strided_padding: padding of windows that have a stride, in modules.
        stddev: function of a step and its place that returns the deviation of its first weights;
            None for the initializer of the scope. The place is "part" for a part of the network,
            "only", "first" or "later" for a step of a branch.
    """

    def __init__(
        self,
        depth: Callable[[int], int],
        strided_padding: str,
        stddev: Callable[[Step, str], float | None],
    ) -> None:
        self._depth, self._strided_padding, self._stddev = depth, strided_padding, stddev

    def grown(
        self,
        net: Any,
        table: Table,
        final_endpoint: str,
        first: Callable[[Any], Any] | None = None,
        stem_padding: str = "SAME",
    ) -> Net:
        """Build the parts of a table up to a final one.

        Args:
            net: images [N, H, W, C].
            table: the parts.
            final_endpoint: name of the last one.
            first: builds the first part, in place of its step.
            stem_padding: padding of the steps that are parts themselves.

        Returns:
            The outputs of the final part, and of all parts by name.

        Raises:
            ValueError: if there is no such part.
        """
        if final_endpoint not in table:
            raise ValueError(f"Unknown final endpoint {final_endpoint}")
        ends: dict[str, Any] = {}
        for name, part in table.items():
            if not isinstance(part, str):
                net = self._module(net, part, name)
            elif first is not None and not ends:
                net = first(net)
            else:
                step = Step.read(part)
                padding = "SAME" if step.name else stem_padding
                net = self._applied(step, net, [name], padding, self._stddev(step, "part"))
            ends[name] = net
            if name == final_endpoint:
                break
        return net, ends

    def _module(self, net: Any, branches: Sequence[str], name: str) -> Any:
        with variable_scope(name):
            outputs = []
            for i, branch in enumerate(branches):
                with variable_scope(f"Branch_{i}"):
                    outputs.append(self._branch(net, [Step.read(each) for each in branch.split()]))
            return concat(outputs, 3)

    def _branch(self, net: Any, steps: Sequence[Step]) -> Any:
        letters = iter("abcdefgh")
        for i, step in enumerate(steps):
            place = "later" if i else "first" if len(steps) > 1 else "only"
            kind = _POOLS[step.what][0] if step.what in _POOLS else "Conv2d"
            scopes = [
                f"{kind}_{'1a' if step.stride > 1 else '0' + next(letters)}_{size}"
                for size in step.sizes
            ]
            if step.name:
                scopes[-1] = step.name
            padding = "SAME" if step.stride == 1 else self._strided_padding
            net = self._applied(step, net, scopes, padding, self._stddev(step, place))
        return net

    def _applied(
        self, step: Step, net: Any, scopes: Sequence[str], padding: str, stddev: float | None
    ) -> Any:
        windows = [[int(size) for size in each.split("x")] for each in step.sizes]
        given = {"stride": step.stride, "padding": padding}
        if step.what in _POOLS:
            return _POOLS[step.what][1](net, windows[0], scope=scopes[0], **given)
        if stddev is not None:
            given["weights_initializer"] = trunc_normal(stddev)
        filters = self._depth(int(step.what))
        made = [
            convolution2d(net, filters, window, scope=scope, **given)
            for window, scope in zip(windows, scopes, strict=True)
        ]
        return made[0] if len(made) == 1 else concat(made, 3)


def multiplied_depth(depth_multiplier: float, min_depth: int) -> Callable[[int], int]:
    """Return a function of a number of filters: the number multiplied, at least the minimum.

    Raises:
        ValueError: if the multiplier is not positive.
    """
    if depth_multiplier <= 0:
        raise ValueError("depth_multiplier is not greater than zero.")
    return lambda filters: max(int(filters * depth_multiplier), min_depth)


def window_within(net: Any, size: int) -> list[int]:
    """Return the sizes of a window, no larger than what is left of images."""
    known = net.shape.as_list()[1:3]
    return [size, size] if None in known else [min(each, size) for each in known]


def arguments_of_layers(
    weight_decay: float, normalizer_fn: Any, normalizer_params: Mapping[str, Any]
) -> Scope:
    """Return the arguments of filters, for `arg_scope`."""
    from minitf.api.nn_activations import relu

    with (
        arg_scope(
            [convolution2d, fully_connected], weights_regularizer=l2_regularizer(weight_decay)
        ),
        arg_scope(
            [convolution2d],
            weights_initializer=variance_scaling_initializer(),
            activation_fn=relu,
            normalizer_fn=normalizer_fn,
            normalizer_params=normalizer_params,
        ) as scope,
    ):
        return scope


def collected_averages(collection: str) -> dict[str, Any]:
    """Return collections of the variables of a batch normalisation: the averages join one."""
    return {
        "beta": None,
        "gamma": None,
        "moving_mean": [collection],
        "moving_variance": [collection],
    }
