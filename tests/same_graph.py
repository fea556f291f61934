"""Building one small graph with either library and comparing nodes, static shapes and values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

import minitf

Make = Callable[[Any], Any]


def fed(tf: Any, value: np.ndarray, shape: Any = None) -> Any:
    """Return a placeholder of `value`'s shape, or of `shape`, that the run feeds with it."""
    made = tf.placeholder(value.dtype, value.shape if shape is None else shape)
    tf.add_to_collection("feeds", (made, value))
    return made


def built(tf: Any, make: Make) -> tuple[dict[str, tuple[str, Any]], list[Any]]:
    """Return the graph's nodes with their static shapes, and the values of the results."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        made = make(tf)
        results = list(made) if isinstance(made, (list, tuple)) else [made]
        for initializer in tf.get_collection("initializers"):
            session.run(initializer)
        nodes = {
            op.name: (op.type, [_sizes(output) for output in op.outputs])
            for op in graph.get_operations()
        }
        return nodes, session.run(results, dict(tf.get_collection("feeds")))


def _sizes(tensor: Any) -> Any:
    return None if tensor.shape.ndims is None else tensor.shape.as_list()


def as_in_1_15(nodes: dict[str, tuple[str, Any]]) -> dict[str, tuple[str, Any]]:
    """Return a newer TensorFlow's nodes as 1.15 made them."""
    found = {}
    for name, (op_type, shapes) in nodes.items():
        # of tf.add; the operator + made AddV2 in 1.15 too
        is_add = op_type == "AddV2" and not name.rpartition("/")[2].startswith("add")
        plain = re.sub(r"(Shape(_\d+)?)/shape_as_tensor$", r"\1", name)
        found[plain] = "Add" if is_add else op_type, shapes
    return found


def knows_as_much(ours: Any, theirs: Any) -> bool:
    """Tell whether our static shape says at least what TensorFlow's says."""
    if theirs is None or ours is None:
        return theirs is None
    pairs = zip(ours, theirs, strict=True)
    return len(ours) == len(theirs) and all(b in (a, None) for a, b in pairs)


def assert_same_graph(tensorflow: Any, make: Make) -> None:
    """Check that MiniTF builds TensorFlow 1.15's graph, knows its shapes, computes its values."""
    ours, our_values = built(minitf, make)
    theirs, their_values = built(tensorflow, make)
    theirs = as_in_1_15(theirs)

    kinds = [{(name, kind) for name, (kind, _) in nodes.items()} for nodes in (ours, theirs)]
    assert kinds[0] == kinds[1], (
        f"only ours: {sorted(kinds[0] - kinds[1])}, TensorFlow's: {sorted(kinds[1] - kinds[0])}"
    )
    for node, (_, shapes) in ours.items():
        known = theirs[node][1]
        assert all(map(knows_as_much, shapes, known)), f"{node}: {shapes}, TensorFlow {known}"
    _assert_close(our_values, their_values)


def assert_same_results(tensorflow: Any, make: Make) -> None:
    """Check values and static shapes only, where TensorFlow 2 makes other nodes than 1.15."""
    shapes, values = [], []
    for tf in (minitf, tensorflow):
        values.append(built(tf, make)[1])
        with tf.Graph().as_default():
            made = make(tf)
            tensors = list(made) if isinstance(made, (list, tuple)) else [made]
            shapes.append([_sizes(tensor) for tensor in tensors])

    _assert_close(*values)
    assert all(map(knows_as_much, *shapes)), f"{shapes[0]}, TensorFlow {shapes[1]}"


def _assert_close(ours: list[Any], theirs: list[Any]) -> None:
    for got, want in zip(ours, theirs, strict=True):
        dtype = np.asarray(want).dtype
        if dtype.kind in "fc":
            tolerance = 2e-3 if dtype == np.float16 else 2e-5
            np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(got, want)


def wiring(tf: Any, make: Make) -> dict[str, tuple[Any, ...]]:
    """Return each node's op, inputs, control inputs, colocation and control-flow attributes.

    Names and ops are 1.15's; factors and terms are in no order, as newer versions have another.
    """
    with tf.Graph().as_default() as graph:
        make(tf)
        nodes = graph.as_graph_def().node
    found = {}
    for node in nodes:
        name = _SHAPE_CONSTANT.sub(r"\1", node.name)
        data = [_SHAPE_CONSTANT.sub(r"\1", text) for text in node.input if text[0] != "^"]
        found[name] = (
            "Add" if node.op == "AddV2" else node.op,
            sorted(data) if node.op in _COMMUTATIVE else data,
            sorted(text for text in node.input if text[0] == "^"),
            sorted(node.attr["_class"].list.s),
            {key: str(node.attr[key]) for key in _TOLD if key in node.attr},
        )
    return found


_SHAPE_CONSTANT = re.compile(r"(Shape(?:_\d+)?)/shape_as_tensor$")
_COMMUTATIVE = ("Mul", "Add", "AddV2")
_TOLD = (
    *("frame_name", "is_constant", "parallel_iterations", "swap_memory", "elem_type", "source"),
    *("dtype", "dynamic_size", "clear_after_read", "identical_element_shapes"),
)


def assert_same_wiring(tensorflow: Any, make: Make) -> None:
    """Check that MiniTF builds TensorFlow's graph edge by edge."""
    ours, theirs = wiring(minitf, make), wiring(tensorflow, make)

    assert set(ours) == set(theirs), (
        f"only ours: {sorted(set(ours) - set(theirs))}, "
        f"TensorFlow's: {sorted(set(theirs) - set(ours))}"
    )
    different = [
        f"{name}: {ours[name]}\n  TensorFlow {theirs[name]}"
        for name in ours
        if ours[name] != theirs[name]
    ]
    assert not different, "\n".join(different)
