"""A graph that is written and read again is the same graph, and computes the same."""

from __future__ import annotations

from typing import Any

import numpy as np

import minitf as tf
from minitf import protos
from minitf.testing.calls import placeholders, tensors_of
from minitf.testing.case import Case
from minitf.testing.derivatives import flat
from minitf.testing.property import Draw, Property, not_a_function


def run_imported(message: Any, op_def: Any, case: Case, inputs: Any, outputs: Any) -> None:
    """Import a GraphDef, run it, and check what it computes.

    Args:
        message: bytes of a GraphDef.
        op_def: the op that it calls.
        case: with what.
        inputs: names of the Tensors to feed, a list of names for a list; None for a constant.
        outputs: names of the op's outputs.

    Returns:
        Nothing; raises AssertionError if the results are not those of the body.
    """
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.import_graph_def(protos.GraphDef.FromString(message), name="")
        names = zip(flat(inputs), flat(case.inputs), strict=True)
        feeds = {graph.get_tensor_by_name(name): x for name, x in names if name is not None}
        made = session.run([graph.get_tensor_by_name(name) for name in outputs], feeds)
    arrays = [np.asarray(x, object if isinstance(x, bytes) else None) for x in made]
    case.assert_agrees(op_def, tuple(arrays), case.run(op_def))


def message_of(graph: Any, op_def: Any) -> Any:
    """Return a graph as a message of a time when the op was not deprecated yet."""
    message = graph.as_graph_def()
    if op_def.deprecated:
        message.versions.producer = op_def.deprecated[0] - 1
    return message


def _check(op_def: Any, case: Case, _: Draw) -> str:
    with tf.Graph().as_default() as graph:
        inputs = placeholders(op_def, case)
        outputs = tensors_of(op_def(*inputs, **case.attrs))
    written = message_of(graph, op_def)
    message = written.SerializeToString()
    with tf.Graph().as_default() as again:
        tf.import_graph_def(protos.GraphDef.FromString(message), name="")

    assert list(again.as_graph_def().node) == list(written.node)
    names = [[t.name for t in x] if isinstance(x, list) else x.name for x in inputs]
    run_imported(message, op_def, case, names, [t.name for t in outputs])
    return ""


ROUND_TRIP = Property(
    "graph def", "A graph written and read again computes the same.", not_a_function, _check
)
