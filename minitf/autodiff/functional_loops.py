"""Gradients of functional loops: a loop that takes the iterations back, the last one first.

What the gradient of an iteration takes of it is kept in lists: the loop that is differentiated
pushes it, the loop of gradients pops it.

    While(x; body)                        body(x): y = x * x
    While(x, [] ; body')                  body'(x, a): x * x, push(a, x)
    While(dy, a; length(a) > 0, grad)     grad(d, a): 2 * d * x, a'     where a', x = pop(a)

What no iteration changes is taken once, outside.  Loop variables without a gradient, such as the
lists of another gradient, take no part.

Source: OSDI §4.1; TensorFlow 1.15, `while_v2`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.autodiff.between import carries_gradients
from minitf.autodiff.functional import (
    GradientGraph,
    as_tensors,
    build_gradients,
    common_shape,
    finish,
    forward_name,
    is_stateful,
    or_zeros,
)
from minitf.default_graph import default_graph, entered
from minitf.dtypes import int32, resource, variant
from minitf.function_graph import FunctionGraph
from minitf.function_library import unique_function_name
from minitf.grammar import Function
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.shapes import SCALAR, Shape
from minitf.tensor import Tensor, hooks


class LoopGradientGraph(GradientGraph):
    """The gradient of one iteration.

    Attributes:
        kept: what it takes of the iteration, with the list that it pops it from, and what is left
            of that.

    Args:
        forward: the body.
    """

    def __init__(self, forward: FunctionGraph) -> None:
        super().__init__(forward)
        self.kept: list[tuple[Tensor, Tensor, Tensor]] = []
        self._unchanged = {
            given
            for given, result in zip(forward.inputs, forward.outputs, strict=True)
            if given is result
        }

    def _taken(self, tensor: Tensor) -> Tensor:
        if tensor in self._unchanged:
            return super()._taken(tensor)
        with entered(self), self.name_scope(None), self.control_dependencies(None):
            return self.keep(tensor)

    def keep(self, tensor: Tensor) -> Tensor:
        """Return what stands for a tensor of the iteration: popped from a list."""
        stack = self.add_input(variant, SCALAR, "accumulator")
        popped = ops.tensor_list_pop_back_op(
            stack, _sizes(tensor.static_shape), element_dtype=tensor.dtype.base_dtype
        )
        popped.tensor.static_shape = tensor.static_shape
        self.kept.append((tensor, stack, popped.output_handle))
        made: Tensor = popped.tensor
        return made


def _sizes(shape: Shape) -> Any:
    sizes = shape.as_list()
    if sizes is None:
        return np.array(-1, np.int32)
    return np.array([-1 if size is None else size for size in sizes], np.int32)


def while_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Differentiate a While or a StatelessWhile."""
    body = op.graph.find_function(op.attrs["body"].name)
    given = as_tensors(grads)
    wanted = _depended_on(body, {i for i, grad in enumerate(given) if grad is not None})
    starts = [or_zeros(given[i], _like(op, i)) for i in wanted]
    graph = LoopGradientGraph(body)
    of_results: list[Tensor | None] = [None] * len(body.outputs)
    for i, start in zip(wanted, starts, strict=True):
        of_results[i] = start
    found = build_gradients(graph, of_results, wanted)
    with entered(graph):
        steps = graph.inside(
            or_zeros(grad, body.inputs[i]) for i, grad in zip(wanted, found, strict=True)
        )
        if not graph.kept:  # the length of a list tells how many iterations there were
            with body.growing():
                mark = hooks.constant(np.zeros((), np.int32), int32, "mark")
            graph.keep(mark)
    stacks = _push(op, body, [tensor for tensor, _, _ in graph.kept])
    constants = [
        op.inputs[body.inputs.index(each)] if each.graph is body.root else each
        for each in graph.captured
    ]
    popped = {stack: rest for _, stack, rest in graph.kept}
    step_of = dict(zip(graph.inputs[: len(wanted)], steps, strict=True))
    rest = iter(constants)
    first = iter(starts)
    lists = iter(stacks)
    arguments, results = [], []
    for inside in graph.inputs:
        if inside in step_of:
            arguments.append(next(first))
            results.append(step_of[inside])
        elif inside in popped:
            arguments.append(next(lists))
            results.append(popped[inside])
        else:
            arguments.append(next(rest))
            results.append(inside)
    graph.outputs = results
    finish(graph)
    number = graph.inputs.index(graph.kept[0][1])
    made = repeat(_not_empty(graph, number), graph, arguments, op.attrs["parallel_iterations"])
    of_input = dict(zip(wanted, made, strict=False))
    return [of_input.get(i) for i in range(len(op.inputs))]


