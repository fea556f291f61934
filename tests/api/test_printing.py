"""tf.Print and tf.print build TensorFlow's graphs and show what it shows."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
import pytest
from same_graph import as_in_1_15, assert_same_graph, fed

import minitf


class Point(NamedTuple):
    x: Any
    y: Any


def printing(tf, *things, **options):
    """Return the nodes with their attributes, and what the operation writes to a file."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        made = [thing(tf) if callable(thing) else thing for thing in things]
        session.run(tf.print(*made, **options))
        nodes = as_in_1_15({op.name: (op.type, None) for op in graph.get_operations()})
        formats = [op for op in graph.get_operations() if op.type == "StringFormat"]
        return nodes, [op.get_attr("template") for op in formats]


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("things", "options"),
    [
        (["x =", lambda tf: tf.constant([1.5, 2.0])], {}),
        ([lambda tf: tf.constant("text")], {"end": ""}),
        ([lambda tf: tf.constant(["a", "b"]), 7, None, [1, "s"]], {"sep": ", ", "summarize": 1}),
        ([lambda tf: {"b": tf.constant(1), "a": [tf.constant(2), "{}"]}], {"name": "p"}),
        ([lambda tf: Point(tf.constant(1), tf.zeros([2, 2]))], {"summarize": -1}),
        ([lambda tf: tf.SparseTensor([[0]], [5], [3])], {}),
    ],
)
def test_print_shows_what_tensorflow_shows(tensorflow, tmp_path, things, options):
    found = []
    for tf in (minitf, tensorflow):
        path = tmp_path / tf.__name__
        nodes, templates = printing(tf, *things, output_stream=f"file://{path}", **options)
        found.append((nodes, templates, path.read_bytes()))

    assert found[0] == found[1]


@pytest.mark.tensorflow
def test_the_graph_of_print_is_tensorflows(tensorflow):
    x = np.float32([1, 2])

    assert_same_graph(tensorflow, lambda tf: tf.Print(fed(tf, x), [fed(tf, x)], "x: ", summarize=1))


def test_print_writes_to_the_stream_named(capsys):
    with minitf.Graph().as_default(), minitf.Session() as session:
        session.run(minitf.print("x", minitf.constant([1, 2]), output_stream=sys.stdout))
        session.run(minitf.print(minitf.constant(3)))
    shown = capsys.readouterr()

    assert (shown.out, shown.err) == ("x [1 2]\n", "3\n")


def test_what_printing_refuses():
    with pytest.raises(ValueError, match="Unsupported output stream"):
        minitf.print(1, output_stream="screen")
    with pytest.raises(ValueError, match=r"Unrecognized keyword arguments for tf\.print"):
        minitf.print(1, seperator=",")
    with pytest.raises(ValueError, match=r"2 placeholder\(s\) in template does not match 1 tensor"):
        minitf.strings.format("{} {}", minitf.constant(1))
