"""Branches and loops in messages: read again, run, differentiated; TensorFlow reads them too."""

from __future__ import annotations

import numpy as np
import pytest
from control_flow.programs import PROGRAMS
from google.protobuf import text_format

import minitf as tf
from minitf import protos
from minitf.meta_graph import export_meta_graph, import_meta_graph

ROUND_TRIPS = [name for name in PROGRAMS if "variable" not in name]


def contexts_of(message):
    """Return the contexts of a MetaGraphDef, each as text."""
    kinds = {"cond_context": protos.CondContextDef, "while_context": protos.WhileContextDef}
    return [
        text_format.MessageToString(kind.FromString(value))
        for key, kind in kinds.items()
        for value in message.collection_def[key].bytes_list.value
    ]


def results_of(made):
    return list(made) if isinstance(made, (list, tuple)) else [made]


def program(module, name):
    """Build a program; returns its results' names, the feeds by name, and its MetaGraphDef."""
    with module.Graph().as_default() as graph:
        results = results_of(PROGRAMS[name](module))
        feeds = {x.name: value for x, value in module.get_collection("feeds")}
        graph.clear_collection("feeds")
        graph.clear_collection("initializers")
        if module is tf:
            return [each.name for each in results], feeds, export_meta_graph(graph)
        message = module.train.export_meta_graph(graph=graph)
        return [each.name for each in results], feeds, message


def values(module, graph, names, feeds, scope=""):
    with module.Session(graph=graph) as session:
        return session.run(
            [scope + name for name in names],
            {scope + name: value for name, value in feeds.items()},
        )


def same(ours, theirs) -> None:
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def slopes(module, graph, names, feeds, scope=""):
    """Return the gradients by what is fed of all results that have one."""
    with graph.as_default():
        ys = [graph.get_tensor_by_name(scope + name) for name in names]
        xs = [graph.get_tensor_by_name(scope + name) for name in feeds]
        ys = [y for y in ys if y.dtype.is_floating]
        xs = [x for x in xs if x.dtype.is_floating]
        found = [grad for grad in module.gradients(ys, xs) if grad is not None] if ys else []
    with module.Session(graph=graph) as session:
        return session.run(found, {scope + name: value for name, value in feeds.items()})


@pytest.mark.thorough
@pytest.mark.paper("W-32", "W-35")
@pytest.mark.parametrize("scope", [None, "net"])
@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_what_is_read_again_runs_and_has_gradients(name, scope):
    names, feeds, message = program(tf, name)
    with tf.Graph().as_default() as first:
        import_meta_graph(first, message)
    with tf.Graph().as_default() as again:
        import_meta_graph(again, message, import_scope=scope)
    prefix = f"{scope}/" if scope else ""

    same(values(tf, first, names, feeds), values(tf, again, names, feeds, prefix))
    with tf.Graph().as_default() as original:
        PROGRAMS[name](tf)
    same(slopes(tf, original, names, feeds), slopes(tf, again, names, feeds, prefix))


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_a_second_writing_says_the_same(name):
    _, _, message = program(tf, name)
    with tf.Graph().as_default() as again:
        import_meta_graph(again, message)
    second = export_meta_graph(again)

    assert contexts_of(message) == contexts_of(second)


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_tensorflow_reads_ours_and_we_read_theirs(name, tensorflow):
    from google.protobuf import message as base

    names, feeds, ours = program(tf, name)
    theirs = program(tensorflow, name)[2]
    assert isinstance(ours, base.Message)
    with tensorflow.Graph().as_default() as there:
        copy = type(theirs).FromString(ours.SerializeToString())
        tensorflow.train.import_meta_graph(copy)
    with tf.Graph().as_default() as here:
        import_meta_graph(here, type(ours).FromString(theirs.SerializeToString()))

    same(values(tf, here, names, feeds), values(tensorflow, there, names, feeds))
    same(slopes(tf, here, names, feeds), slopes(tensorflow, there, names, feeds))


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_contexts_are_written_as_tensorflow_writes_them(name, tensorflow):
    ours, theirs = program(tf, name)[2], program(tensorflow, name)[2]
    if name == "case_exclusive":  # TensorFlow guards its assertions by branches
        return
    assert contexts_of(ours) == contexts_of(theirs)


def test_two_imports_of_a_loop_are_two_loops():
    names, feeds, message = program(tf, "loop_of_two")
    with tf.Graph().as_default() as graph:
        for scope in ("a", "b"):
            tf.import_graph_def(message.graph_def, name=scope)
        results = [f"{scope}/{name}" for scope in "ab" for name in names]
        values_of = {
            f"{scope}/{name}": value * (scope == "b")
            for scope in "ab"
            for name, value in feeds.items()
            if f"{scope}/{name}" in {op.name + ":0" for op in graph.get_operations()}
        }
        with tf.Session() as session:
            got = session.run(results, values_of)

    assert got == [4, 0, 4, 81]


def test_a_loop_may_be_imported_into_a_branch_and_a_body():
    with tf.Graph().as_default() as graph:
        n = tf.placeholder(tf.int32, [], name="n")
        tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i), [0, 0])
        message = graph.as_graph_def()

    def imported(count):
        return tf.import_graph_def(
            message, input_map={"n": count}, return_elements=["while/Exit_1:0"]
        )[0]

    def body(i, total):
        inner = imported(i)
        inner.set_shape([])
        return i + 1, total + inner

    total = tf.while_loop(lambda i, _: i < 5, body, [0, 0])[1]
    p = tf.placeholder(tf.bool, [])
    chosen = tf.cond(p, lambda: imported(tf.constant(4)), lambda: tf.constant(-1))
    with tf.Session() as session:
        assert session.run(total) == sum(sum(range(i)) for i in range(5))
        assert [session.run(chosen, {p: taken}) for taken in (True, False)] == [6, -1]


def test_contexts_outside_of_the_exported_scope_are_left_out():
    p = tf.placeholder(tf.bool, [], name="p")
    with tf.name_scope("inside"):
        x = tf.constant(1.0)
        q = tf.identity(p)
        tf.cond(q, lambda: x, lambda: -x)
    tf.cond(p, lambda: 1, lambda: 2)
    message = export_meta_graph(tf.get_default_graph(), export_scope="inside")
    with tf.Graph().as_default() as again:
        value = tf.constant(True)
        import_meta_graph(again, message, input_map={("$unbound_inputs_p", 0): value})
        contexts = tf.get_collection("cond_context")

    assert [context.name for context in contexts] == ["cond/cond_text", "cond/cond_text_1"]
    assert [context.branch for context in contexts] == [1, 0]


def test_a_context_gives_its_message():
    tf.cond(tf.placeholder(tf.bool, [], name="p"), lambda: tf.constant(1), lambda: tf.constant(2))
    tf.while_loop(lambda i: i < 3, lambda i: i + 1, [tf.constant(0)], name="loop")

    branches = tf.get_collection(tf.GraphKeys.COND_CONTEXT)
    assert [branch.to_proto().branch for branch in branches] == [1, 0]
    (loop,) = tf.get_collection(tf.GraphKeys.WHILE_CONTEXT)
    assert loop.to_proto().pivot_name == "loop/LoopCond:0"
    assert loop.to_proto(export_scope="loop").pivot_name == "LoopCond:0"
