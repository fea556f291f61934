"""Gradients of calls and branches: a call of another function, which differentiates the body.

The body is walked as any graph is, but what the walk adds goes to a graph of its own, the gradient
function.  It *takes* tensors of the body: those are results of the call that is differentiated,
its arguments, or become further results of it.

    y = PartitionedCall(x; f)                f(x): e = exp(x);  r = e * e
    y, e = PartitionedCall(x; f')            f'(x) gives r and e
    dx = PartitionedCall(dy, e; g)           g(dr, e): (dr * e + dr * e) * e

So what a body does once stays done once, random numbers included.  A branch that is not taken
gives FakeParams for what the other branch would have given.

**State** of a `GradientGraph`: `captured`, as of any function: tensors of the body and of graphs
around the gradient.

**Invariant**: a call's first results stay what they were; whoever has them need not know.

Source: 2015 §4.1, §10; TensorFlow 1.15, `cond_v2`, `function.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.autodiff.between import carries_gradients
from minitf.autodiff.zeros import shape_of, value_type, zeros
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph, entered
from minitf.dtypes import DType, int32, resource, variant
from minitf.function_graph import FunctionGraph
from minitf.function_library import unique_function_name
from minitf.grammar import Function
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.static_value import constant_value
from minitf.tensor import Tensor, hooks

Gradients = Sequence[Tensor | None]


class GradientGraph(FunctionGraph):
    """The function that computes gradients of another one's body.

    Args:
        forward: the function that is differentiated.
        name: of the gradient function; None for one made of the other's.
    """

    functional_control_flow = True

    def __init__(self, forward: FunctionGraph, name: str | None = None) -> None:
        name = name or unique_function_name(f"__backward_{_stem(forward)}")
        super().__init__(name, default_graph())
        self.forward = forward
        self._seed = forward.seed

    def _capture(self, tensor: Tensor) -> Tensor:
        if tensor.graph is not self.forward.root:
            return super()._capture(tensor)
        found = self._inside.get(tensor)
        if found is None:
            found = self._constant(tensor)
            if found is None:
                found = self._taken(tensor)
            self._inside[tensor] = found
        return found

    def _constant(self, tensor: Tensor) -> Tensor | None:
        """Return a constant of the body as one of the gradient's."""
        value = None if tensor.dtype in (resource, variant) else constant_value(tensor)
        if value is None:
            return None
        with entered(self), self.name_scope(None), self.control_dependencies(None):
            made: Tensor = hooks.constant(value, tensor.dtype.base_dtype, tensor.op.name)
        return made

    def _taken(self, tensor: Tensor) -> Tensor:
        """Return what stands for a tensor of the body: an argument."""
        self.captured.append(tensor)
        return self.input_for(tensor)

    def of_forward(self) -> list[Tensor]:
        """Return what it takes of the body, in the order of `captured`."""
        return [each for each in self.captured if each.graph is self.forward.root]


def build_gradients(graph: GradientGraph, grads: Gradients, wanted: Sequence[int]) -> Gradients:
    """Fill a gradient function; returns a gradient of each wanted argument of the body.

    Args:
        graph: the empty gradient function.
        grads: of the body's results, outside: they become its first arguments.
        wanted: numbers of the arguments of the body.
    """
    from minitf.autodiff.backward import gradients  # which finds this rule

    forward = graph.forward
    with entered(graph):
        given = {
            i: graph.add_input(grad.dtype, grad.static_shape, f"grad_ys_{i}")
            for i, grad in enumerate(grads)
            if grad is not None
        }
        ys = [forward.outputs[i] for i in given]
        xs = [forward.inputs[i] for i in wanted]
        found = gradients(ys, xs, list(given.values())) if ys else [None] * len(xs)
        dense = [None if grad is None else convert_to_tensor(grad) for grad in found]
        inside = graph.inside([grad for grad in dense if grad is not None])
    rest = iter(inside)
    return [None if grad is None else next(rest) for grad in dense]


# --- calls ----------------------------------------------------------------------------------------


