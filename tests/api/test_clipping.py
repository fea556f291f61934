"""Clipping gradients, dense and sparse: values, forms and nodes."""

from __future__ import annotations

import numpy as np
import pytest
from variables.scenarios import nodes

import minitf

# name -> what to do to IndexedSlices `s` and a Tensor `d`
CLIPPED = {
    "value of slices": lambda tf, s, d: tf.clip_by_value(s, 1.0, 5.0),
    "value": lambda tf, s, d: tf.clip_by_value(d, 1.0, 5.0),
    "norm of slices": lambda tf, s, d: tf.clip_by_norm(s, 5.0),
    "norm of slices along an axis": lambda tf, s, d: tf.clip_by_norm(s, 5.0, axes=[1]),
    "norm": lambda tf, s, d: tf.clip_by_norm(d, 5.0),
    "average norm of slices": lambda tf, s, d: tf.clip_by_average_norm(s, 0.5),
    "average norm": lambda tf, s, d: tf.clip_by_average_norm(d, 0.5),
    "global norm of all": lambda tf, s, d: tf.global_norm([s, None, d]),
    "global norm": lambda tf, s, d: tf.clip_by_global_norm([s, None, d], 5.0),
    "known global norm": lambda tf, s, d: tf.clip_by_global_norm(
        (s, d), 5.0, use_norm=tf.constant(10.0)
    ),
    "infinite global norm": lambda tf, s, d: tf.clip_by_global_norm([s, d * np.inf], 5.0),
}
# in 1.15 all are; 2.21 asks otherwise for zeros and infinities
SAME_NODES = {name for name in CLIPPED if "value" in name or "average" in name or "all" in name}


def program(tf, name):
    """Return the clipped values, in what form they come, and the graph's nodes."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        rows = tf.constant([[3.0, 4.0], [6.0, 8.0], [3.0, 0.0]], name="rows")
        slices = tf.IndexedSlices(rows, tf.constant([0, 2, 0]), tf.constant([4, 2]))
        dense = tf.constant([[3.0, 4.0], [6.0, 8.0]], name="dense")
        found = CLIPPED[name](tf, slices, dense)
        parts = [*found[0], found[1]] if isinstance(found, tuple) else [found]
        forms = [type(each).__name__.removesuffix("Value") for each in parts]
        tensors = [getattr(each, "values", each) for each in parts if each is not None]
        values = session.run(tensors)
    return values, forms, nodes(graph)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", CLIPPED)
def test_clipping_is_tensorflows(name, tensorflow):
    (ours, our_forms, our_nodes), (theirs, their_forms, their_nodes) = (
        program(tf, name) for tf in (minitf, tensorflow)
    )

    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    assert [form for form in our_forms if form != "Tensor"] == [
        form for form in their_forms if "Tensor" not in form
    ]
    if name in SAME_NODES:
        assert our_nodes == their_nodes


def test_slices_keep_their_rows():
    tf = minitf
    rows = tf.IndexedSlices(tf.constant([[3.0, 4.0]]), tf.constant([7]), tf.constant([9, 2]))
    for clipped in (
        tf.clip_by_value(rows, 0.0, 2.0),
        tf.clip_by_norm(rows, 1.0),
        tf.clip_by_global_norm([rows], 1.0)[0][0],
    ):
        assert clipped.indices is rows.indices
        assert clipped.dense_shape is rows.dense_shape


def test_norms_are_bounded_by_hand():
    tf = minitf
    x = tf.constant([[3.0, 4.0], [6.0, 8.0]])
    (by_norm, by_row), total = [tf.clip_by_norm(x, 5.0), tf.clip_by_norm(x, 5.0, [1])], x * 2.0
    (first, second), norm = tf.clip_by_global_norm([total, tf.constant([0.0])], np.sqrt(125))
    with tf.Session() as session:
        values = session.run([by_norm, by_row, first, second, norm])

    np.testing.assert_allclose(np.linalg.norm(values[0]), 5, rtol=1e-6)
    np.testing.assert_allclose(values[1], [[3, 4], [3, 4]], rtol=1e-6)
    np.testing.assert_allclose(values[2], [[3, 4], [6, 8]], rtol=1e-6)
    assert values[3].tolist() == [0]
    np.testing.assert_allclose(values[4], np.sqrt(500), rtol=1e-6)


@pytest.mark.parametrize("bad", [lambda tf: tf.constant([1.0]), lambda tf: "gradients"])
def test_gradients_come_as_a_sequence(bad):
    tf = minitf
    for function in (tf.global_norm, lambda t: tf.clip_by_global_norm(t, 1.0)):
        with pytest.raises(TypeError, match="t_list should be a sequence"):
            function(bad(tf))
