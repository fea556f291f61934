"""What a Supervisor finds in a graph, or makes there.

Source: TensorFlow 1.15's tf.train.Supervisor.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from minitf.api.framework import add_to_collection, get_collection, get_default_graph

_LOG = logging.getLogger("tensorflow")
USE_DEFAULT = 0  # "take the one in the graph, or make one"; None means that there is none


def found_or_made(given: Any, key: str, make: Callable[[], Any]) -> Any:
    """Return what is given, else the first of a collection, else what is made and put there."""
    if given is not USE_DEFAULT:
        return given
    found = get_collection(key)
    if len(found) > 1:
        _LOG.info("Found %d %s operations. Returning the first one.", len(found), key)
    if found:
        return found[0]
    made = make()
    if made is not None:
        add_to_collection(key, made)
    return made


def step_by_name() -> Any:
    """Return the tensor `global_step:0` of the default graph if it counts."""
    graph = get_default_graph()
    if graph.find_operation("global_step") is None:
        return None
    step = graph.get_tensor_by_name("global_step:0")
    if step.dtype.base_dtype.is_integer:
        return step
    _LOG.warning("Found 'global_step' is not an int type: %s", step.dtype)
    return None


def check_placed(graph: Any) -> None:
    """Check that each variable has a device, as where several tasks share them.

    Raises:
        ValueError: if one has none.
    """
    for operation in graph.get_operations():
        if operation.type in {"Variable", "VariableV2"} and not operation.device:
            raise ValueError(
                "When using replicas, all Variables must have their device set: "
                f"{operation.node_def}"
            )
