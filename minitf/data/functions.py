"""Functions of elements, traced for the ops that call them.

A function gets an element as the program sees it: a tuple as so many arguments, anything else as
one.  What it returns may be any structure; a list counts as a tuple.

Source: TensorFlow 1.15, `StructuredFunctionWrapper`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from minitf.autograph.convert import handed_on
from minitf.data.parts import DatasetPart, Structure, TensorPart
from minitf.data.structure import (
    converted,
    element_of,
    flat_tensors,
    leaves,
    structure_of,
    types_of,
    widened,
)
from minitf.default_graph import default_graph
from minitf.dtypes import bool_
from minitf.function_graph import trace
from minitf.function_library import unique_function_name
from minitf.grammar import Function
from minitf.tensor import Tensor


class TracedFunction(NamedTuple):
    """A function as the ops take it.

    Attributes:
        function: names it.
        captured: what it uses of the graph around it.
        structure: of what it returns.
    """

    function: Function
    captured: list[Tensor]
    structure: Structure


def traced(
    function: Callable[..., Any], what: str, *structures: Structure, unpacks: bool = True
) -> TracedFunction:
    """Trace a function of elements.

    Args:
        function: gets an element of each structure.
        what: which method it serves, for its name.
        structures: of its arguments.
        unpacks: whether an only argument that is a tuple counts as so many arguments.
    """
    name = getattr(function, "__name__", type(function).__name__)
    unique = unique_function_name(re.sub(r"\W", "_", f"Dataset_{what}_{name}"))
    parts = [part for structure in structures for part in leaves(structure)]
    found: list[Structure] = []
    converted_function = handed_on(function)

    def flat(*tensors: Tensor) -> list[Tensor]:
        arguments, at = [], 0
        for structure in structures:
            count = len(list(leaves(structure)))
            arguments.append(element_of(structure, tensors[at : at + count]))
            at += count
        if unpacks and len(arguments) == 1 and _is_tuple(arguments[0]):
            arguments = list(arguments[0])
        returned = converted_function(*arguments)
        if isinstance(returned, list):  # as an op of several outputs gives them
            returned = tuple(returned)
        returned = converted(returned)
        found.append(structure_of(returned))
        return flat_tensors(found[0], returned)

    graph = trace(flat, [part.flat for part in parts], default_graph(), unique)
    return TracedFunction(Function(unique), graph.captured, found[0])


def _is_tuple(value: Any) -> bool:
    return type(value) is tuple


def with_state(
    function: Callable[..., Any], what: str, state: Structure, element: Structure
) -> tuple[TracedFunction, Structure]:
    """Trace a function of a state and an element that returns the new state, or that and more.

    Returns:
        The function, and what is known of a state before and after any number of calls.

    Raises:
        TypeError: if the new state is of other types.
    """
    while True:
        f = traced(function, what, state, element)
        new = f.structure[0] if what == "scan" else f.structure
        if types_of(new) != types_of(state):
            raise TypeError(
                "The element types for the new state must match the initial state. Expected "
                f"{types_of(state)}; got {types_of(new)}."
            )
        wider = widened(state, new)
        if wider == state:
            return f, state
        state = wider


def inner_structure(structure: Structure) -> Structure:
    """Return the structure of elements of the datasets that a function makes.

    Raises:
        TypeError: if it makes none.
    """
    if not isinstance(structure, DatasetPart):
        raise TypeError("`map_func` must return a `Dataset` object.")
    return structure.structure


def check_predicate(structure: Structure) -> None:
    """Check that a function gives a bool scalar.

    Raises:
        ValueError: if not.
    """
    is_truth = (
        isinstance(structure, TensorPart)
        and structure.dtype is bool_
        and structure.shape.rank in (0, None)
    )
    if not is_truth:
        raise ValueError(
            "`predicate` return type must be convertible to a scalar boolean tensor. Was "
            f"{structure}."
        )
