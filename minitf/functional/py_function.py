"""`tf.py_function`: a function of the program that computes with tensors while the graph runs.

Its arguments are *values*: Tensors of a graph of their own, made of the arrays of the moment, that
tell what they hold (`x.numpy()`, `float(x)`, `if x > 0:`).  What TensorFlow's functions make of
values are values; they are computed when somebody looks.

**State** of a `_Call`, per py_function: what it computed last, so that a gradient does not compute
it once more.

Source: TensorFlow 1.15, `script_ops.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.autodiff.backward import gradients
from minitf.autodiff.between import carries_gradients
from minitf.autodiff.registry import register_in
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph, entered
from minitf.dtypes import DType, as_dtype
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.ops.script import PythonFunction
from minitf.tensor import Tensor, hooks

Array = np.ndarray[Any, Any]


class Value(Tensor):
    """A Tensor whose value can be looked at, because its graph has no feeds."""

    __slots__ = ()

    def numpy(self) -> Any:
        """Return its value."""
        return hooks.new_session("", self.graph, None).run(self)

    def __bool__(self) -> bool:  # type: ignore[override]
        return bool(self.numpy())

    def __int__(self) -> int:
        return int(self.numpy())

    def __index__(self) -> int:
        return int(self.numpy())

    def __float__(self) -> float:
        return float(self.numpy())

    def __len__(self) -> int:  # type: ignore[override]
        return len(self.numpy())

    def __iter__(self) -> Iterator[Any]:
        return iter([self[i] for i in range(len(self))])

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:  # type: ignore[override]
        return np.asarray(self.numpy(), dtype)


class ValueGraph(Graph):
    """A graph of values."""

    def add(self, operation: Operation) -> None:
        """Add an operation; what it gives are values."""
        super().add(operation)
        for tensor in operation.outputs:
            tensor.__class__ = Value


class _Call:
    """A function of the program as a function of arrays."""

    def __init__(self, function: Callable[..., Any], types: Sequence[DType]) -> None:
        self._function = function
        self._types = types
        self._last: tuple[Sequence[Array], list[Tensor], list[Tensor]] | None = None

    def __call__(self, *arrays: Array) -> list[Any]:
        inputs, outputs = self._computed(arrays)
        self._last = arrays, inputs, outputs
        return _values(outputs)

    def _computed(self, arrays: Sequence[Array]) -> tuple[list[Tensor], list[Tensor]]:
        with entered(ValueGraph()):
            inputs = [convert_to_tensor(each) for each in arrays]
            found = self._function(*inputs)
            if found is None or isinstance(found, Operation):
                found = []
            given = list(found) if isinstance(found, (list, tuple)) else [found]
            if len(given) != len(self._types):
                return inputs, given  # whose number is told
            pairs = zip(given, self._types, strict=True)
            return inputs, [convert_to_tensor(each, dtype) for each, dtype in pairs]

    def differentiated(self, count: int, wanted: Sequence[int]) -> Callable[..., list[Any]]:
        """Return a function of `count` arguments and gradients of the results."""

        def gradient(*arrays: Array) -> list[Any]:
            arguments, grads = arrays[:count], arrays[count:]
            inputs, outputs = self._found(arguments)
            with entered(inputs[0].graph):
                pairs = [
                    (y, convert_to_tensor(grad))
                    for y, grad in zip(outputs, grads, strict=True)
                    if carries_gradients(y.dtype)
                ]
                xs = [inputs[i] for i in wanted]
                found = gradients([y for y, _ in pairs], xs, [grad for _, grad in pairs])
                dense = [
                    ops.zeros_like_op(x) if grad is None else convert_to_tensor(grad)
                    for x, grad in zip(xs, found, strict=True)
                ]
            return _values(dense)

        return gradient

    def _found(self, arrays: Sequence[Array]) -> tuple[list[Tensor], list[Tensor]]:
        """Return what the last call has computed, if it was with these arrays; else compute it."""
        last, self._last = self._last, None
        if last is not None and all(map(np.array_equal, last[0], arrays)):
            return last[1], last[2]
        return self._computed(arrays)


def _values(tensors: list[Tensor]) -> list[Any]:
    if not all(isinstance(each, Tensor) for each in tensors):
        return tensors
    if not tensors:
        return []
    found: list[Any] = hooks.new_session("", tensors[0].graph, None).run(tensors)
    return found


def py_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:
    """Call a function of the program that computes with tensors while the graph runs.

    It may look at the tensors that it gets, as `x.numpy()`; gradients flow through what it makes of
    them by TensorFlow's functions.  A graph with it runs in this process only.

    Args:
        func: the function; returns tensors, arrays or numbers.
        inp: Tensors or values that it is called with.
        Tout: the type of what it returns, or a list of types, or [] if it returns nothing.
        name: name of the operation.

    Returns:
        A Tensor of unknown shape, a list of them for a list of types, the Operation for [].

    Raises:
        ValueError: if `func` is no function.
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    many = isinstance(Tout, (list, tuple))
    types = tuple([as_dtype(each) for each in (Tout if many else [Tout])])
    call = _Call(func, types)
    held = PythonFunction(call)
    graph = default_graph()
    graph.functions.append(held)

    def gradient(op: Operation, *grads: Any) -> list[Any]:
        wanted = [i for i, each in enumerate(op.inputs) if carries_gradients(each.dtype)]
        backward = PythonFunction(call.differentiated(len(op.inputs), wanted))
        default_graph().functions.append(backward)
        kinds = tuple([op.inputs[i].dtype.base_dtype for i in wanted])
        with default_graph().control_dependencies(_here(op)):
            found = ops.eager_py_func_op([*op.inputs, *grads], token=backward.token, Tout=kinds)
        by_number = dict(zip(wanted, found, strict=True))
        return [by_number.get(i) for i in range(len(op.inputs))]

    with graph.gradient_override_map({"EagerPyFunc": register_in(graph, gradient)}):
        made = ops.eager_py_func_op(inp, token=held.token, Tout=types, name=name)
    return made if many else made[0]


def _here(op: Operation) -> list[Operation]:
    """Return an operation if it is in the present graph: a gradient function waits for none."""
    return [op] if op.graph is default_graph() else []
