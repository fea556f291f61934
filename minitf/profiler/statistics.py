"""Statistics of ops: numbers such as "flops" that are known of a node before it runs.

    stats = get_stats_for_node_def(graph, op.node_def, "flops")
    stats.value                          # 2 * 3 * 4 * 5 for a [3, 4] times a [4, 5] matrix

State: `_STATISTICS`, (op type, kind) -> function; `RegisterStatistics` adds to it.

Source: TensorFlow 1.15's tensorflow.python.framework.ops; the counts are those of its profiler.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Self

from minitf.graph import Graph

_Rule = Callable[[Any], float]  # operation -> floating-point operations


class OpStats:
    """A number that is known of an operation, None if it is not.

    Args:
        statistic_type: what it counts.
        value: the number.
    """

    def __init__(self, statistic_type: str, value: float | None = None) -> None:
        self.statistic_type = statistic_type
        self.value = value

    def __iadd__(self, other: OpStats) -> Self:
        """Add another one of the same kind.

        Raises:
            ValueError: if it counts something else.
        """
        if other.statistic_type != self.statistic_type:
            raise ValueError(
                f"Can't add an OpStat of type {other.statistic_type} to one of "
                f"{self.statistic_type}."
            )
        if other.value is not None:
            self.value = other.value + (self.value or 0)
        return self


def get_stats_for_node_def(graph: Graph, node: Any, statistic_type: str) -> OpStats:
    """Return a statistic of a node, by the function that is registered for its op type.

    Args:
        graph: the node's graph.
        node: a NodeDef.
        statistic_type: "flops" and the like.

    Raises:
        ValueError: if it depends on a static shape that is not known.
    """
    function = _STATISTICS.get((node.op, statistic_type))
    return OpStats(statistic_type) if function is None else function(graph, node)


_STATISTICS: dict[tuple[str, str], Callable[[Graph, Any], OpStats]] = {}


class RegisterStatistics:
    """Decorator that makes a function (Graph, NodeDef) -> OpStats tell a statistic of an op.

    Args:
        op_type: registry name of the op.
        statistic_type: what it counts: text without commas.

    Raises:
        TypeError: if one of them is no text, or has a comma.
        KeyError: if there is such a function already.
    """

    def __init__(self, op_type: str, statistic_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string.")
        if "," in op_type:
            raise TypeError("op_type must not contain a comma.")
        if not isinstance(statistic_type, str):
            raise TypeError("statistic_type must be a string.")
        if "," in statistic_type:
            raise TypeError("statistic_type must not contain a comma.")
        self._key = op_type, statistic_type

    def __call__(self, f: Callable[[Graph, Any], OpStats]) -> Callable[[Graph, Any], OpStats]:
        """Register the function."""
        if self._key in _STATISTICS:
            raise KeyError(f"Registering two statistics with name {','.join(self._key)!r}!")
        _STATISTICS[self._key] = f
        return f


# --- floating-point operations -------------------------------------------------------------------


def _flops(types: str, rule: _Rule) -> None:
    """Register a rule for some op types."""

    def of_node(graph: Graph, node: Any) -> OpStats:
        return OpStats("flops", rule(graph.get_operation_by_name(node.name)))

    for each in types.split():
        RegisterStatistics(each, "flops")(of_node)


def _sizes(tensor: Any) -> tuple[int, ...]:
    """Return a tensor's static shape, which has to be known."""
    if not tensor.shape.is_fully_defined():
        raise ValueError(f"Shape {tensor.shape} is not fully defined: flops of {tensor.op.name!r}")
    return tuple(tensor.shape.as_list())


def _size(tensor: Any) -> int:
    return math.prod(_sizes(tensor))


def _per_output(count: int) -> _Rule:
    """Return the rule of an op that does so many for each element of its output."""
    return lambda op: count * _size(op.outputs[0])


def _per_input(count: int) -> _Rule:
    return lambda op: count * _size(op.inputs[0])


def _reduction(last: int) -> _Rule:
    """Return the rule of a sum, with `last` further operations for each element of the output."""
    return lambda op: _size(op.inputs[0]) + _size(op.outputs[0]) * (last - 1)


def _product(op: Any, transposed: str) -> int:
    """Return the count of a product of matrices, or of batches of such."""
    sizes = _sizes(op.inputs[0])
    inner = sizes[-2] if op.get_attr(transposed) else sizes[-1]
    return 2 * _size(op.outputs[0]) * inner


def _in_nhwc(op: Any) -> None:
    """Say that the rules of TensorFlow count no other layout."""
    if op.get_attr("data_format") not in (b"NHWC", "NHWC"):
        raise ValueError(f"Only NHWC format is supported in flops computations: {op.name!r}")


def _convolution(op: Any) -> int:
    """Return 2 for each element of the output, each weight of a filter, each channel of input."""
    return 2 * _size(op.outputs[0]) * math.prod(_sizes(op.inputs[1])[:-1])


def _planes(op: Any) -> int:
    """Return the count of a convolution in which each channel stands by itself."""
    return 2 * _size(op.outputs[0]) * math.prod(_sizes(op.inputs[1])[:2])


def _filter_gradient(op: Any) -> float:
    """Return 2 for each element of the image and weight that meet, as if windows tiled it."""
    return _of_windows(op, op.inputs[0], op.outputs[0])


def _input_gradient(op: Any) -> float:
    return _of_windows(op, op.outputs[0], op.inputs[1])


def _of_windows(op: Any, image: Any, weights: Any) -> float:
    _in_nhwc(op)
    height, width, _, channels = _sizes(weights)
    strides: list[int] = op.get_attr("strides")
    return 2 * _size(image) * height * width * channels / math.prod(strides)


def _window(op: Any) -> int:
    _in_nhwc(op)
    sizes: list[int] = op.get_attr("ksize")
    return math.prod(sizes)


def _pool(op: Any) -> int:
    return _window(op) * _size(op.outputs[0])


def _average_gradient(op: Any) -> int:
    return 2 * _window(op) * _size(op.inputs[1])


def _maximum_gradient(op: Any) -> int:
    return _window(op) * _size(op.inputs[1]) + _size(op.inputs[2])


_flops("Log Neg Reciprocal Square", _per_output(1))
_flops("Rsqrt", _per_output(2))
_flops("Softmax", _per_output(5))
_flops(
    "Add AddV2 Equal Greater GreaterEqual Less LessEqual Maximum Minimum Mul NotEqual Pow RealDiv "
    "Sub AssignAdd AssignSub",
    _per_output(1),
)
_flops("SquaredDifference", _per_output(2))
_flops("RsqrtGrad", _per_output(4))
_flops("BiasAdd", _per_input(1))
_flops("BiasAddGrad Sum ArgMax ArgMin", _reduction(0))
_flops("Mean", _reduction(1))
_flops("L2Loss", lambda op: 3 * _size(op.inputs[0]) - 1)
_flops("AddN", lambda op: _size(op.outputs[0]) * (len(op.inputs) - 1))
_flops("MatMul", lambda op: _product(op, "transpose_a"))
_flops("BatchMatMul BatchMatMulV2", lambda op: _product(op, "adj_x"))
_flops("Conv2D Conv3D", _convolution)
_flops("DepthwiseConv2dNative Dilation2D", _planes)
_flops("Conv2DBackpropFilter", _filter_gradient)
_flops("Conv2DBackpropInput", _input_gradient)
_flops("AvgPool MaxPool", _pool)
_flops("AvgPoolGrad", _average_gradient)
_flops("MaxPoolGrad", _maximum_gradient)
