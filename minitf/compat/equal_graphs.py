"""Comparing GraphDefs: `tf.test.assert_equal_graph_def`.

Source: TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.protos import GraphDef


def assert_equal_graph_def(
    actual: Any, expected: Any, checkpoint_v2: bool = False, hash_table_shared_name: bool = False
) -> None:
    """Check that two GraphDefs have equal nodes, in any order.

    Args:
        actual: a GraphDef.
        expected: another one.
        checkpoint_v2: whether to leave out the random names of temporary checkpoint files.
        hash_table_shared_name: whether to leave out the shared names of tables.

    Raises:
        AssertionError: if they differ; it names the nodes.
        TypeError: if one of them is no GraphDef.
    """
    for graph_def, what in ((actual, "actual"), (expected, "expected")):
        if not isinstance(graph_def, GraphDef):
            raise TypeError(f"Expected tf.GraphDef for {what}, got {type(graph_def).__name__}")
    ours, theirs = (
        {node.name: _plain(node, checkpoint_v2, hash_table_shared_name) for node in each.node}
        for each in (actual, expected)
    )
    if ours == theirs:
        return
    names = sorted(ours.keys() | theirs.keys())
    differing = [name for name in names if ours.get(name) != theirs.get(name)]
    shown = "\n".join(
        f"{name}:\n  actual: {ours.get(name)}\n  expected: {theirs.get(name)}"
        for name in differing[:5]
    )
    raise AssertionError(f"GraphDefs differ in {len(differing)} nodes: {differing}\n{shown}")


def _plain(node: Any, checkpoint_v2: bool, hash_table_shared_name: bool) -> str:
    """Return a node as text, without what differs from run to run."""
    copy = type(node)()
    copy.CopyFrom(node)
    if (
        checkpoint_v2
        and node.op == "Const"
        and b"_temp_" in b"".join(copy.attr["value"].tensor.string_val)
    ):
        copy.attr["value"].tensor.string_val[:] = []
    if hash_table_shared_name and node.op in ("HashTable", "HashTableV2"):
        copy.attr["shared_name"].s = b""
    return str(copy)
