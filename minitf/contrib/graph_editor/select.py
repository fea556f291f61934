"""Operations and tensors by name, by scope, and by what is around them.

    select_ops("^layer1/", graph=graph)                   operations whose names match
    select_ts("(?#ts)^layer1/.*:0$", graph=graph)         tensors whose names match

A regular expression that begins with `(?#ops)` is of operations only, one with `(?#ts)` of tensors.

Source: TensorFlow 1.15's tf.contrib.graph_editor.select.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from minitf.contrib.graph_editor.util import (
    ControlOutputs,
    check_cios,
    concatenate_unique,
    make_list_of_op,
    make_list_of_t,
)
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor

Filter = Callable[[Any], Any]


def can_be_regex(obj: Any) -> bool:
    """Tell whether something is a regular expression, or the text of one."""
    return isinstance(obj, (str, re.Pattern))


def make_regex(obj: Any) -> re.Pattern[str]:
    """Return a regular expression.

    Raises:
        ValueError: if it is neither that nor the text of one.
    """
    if not can_be_regex(obj):
        raise ValueError(f"Expected a string or a regex, got: {type(obj)}")
    return re.compile(obj)


# --- by name -------------------------------------------------------------------------------------


def filter_ts(ops: Any, positive_filter: Any) -> list[Tensor]:
    """Return the inputs and outputs of operations that a function wants.

    Args:
        ops: operations, or a graph.
        positive_filter: a function of a tensor; True for all.
    """
    listed = make_list_of_op(ops)
    tensors = concatenate_unique(_inputs(listed), _outputs(listed))
    return [each for each in tensors if positive_filter is True or positive_filter(each)]


def filter_ts_from_regex(ops: Any, regex: Any) -> list[Tensor]:
    """Return the inputs and outputs of operations in whose names a regular expression matches."""
    pattern = make_regex(regex)
    return filter_ts(ops, lambda tensor: pattern.search(tensor.name))


def filter_ops(ops: Any, positive_filter: Any) -> list[Operation]:
    """Return the operations that a function wants.

    Args:
        ops: operations, or a graph.
        positive_filter: a function of an operation; True for all.
    """
    listed = make_list_of_op(ops)
    return [each for each in listed if positive_filter is True or positive_filter(each)]


def filter_ops_from_regex(ops: Any, regex: Any) -> list[Operation]:
    """Return the operations in whose names a regular expression matches."""
    pattern = make_regex(regex)
    return filter_ops(ops, lambda op: pattern.search(op.name))


def get_name_scope_ops(ops: Any, scope: str) -> list[Operation]:
    """Return the operations inside a name scope, and the one that is called so."""
    return filter_ops_from_regex(ops, f"^{scope.removesuffix('/')}(/.*)?$")


def select_ops(*args: Any, **kwargs: Any) -> list[Operation]:
    """Return operations.

    Args:
        *args: regular expressions, operations, lists of them; tensors are left out.
        **kwargs: `graph`, in which regular expressions search; `positive_filter`, a function of an
            operation; `restrict_ops_regex`, whether expressions must begin with `(?#ops)`.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if there is another keyword, or an expression without a graph.
    """
    wanted = _Wanted(kwargs, "restrict_ops_regex", "restrict_ts_regex")
    found: list[Operation] = []
    for arg in args:
        if can_be_regex(arg):
            matching = wanted.matching(arg, "(?#ops)", "(?#ts)", filter_ops_from_regex)
        else:
            matching = make_list_of_op(arg, ignore_ts=True)
        concatenate_unique(found, wanted.filtered(matching))
    return found


def select_ts(*args: Any, **kwargs: Any) -> list[Tensor]:
    """Return tensors.

    Args:
        *args: regular expressions, tensors, lists of them; operations are left out.
        **kwargs: `graph`, in which regular expressions search; `positive_filter`, a function of a
            tensor; `restrict_ts_regex`, whether expressions must begin with `(?#ts)`.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if there is another keyword, or an expression without a graph.
    """
    wanted = _Wanted(kwargs, "restrict_ts_regex", "restrict_ops_regex")
    found: list[Tensor] = []
    for arg in args:
        if can_be_regex(arg):
            matching = wanted.matching(arg, "(?#ts)", "(?#ops)", filter_ts_from_regex)
        else:
            matching = make_list_of_t(arg, ignore_ops=True)
        concatenate_unique(found, wanted.filtered(matching))
    return found


def select_ops_and_ts(*args: Any, **kwargs: Any) -> tuple[list[Operation], list[Tensor]]:
    """Return operations and tensors; regular expressions of tensors begin with `(?#ts)`."""
    ops = select_ops(*args, restrict_ops_regex=False, **kwargs)
    return ops, select_ts(*args, restrict_ts_regex=True, **kwargs)


class _Wanted:
    """The keywords of `select_ops` and `select_ts`."""

    def __init__(self, given: dict[str, Any], restrict: str, ignored: str) -> None:
        for name in given:
            if name not in ("graph", "positive_filter", restrict, ignored):
                raise ValueError(f"Wrong keywords argument: {name}.")
        self._graph = given.get("graph")
        if self._graph is not None and not isinstance(self._graph, Graph):
            raise TypeError(f"Expected a tf.Graph, got: {type(self._graph)}")
        self._filter, self._restrict = given.get("positive_filter"), given.get(restrict)

    def matching(
        self, regex: Any, mark: str, other: str, search: Callable[[Any, Any], list[Any]]
    ) -> list[Any]:
        if self._graph is None:
            raise ValueError("Use the keyword argument 'graph' to use regex.")
        pattern = make_regex(regex)
        if pattern.pattern.startswith(other):
            return []
        if self._restrict and not pattern.pattern.startswith(mark):
            return []
        return search(self._graph, pattern)

    def filtered(self, found: list[Any]) -> list[Any]:
        return [each for each in found if self._filter is None or self._filter(each)]


# --- by what is around ---------------------------------------------------------------------------


def get_ops_ios(
    ops: Any,
    control_inputs: bool = False,
    control_outputs: ControlOutputs | None = None,
    control_ios: ControlOutputs | None = None,
) -> list[Operation]:
    """Return the operations beside some: those before and after each; see `check_cios`."""
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    found: list[Operation] = []
    for op in make_list_of_op(ops):
        concatenate_unique(found, (tensor.op for tensor in op.inputs))
        concatenate_unique(found, (user for each in op.outputs for user in each.consumers()))
        if control_outputs is not None:
            concatenate_unique(found, control_outputs.get(op))
        if control_inputs:
            concatenate_unique(found, op.control_inputs)
    return found


def compute_boundary_ts(
    ops: Any, ambiguous_ts_are_outputs: bool = True
) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
    """Return which tensors go into some operations, come out of them, or stay inside.

    Args:
        ops: the operations.
        ambiguous_ts_are_outputs: whether tensors that are used inside and outside come out.
    """
    listed = make_list_of_op(ops)
    within = set(listed)
    inputs, outputs = _inputs(listed), _outputs(listed)
    made = set(outputs)

    def stays(tensor: Tensor) -> bool:
        leaves = ambiguous_ts_are_outputs and not within.issuperset(tensor.consumers())
        return tensor in made and not leaves

    inside = [tensor for tensor in inputs if stays(tensor)]
    kept = set(inside)
    return (
        [tensor for tensor in inputs if tensor not in kept],
        [tensor for tensor in outputs if tensor not in kept],
        inside,
    )


def get_within_boundary_ops(
    ops: Any,
    seed_ops: Any,
    boundary_ops: Any = (),
    inclusive: bool = True,
    control_inputs: bool = False,
    control_outputs: ControlOutputs | None = None,
    control_ios: ControlOutputs | None = None,
) -> list[Operation]:
    """Return the operations that can be reached, in any direction, without crossing a boundary.

    Args:
        ops: those of them that are wanted.
        seed_ops: where to begin.
        boundary_ops: the operations that are not crossed.
        inclusive: whether these belong to the result.
        control_inputs: see `check_cios`, and so are the following ones.

    Raises:
        ValueError: if an operation is of the boundary and a seed.
    """
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    boundary = set(make_list_of_op(boundary_ops))
    found = set(make_list_of_op(seed_ops, allow_graph=False))
    if boundary & found:
        raise ValueError("Boundary is intersecting with the seeds.")
    wave = set(found)
    while wave:
        near = set(get_ops_ios(wave, control_inputs, control_outputs)) - found
        wave = near - boundary
        found |= near if inclusive else wave
    return [op for op in make_list_of_op(ops) if op in found]


def _inputs(ops: list[Operation]) -> list[Tensor]:
    return list(dict.fromkeys(tensor for op in ops for tensor in op.inputs))


def _outputs(ops: list[Operation]) -> list[Tensor]:
    return [tensor for op in ops for tensor in op.outputs]
