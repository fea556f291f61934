"""`tf.while_loop` as an operation that calls a function again and again.

    i, s = tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i), [0, 0])

    while     StatelessWhile(0, -1, 0, 0, n; cond=while_cond_5, body=while_body_6)

Its first two values count the iterations and say how many there may be (-1: any number); what the
functions capture comes last, and stays what it is.

Source: OSDI §3.4; TensorFlow 1.15, `while_v2`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import nest, ops
from minitf.api.comparison import logical_and
from minitf.api.framework import name_scope
from minitf.autodiff.functional_loops import repeat
from minitf.control_flow.func_graph import FuncGraph, known, take_all, traced
from minitf.control_flow.loop_variables import LoopVariables
from minitf.control_flow.values import as_leaf, packed, tensors
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, int32
from minitf.function_library import unique_function_name
from minitf.shapes import SCALAR, Shape
from minitf.tensor import Tensor

Function = Callable[..., Any]


class _Kind:
    """Type and shape of an argument."""

    def __init__(self, dtype: DType, shape: Shape) -> None:
        self.dtype, self.shape = dtype, shape


def while_loop(
    cond: Function,
    body: Function,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    maximum_iterations: Any = None,
    name: str | None = None,
    return_same_structure: bool = True,
    back_prop: bool = True,
) -> Any:
    """Repeat `body` while `cond` is true; return the last values of the loop variables.

    Args:
        cond: function of the loop variables; returns a bool scalar.
        body: function of the loop variables; returns their next values, in the same structure.
        loop_vars: the first values.
        shape_invariants: a shape for each loop variable; by default that of its first value.
        parallel_iterations: an attribute of the operation.
        maximum_iterations: an integer scalar: stop after so many.
        name: name of the scope and the operation.
        return_same_structure: return a structure like `loop_vars` even if it has one element.
        back_prop: accepted: any loop may be differentiated.

    Raises:
        TypeError, ValueError: as the other `tf.while_loop`.
    """
    with name_scope(name, "while", nest.flatten(loop_vars)) as scope:
        stem = scope[:-1].replace("/", "_")
        variables = nest.map_structure(as_leaf, loop_vars)
        spec = LoopVariables(variables, shape_invariants, loop_vars, body)
        starts = tensors(variables)
        most = -1 if maximum_iterations is None else maximum_iterations
        most = convert_to_tensor(most, int32, name="maximum_iterations")
        counter = convert_to_tensor(np.array(0, np.int32), name="loop_counter")
        kinds = [_Kind(int32, SCALAR), _Kind(int32, SCALAR)]
        kinds += [
            _Kind(start.dtype.base_dtype, shape)
            for start, shape in zip(starts, spec.shapes, strict=True)
        ]

        def test(count: Tensor, most: Tensor, *values: Tensor) -> Any:
            found = cond(*packed(variables, values))
            if maximum_iterations is None:
                return convert_to_tensor(found)
            return logical_and(count < most, found)

        result: list[Any] = []

        def step(count: Tensor, most: Tensor, *values: Tensor) -> list[Any]:
            following = body(*packed(variables, values))
            if not isinstance(following, (list, tuple)):
                following = [following]
            following = nest.map_structure(as_leaf, following)
            nest.assert_same_structure(list(loop_vars), list(following), expand_composites=True)
            flat = tensors(following)
            spec.check(flat)
            result.append(following)
            return [count + 1, most, *flat]

        body_graph = FuncGraph(unique_function_name(f"{stem}_body"))
        conds = traced(f"{stem}_cond", test, kinds)
        traced(f"{stem}_body", step, kinds, graph=body_graph)
        captured = take_all([conds, body_graph])
        behind = len(body_graph.inputs) - len(captured)
        body_graph.outputs += body_graph.inputs[behind:]
        for each in (conds, body_graph):
            known(each)
        shapes = [SCALAR, SCALAR, *spec.shapes, *[each.static_shape for each in captured]]
        made = repeat(
            conds,
            body_graph,
            [counter, most, *starts, *captured],
            parallel_iterations,
            shapes,
            scope,
        )
        values = [ops.identity_op(each) for each in made[2 : 2 + len(starts)]]
        final = packed(_like(loop_vars, result[0]), values)
        is_single = len(nest.flatten(loop_vars)) == 1 and not return_same_structure
        return nest.flatten(final)[0] if is_single else final


def _like(structure: Any, following: Any) -> Any:
    """Return what a body returned in the kind of sequence that its loop began with."""
    if isinstance(following, type(structure)):
        return following
    return type(structure)(following) if not hasattr(structure, "_fields") else following
