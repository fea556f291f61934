"""Variables whose initializers read a checkpoint: by variable, name, part and scope."""

from __future__ import annotations

import numpy as np
import pytest

import minitf
from minitf.io.tensor_bundle import BundleWriter

tf = minitf
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])
W = np.arange(8, dtype=np.float32).reshape(4, 2)


@pytest.fixture
def path(tmp_path):
    with BundleWriter(str(tmp_path / "m")) as writer:
        writer.add("old/b", np.float32([7, 8]))
        writer.add("old/deep/w", W)
        writer.add("top", np.float32(5))
    return str(tmp_path / "m")


def initialized(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@pytest.mark.paper("O-23")
@both_kinds
def test_variables_begin_with_tensors_of_a_checkpoint(path, use_resource):
    with tf.variable_scope("new", use_resource=use_resource):
        w = tf.get_variable("w", [4, 2])
        b = tf.get_variable("b", [2])
        other = tf.get_variable("other", initializer=1.0)
    tf.train.init_from_checkpoint(path, {"old/deep/w": w, "old/b": "new/b"})

    found = initialized([w, b, other])
    assert [each.tolist() for each in found] == [W.tolist(), [7, 8], 1]


@pytest.mark.parametrize(
    "pairs",
    [
        {"old/": "new/"},
        {"old/deep/": "new/deep/", "old/b": "new/b"},
    ],
)
def test_scopes_stand_for_all_their_variables(path, pairs):
    with tf.variable_scope("new"):
        b = tf.get_variable("b", [2])
        with tf.variable_scope("deep"):
            w = tf.get_variable("w", [4, 2])
    tf.train.init_from_checkpoint(path, pairs)

    assert [each.tolist() for each in initialized([b, w])] == [[7, 8], W.tolist()]


def test_the_outermost_scope_is_a_slash(path):
    with tf.variable_scope("new"):
        top = tf.get_variable("top", [])
    tf.train.init_from_checkpoint(path, {"/": "new/"})

    assert initialized(top) == 5


@both_kinds
@pytest.mark.parametrize("how", ["parts", "name", "scope"])
def test_parts_of_a_variable_begin_with_their_parts(path, use_resource, how):
    with tf.variable_scope(
        "new", partitioner=tf.fixed_size_partitioner(3), use_resource=use_resource
    ):
        w = tf.get_variable("w", [4, 2])
    target = {"parts": list(w), "name": "new/w"}
    pairs = {"old/deep/": "new/"} if how == "scope" else {"old/deep/w": target[how]}
    tf.train.init_from_checkpoint(path, pairs)

    assert initialized(w.as_tensor()).tolist() == W.tolist()


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({"none": "v"}, "Tensor none is not found in"),
        ({"old/b": "v"}, r"Shape of variable v:0 \(\(3,\)\) doesn't match with shape of tensor"),
        ({"top": "no/such"}, "should map to scope only top"),
        ({"old/": "new/"}, "Tensor old/c is not found in"),
    ],
)
def test_what_does_not_fit_is_refused(path, pairs, words):
    tf.get_variable("v", [3])
    with tf.variable_scope("new"):
        tf.get_variable("c", [2])
    with pytest.raises(ValueError, match=words):
        tf.train.init_from_checkpoint(path, pairs)


@pytest.mark.tensorflow
def test_a_graph_begins_as_tensorflows_does(path, tensorflow):
    values, kinds = [], []
    for each in (tf, tensorflow):
        with each.Graph().as_default() as graph, each.Session() as session:
            with each.variable_scope("new"):
                w = each.get_variable("w", [4, 2])
            each.train.init_from_checkpoint(path, {"old/deep/": "new/"})
            session.run(each.global_variables_initializer())
            values.append(session.run(w).tolist())
            kinds.append(
                [
                    (op.name, op.type, op.device)
                    for op in graph.get_operations()
                    if "heckpoint" in op.name or "Assign" in op.type
                ]
            )

    assert values[0] == values[1] == W.tolist()
    assert kinds[0] == kinds[1]
