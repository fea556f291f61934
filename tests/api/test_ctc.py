"""tf.nn's CTC functions build TensorFlow's graphs and compute its values."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, built, fed

import minitf

SCORES = np.random.default_rng(2).standard_normal((6, 2, 5), np.float32)
LENGTHS = np.int32([6, 4])
FEW, SHORT = SCORES[:3], np.int32([3, 2])  # so few steps that no prefix leaves the beam


def labels(tf):
    return tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([1, 3, 0], tf.int32), [2, 2])


def parts(decoded_and_score):
    """Return the tensors of what a decoder returns."""
    decoded, score = decoded_and_score
    found = [part for each in decoded for part in (each.indices, each.values, each.dense_shape)]
    return [*found, score]


GRAPHS = {
    "ctc_loss": lambda tf: tf.nn.ctc_loss(labels(tf), fed(tf, SCORES, [None, 2, 5]), LENGTHS),
    "ctc_loss of batches first": lambda tf: tf.nn.ctc_loss(
        labels(tf),
        logits=fed(tf, SCORES.transpose(1, 0, 2)),
        sequence_length=LENGTHS,
        time_major=False,
        ctc_merge_repeated=False,
    ),
    "collapse_repeated": lambda tf: tf.nn.collapse_repeated(
        fed(tf, np.int32([[1, 1, 2], [2, 3, 3]])), fed(tf, np.int32([3, 2]))
    ),
    "ctc_greedy_decoder": lambda tf: parts(
        tf.nn.ctc_greedy_decoder(fed(tf, SCORES), fed(tf, LENGTHS, [None]))
    ),
    "ctc_beam_search_decoder": lambda tf: parts(
        tf.nn.ctc_beam_search_decoder(fed(tf, FEW), SHORT, beam_width=200, top_paths=3)
    ),
    "ctc_beam_search_decoder_v2": lambda tf: parts(
        tf.nn.ctc_beam_search_decoder_v2(fed(tf, FEW), SHORT)
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_the_graph_is_tensorflows(make, tensorflow):
    assert_same_graph(tensorflow, make)


def test_equal_neighbours_are_merged():
    with minitf.Graph().as_default(), minitf.Session() as session:
        labels = minitf.placeholder(minitf.int64, [None, None])
        merged, lengths = minitf.nn.collapse_repeated(labels, np.int64([5, 2, 0]))
        rows = [[1, 1, 2, 2, 1], [3, 3, 3, 4, 4], [7, 7, 7, 7, 7]]
        found = session.run([merged, lengths], {labels: rows})

    assert found[0].tolist() == [[1, 2, 1], [3, 0, 0], [0, 0, 0]]
    assert found[1].tolist() == [3, 1, 0]


@pytest.mark.tensorflow
def test_the_gradient_is_tensorflows(tensorflow):
    def gradient(tf):
        inputs = fed(tf, SCORES)
        return tf.gradients(tf.nn.ctc_loss(labels(tf), inputs, LENGTHS), inputs)

    (ours,), (theirs,) = (built(tf, gradient)[1] for tf in (minitf, tensorflow))

    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_labels_must_be_sparse():
    with pytest.raises(TypeError, match="to be a SparseTensor"):
        minitf.nn.ctc_loss(np.zeros((2, 2)), SCORES, LENGTHS)
    with pytest.raises(ValueError, match="Cannot specify both 'inputs' and 'logits'"):
        minitf.nn.ctc_loss(labels(minitf), SCORES, LENGTHS, logits=SCORES)
