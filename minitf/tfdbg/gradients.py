"""GradientsDebugger: finds the tensors that `tf.gradients` and optimizers make as gradients.

An identity stands where a gradient is to be seen; its gradient rule tells the debugger.

    debugger = GradientsDebugger()
    y = debugger.identify_gradient(y)
    with debugger:
        train = optimizer.minimize(tf.square(y))
    dy = debugger.gradient_tensor("y:0")

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.debug_gradients`.
"""

from __future__ import annotations

import re
import uuid
from types import TracebackType
from typing import Any, Self

from minitf.autodiff.registry import RegisterGradient
from minitf.graph import Graph
from minitf.ops.debug import debug_gradient_identity_op, debug_gradient_ref_identity_op
from minitf.tensor import Tensor
from minitf.tfdbg.dump_dir import DebugDumpDir
from minitf.tfdbg.graphs import parse_node_or_tensor_name
from minitf.variables.base import Variable

_TAG = "gradient-debug"
_ALL: dict[str, GradientsDebugger] = {}


def clear_gradient_debuggers() -> None:
    """Forget all debuggers."""
    _ALL.clear()


class GradientsDebugger:
    """Gets to know the gradients with respect to some tensors when they are made.

    Of several debuggers only those learn of gradients whose `with` block is entered.

    Args:
        y_tensor: the tensor that is differentiated, for the reader alone.

    Source: TensorFlow 1.15.
    """

    def __init__(self, y_tensor: Tensor | None = None) -> None:
        self._id = uuid.uuid4().hex
        self._gradients: dict[str, Tensor] = {}
        self._y_tensor = y_tensor
        self._graph: Graph | None = None if y_tensor is None else y_tensor.graph
        self._is_active = False
        self._rule = f"tfdbg_{self._id}"
        _ALL[self._id] = self
        RegisterGradient(self._rule)(self._seen)

    def __enter__(self) -> Self:
        """Learn of the gradients that are made in the block."""
        self._is_active = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Learn of no more, if there are other debuggers."""
        self._is_active = False

    @property
    def graph(self) -> Graph | None:
        """The graph of the gradients; None before it is known."""
        return self._graph

    @property
    def y_tensor(self) -> Tensor | None:
        """The tensor that is differentiated, as it was given."""
        return self._y_tensor

    def identify_gradient(self, input_tensor: Tensor) -> Tensor:
        """Return an identity of a tensor, at which gradients with respect to it are seen.

        Args:
            input_tensor: the tensor; the gradients that are seen are those through the identity.

        Raises:
            ValueError: if it is of another graph than tensors before.
        """
        graph = input_tensor.graph
        self._check_graph(graph)
        name = f"{input_tensor.op.name}_{input_tensor.value_index}/{_TAG}_{self._id}"
        is_ref = input_tensor.dtype.is_ref
        identity: Any = debug_gradient_ref_identity_op if is_ref else debug_gradient_identity_op
        rules = {identity.name: self._rule}
        with graph.as_default(), graph.name_scope(None), graph.gradient_override_map(rules):
            found: Tensor = identity(input_tensor, name=name)
        return found

    def watch_gradients_by_tensors(self, graph: Graph, tensors: Any) -> Self:
        """See the gradients with respect to tensors that others read already.

        Args:
            graph: their graph.
            tensors: a Tensor or Variable, or several.

        Returns:
            Itself, for a `with` block around what makes the gradients.
        """
        several = tensors if isinstance(tensors, (list, tuple)) else [tensors]
        names = "|".join(re.escape(each.name) for each in several)
        return self.watch_gradients_by_tensor_names(graph, f"({names})$")

    def watch_gradients_by_tensor_names(self, graph: Graph, tensor_name_regex: str) -> Self:
        """See the gradients with respect to tensors whose names fit a regular expression.

        Args:
            graph: their graph.
            tensor_name_regex: must fit from the start of the names on.

        Returns:
            Itself, for a `with` block around what makes the gradients.
        """
        pattern = re.compile(tensor_name_regex)
        for operation in graph.get_operations():
            for tensor in operation.outputs:
                if not pattern.match(tensor.name):
                    continue
                readers = tensor.consumers()
                identity = self.identify_gradient(tensor)
                for reader in readers:
                    for i, each in enumerate(reader.inputs):
                        if each is tensor:
                            reader._update_input(i, identity)  # noqa: SLF001 TensorFlow's method
        return self

    def register_gradient_tensor(self, x_tensor_name: str, gradient_tensor: Tensor) -> None:
        """Note the gradient with respect to a tensor, if the debugger listens.

        Raises:
            ValueError: if it is of another graph than those before.
        """
        if len(_ALL) == 1 or self._is_active:
            self._check_graph(gradient_tensor.graph)
            self._gradients[x_tensor_name] = gradient_tensor

    def gradient_tensor(self, x_tensor: Any) -> Tensor:
        """Return the gradient with respect to a tensor.

        Args:
            x_tensor: a Tensor, a Variable or a tensor's name.

        Raises:
            TypeError: if it is something else.
            LookupError: if no gradient was made.
        """
        name = _name_of(x_tensor)
        if name not in self._gradients:
            raise LookupError(
                f"This GradientsDebugger has not received any gradient tensor for x-tensor {name}"
            )
        return self._gradients[name]

    def gradient_tensors(self) -> dict[str, Tensor]:
        """Return all gradients by the names of the tensors."""
        return self._gradients

    def _seen(self, operation: Any, grad: Tensor) -> Tensor:
        """Note a gradient: the rule of the identities."""
        self.register_gradient_tensor(operation.inputs[0].name, grad)
        return grad

    def _check_graph(self, graph: Graph) -> None:
        if self._graph is None:
            self._graph = graph
        elif self._graph is not graph:
            raise ValueError("The graph of the tensor is not the one of this GradientsDebugger")


def gradient_values_from_dump(
    grad_debugger: GradientsDebugger, x_tensor: Any, dump: DebugDumpDir
) -> list[Any]:
    """Return the values of a gradient in a debugged run, one per time that it was made.

    Args:
        grad_debugger: knows the gradient.
        x_tensor: a Tensor, a Variable or a tensor's name: with respect to what.
        dump: the run.

    Raises:
        LookupError: if no gradient was made.
        ValueError: if the run is of another graph, or has no value of it.
    """
    python_graph = dump.python_graph
    if python_graph and grad_debugger.graph and python_graph is not grad_debugger.graph:
        raise ValueError(
            "This GradientsDebugger instance has a graph that is not the python graph of the dump."
        )
    gradient = grad_debugger.gradient_tensor(x_tensor)
    node, slot = parse_node_or_tensor_name(gradient.name)
    return dump.get_tensors(node, slot or 0, "DebugIdentity")


def _name_of(x_tensor: Any) -> str:
    if isinstance(x_tensor, str):
        return x_tensor
    if isinstance(x_tensor, (Tensor, Variable)):
        return str(x_tensor.name)
    raise TypeError(
        f"x_tensor must be a str or tf.Tensor or tf.Variable, but instead has type {type(x_tensor)}"
    )