def _like(op: Operation, number: int) -> Tensor:
    """Return what is like the gradient of a result: of a variable's handle more is known before."""
    tensor = op.outputs[number]
    return op.inputs[number] if tensor.dtype is resource else tensor


def repeat(
    cond: FunctionGraph,
    body: FunctionGraph,
    arguments: Sequence[Tensor],
    parallel_iterations: int = 10,
    shapes: Sequence[Shape] | None = None,
    name: str | None = None,
) -> Any:
    """Add a While of two functions to the graph; returns a list of its results.

    Args:
        cond: the condition.
        body: the step.
        arguments: the first values.
        parallel_iterations: an attribute of the loop.
        shapes: of the values in every iteration; None for what start and step have in common.
        name: of the operation.
    """
    if shapes is None:
        pairs = zip(arguments, body.outputs, strict=True)
        shapes = [common_shape([start.static_shape, step.static_shape]) for start, step in pairs]
    stateful = is_stateful(cond) or is_stateful(body)
    made = (ops.while_op if stateful else ops.stateless_while_op)(
        list(arguments),
        cond=Function(cond.name),
        body=Function(body.name),
        output_shapes=tuple(shapes),
        parallel_iterations=parallel_iterations,
        name=name,
    )
    return [] if isinstance(made, Operation) else made


def _depended_on(body: FunctionGraph, results: set[int]) -> list[int]:
    """Return the loop variables on which some of the results depend, after any number of rounds."""
    found = set(results)
    number_of = {tensor: i for i, tensor in enumerate(body.inputs)}
    seen: set[Tensor] = set()
    stack = [body.outputs[i] for i in found]
    while stack:
        tensor = stack.pop()
        if tensor in seen or not carries_gradients(tensor.dtype):
            continue
        seen.add(tensor)
        i = number_of.get(tensor)
        if i is not None and i not in found:
            found.add(i)
            stack.append(body.outputs[i])
        stack += tensor.op.inputs
    return sorted(found)


def _push(op: Operation, body: FunctionGraph, tensors: Sequence[Tensor]) -> list[Tensor]:
    """Let a loop push tensors of its body to lists; returns the lists at its end."""
    cond = op.graph.find_function(op.attrs["cond"].name)
    with body.growing():
        inside = [ops.placeholder_op(dtype=variant, shape=SCALAR, name="list") for _ in tensors]
        pushed = [
            ops.tensor_list_push_back_op(stack, tensor)
            for stack, tensor in zip(inside, tensors, strict=True)
        ]
    with cond.growing():
        ignored = [ops.placeholder_op(dtype=variant, shape=SCALAR, name="list") for _ in tensors]
    longer = body.view(forward_name(body), [*body.inputs, *inside], [*body.outputs, *pushed])
    test = cond.view(forward_name(cond), [*cond.inputs, *ignored], cond.outputs)
    for each in (longer, test):
        op.graph.add_function(each)
    with _made_beside(op):
        empty = [
            ops.empty_tensor_list_op(
                _sizes(tensor.static_shape), -1, element_dtype=tensor.dtype.base_dtype
            )
            for tensor in tensors
        ]
    count = len(op.outputs)
    shapes = op.attrs["output_shapes"]
    op.extend(
        empty,
        [(variant, SCALAR)] * len(tensors),
        T=(*op.attrs["T"], *[variant] * len(tensors)),
        cond=Function(test.name),
        body=Function(longer.name),
        output_shapes=(*shapes, *[SCALAR] * len(tensors)) if shapes else shapes,
    )
    return op.outputs[count:]


def _made_beside(op: Operation) -> Any:
    """Add operations to the graph of an operation, which may be a body that was traced."""
    graph = op.graph
    if isinstance(graph, FunctionGraph) and graph.finalized:
        return graph.growing()
    return _entered_apart(graph)


@contextlib.contextmanager
def _entered_apart(graph: Graph) -> Iterator[None]:
    with entered(graph), graph.name_scope(None), graph.control_dependencies(None):
        yield


def _not_empty(graph: GradientGraph, number: int) -> FunctionGraph:
    """Return the condition of a loop of gradients: that a list of it has elements."""
    made = FunctionGraph(unique_function_name(f"{graph.name}_cond"), default_graph())
    with entered(made):
        for each in graph.inputs:
            made.add_input(each.dtype, each.static_shape, "arg")
        length = ops.tensor_list_length_op(made.inputs[number])
        made.outputs = [ops.greater_op(length, 0)]
    made.finalize()
    made.outer.add_function(made)
    return made