def call_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Differentiate a PartitionedCall or a StatefulPartitionedCall."""
    forward = op.graph.find_function(op.attrs["f"].name)
    wanted, given = carriers(op.inputs), as_tensors(grads)
    graph = GradientGraph(forward)
    found = build_gradients(graph, given, wanted)
    graph.outputs = [grad for grad in found if grad is not None]
    finish(graph)
    extra = missing(forward, graph)
    if extra:
        forward = forward.view(forward_name(forward), forward.inputs, [*forward.outputs, *extra])
        op.graph.add_function(forward)
        types = tuple([each.dtype.base_dtype for each in forward.outputs])
        op.extend((), typed(extra), f=Function(forward.name), Tout=types)
    arguments = [grad for grad in given if grad is not None]
    arguments += [outside(op, op.inputs, forward, each) for each in graph.captured]
    made = iter(call(graph, arguments))
    of_input = {i: next(made) for i, grad in zip(wanted, found, strict=True) if grad is not None}
    return [of_input.get(i) for i in range(len(op.inputs))]


def call(function: FunctionGraph, arguments: Sequence[Tensor], name: str | None = None) -> Any:
    """Add a call of a function to the graph; returns a list of its results."""
    kind = ops.stateful_partitioned_call_op if is_stateful(function) else ops.partitioned_call_op
    types = tuple([each.dtype.base_dtype for each in function.outputs])
    made = kind(list(arguments), Tout=types, f=Function(function.name), name=name)
    if isinstance(made, Operation):
        return []
    for tensor, inside in zip(made, function.outputs, strict=True):
        tensor.set_shape(inside.static_shape)
    return made


# --- branches -------------------------------------------------------------------------------------


def branch_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Differentiate an If, a StatelessIf, a Case or a StatelessCase."""
    forwards = [op.graph.find_function(name) for name in branch_names(op)]
    inputs, given = op.inputs[1:], as_tensors(grads)
    wanted = carriers(inputs)
    graphs = [GradientGraph(forward) for forward in forwards]
    found = [build_gradients(graph, given, wanted) for graph in graphs]
    kept = [k for k in range(len(wanted)) if any(each[k] is not None for each in found)]
    for graph, grads_found in zip(graphs, found, strict=True):
        with entered(graph):
            graph.outputs = graph.inside(
                or_zeros(grads_found[k], graph.forward.inputs[wanted[k]]) for k in kept
            )
    forwards = _giving_more(op, forwards, graphs)
    taken = [
        [outside(op, inputs, forward, each) for each in graph.captured]
        for forward, graph in zip(forwards, graphs, strict=True)
    ]
    for number, graph in enumerate(graphs):
        _take_all(graph, number, taken)
        finish(graph)
    arguments = [grad for grad in given if grad is not None]
    arguments += [tensor for each in taken for tensor in each]
    made = choose(op.inputs[0], arguments, graphs) if kept else []
    of_input = dict(zip([wanted[k] for k in kept], made, strict=True))
    return [None, *[of_input.get(i) for i in range(len(inputs))]]


def _giving_more(
    op: Operation, forwards: list[FunctionGraph], graphs: list[GradientGraph]
) -> list[FunctionGraph]:
    """Let the branches give what the gradients take of them, and stand-ins for one another's."""
    extras = [missing(*each) for each in zip(forwards, graphs, strict=True)]
    every = [tensor for extra in extras for tensor in extra]
    if not every:
        return forwards
    longer = []
    for forward, extra in zip(forwards, extras, strict=True):
        with forward.growing():
            own = [
                tensor
                if tensor in extra
                else ops.fake_param_op(dtype=tensor.dtype.base_dtype, shape=tensor.static_shape)
                for tensor in every
            ]
        made = forward.view(forward_name(forward), forward.inputs, [*forward.outputs, *own])
        op.graph.add_function(made)
        longer.append(made)
    types = tuple([each.dtype.base_dtype for each in longer[0].outputs])
    shapes = op.attrs["output_shapes"]
    if shapes:
        shapes = (*shapes, *[tensor.static_shape for tensor in every])
    names = [Function(each.name) for each in longer]
    attrs = (
        {"branches": tuple(names)}
        if "branches" in op.attrs
        else dict(zip(("then_branch", "else_branch"), names, strict=True))
    )
    op.extend((), typed(every), Tout=types, output_shapes=shapes, **attrs)
    return longer


def _take_all(graph: GradientGraph, number: int, taken: list[list[Tensor]]) -> None:
    """Let the gradient of a branch take what those of others take too, and in their order."""
    start = len(graph.inputs) - len(graph.captured)
    own = graph.inputs[start:]
    arguments = graph.inputs[:start]
    for other, tensors in enumerate(taken):
        arguments += own if other == number else [graph.input_for(each) for each in tensors]
    graph.inputs = arguments


def branch_names(op: Operation) -> list[str]:
    """Return the names of the functions of an If, or of a Case."""
    attrs = op.attrs
    branches = attrs.get("branches") or (attrs["then_branch"], attrs["else_branch"])
    return [each.name for each in branches]


