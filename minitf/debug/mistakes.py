"""Look through a graph for what is seldom meant.

    for mistake in tf.debug.find_mistakes():
        print(mistake)

    train.py:31: error = predictions - labels
      float32[64, 1] and float32[64] are both stretched to [64, 64]
      hint: reshape one of them, or give the reduction an axis that it keeps

Each `Mistake` is of one of these kinds:

- *broadcast*: a column and a row are both stretched, and make a matrix;
- *log of softmax*: tf.log is applied straight to a softmax or a sigmoid, which may be 0;
- *unused print*: nothing reads what a tf.Print hands on, so it never shows anything;
- *unused assertion*: nothing waits for a tf.Assert, so it never checks anything.

Source: 2015 §6 (lesson 1: "subtly incorrect ... automatic broadcasting"); TensorFlow's users.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minitf import source
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.operation import Operation

_FUSED = {
    "Softmax": "tf.nn.softmax_cross_entropy_with_logits, or tf.nn.log_softmax, takes the logits",
    "Sigmoid": "tf.nn.sigmoid_cross_entropy_with_logits, or tf.log_sigmoid, takes the logits",
}
_UNREAD_PRINT = (
    "nothing reads what this tf.Print hands on: it shows nothing unless it is fetched\n"
    "  hint: x = tf.Print(x, [x]), and use that x"
)
_UNREAD_ASSERTION = (
    "nothing waits for this tf.Assert: it checks nothing unless it is fetched\n"
    "  hint: with tf.control_dependencies([assertion]): ..."
)
_UNUSED = {
    "Print": ("unused print", _UNREAD_PRINT),
    "Assert": ("unused assertion", _UNREAD_ASSERTION),
}
_HANDS_ON = frozenset(("Identity", "Reshape", "Squeeze", "ExpandDims"))
_BINARY = frozenset(
    (
        *("Add", "AddV2", "Sub", "Mul", "Div", "RealDiv", "FloorDiv", "FloorMod", "Pow"),
        *("Maximum", "Minimum", "SquaredDifference", "LogicalAnd", "LogicalOr"),
        *("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"),
    )
)


@dataclass(frozen=True)
class Mistake:
    """Something in a graph that is seldom meant.

    Attributes:
        kind: as the module's docstring lists them.
        operation: where it is.
        message: what it is, and what is meant perhaps.
    """

    kind: str
    operation: Operation
    message: str

    def __str__(self) -> str:
        """Show the user's line, and what is wrong with it."""
        return f"{source.describe(self.operation.site)}\n  {self.message}"


def find_mistakes(graph: Graph | None = None) -> list[Mistake]:
    """Return what is seldom meant in a graph, in the order in which it was built.

    What operations of gradients do is not looked at.

    Args:
        graph: the graph; the default one if None.

    Source: 2015 §6.
    """
    graph = graph or default_graph()
    operations = graph.get_operations()
    waited_for = {each for operation in operations for each in operation.control_inputs}
    found: list[Mistake] = []
    for operation in operations:
        if not operation.name.startswith("gradients"):
            found += _broadcast(operation)
            found += _log_of_softmax(operation)
        is_read = operation in waited_for or any(each.consumers() for each in operation.outputs)
        if operation.type in _UNUSED and not is_read:
            kind, message = _UNUSED[operation.type]
            found.append(Mistake(kind, operation, message))
    return found


def _log_of_softmax(operation: Operation) -> Iterator[Mistake]:
    if operation.type != "Log":
        return
    behind = operation.inputs[0].op
    while behind.type in _HANDS_ON:
        behind = behind.inputs[0].op
    if behind.type in _FUSED:
        said = f"the logarithm of a {behind.type.lower()}, which may be 0"
        yield Mistake("log of softmax", operation, f"{said}\n  hint: {_FUSED[behind.type]}")


def _broadcast(operation: Operation) -> Iterator[Mistake]:
    """Yield a mistake if operands of unlike rank are both stretched: a column meets a row."""
    if operation.type not in _BINARY:
        return
    left, right, out = (
        each.static_shape.as_list() for each in (*operation.inputs, *operation.outputs)
    )
    if left is None or right is None or out is None:
        return
    if len(left) != len(right) and _is_stretched(left, out) and _is_stretched(right, out):
        kinds = [f"{each.dtype.base_dtype.name}{each.static_shape}" for each in operation.inputs]
        said = (
            f"{kinds[0]} and {kinds[1]} are both stretched to {operation.outputs[0].static_shape}"
        )
        yield Mistake(
            "broadcast", operation, f"{said}\n  hint: reshape one of them to the axes of the other"
        )


def _is_stretched(shape: list[int | None], out: list[int | None]) -> bool:
    full = [1] * (len(out) - len(shape)) + shape
    return any(size == 1 != wide for size, wide in zip(full, out, strict=True))
