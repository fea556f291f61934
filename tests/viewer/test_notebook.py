"""Graphs, operations and tensors show themselves in notebooks: safely, wholly, without overlap."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops
from minitf.viewer import notebook
from minitf.viewer.layout import corner, place
from minitf.viewer.scope_tree import scope_tree

SCOPES = st.lists(st.sampled_from(["a", "b", "a>b", "layer"]), max_size=3)
SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def graphs(draw):
    """Graphs of unary and binary operations in random scopes, with some control dependencies."""
    graph = tf.Graph()
    with graph.as_default():
        made = [ops.placeholder_op(dtype=tf.float32, name="x")]
        for _ in range(draw(st.integers(0, 15))):
            before = draw(st.sampled_from(made))
            control = [before.op] if draw(st.booleans()) else []
            with graph.control_dependencies(control):
                scope = "/".join(["", *draw(SCOPES), "op"])[1:]
                if draw(st.booleans()):
                    made.append(ops.identity_op(draw(st.sampled_from(made)), name=scope))
                else:
                    two = [draw(st.sampled_from(made)), draw(st.sampled_from(made))]
                    made.append(ops.add_n_op(two, name=scope))
    return graph


def svg_of(html: str) -> ET.Element:
    """Parse the drawing; that it parses is half of the test."""
    return ET.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL)[0])


def texts(html: str, tag: str) -> list[str]:
    return [element.text for element in svg_of(html).iter(f"{SVG}{tag}")]


# --- the drawing ------------------------------------------------------------------------------


@given(graphs())
def test_every_operation_of_a_small_graph_is_drawn(graph):
    titles = texts(graph._repr_html_(), "title")

    for op in graph.get_operations():
        assert any(title.startswith(f"{op.name}\n{op.type}\n") for title in titles)


@given(graphs())
def test_the_same_graph_is_drawn_the_same(graph):
    assert graph._repr_html_() == graph._repr_html_()


@given(graph=graphs(), most=st.integers(1, 8))
def test_boxes_lie_inside_their_scope_and_beside_each_other(graph, most):
    root, leaf_of = scope_tree(graph.get_operations(), most)
    lines = {(leaf_of[t.op], leaf_of[op]) for op in graph.get_operations() for t in op.inputs}
    place(root, [(a, b) for a, b in lines if a is not b])
    scopes = [root]
    while scopes:
        scope = scopes.pop()
        scopes += [child for child in scope.children if child.is_open]
        for box in scope.children:
            assert box.x >= 0
            assert box.y >= 0
            assert box.x + box.width <= scope.width
            assert box.y + box.height <= scope.height
        for one, other in combinations(scope.children, 2):
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            above = one.y + one.height <= other.y or other.y + other.height <= one.y

            assert beside or above


@given(graph=graphs(), most=st.integers(1, 8))
def test_no_more_leaves_than_asked_for_and_each_operation_has_one(graph, most):
    root, leaf_of = scope_tree(graph.get_operations(), most)
    leaves = list(root.leaves())

    assert len(leaves) <= most
    assert set(leaf_of.values()) == set(leaves)
    assert sum(leaf.count for leaf in leaves) == len(graph.get_operations())


@given(graphs())
def test_lines_run_downwards_where_the_graph_has_no_way_back(graph):
    root, leaf_of = scope_tree(graph.get_operations(), 1000)
    lines = {(leaf_of[t.op], leaf_of[op]) for op in graph.get_operations() for t in op.inputs}
    place(root, lines)
    for start, end in lines:
        if start.parent is end.parent:
            assert corner(start)[1] < corner(end)[1]


def chain(length: int, name: str = "x") -> tf.Graph:
    graph = tf.Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype=tf.float32, name=name)
        for _ in range(length - 1):
            x = ops.identity_op(x, name=name)
    return graph


def test_a_large_graph_is_drawn_with_closed_scopes():
    graph = tf.Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype=tf.float32, name="x")
        for i in range(40):
            with tf.name_scope(f"layer{i}"):
                for _ in range(100 if i % 2 else 2):
                    x = ops.identity_op(x)
    html = graph._repr_html_()
    labels = texts(html, "text")

    assert "layer1 (100)" in labels
    assert "layer2" in labels
    assert len(html) < 200_000
    assert "Graph: 2041 operations; scopes with a number in brackets are closed" in html


def test_a_large_graph_without_scopes_is_cut():
    labels = texts(chain(5000)._repr_html_(), "text")

    assert len(labels) == notebook.MOST_BOXES
    assert f"... ({5000 - notebook.MOST_BOXES + 1})" in labels


def test_scopes_as_deep_as_one_likes_are_drawn():
    html = chain(2, "/".join(["s"] * 3000))._repr_html_()

    assert len(texts(html, "text")) > 2


def test_an_empty_graph_is_drawn():
    assert "Graph: 0 operations" in tf.Graph()._repr_html_()


def test_control_dependencies_are_dashed():
    graph = tf.Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype=tf.float32, name="x")
        with graph.control_dependencies([x]):
            ops.no_op_op(name="after")
    dashed = [
        path.get("stroke-dasharray") for path in svg_of(graph._repr_html_()).iter(f"{SVG}path")
    ]

    assert dashed == ["3 3"]


# --- tables ---------------------------------------------------------------------------------------


def test_an_operation_tells_what_it_is_and_where_it_was_made():
    x = ops.placeholder_op(dtype=tf.float32, shape=[None, 3], name="x")
    html = ops.transpose_op(x, np.array([1, 0]), name="turned").op._repr_html_()

    for part in ("turned", "Transpose", "shape=(?, 3)", "shape=(3, ?)", "attribute T", __file__):
        assert part in html


def test_a_tensor_tells_how_to_get_its_value():
    html = ops.placeholder_op(dtype=tf.float32, shape=[2], name="x")._repr_html_()

    assert "session.run(&#x27;x:0&#x27;)" in html
    assert "(2,)" in html


def test_a_large_constant_is_shown_in_short():
    constant = tf.convert_to_tensor(np.zeros((1000, 1000)))

    assert len(constant.op._repr_html_()) < 3000


# --- hostile texts ----------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("show", [lambda x: x, lambda x: x.op, lambda x: x.graph])
def test_markup_in_a_program_is_shown_not_obeyed(show):
    program = 'x = ops.placeholder_op(dtype=tf.float32, name="a>b")'
    names = {"ops": ops, "tf": tf}
    exec(compile(program, f"{SCRIPT}\"'&", "exec"), names)
    html = show(names["x"])._repr_html_()

    assert SCRIPT not in html
    assert "&lt;script&gt;" in html
    assert "a>b" not in html


def test_markup_in_attributes_is_shown_not_obeyed():
    with tf.Graph().as_default():
        op = ops.variable_v2_op(shape=[], dtype=tf.float32, shared_name=SCRIPT).op

    assert SCRIPT not in op._repr_html_()
    assert "&lt;script&gt;" in op._repr_html_()