def choose(
    selector: Any,
    arguments: Sequence[Tensor],
    branches: Sequence[FunctionGraph],
    name: str | None = None,
    *,
    is_case: bool | None = None,
) -> Any:
    """Add an If, or a Case, of functions to the graph; returns a list of results.

    Args:
        selector: the condition or the number.
        arguments: of each function.
        branches: for a condition the one for true first.
        name: of the operation.
        is_case: whether it is a Case; by default where there are not two branches, or an int32
            chooses.
    """
    types = tuple([each.dtype.base_dtype for each in branches[0].outputs])
    results = zip(*[branch.outputs for branch in branches], strict=True)
    shapes = tuple([common_shape([each.static_shape for each in same]) for same in results])
    stateful = any(map(is_stateful, branches))
    names = [Function(branch.name) for branch in branches]
    if is_case is None:
        is_case = len(branches) != 2 or selector.dtype is int32
    options: dict[str, Any] = {"Tout": types, "output_shapes": shapes, "name": name}
    if is_case:
        kind = ops.case_op if stateful else ops.stateless_case_op
        made = kind(selector, list(arguments), branches=tuple(names), **options)
    else:
        kind = ops.if_op if stateful else ops.stateless_if_op
        then, other = names
        made = kind(selector, list(arguments), then_branch=then, else_branch=other, **options)
    return [] if isinstance(made, Operation) else made


# --- what gradients of functions have in common ---------------------------------------------------


def carriers(tensors: Sequence[Tensor]) -> list[int]:
    """Return the numbers of the tensors that gradients flow to."""
    return [i for i, tensor in enumerate(tensors) if carries_gradients(tensor.dtype)]


def as_tensors(grads: Sequence[Any]) -> Gradients:
    """Return gradients as Tensors."""
    return [None if grad is None else convert_to_tensor(grad) for grad in grads]


def missing(forward: FunctionGraph, graph: GradientGraph) -> list[Tensor]:
    """Return what a gradient takes of a body that the function does not take or give."""
    there = {*forward.inputs, *forward.outputs}
    return [each for each in graph.of_forward() if each not in there]


def outside(
    op: Operation, inputs: Sequence[Tensor], forward: FunctionGraph, tensor: Tensor
) -> Tensor:
    """Return what a tensor that a gradient has captured is where the operation is.

    Args:
        op: what calls the function.
        inputs: what it calls it with.
        forward: the function, which gives whatever gradients take of its body.
        tensor: of the body, or of a graph around.
    """
    if tensor.graph is not forward.root:
        return tensor
    if tensor in forward.inputs:
        return inputs[forward.inputs.index(tensor)]
    return op.outputs[forward.outputs.index(tensor)]


def or_zeros(grad: Tensor | None, tensor: Tensor) -> Tensor:
    """Return a gradient of a tensor of the body, zeros if nothing flowed."""
    return zeros_for(tensor) if grad is None else grad


def zeros_for(tensor: Tensor) -> Tensor:
    """Return zeros like a tensor of the body: constants where its shape is known."""
    shape = tensor.static_shape
    if shape.is_full and tensor.dtype not in (resource, variant):
        return zeros(shape, tensor.dtype)
    if tensor.dtype is resource:
        return zeros(shape_of(tensor), value_type(tensor))
    made: Tensor = ops.zeros_like_op(tensor)
    return made


def finish(graph: GradientGraph) -> None:
    """Finalize a gradient function; the graph in which it is called knows it then."""
    graph.finalize()
    graph.outer.add_function(graph)


def forward_name(forward: FunctionGraph) -> str:
    """Return a name for a function that gives more than another one."""
    return unique_function_name(f"__forward_{_stem(forward)}")


def _stem(function: FunctionGraph) -> str:
    return re.sub(r"^(?:__(?:forward|backward)_)+", "", function.name)


def typed(tensors: Sequence[Tensor]) -> list[tuple[DType, Shape]]:
    """Return type and shape of tensors."""
    return [(each.dtype.base_dtype, each.static_shape) for each in tensors]


def is_stateful(function: FunctionGraph) -> bool:
    """Tell whether a function has effects, so that each call must run."""
    return any(each.definition.is_stateful for each in function.get_operations())


def common_shape(shapes: Sequence[Shape]) -> Shape:
    """Return what is true of all shapes."""
    first = shapes[0]
    if first.dims is None or any(each.dims is None for each in shapes):
        return Shape.unknown()
    if any(len(each) != len(first) for each in shapes):
        return Shape.unknown()
    columns = zip(*[each.as_list() or () for each in shapes], strict=True)
    return Shape([column[0] if len(set(column)) == 1 else None for column in columns])
