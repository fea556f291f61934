"""FunctionGraph: the graph of a function that is being built.

Operations made inside may take tensors from the graph around: each of them becomes one more
argument, which every call supplies.

Source: 2015 §10; TensorFlow 1.15, `tensorflow.python.framework.function`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dtypes import DType
from minitf.graph import Graph
from minitf.shapes import Shape
from minitf.static_value import static_value
from minitf.tensor import Tensor


class FunctionGraph(Graph):
    """A graph in which a function is built.

    Attributes:
        outer: the graph around.
        captured: tensor of the graph around -> the argument that stands for it.

    Source: 2015 §10.
    """

    is_function = True

    def __init__(self, outer: Graph) -> None:
        super().__init__()
        self.outer = outer
        self.seed = outer.seed
        self.captured: dict[Tensor, Tensor] = {}

    def argument(self, dtype: DType, name: str, shape: Shape = Shape.unknown()) -> Tensor:
        """Add an argument: a placeholder."""
        with self.as_default(), self.control_dependencies(None), self.scopes.named(""):
            made: Tensor = ops.placeholder_op(dtype=dtype.base_dtype, shape=shape, name=name)
        return made

    def let_in(self, value: Any) -> Any:
        """Return a value as operations inside may take it.

        Raises:
            ValueError: if it is a variable's handle by reference: such do not leave their graph.
        """
        if isinstance(value, (list, tuple)):
            return type(value)([self.let_in(each) for each in value])
        if not isinstance(value, Tensor) or value.graph is self:
            return value
        if value not in self.captured:
            if value.dtype.is_ref:
                raise ValueError(
                    f"A function cannot take {value.name} by reference: pass its value as an "
                    "argument, or use a variable with use_resource=True"
                )
            name = value.op.name.rpartition("/")[2]
            argument = self.argument(value.dtype, name, value.static_shape)
            argument.op.static_values = {0: static_value(value)}  # of a handle: type and shape
            self.captured[value] = argument
        return self.captured[value]
