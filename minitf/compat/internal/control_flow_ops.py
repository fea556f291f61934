"""Functions of `tensorflow.python.ops.control_flow_ops` that are not public.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf.api.control import identity
from minitf.api.framework import colocate_with, control_dependencies, name_scope
from minitf.composite import IndexedSlices
from minitf.contexts import primitives
from minitf.control_flow import case, cond_v2, while_v2

__all__ = ["case_helper", "cond_v2", "enter", "while_v2", "with_dependencies"]


def case_helper(
    cond_fn: Callable[..., Any],
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None,
    exclusive: bool,
    name: str,
    allow_python_preds: bool = False,
    **cond_kwargs: Any,
) -> Any:
    """Return what the first function gives whose predicate is true, by conds of one's own.

    Args:
        cond_fn: `cond_fn(pred, true_fn, false_fn, **cond_kwargs)` chooses between two.
        pred_fn_pairs: pairs of a predicate and a function, or a dict of them.
        default: function whose result is returned if no predicate is true.
        exclusive: fail when the graph runs if more than one predicate is true.
        name: name of the scope.
        allow_python_preds: whether predicates may be Python's bools.
        **cond_kwargs: further arguments of `cond_fn`.

    Raises:
        TypeError: if these are not pairs of a predicate and a function.
    """
    pairs = case.checked_pairs(pred_fn_pairs, exclusive, name, allow_python_preds)
    return case.of_conds(partial(cond_fn, **cond_kwargs), *pairs, default, exclusive, name)


def with_dependencies(dependencies: Any, output_tensor: Any, name: str | None = None) -> Any:
    """Return a value that is there only after some operations have run.

    Args:
        dependencies: Operations, Tensors or variables to wait for.
        output_tensor: a Tensor or IndexedSlices.
        name: name of the operation.
    """
    with (
        name_scope(name, "control_dependency", [*dependencies, output_tensor]) as scope,
        colocate_with(output_tensor),
        control_dependencies(dependencies),
    ):
        if isinstance(output_tensor, IndexedSlices):
            values = identity(output_tensor.values, name=scope)
            return IndexedSlices(values, output_tensor.indices, output_tensor.dense_shape)
        return identity(output_tensor, name=scope)


def enter(
    data: Any,
    frame_name: str,
    is_constant: bool = False,
    parallel_iterations: int = 10,
    use_ref: bool = True,
    use_input_shape: bool = True,
    name: str | None = None,
) -> Any:
    """Hand a tensor on to a loop.

    Args:
        data: the tensor.
        frame_name: the loop's name.
        is_constant: whether all iterations see it.
        parallel_iterations: how many iterations may run at once.
        use_ref: accepted: a reference stays one.
        use_input_shape: accepted: the shape stays.
        name: name of the operation.
    """
    return primitives.enter(
        data, frame_name, parallel_iterations, is_constant=is_constant, name=name
    )
