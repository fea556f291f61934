"""Calls of functions by hand: `functional_ops.If`, `While`, `For`, `Gradient`, `remote_call`.

A function is what `Defun` makes, a ConcreteFunction, or the name of one that the graph knows.

Source: TensorFlow 1.15, `functional_ops.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.comparison import less
from minitf.autodiff.backward import gradients
from minitf.autodiff.functional import call, carriers, or_zeros
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph, entered
from minitf.dtypes import int32
from minitf.function_graph import FunctionGraph
from minitf.function_library import unique_function_name
from minitf.functional.defun import DefinedFunction
from minitf.grammar import Function
from minitf.operation import Operation
from minitf.ops.functions.calls import gradient_name
from minitf.tensor import Tensor


def graph_of_function(function: Any, inputs: Sequence[Any] = ()) -> FunctionGraph:
    """Return the graph of a function that operations may call.

    Args:
        function: made by Defun, a ConcreteFunction, a function's graph, or a name.
        inputs: what it is called with: a Defun's types may depend on it.

    Raises:
        TypeError: if it is none of these.
    """
    graph = default_graph()
    if isinstance(function, DefinedFunction):
        types = [convert_to_tensor(each).dtype.base_dtype for each in inputs]
        return function.defined_for(function.argument_types or types)
    if isinstance(function, (str, Function)):
        name = function.name if isinstance(function, Function) else function
        return graph.find_function(name)
    found = getattr(function, "graph", function)
    if not isinstance(found, FunctionGraph):
        raise TypeError(f"Expected a function of the graph, got {function!r}")
    if not graph.has_function(found.name):
        graph.add_function(found)
    return found


def If(
    cond: Any,
    inputs: Sequence[Any],
    then_branch: Any,
    else_branch: Any,
    name: str | None = None,
) -> Any:
    """Call one function where a condition holds, else another.

    Args:
        cond: a scalar, or any tensor: whether it has elements.
        inputs: what the function is called with.
        then_branch, else_branch: the functions.
        name: of the operation.

    Returns:
        A list of the results; the Operation if there are none.
    """
    then, other = graph_of_function(then_branch, inputs), graph_of_function(else_branch, inputs)
    stateful = then.definition.is_stateful or other.definition.is_stateful
    return (ops.if_op if stateful else ops.stateless_if_op)(
        cond,
        [*_converted(inputs, then), *then.captured],
        Tout=tuple([each.dtype.base_dtype for each in then.outputs]),
        then_branch=Function(then.name),
        else_branch=Function(other.name),
        name=name,
    )


def While(
    input_: Sequence[Any],
    cond: Any,
    body: Any,
    name: str | None = None,
    hostmem: Sequence[int] | None = None,
) -> Any:
    """Let a function renew values while another one of them is true.

    Args:
        input_: the first values.
        cond: the condition.
        body: the step.
        name: of the operation.
        hostmem: accepted.

    Returns:
        A list of the last values; the Operation if there are none.

    Raises:
        ValueError: if both functions capture tensors: they are called with the same ones.
    """
    test, step = graph_of_function(cond, input_), graph_of_function(body, input_)
    if test.captured and step.captured:
        raise ValueError(
            "Failing While: Don't know which arguments to use, as both cond and body capture"
        )
    values = _converted(input_, step)
    behind: list[Tensor] = []
    if step.captured or test.captured:
        behind = step.captured or test.captured
        test, step = _taking(test, values, behind), _giving(step, values, behind)
    stateful = test.definition.is_stateful or step.definition.is_stateful
    made = (ops.while_op if stateful else ops.stateless_while_op)(
        [*values, *behind],
        cond=Function(test.name),
        body=Function(step.name),
        output_shapes=(),
        name=name,
    )
    return made if isinstance(made, Operation) else made[: len(values)]


def For(
    start: Any,
    limit: Any,
    delta: Any,
    inputs: Sequence[Any],
    body: Any,
    name: str | None = None,
    hostmem: Sequence[int] | None = None,
    rewrite_with_while: bool | None = None,
) -> Any:
    """Let a function of a number and values renew the values, for each number of a range.

    Args:
        start, limit, delta: the range.
        inputs: the first values.
        body: of an int32 and the values; gives the next values.
        name: of the operation.
        hostmem: accepted.
        rewrite_with_while: make a While of it.

    Returns:
        A list of the last values; the Operation if there are none.
    """
    step = graph_of_function(body, [convert_to_tensor(start, int32), *inputs])
    values = [
        convert_to_tensor(each, inside.dtype.base_dtype)
        for each, inside in zip(inputs, step.inputs[1:], strict=False)
    ]
    if not rewrite_with_while and not step.captured:
        return ops.for_op(start, limit, delta, values, body=Function(step.name), name=name)
    return _for_as_while(start, limit, delta, values, step, name)


def _for_as_while(
    start: Any, limit: Any, delta: Any, values: list[Tensor], step: FunctionGraph, name: str | None
) -> Any:
    """Count by a loop variable: (number, limit, delta, values, what is captured)."""
    first = [convert_to_tensor(each, int32) for each in (start, limit, delta)]
    arguments = [*first, *values, *step.captured]
    count = len(values)
    made = {}
    for kind in ("cond", "body"):
        graph = FunctionGraph(unique_function_name(f"{step.name}_For_{kind}"), default_graph())
        with entered(graph):
            i, end, by, *rest = [
                graph.add_input(each.dtype, each.static_shape, "arg") for each in arguments
            ]
            if kind == "cond":
                graph.outputs = [less(i * ops.sign_op(by), end * ops.sign_op(by))]
            else:
                graph.outputs = [i + by, end, by, *call(step, [i, *rest]), *rest[count:]]
        graph.finalize()
        graph.outer.add_function(graph)
        made[kind] = graph
    found = While(arguments, made["cond"], made["body"], name)
    return found[3 : 3 + count]


def Gradient(inputs: Sequence[Any], f: Any, name: str | None = None) -> Any:
    """Compute the gradient of a function.

    Args:
        inputs: its arguments, then a gradient of each of its results.
        f: the function.
        name: of the operation.

    Returns:
        A list with a gradient of each argument.
    """
    forward = graph_of_function(f, inputs)
    count = len(forward.inputs)
    own = gradient_name(forward.name)
    graph = default_graph()
    if not graph.has_function(own):
        _define_gradient(forward, own)
    types = tuple([each.dtype.base_dtype for each in forward.inputs])
    values = [convert_to_tensor(each) for each in inputs]
    assert len(values) >= count, "an argument and a gradient for each result"
    return ops.symbolic_gradient_op(values, Tout=types, f=Function(forward.name), name=name)


def _define_gradient(forward: FunctionGraph, name: str) -> None:
    """Define the function of arguments and gradients that computes the body again."""
    graph = FunctionGraph(name, default_graph())
    with entered(graph):
        given = [
            graph.add_input(each.dtype, each.static_shape, "arg")
            for each in (*forward.inputs, *forward.outputs)
        ]
        count = len(forward.inputs)
        results = call(forward, given[:count])
        wanted = carriers(given[:count])
        xs = [given[i] for i in wanted]
        found = gradients(results, xs, given[count:])
        by_number = dict(zip(wanted, found, strict=True))
        graph.outputs = [or_zeros(_dense(by_number.get(i)), given[i]) for i in range(count)]
    graph.finalize()
    graph.outer.add_function(graph)


def _dense(grad: Any) -> Tensor | None:
    return None if grad is None else convert_to_tensor(grad)


def partitioned_call(
    args: Sequence[Any],
    f: Any,
    tout: Any = None,
    executing_eagerly: bool | None = None,
    config: Any = None,
    executor_type: str | None = None,
) -> Any:
    """Call a function.

    Args:
        args: what it is called with.
        f: the function.
        tout, executing_eagerly, config, executor_type: accepted.

    Returns:
        A list of the results; the Operation if there are none.
    """
    function = graph_of_function(f, args)
    values = _converted(args, function)
    graph = default_graph()
    before = graph.version
    made = call(function, [*values, *function.captured])
    return made or graph.get_operations()[before:][-1]


def remote_call(
    args: Sequence[Any] | None = None,
    Tout: Any = None,
    f: Any = None,
    target: Any = None,
    name: str | None = None,
) -> Any:
    """Call a function on a device that is known when the graph runs.

    Args:
        args: what it is called with.
        Tout: the types of its results.
        f: the function.
        target: the device's name.
        name: of the operation.

    Returns:
        A list of the results.
    """
    function = graph_of_function(f, args or ())
    values = _converted(args or (), function)
    return ops.remote_call_op(
        target,
        [*values, *function.captured],
        Tout=tuple(Tout),
        f=Function(function.name),
        name=name,
    )


def _converted(inputs: Sequence[Any], function: FunctionGraph) -> list[Tensor]:
    return [
        convert_to_tensor(each, inside.dtype.base_dtype)
        for each, inside in zip(inputs, function.inputs, strict=False)
    ]


def _taking(function: FunctionGraph, values: list[Tensor], behind: list[Tensor]) -> FunctionGraph:
    """Return a function that takes further arguments, and uses what it has captured of them."""
    return _rewrapped(function, values, behind, gives=False)


def _giving(function: FunctionGraph, values: list[Tensor], behind: list[Tensor]) -> FunctionGraph:
    """Return a function that takes further arguments and gives them back."""
    return _rewrapped(function, values, behind, gives=True)


def _rewrapped(
    function: FunctionGraph, values: list[Tensor], behind: list[Tensor], *, gives: bool
) -> FunctionGraph:
    graph = FunctionGraph(unique_function_name(function.name), default_graph())
    with entered(graph):
        given = [graph.add_input(t.dtype, t.static_shape, "arg") for t in (*values, *behind)]
        used = given if function.captured else given[: len(values)]
        graph.outputs = [*call(function, used), *(given[len(values) :] if gives else ())]
    graph.finalize()
    graph.outer.add_function(graph)
    return graph
