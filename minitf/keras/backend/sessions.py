"""The session that Keras runs in, the variables that it starts, and the phase of learning.

Layers make variables without a session.  The first time that Keras runs something, it runs the
initializers of those variables that have no value yet, and of no others:

    model.predict(x)      get_session() -> starts dense/kernel, dense/bias -> run

**State**: a session of Keras's own, None before it is wanted; for each graph (in a collection of
it): counts of names, and the variables that Keras made.

**Invariants**
1. The default session, where there is one, is the session; Keras's own is of the default graph.
2. A variable is started at most once for a session, and never if it has a value.

Source: TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.api.framework import get_default_graph, reset_default_graph
from minitf.api.state import is_variable_initialized, variables_initializer
from minitf.control_flow.cond import cond
from minitf.graph import Graph
from minitf.layers.phase import decided
from minitf.layers.utils import smart_cond
from minitf.session.session import Session, get_default_session
from minitf.tensor import Tensor
from minitf.variables.base import Variable

_KEY = ("__keras",)


@dataclass
class _OfGraph:
    """What Keras knows of a graph."""

    counts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    variables: list[Any] = field(default_factory=list)
    has_inputs: bool = False  # whether there are `Input`s
    started: weakref.WeakKeyDictionary[Any, set[int]] = field(
        default_factory=weakref.WeakKeyDictionary
    )


class _Global:
    session: Any = None
    manual = False


def _of_graph(graph: Graph | None = None) -> _OfGraph:
    held = (graph or get_default_graph()).get_collection_ref(_KEY)
    if not held:
        held.append(_OfGraph())
    state: _OfGraph = held[0]
    return state


# --- sessions ------------------------------------------------------------------------------------


def get_session(op_input_list: Sequence[Any] = ()) -> Any:
    """Return the session that Keras runs in, all of Keras's variables started."""
    session = get_default_session()
    if session is None:
        if _Global.session is None or _Global.session.graph is not get_default_graph():
            _Global.session = Session()
        session = _Global.session
    if not _Global.manual:
        _start_variables(session)
    return session


def set_session(session: Any) -> None:
    """Make Keras run in a session, where none is the default one."""
    _Global.session = session


def clear_session() -> None:
    """Forget the session, and make a new default graph, where names are counted from the start."""
    reset_default_graph()
    _Global.session = None


def manual_variable_initialization(value: bool) -> None:
    """Say whether starting variables is the program's affair."""
    _Global.manual = value


def track_variable(variable: Any) -> None:
    """Count a variable as one that Keras starts."""
    _of_graph(variable.graph).variables.append(variable)


def note_inputs() -> None:
    """Remember that the default graph has inputs of models."""
    _of_graph().has_inputs = True


def made_inputs() -> bool:
    """Tell whether the default graph has inputs of models."""
    return _of_graph().has_inputs


def _start_variables(session: Any) -> None:
    graph = session.graph
    state = _of_graph(graph)
    started = state.started.setdefault(session, set())
    fresh = [each for each in state.variables if id(each) not in started]
    if not fresh:
        return
    with graph.as_default():
        known = session.run([is_variable_initialized(each) for each in fresh])
        missing = [each for each, has_value in zip(fresh, known, strict=True) if not has_value]
        if missing:
            session.run(variables_initializer(missing))
    started.update(id(each) for each in fresh)


# --- the phase of learning -----------------------------------------------------------------------


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """Return `x` in training, and `alt` else; each is a value or a function that makes one.

    Args:
        training: whether it is training; by default the learning phase.
    """
    phase = decided(training)
    if not isinstance(phase, (Tensor, Variable)):
        chosen = x if phase else alt
        return chosen() if callable(chosen) else chosen
    return switch(phase, x, alt)


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """Return `x` unless it is training, and `alt` then; see `in_train_phase`."""
    return in_train_phase(alt, x, training)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """Return one of two values, each a Tensor or a function that makes one.

    Args:
        condition: a scalar Tensor.
    """
    then = then_expression if callable(then_expression) else lambda: then_expression
    other = else_expression if callable(else_expression) else lambda: else_expression
    if condition.dtype.base_dtype.name != "bool":
        return cond(condition > 0, then, other)
    return smart_cond(condition, then, other)


# --- names ---------------------------------------------------------------------------------------


def get_uid(prefix: str = "") -> int:
    """Return how often a name was asked for in the default graph, from 1 on."""
    counts = _of_graph().counts
    counts["uid", prefix] += 1
    return counts["uid", prefix]


def reset_uids() -> None:
    """Count the names of the default graph from the start."""
    _of_graph().counts.clear()


def unique_object_name(name: str, zero_based: bool = False) -> str:
    """Return a name that no layer of the default graph was given: `dense`, `dense_1`, ..."""
    counts = _of_graph().counts
    number = counts["name", name]
    counts["name", name] += 1
    number += not zero_based
    return f"{name}_{number}" if number else name


# --- values --------------------------------------------------------------------------------------


def get_value(x: Any) -> Any:
    """Return the value of a variable."""
    return x if isinstance(x, (np.ndarray, float, int)) else x.eval(session=get_session())


def batch_get_value(tensors: Sequence[Any]) -> list[Any]:
    """Return the values of variables."""
    return list(get_session().run(list(tensors))) if tensors else []


def set_value(x: Any, value: Any) -> None:
    """Give a variable a value."""
    batch_set_value([(x, value)])


def batch_set_value(tuples: Sequence[tuple[Any, Any]]) -> None:
    """Give variables values, each a pair of variable and value."""
    if not tuples:
        return
    session = get_session()
    for variable, value in tuples:
        variable.load(np.asarray(value, variable.dtype.base_dtype.as_numpy_dtype), session)


def eval(x: Any) -> Any:
    """Return the value of a Tensor or a variable."""
    return get_session().run(x)
