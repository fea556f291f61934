"""The older names of ops on batches: same numbers, fewer types, no gradients; read from graphs."""

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.op_def import CATALOGUE
from minitf.ops.linalg import batch_names

NAMES = [n for n, o in CATALOGUE.items() if o.__module__ == batch_names.__name__]


@pytest.mark.parametrize("name", NAMES)
def test_an_older_name_says_what_took_its_place(name):
    op_def = ops.find_op(name)

    assert name.removeprefix("Batch") in ops.names()
    assert "Use " in op_def.deprecated[1]
    assert op_def.refuses_gradient


def test_a_band_is_cut_out_of_each_matrix():
    kept = tf.raw_ops.BatchMatrixBandPart(input=np.ones((2, 3, 3)), num_lower=0, num_upper=1)

    with tf.Session() as session:
        assert session.run(kept)[1].tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_an_older_name_takes_fewer_types():
    with pytest.raises(TypeError, match="complex64 not in list of allowed values"):
        tf.raw_ops.BatchCholesky(input=np.eye(2, dtype=np.complex64))


def test_a_graph_that_names_them_is_read():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 2, 2], name="x")
        tf.raw_ops.BatchCholesky(input=x, name="factors")
    message = graph.as_graph_def()
    message.versions.producer = 12

    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(message, name="")
        found = session.run("factors:0", {"x:0": [[[4, 0], [2, 2]]]})
    assert found.tolist() == [[[2, 0], [1, 1]]]
