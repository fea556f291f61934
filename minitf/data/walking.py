"""`for element in dataset` in a graph: the dataset is reduced to the last state of the loop.

    without break     reduce(state, step)
    with break        scan: (goes on, state), element -> step, only where it goes on
                      take_while: it went on
                      reduce to the last

So that a loop knows that it has ended, one element more is taken than it looks at.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.constants import constant
from minitf.control_flow.cond import cond
from minitf.data.transformations import scan, take_while

State = Sequence[Any]


def graph_loop(
    dataset: Any,
    step: Callable[[State, Any], State],
    going_on: Callable[[State], Any] | None,
    state: State,
) -> State:
    """Return the last state of a loop over a dataset.

    Args:
        dataset: the dataset.
        step: state, element -> the next state, of the same types.
        going_on: state behind an iteration -> a bool scalar, whether there is a next one; None if
            there always is.
        state: the first state: tensors.
    """
    first = (constant(value=True), *state)
    if going_on is None:
        return list(
            dataset.reduce(first, lambda held, element: (held[0], *step(held[1:], element)))[1:]
        )
    goes_on = going_on

    def scanned(held: State, element: Any) -> tuple[Any, Any]:
        def taken() -> list[Any]:
            new = step(held[1:], element)
            return [goes_on(new), *new]

        new = cond(held[0], taken, lambda: list(held), strict=True)
        return tuple(new), (held[0], *new[1:])

    walked = dataset.apply(scan(first, scanned))
    walked = walked.apply(take_while(lambda went_on, *_: went_on))
    return list(walked.reduce(first, lambda _, new: new)[1:])
