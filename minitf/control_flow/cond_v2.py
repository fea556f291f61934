"""`tf.cond` as an operation that calls one of two functions.

    y = tf.cond(p, lambda: x + 1, lambda: -x)

    cond      StatelessIf(p, x; then_branch=cond_true_3, else_branch=cond_false_4)

Source: OSDI §3.4; TensorFlow 1.15, `cond_v2`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.api.framework import name_scope
from minitf.autodiff.functional import branch_names, choose
from minitf.control_flow.func_graph import FuncGraph, known, take_all, traced
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.dtypes import bool_, int32
from minitf.function_graph import FunctionGraph
from minitf.operation import Operation
from minitf.tensor import Tensor

Branch = Callable[[], Any]


def cond_v2(pred: Any, true_fn: Branch, false_fn: Branch, name: str = "cond") -> Any:
    """Return what `true_fn` gives where the predicate is true, else what `false_fn` gives.

    Args:
        pred: a scalar.
        true_fn: function without arguments, called once, now.
        false_fn: likewise; must return the same structure of the same types.
        name: name of the scope and the operation.

    Raises:
        TypeError: if the functions return different structures or types.
        ValueError: if they return different numbers of values.
    """
    if isinstance(pred, bool):
        raise TypeError("pred must not be a Python bool", pred)
    with name_scope(name or "cond", values=[pred]) as scope:
        stem = scope[:-1].replace("/", "_")
        pred = convert_to_tensor(pred)
        if pred.dtype.base_dtype is not bool_ and pred.dtype.is_numpy_compatible is False:
            pred = convert_to_tensor(pred, bool_)
        graphs = [
            traced(f"{stem}_true", true_fn),
            traced(f"{stem}_false", false_fn),
        ]
        _check_same(graphs, ("true_fn", "false_fn"))
        return _built(pred, graphs, scope)


def indexed_case(
    branch_index: Any, branch_fns: Sequence[Branch], name: str = "indexed_case"
) -> Any:
    """Return what the function of that number gives; the last one's for a number that is none.

    Args:
        branch_index: an int32 scalar.
        branch_fns: functions without arguments; must return the same structure of the same types.
        name: name of the scope and the operation.

    Raises:
        TypeError: if `branch_index` is a Python int, or the functions return different structures.
    """
    if isinstance(branch_index, int):
        raise TypeError("branch_index must not be a Python int", branch_index)
    with name_scope(name or "indexed_case", values=[branch_index]) as scope:
        stem = scope[:-1].replace("/", "_")
        graphs = [traced(f"{stem}_branch{i}", each) for i, each in enumerate(branch_fns)]
        _check_same(graphs, [f"branch{i}" for i in range(len(graphs))])
        return _built(convert_to_tensor(branch_index, int32), graphs, scope, is_case=True)


def get_func_graphs(op: Operation) -> tuple[FunctionGraph, ...]:
    """Return the functions of an If, that for true first, or of a Case."""
    return tuple([op.graph.find_function(name) for name in branch_names(op)])


def _check_same(graphs: Sequence[FuncGraph], names: Sequence[str]) -> None:
    """Check that branches give the same structure of the same types.

    Raises:
        TypeError: if not.
    """
    first = graphs[0]
    for graph, name in zip(graphs[1:], names[1:], strict=True):
        try:
            nest.assert_same_structure(
                first.structured_outputs, graph.structured_outputs, expand_composites=True
            )
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"{names[0]} and {name} arguments to tf.cond must have the same number, type, and "
                f"overall structure of return values.\n\n{names[0]} output: "
                f"{first.structured_outputs}\n{name} output: {graph.structured_outputs}\n\n"
                f"Error details:\n{error}"
            ) from None
        for one, other in zip(first.outputs, graph.outputs, strict=True):
            if one.dtype.base_dtype is not other.dtype.base_dtype:
                raise TypeError(
                    f"{names[0]} and {name} arguments to tf.cond must have the same number, type, "
                    "and overall structure of return values: they differ in type, "
                    f"{one.dtype.name} and {other.dtype.name}"
                )


def _built(
    selector: Tensor, graphs: Sequence[FuncGraph], scope: str, *, is_case: bool = False
) -> Any:
    arguments = take_all(graphs)
    for graph in graphs:
        known(graph)
    made = choose(selector, arguments, graphs, scope, is_case=is_case)
    copies = iter([ops.identity_op(each) for each in made])
    structure = graphs[0].structured_outputs
    leaves = nest.flatten(structure, expand_composites=True)
    if not made:
        return default_graph().get_operation_by_name(scope[:-1])
    values = [None if each is None else next(copies) for each in leaves]
    return nest.pack_sequence_as(structure, values, expand_composites=True)
