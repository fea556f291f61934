"""`tf.while_loop`: a function of loop variables, repeated while another is true.

    i, s = tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i), [0, 0])

    while/Enter, Enter_1      0, 0                          the first values
    while/Merge, Merge_1      Enter, then NextIteration     the loop variables
    while/Less                Merge, Enter(n) constant
    while/LoopCond            Less
    while/Switch, Switch_1    Merge, LoopCond
    while/Identity, ...       Switch:1                      the loop variables as the body sees them
    while/add, add_1          the body
    while/NextIteration, ...  add, add_1                    to Merge, Merge_1
    while/Exit, Exit_1        Switch:0                      the result

Source: 2015 §4.4; OSDI §3.4; TensorFlow 1.15's `tf.while_loop`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.api.comparison import logical_and
from minitf.api.constants import constant
from minitf.api.framework import add_to_collection, get_default_graph, name_scope
from minitf.contexts.base import is_constant_enter
from minitf.contexts.loop import LoopContext
from minitf.contexts.primitives import close_loop, exit, merge, switch_beside
from minitf.contexts.toggles import makes_functions
from minitf.control_flow.loop_variables import LoopVariables
from minitf.control_flow.values import as_leaf, flow, leaves, packed, tensors
from minitf.convert import convert_to_tensor
from minitf.graph_keys import GraphKeys
from minitf.shapes import Shape
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

Function = Callable[..., Any]


def while_loop(
    cond: Function,
    body: Function,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """Repeat `body` while `cond` is true; return the last values of the loop variables.

    Both functions are called once, now.  What they take from outside is computed once, before the
    loop; iterations run in parallel as far as their inputs are there.

    Args:
        cond: function of the loop variables; returns a bool scalar.
        body: function of the loop variables; returns their next values, in the same structure.
        loop_vars: list or tuple of the first values: Tensors, IndexedSlices, SparseTensors,
            TensorArrays, numbers, or nested structures of them.
        shape_invariants: a TensorShape for each loop variable, in the same structure: what is true
            of it in every iteration; by default the shape of its first value.
        parallel_iterations: how many iterations may be under way at once.
        back_prop: whether the loop may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        name: name of the scope.
        maximum_iterations: an integer scalar: stop after so many.
        return_same_structure: return a structure like `loop_vars` even if it has one element.

    Returns:
        The values, in the structure of `loop_vars`; of a single loop variable the value itself.

    Raises:
        TypeError: if a function is none, structures differ in kind, or the number of parallel
            iterations is not positive.
        ValueError: if there are no loop variables, `body` returns another number of them, or the
            shape of one changes although its invariant does not allow it.
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")
    if loop_vars and makes_functions(get_default_graph()):
        from minitf.control_flow import while_v2  # other programs do not load it

        return while_v2.while_loop(
            cond,
            body,
            loop_vars,
            shape_invariants=shape_invariants,
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            name=name,
            return_same_structure=return_same_structure,
            back_prop=back_prop,
        )
    with name_scope(name, "while", leaves(loop_vars)):
        if not loop_vars:
            raise ValueError("No loop variables provided")
        options: dict[str, Any] = {
            "parallel_iterations": parallel_iterations,
            "back_prop": back_prop,
            "swap_memory": swap_memory,
        }
        users = loop_vars, body
        if maximum_iterations is None:
            result = _looped(cond, body, loop_vars, shape_invariants, users, options)
            is_single = len(leaves(result)) == 1 and not return_same_structure
            return result[0] if is_single else result
        most = convert_to_tensor(maximum_iterations, name="maximum_iterations")
        if most.static_shape.rank not in (None, 0):
            raise ValueError(f"maximum_iterations must be a scalar, saw shape: {most.shape}")
        options["maximum_iterations"] = most
        counter = constant(0, most.dtype, name="iteration_counter")
        if len(loop_vars) == 1 and not return_same_structure:
            (loop_vars,) = loop_vars
            shape_invariants = shape_invariants and shape_invariants[0]
            test, step = cond, body
        else:
            same_kind = tuple if isinstance(loop_vars, tuple) else list
            loop_vars = same_kind(loop_vars)

            def test(variables: Any) -> Any:
                return cond(*variables)

            def step(variables: Any) -> Any:
                return same_kind(_as_sequence(body(*variables)))

        return _looped(
            lambda i, variables: logical_and(i < most, test(variables)),
            lambda i, variables: (i + 1, step(variables)),
            (counter, loop_vars),
            None if shape_invariants is None else (TensorShape([]), shape_invariants),
            users,
            options,
        )[1]


