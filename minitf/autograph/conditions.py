"""`if`: one branch where the condition is a Python value, a `tf.cond` of both where it is a tensor.

**Invariant**: a variable has after a `tf.cond` either the value that both branches left as it was,
or a tensor; only flags that jumps set (see `jumps`) stay Python values where both branches agree.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.constants import constant
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
from minitf.control_flow.cond import cond
from minitf.control_flow.values import packed, tensors

_SIDES = ("main", "else")


def if_stmt(
    condition: Any,
    body: Callable[[], None],
    orelse: Callable[[], None],
    get_state: Get = no_values,
    set_state: Put = no_effect,
    names: Sequence[str] = (),
) -> None:
    """Run one of two branches.

    Args:
        condition: anything that is true or false; a bool scalar if it is a tensor.
        body: the branch for true.
        orelse: the other.
        get_state: gives the values of the variables that the branches bind.
        set_state: sets them.
        names: of these variables as far as they are needed behind the branches; the others come
            last in the state, and are what they were at the beginning of each branch.

    Raises:
        ValueError: if the condition is a tensor and a variable is bound in one branch only, or None
            in one only.
        TypeError: if it is a tensor and the branches give a variable different structures or types.
    """
    if not is_tensor(condition):
        if condition:
            body()
        else:
            orelse()
        return
    condition = checked_condition(condition, "if statement")
    start = get_state()
    count = len(names)
    branches = _Branches(names, start[:count])

    def built(branch: Callable[[], None]) -> Callable[[], list[Any]]:
        def traced() -> list[Any]:
            set_state(start)
            branch()
            return branches.results(get_state()[:count])

        return traced

    results = cond(condition, built(body), built(orelse), strict=True)
    set_state((*branches.joined(results), *start[count:]))


class _Branches:
    """What the branches of a `tf.cond` give.

    **State**: a State for each branch that was traced, that for true first.
    """

    def __init__(self, names: Sequence[str], start: Values) -> None:
        self._names = names
        self._start = start
        self._ends: list[State] = []

    def results(self, end: Values) -> list[Any]:
        """Return a branch's variables as its results.

        Raises:
            ValueError, TypeError: if the other branch has left others.
        """
        if self._ends:
            end = tuple(
                _filled(name, first.value, value)
                for name, first, value in zip(self._names, self._ends[0].parts, end, strict=True)
            )
        state = State(self._names, end)
        self._ends.append(state)
        if len(self._ends) == 2:
            for name, *both in zip(
                self._names, self._ends[0].parts, self._ends[1].parts, strict=True
            ):
                _check(name, both[0], both[1])
        return tensors(state.tensors) or [constant(1)]

    def joined(self, results: Sequence[Any]) -> Values:
        """Return the values of the variables behind the branches, of the results of the cond."""
        on, off = self._ends
        joined = on.with_tensors(packed(on.tensors, results) if on.tensors else ())
        return tuple(
            _kept(name, start, one, other, value)
            for name, start, one, other, value in zip(
                self._names, self._start, on.parts, off.parts, joined, strict=True
            )
        )


def _filled(name: str, first: Any, second: Any) -> Any:
    """Return a value for what a function returns where one branch does not: zeros.

    Behind the branches a flag says that the function has not returned.
    """
    if name != RESULT or second is not UNDEFINED or first is UNDEFINED:
        return second
    return blank(Parts(first), name)


def _check(name: str, on: Parts, off: Parts) -> None:
    for side, here, there in ((_SIDES[0], on, off), (_SIDES[1], off, on)):
        if here.value is UNDEFINED and there.value is not UNDEFINED:
            if name == RESULT:
                raise ValueError(f"the {side} branch must also have a return statement.")
            raise ValueError(f"{shown(name)} must also be initialized in the {side} branch")
        if here.value is None and there.value is not None:
            raise ValueError(f"{shown(name)} is None at the end of the {side} branch.")
    if on.value is UNDEFINED:
        return

    def where(what: str, one: Any, other: Any) -> str:
        if not what:
            return "in the main and else branches"
        return f"has {what} {one} in the main branch, but {what} {other} in the else branch"

    check_alike(name, on, off, where)


def _kept(name: str, start: Any, on: Parts, off: Parts, joined: Any) -> Any:
    """Return the value of a variable behind the branches."""
    if on.value is off.value is start:
        return start
    is_flag = name.startswith(RUNTIME) and name != RESULT
    if is_flag and isinstance(on.value, bool) and on.value is off.value:
        return on.value
    return joined


def if_exp(condition: Any, body: Callable[[], Any], orelse: Callable[[], Any]) -> Any:
    """Return what one of two functions gives: `body() if condition else orelse()`.

    Raises:
        TypeError: if the condition is a tensor and they give different structures or types.
    """
    if not is_tensor(condition):
        return body() if condition else orelse()
    held: list[Any] = [UNDEFINED]

    def put(value: Any) -> None:
        held[0] = value

    if_stmt(
        condition,
        lambda: put(body()),
        lambda: put(orelse()),
        lambda: (held[0],),
        lambda given: put(given[0]),
        ("conditional expression",),
    )
    return held[0]
