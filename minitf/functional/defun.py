"""`Defun`: a Python function becomes an op of the graph.

    @Defun(tf.float32, tf.float32)
    def squared_distance(x, y):
        return (x - y) * (x - y)

    squared_distance(a, b)            # one operation

The gradient of a call is a call of another function, made when it is first asked for: it computes
the results once more, and their gradients.

Source: 2015 §10 (functions as reusable components); TensorFlow 1.15,
`tensorflow.python.framework.function.Defun`.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from minitf import ops
from minitf.autodiff.backward import gradients
from minitf.autodiff.between import carries_gradients
from minitf.autodiff.starts import zeros_like
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import DType, as_dtype
from minitf.function_def import function_def
from minitf.function_graph import FunctionGraph
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.tensor import Tensor

Gradient = Callable[..., Any]


class Defun:
    """Decorator that makes an op of a function of tensors.

    Args:
        *input_types: a type for each argument; those of the first call if there are none.
        func_name: name of the op; by default the function's, with a hash of what it computes.
        grad_func: a function made by Defun: takes the arguments and a gradient for each result,
            returns a gradient for each argument.
        python_grad_func: a Python function (Operation, *gradients of results) that builds the
            gradients of the arguments.
        out_names: names of the results.

    Raises:
        ValueError: if both gradients are given, or there is another keyword.

    Source: 2015 §10.
    """

    def __init__(self, *input_types: Any, **kwargs: Any) -> None:
        self._types = [as_dtype(each) for each in input_types]
        self._name: str | None = kwargs.pop("func_name", None)
        self._grad_func = kwargs.pop("grad_func", None)
        self._python_grad_func = kwargs.pop("python_grad_func", None)
        self._out_names = kwargs.pop("out_names", None)
        for ignored in ("compiled", "noinline", "separate_compiled_gradients", "shape_func"):
            kwargs.pop(ignored, None)
        if kwargs:
            raise ValueError(f"Unknown keyword arguments: {', '.join(sorted(kwargs))}")
        if self._grad_func is not None and self._python_grad_func is not None:
            raise ValueError("Gradient defined twice, by grad_func and by python_grad_func")

    def __call__(self, func: Callable[..., Any]) -> DefinedFunction:
        """Return the function as an op.

        Raises:
            ValueError: if it has another number of arguments, or takes any number.
        """
        parameters = inspect.signature(func).parameters.values()
        if any(each.kind is each.VAR_KEYWORD for each in parameters):
            raise ValueError(
                "Functions with argument lists or keyword arguments are not supported."
            )
        names = [each.name for each in parameters if each.kind is not each.VAR_POSITIONAL]
        takes_any = len(names) < len(list(parameters))
        if self._types and not takes_any and len(self._types) != len(names):
            raise ValueError(
                "The function has fewer arguments than the number of specified input types."
                if len(names) < len(self._types)
                else "The function has more arguments than the number of specified input types."
            )
        return DefinedFunction(
            func,
            names,
            self._types or ([] if not names and not takes_any else None),
            self._name,
            self._grad_func or self._python_grad_func,
            self._out_names,
        )


class DefinedFunction:
    """A function that may be called with tensors; made by Defun.

    **State**: the name of the function that it made last; the functions are kept by their graphs.
    """

    def __init__(
        self,
        func: Callable[..., Any],
        names: Sequence[str],
        types: Sequence[DType] | None,
        name: str | None,
        gradient: DefinedFunction | Gradient | None,
        out_names: Sequence[str] | None,
    ) -> None:
        self.__doc__ = func.__doc__
        self.__name__ = func.__name__.strip("<>")  # a lambda's is no name of an operation
        self._func = func
        self._names = names
        self._types = types
        self._name = name
        self._gradient = gradient
        self._out_names = out_names
        self._last_name: str | None = None

    @property
    def name(self) -> str | None:
        """The op's name, None before it is known."""
        return self._last_name or self._name

    @property
    def argument_types(self) -> Sequence[DType] | None:
        """The types of the arguments, None if those of a call are taken."""
        return self._types

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call to the graph.

        Args:
            *args: a tensor for each argument.
            **kwargs: `name`, of the operation.

        Returns:
            The result, a list of results, or the Operation if there is none.

        Raises:
            ValueError: if the number of arguments does not fit.
        """
        name = kwargs.pop("name", None)
        kwargs.pop("noinline", None)
        if kwargs:
            raise ValueError(f"Unknown keyword arguments: {', '.join(kwargs)}")
        types = self._types
        if types is not None and len(args) != len(types):
            raise ValueError(f"Expected number of arguments: {len(types)}, received: {len(args)}")
        inputs = [
            convert_to_tensor(value, None if types is None else types[i], f"{self.__name__}_{i}")
            for i, value in enumerate(args)
        ]
        function = self.defined_for([each.dtype.base_dtype for each in inputs])
        return function.definition(*inputs, *function.captured, name=name)

    def defined_for(self, types: Sequence[DType]) -> FunctionGraph:
        """Return the function for arguments of these types in the default graph."""
        graph = default_graph()
        key = self, tuple(types)
        if key not in graph.defined:
            gradient = self._gradient
            by_function = gradient if isinstance(gradient, DefinedFunction) else None
            names = [*self._names, *(f"arg{i}" for i in range(len(self._names), len(types)))]
            made = define(
                self._func,
                list(zip(names, types, strict=False)),
                graph,
                name=self._name,
                base_name=self.__name__,
                gradient=by_function.differentiate if by_function else gradient,
                out_names=self._out_names,
            )
            if by_function:
                results = [tensor.dtype.base_dtype for tensor in made.outputs]
                made.gradient_name = by_function.defined_for([*types, *results]).name
            self._last_name = made.name
            graph.defined[key] = made
        return graph.defined[key]

    def differentiate(self, op: Operation, *grads: Any) -> Any:
        """Return the gradients of a call of another function, whose gradient this one is."""
        return self(*op.inputs, *grads)


def define(
    func: Callable[..., Any],
    arguments: Sequence[tuple[str, DType]],
    outer: Graph,
    *,
    name: str | None,
    base_name: str,
    gradient: Gradient | None = None,
    out_names: Sequence[str] | None = None,
) -> FunctionGraph:
    """Build the graph of a function.

    Args:
        func: function of tensors.
        arguments: name and type of each.
        outer: the graph in which it will be called.
        name: of the op; None for `base_name` with a hash of what it computes.
        base_name: what its name begins with.
        gradient: its rule, as of `tf.RegisterGradient`; None to differentiate its graph.
        out_names: names of its results.

    Returns:
        The function, which `outer` knows.
    """
    made = FunctionGraph(name or base_name, outer)
    with made.as_default():
        inputs = [made.add_input(dtype, Shape.unknown(), each) for each, dtype in arguments]
        made.outputs = _results(made, func(*inputs))
    made.output_names = list(out_names) if out_names else None
    made.finalize()
    if name is None:
        content = function_def(made).SerializeToString(deterministic=True)
        made.rename(_free_name(outer, f"{base_name}_{hashlib.sha256(content).hexdigest()[:8]}"))
    outer.add_function(made)
    made.definition.gradient(gradient or _Differentiated(made, func, arguments))
    return made


def _free_name(graph: Graph, name: str) -> str:
    """Return a name that no function has: functions of equal bodies may capture other tensors."""
    count, free = 0, name
    while graph.has_function(free):
        count += 1
        free = f"{name}_{count}"
    return free


def _results(graph: FunctionGraph, returned: Any) -> list[Tensor]:
    """Return what a function returned as tensors of its graph."""
    if returned is None or isinstance(returned, Operation):
        return []
    values = list(returned) if isinstance(returned, (list, tuple)) else [returned]
    return graph.inside([convert_to_tensor(each) for each in values])


class _Differentiated:
    """The gradient of a function: a call of another one, which differentiates its body.

    **State**: that function, once it is made.
    """

    def __init__(
        self,
        function: FunctionGraph,
        func: Callable[..., Any],
        arguments: Sequence[tuple[str, DType]],
    ) -> None:
        self._function = function
        self._func = func
        self._arguments = arguments
        self._made: FunctionGraph | None = None

    def __call__(self, op: Operation, *grads: Any) -> list[Any]:
        """Return a gradient for each input of a call."""
        wanted = [i for i, tensor in enumerate(op.inputs) if carries_gradients(tensor.dtype)]
        if not wanted:
            return [None] * len(op.inputs)
        given = [
            ops.zeros_like_op(output) if grad is None else convert_to_tensor(grad)
            for output, grad in zip(op.outputs, grads, strict=True)
        ]
        if self._made is None:
            self._made = self._define(wanted)
        found = self._made.definition(*op.inputs, *given)
        by_input = dict(zip(wanted, found if isinstance(found, list) else [found], strict=True))
        return [by_input.get(i) for i in range(len(op.inputs))]

    def _define(self, wanted: Sequence[int]) -> FunctionGraph:
        function, definition = self._function, self._function.definition
        count, inputs = len(self._arguments), len(function.inputs)

        def differentiated(*tensors: Tensor) -> list[Tensor]:
            graph = default_graph()
            assert isinstance(graph, FunctionGraph)
            for outside, inside in zip(function.captured, tensors[count:inputs], strict=True):
                graph.let_stand_for(outside, inside)
            results = _results(graph, self._func(*tensors[:count]))
            pairs = [
                (y, grad)
                for y, grad in zip(results, tensors[inputs:], strict=True)
                if carries_gradients(y.dtype)
            ]
            xs = [tensors[i] for i in wanted]
            found = gradients([y for y, _ in pairs], xs, [grad for _, grad in pairs])
            return [
                zeros_like(x) if grad is None else convert_to_tensor(grad)
                for x, grad in zip(xs, found, strict=True)
            ]

        arguments = [(arg.name, _type_of(arg)) for arg in definition.inputs]
        arguments += [(f"grad_{arg.name}", _type_of(arg)) for arg in definition.outputs]
        name = f"{function.name}_grad"
        return define(differentiated, arguments, function.outer, name=name, base_name=name)


def _type_of(arg: Any) -> DType:
    found: DType = arg.dtype
    return found