def _looped(
    cond: Function,
    body: Function,
    loop_vars: Any,
    invariants: Any,
    users: tuple[Any, Function],
    options: dict[str, Any],
) -> Any:
    """Build a loop; returns what comes out, in the structure that the body returns.

    Args:
        cond: function of the loop variables.
        body: function of the loop variables.
        loop_vars: their first values.
        invariants: their shapes, or None.
        users: the loop variables and the body as the user wrote them.
        options: of the LoopContext.
    """
    graph = get_default_graph()
    context = LoopContext(graph, graph.unique_name("while_context"), **options)
    if context.outer is None:
        add_to_collection(GraphKeys.WHILE_CONTEXT, context)
    variables = nest.map_structure(as_leaf, loop_vars)
    spec = LoopVariables(variables, invariants, *users)
    with context.entered():
        merged = _entered(context, tensors(variables), spec.shapes)
        condition = convert_to_tensor(cond(*packed(variables, merged)))
        context.condition = ops.loop_cond_op(condition, name="LoopCond")
        switched = [switch_beside(each, context.condition) for each in merged]
        inside = [_identity(on) for _, on in switched]
        context.pivot_for_body = inside[0]
        returned, results = _run_body(body, packed(variables, inside))
        spec.check(results)
        for merge_output, result in zip(merged, results, strict=True):
            close_loop(merge_output, result)
        context.exits = [exit(off) for off, _ in switched]
        context.results_go_out(context.exits)
    return packed(returned, context.exits)


def _entered(
    context: LoopContext, starts: Sequence[Tensor], shapes: Sequence[Shape]
) -> list[Tensor]:
    """Hand the first values on to the loop; returns its variables, whose back edges are open."""
    graph, outer = context.graph, context.outer
    context.seen.update(starts)
    if outer is not None:
        starts = [outer.let_in(each) for each in starts]
    enters = []
    with graph.control_dependencies(None):
        for start, shape in zip(starts, shapes, strict=True):
            entered = context.enter(start)
            entered.static_shape = shape
            graph.prevent_feeding(entered)
            enters.append(entered)
    _wait_for_outer_loop(context, enters)
    context.adopt_enters(enters)
    context.seen = set(enters)
    context.enters = enters
    merged = [merge([each, each])[0] for each in enters]
    context.pivot_for_pred = merged[0]
    return merged


def _wait_for_outer_loop(context: LoopContext, enters: Sequence[Tensor]) -> None:
    """Let a loop that starts with constants of a loop around wait for an iteration of that."""
    pivot, outer = None, context.outer
    while outer is not None and pivot is None:
        pivot, outer = outer.pivot, outer.outer
    if pivot is not None:
        for entered in enters:
            if is_constant_enter(entered.op.inputs[0].op):
                entered.op.control_inputs.append(pivot.op)


def _identity(tensor: Tensor) -> Tensor:
    op = ops.ref_identity_op if tensor.dtype.is_ref else ops.identity_op
    made: Tensor = op(tensor)
    return made


def _run_body(body: Function, variables: Sequence[Any]) -> tuple[Any, list[Tensor]]:
    """Call the body; returns what it returned, and that as tensors."""
    returned = _as_sequence(body(*variables))
    nest.assert_same_structure(list(variables), list(returned), expand_composites=True)
    return returned, [convert_to_tensor(flow(each)) for each in leaves(returned)]


def _as_sequence(returned: Any) -> Any:
    return returned if nest.is_nested(returned) else [returned]
