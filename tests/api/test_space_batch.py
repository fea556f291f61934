"""The public functions of blocks of space build TensorFlow's graphs; their messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf

X = np.arange(96, dtype=np.float32).reshape(4, 4, 6, 1)
NONE = [[0, 0], [0, 0]]


def x(tf):
    return fed(tf, X, [None, 4, None, 1])


def sizes(tf):
    return fed(tf, np.int32([5, 6]))


GRAPHS = {
    "space_to_batch": lambda tf: tf.space_to_batch(x(tf), NONE, 2),
    "space_to_batch by its other name": lambda tf: tf.nn.space_to_batch(
        x(tf), NONE, block_shape=2, name="s"
    ),
    "batch_to_space": lambda tf: tf.batch_to_space(x(tf), [[1, 0], [0, 1]], 2),
    "space_to_batch_nd": lambda tf: tf.space_to_batch_nd(x(tf), [2, 3], [[1, 1], [0, 0]]),
    "batch_to_space_nd": lambda tf: tf.manip.batch_to_space_nd(x(tf), [1, 2], NONE, name="b"),
    "space_to_depth": lambda tf: tf.space_to_depth(x(tf), 2),
    "depth_to_space": lambda tf: tf.nn.depth_to_space(tf.nn.space_to_depth(x(tf), 2), 2, "d"),
    "required paddings": lambda tf: tf.required_space_to_batch_paddings(
        [5, 6], [2, 4], [[1, 0], [2, 2]]
    ),
    "required paddings of what the run knows": lambda tf: tf.required_space_to_batch_paddings(
        sizes(tf), [2, 4], name="fit"
    ),
    "required paddings of no dimension": lambda tf: tf.required_space_to_batch_paddings([], []),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


def test_required_paddings_fill_the_blocks():
    paddings, crops = minitf.required_space_to_batch_paddings([5, 6], [2, 4], [[1, 0], [2, 2]])
    with minitf.Session() as session:
        assert session.run(paddings).tolist() == [[1, 0], [2, 4]]
        assert session.run(crops).tolist() == [[0, 0], [0, 2]]


def test_one_block_size_is_enough():
    with pytest.raises(ValueError, match="Cannot specify both 'block_size' and 'block_shape'"):
        minitf.space_to_batch(X, NONE, 2, block_shape=2)
