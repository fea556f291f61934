"""Running one program on TensorFlow and on MiniTF: what it made, or how it was refused."""

from __future__ import annotations

import re
from typing import Any


def nodes(graph: Any) -> list[Any]:
    """Return (name, type, inputs, control inputs, device, colocation) of a graph's operations."""
    return [
        (
            op.name,
            op.type,
            [tensor.name for tensor in op.inputs],
            sorted(each.name for each in op.control_inputs),
            op.device,
            sorted(op.colocation_groups()),
        )
        for op in graph.get_operations()
    ]


def outcome(tf: Any, scenario: Any) -> Any:
    """Run a scenario in a graph of its own.

    Returns:
        What it gives, or the kind and phrase of its error, and the graph's nodes.
    """
    with tf.Graph().as_default() as graph:
        try:
            result = scenario(tf)
        except (ValueError, TypeError, RuntimeError) as error:
            kind = next(k for k in (ValueError, TypeError, RuntimeError) if isinstance(error, k))
            return kind, phrase(str(error))
    return result, nodes(graph)


def phrase(message: str) -> str:
    """Return the part of a message that both libraries give: up to the place and the facts."""
    first = re.split(r"\n| Originally defined", message)[0]
    return re.sub(r"<dtype: '(\w+)'>", r"\1", first).strip().rstrip(".")
