"""`while`: Python's loop where its condition is a Python value, else a `tf.while_loop`.

A loop that begins in Python and whose condition becomes a tensor goes on as a `tf.while_loop`.

A variable that is not bound before a graph's loop, but in it, begins as zeros: of which type and
shape tells a first look at the body, in a graph that is thrown away.  If the loop is never gone
through, whoever needs the variable gets an error when the graph runs.

Source: TensorFlow 1.15's `tf.autograph`; OSDI §3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.api.checks import Assert
from minitf.api.constants import constant
from minitf.api.framework import control_dependencies
from minitf.autograph.jumps import RESULT
from minitf.autograph.state import (
    UNDEFINED,
    Get,
    Parts,
    Put,
    State,
    Values,
    blank,
    check_alike,
    checked_condition,
    is_tensor,
    no_effect,
    no_values,
    shown,
)
from minitf.autograph.syntax import RUNTIME
from minitf.control_flow.func_graph import FuncGraph
from minitf.control_flow.loop_variables import is_within
from minitf.control_flow.while_loop import while_loop
from minitf.default_graph import entered
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

UNSPECIFIED: Any = object()
Options = dict[str, Any]
Lead = tuple[Any, ...]  # loop variables beside the state
# options, get_state, set_state, names, and those of what is needed behind the loop
Loop = tuple[Options, Get, Put, Sequence[str], Sequence[str]]


def set_loop_options(
    parallel_iterations: Any = UNSPECIFIED,
    back_prop: Any = UNSPECIFIED,
    swap_memory: Any = UNSPECIFIED,
    maximum_iterations: Any = UNSPECIFIED,
) -> None:
    """Say how the loop around it shall be built; see `tf.while_loop`.

    It is looked for where the loop is converted, among the statements of its body; a call of it
    elsewhere does nothing.

    Args:
        parallel_iterations: how many iterations may be under way at once.
        back_prop: whether the loop may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        maximum_iterations: stop after so many.
    """


def loop_options(
    parallel_iterations: Any = UNSPECIFIED,
    back_prop: Any = UNSPECIFIED,
    swap_memory: Any = UNSPECIFIED,
    maximum_iterations: Any = UNSPECIFIED,
) -> Options:
    """Return what `set_loop_options` was given as arguments of `tf.while_loop`."""
    given = {
        "parallel_iterations": parallel_iterations,
        "back_prop": back_prop,
        "swap_memory": swap_memory,
        "maximum_iterations": maximum_iterations,
    }
    return {key: value for key, value in given.items() if value is not UNSPECIFIED}


def while_stmt(
    test: Callable[[], Any],
    body: Callable[[], None],
    options: Options,
    get_state: Get = no_values,
    set_state: Put = no_effect,
    names: Sequence[str] = (),
    behind: Sequence[str] = (),
) -> None:
    """Run a body while a condition is true.

    Args:
        test: gives the condition: anything that is true or false; a bool scalar if it is a tensor.
        body: the body.
        options: of `tf.while_loop`.
        get_state: gives the values of the variables that the body binds.
        set_state: sets them.
        names: of these variables.
        behind: names of those that are needed behind the loop.

    Raises:
        ValueError: if the condition is a tensor and a variable has no value before the loop, or
            changes its shape.
        TypeError: if it is a tensor and a variable changes its structure or type.
    """
    goes_on = _first(test, get_state, set_state)
    while not is_tensor(goes_on):
        if not goes_on:
            return
        body()
        goes_on = test()

    def iteration() -> Lead:
        body()
        return ()

    graph_loop(
        lambda: checked_condition(test(), "while statement"),
        iteration,
        (),
        (options, get_state, set_state, names, behind),
    )


def _first(test: Callable[[], Any], get_state: Get, set_state: Put) -> Any:
    """Return the condition before the first iteration; if it is a tensor, one of no use."""
    start = get_state()
    scratch = FuncGraph("autograph_condition")
    with entered(scratch):
        found = test()
        has_built = scratch.version > 0
    if is_tensor(found) or not has_built:
        return found
    set_state(start)
    return test()


def graph_loop(
    test: Callable[..., Tensor],
    body: Callable[..., Lead],
    lead: Lead,
    loop: Loop,
) -> None:
    """Build a `tf.while_loop`.

    Args:
        test: function of the leading loop variables: the condition.
        body: function of the leading loop variables: runs the body, returns their next values.
        lead: first values of loop variables beside the state.
        loop: options, get_state, set_state, names and behind, see `while_stmt`.
    """
    options, get_state, set_state, names, behind = loop
    start, invariants, unbound = _begun(lambda: body(*lead), get_state, set_state, names)
    state = State(names, start)
    count = len(lead)
    extra = [*lead, *([constant(value=False)] if unbound or not (lead or state.tensors) else [])]
    first = len(extra)

    def going_on(*given: Any) -> Tensor:
        set_state(state.with_tensors(given[first:]))
        return test(*given[:count])

    def iteration(*given: Any) -> list[Any]:
        set_state(state.with_tensors(given[first:]))
        following = body(*given[:count])
        end = State(names, get_state())
        for name, before, after in zip(names, state.parts, end.parts, strict=True):
            _check_iteration(name, before, after)
        _check_shapes(names, state, end, invariants)
        return [*following, *[constant(value=True)] * (first - count), *end.tensors]

    shapes = None
    if unbound:
        shapes = [_shape_of(each) for each in (*extra, *state.tensors)]
        for i, each in enumerate(state.tensors):
            shapes[first + i] = invariants.get(id(each), shapes[first + i])
    results = while_loop(
        going_on,
        iteration,
        [*extra, *state.tensors],
        shape_invariants=shapes,
        return_same_structure=True,
        **options,
    )
    found = state.with_tensors(results[first:])
    if unbound:
        found = _once_gone_through(results[count], found, names, unbound & set(behind))
    set_state(found)


def _begun(
    run: Callable[[], Any], get_state: Get, set_state: Put, names: Sequence[str]
) -> tuple[Values, dict[int, Any], set[str]]:
    """Return the values before a loop, with zeros for variables that are not bound.

    Returns:
        The values; the shapes that hold throughout, by the zeros' `id`; the names of the variables.

    Raises:
        ValueError: if an iteration needs one of them.
    """
    start = get_state()
    unbound = {name for name, value in zip(names, start, strict=True) if value is UNDEFINED}
    if not unbound:
        return start, {}, unbound
    with entered(FuncGraph("autograph_first_look")):
        state = State(names, start)
        set_state(state.with_tensors(state.tensors))  # tensors, as they will be in the loop
        try:
            run()
        except NameError as error:
            for name in unbound:
                if repr(name) in str(error):
                    raise ValueError(f"{shown(name)} must be defined before the loop.") from error
            raise
        seen = get_state()
    set_state(start)
    made, invariants = [], {}
    for name, before, after in zip(names, start, seen, strict=True):
        if name not in unbound:
            made.append(before)
            continue
        if after is UNDEFINED:
            made.append(UNDEFINED)
            continue
        parts = Parts(after)
        made.append(blank(parts, name))
        begun = Parts(made[-1])
        for zero, leaf in zip(begun.tensors, parts.tensors, strict=True):
            invariants[id(zero)] = TensorShape(leaf.static_shape)
    return tuple(made), invariants, unbound


def _check_iteration(name: str, before: Parts, after: Parts) -> None:
    """Check that an iteration leaves a variable as what it was.

    Raises:
        ValueError: if it was None, or not bound.
        TypeError: if its structure or type changes.
    """
    if before.value is UNDEFINED and after.value is UNDEFINED:
        return
    if before.value is UNDEFINED or after.value is UNDEFINED:
        when = "before" if before.value is UNDEFINED else "after"
        raise ValueError(f"{shown(name)} must be defined {when} the loop.")
    if before.value is None and after.value is not None:
        raise ValueError(f"{shown(name)} is not allowed to be None before the loop.")

    def where(what: str, one: Any, other: Any) -> str:
        if not what:
            return "before the loop and after one iteration"
        return (
            f"has {what} {one} before the loop, but {what} {other} after one iteration. "
            "TensorFlow control flow requires it stays the same."
        )

    check_alike(name, before, after, where)


def _shape_of(leaf: Any) -> Any:
    """Return the invariant of a loop variable that keeps its shape."""
    return TensorShape(leaf.static_shape) if isinstance(leaf, Tensor) else TensorShape(None)


def _check_shapes(
    names: Sequence[str], before: State, after: State, invariants: dict[int, Any]
) -> None:
    for name, one, other in zip(names, before.parts, after.parts, strict=True):
        for a, b in zip(one.tensors, other.tensors, strict=True):
            if not isinstance(a, Tensor) or not isinstance(b, Tensor):
                continue
            known = TensorShape(invariants.get(id(a), TensorShape(a.static_shape)))
            if not is_within(b.static_shape, known.static_shape):
                raise ValueError(
                    f"{shown(name)} has shape {known} before the loop, but shape "
                    f"{TensorShape(b.static_shape)} after one iteration. TensorFlow control flow "
                    "requires it stays the same or be more specific."
                )


def _once_gone_through(
    has_run: Tensor, found: Values, names: Sequence[str], unbound: set[str]
) -> Values:
    """Let whoever needs a variable that began as zeros check that the loop was gone through."""
    made = []
    for name, value in zip(names, found, strict=True):
        if name not in unbound or name == RESULT or name.startswith(RUNTIME):
            made.append(value)
            continue
        check = Assert(has_run, [f"loop must iterate at least once to initialize {name}"])
        with control_dependencies([check]):
            made.append(nest.map_structure(ops.identity_op, value))
    return tuple(made)
