"""Branches and loops, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.
"""

from __future__ import annotations

import builtins
from typing import Any

from minitf.api import control, gradients
from minitf.control_flow import case as cases
from minitf.control_flow import cond as conditions
from minitf.control_flow import while_loop as loops
from minitf.tensor import Tensor


def cond(pred: Any, true_fn: Any = None, false_fn: Any = None, name: str | None = None) -> Any:
    """Return what one of two functions returns; a list of one stays a list."""
    return conditions.cond(pred, true_fn=true_fn, false_fn=false_fn, strict=True, name=name)


def case(
    pred_fn_pairs: Any,
    default: Any = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """Return what the function of the first condition that holds returns."""
    return cases.case(pred_fn_pairs, default, exclusive, strict, name)


def while_loop(
    cond: Any,
    body: Any,
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    maximum_iterations: Any = None,
    name: str | None = None,
) -> Any:
    """Run a body while a condition holds; the result has the structure of `loop_vars`."""
    return loops.while_loop(
        cond,
        body,
        loop_vars,
        shape_invariants=shape_invariants,
        parallel_iterations=parallel_iterations,
        back_prop=back_prop,
        swap_memory=swap_memory,
        name=name,
        maximum_iterations=maximum_iterations,
        return_same_structure=True,
    )


def tuple(
    tensors: Any, control_inputs: Any = None, name: str | None = None
) -> builtins.list[Tensor]:
    """Return tensors that are ready only when all of them are."""
    return control.tuple(tensors, name, control_inputs)


def hessians(
    ys: Any,
    xs: Any,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    name: str = "hessians",
) -> builtins.list[Tensor]:
    """Return the second derivatives of the sum of `ys` with respect to each of `xs`."""
    return gradients.hessians(
        ys, xs, name=name, gate_gradients=gate_gradients, aggregation_method=aggregation_method
    )


def gradients_of(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = gradients.UnconnectedGradients.NONE,
) -> builtins.list[Any]:
    """Return the derivatives of the sum of `ys`, each placed beside the operation it is of."""
    return gradients.gradients(
        ys,
        xs,
        grad_ys,
        name,
        colocate_gradients_with_ops=True,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        stop_gradients=stop_gradients,
        unconnected_gradients=unconnected_gradients,
    )
