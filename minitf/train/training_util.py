"""The global step: a variable that counts the updates of a model.

Source: OSDI §4.1, §4.3; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf.api.framework import get_default_graph
from minitf.convert import convert_to_tensor
from minitf.dtypes import int64
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.base import Variable
from minitf.variables.initializers import Zeros
from minitf.variables.options import VariableAggregation
from minitf.variables.sharing import get_variable

GLOBAL_STEP_READ_KEY = "global_step_read_op_cache"
"""The collection of a graph's reading of its global step: TensorFlow's name."""


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """Return the value of the global step in a session as an int."""
    return int(sess.run(global_step_tensor))


def get_global_step(graph: Graph | None = None) -> Any:
    """Return the global step of a graph (the default one if None is given), or None.

    It is what stands alone in the collection GLOBAL_STEP, or the tensor `global_step:0`.

    Raises:
        TypeError: if it is no whole-number scalar variable.
    """
    graph = graph or get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) == 1:
        step = found[0]
    elif not found and graph.find_operation("global_step") is not None:
        step = graph.get_tensor_by_name("global_step:0")
    else:
        return None
    assert_global_step(step)
    return step


def create_global_step(graph: Graph | None = None) -> Any:
    """Make the global step of a graph (the default one if None is given).

    Raises:
        ValueError: if it has one.
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=int64,
            initializer=Zeros(),
            trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """Return the global step of a graph (the default one if None is given), made if need be."""
    graph = graph or get_default_graph()
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def _get_or_create_global_step_read(graph: Graph | None = None) -> Any:
    """Return a reading of the global step that a step may fetch beside its update, or None.

    It is made once; where nothing orders the two, it tends to be the value before the update.
    TensorFlow's name, which hooks of its users call.
    """
    graph = graph or get_default_graph()
    found = graph.get_collection(GLOBAL_STEP_READ_KEY)
    if found:
        return found[0]
    step = get_global_step(graph)
    if step is None:
        return None
    with graph.as_default(), graph.name_scope(None), graph.name_scope(f"{step.op.name}/"):
        reading = step + 0  # a variable itself would be read when the step ends
        graph.add_to_collection(GLOBAL_STEP_READ_KEY, reading)
    return reading


def increment_global_step(increment: Any, graph: Graph | None = None) -> Tensor:
    """Return an operation that adds to the global step after it has been read.

    Args:
        increment: how much.
        graph: the graph; the default one if None is given.

    Returns:
        The step afterwards.

    Raises:
        ValueError: if there is no global step.
    """
    graph = graph or get_default_graph()
    step = get_global_step(graph)
    if step is None:
        raise ValueError(
            "Global step tensor should be created by tf.train.get_or_create_global_step before "
            "calling increment."
        )
    reading = _get_or_create_global_step_read(graph)
    with graph.control_dependencies([reading]):
        added = step.assign_add(convert_to_tensor(increment, step.dtype.base_dtype))
    made: Tensor = convert_to_tensor(added)
    return made


def assert_global_step(global_step_tensor: Any) -> None:
    """Check that something can be a global step: a scalar variable of whole numbers.

    Raises:
        TypeError: if it cannot.
    """
    step = global_step_tensor
    if not isinstance(step, (Variable, Tensor)):
        raise TypeError(f'Existing "global_step" must be a Variable or Tensor: {step}.')
    if not step.dtype.base_dtype.is_integer:
        raise TypeError(f'Existing "global_step" does not have integer type: {step.dtype}')
    if step.shape.rank != 0 and step.shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {step.shape}')
