"""Losses of embeddings against their formulas, pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.contrib.losses import metric_learning
from minitf.testing.strategies import real

LABELS = st.lists(st.integers(0, 2), min_size=5, max_size=5).filter(lambda all_: len(set(all_)) < 5)


@pytest.fixture(scope="module")
def losses():
    """Return a function of labels and two float64[5, 3]: four losses and their gradients."""
    with tf.Graph().as_default():
        labels = tf.placeholder(tf.int32, [None])
        a, b = tf.placeholder(tf.float64, [None, 3]), tf.placeholder(tf.float64, [None, 3])
        values = [
            metric_learning.contrastive_loss(tf.cast(labels > 0, tf.int32), a, b, 0.8),
            metric_learning.npairs_loss(labels, a, b, 0.1),
            metric_learning.triplet_semihard_loss(labels, a, 0.5),
            metric_learning.lifted_struct_loss(labels, a, 0.7),
        ]
        gradients = [tf.gradients(value, a)[0] for value in values]
        session = tf.Session()
        function = session.make_callable([values, gradients], [labels, a, b])
    yield function
    session.close()


def contrastive(like, a, b, margin):
    d = np.linalg.norm(a - b, axis=1)
    return np.where(like, d**2, np.maximum(margin - d, 0) ** 2).mean()


def npairs(counts, a, b, weight):
    p = np.exp(a @ b.T) / np.exp(a @ b.T).sum(1, keepdims=True)
    wanted = counts / counts.sum(1, keepdims=True)
    penalty = weight / 4 * ((a**2).sum(1).mean() + (b**2).sum(1).mean())
    return -(wanted * np.log(p)).sum(1).mean() + penalty


def triplet(labels, x, margin):
    parts = []
    d = ((x[:, None] - x[None]) ** 2).sum(2)
    for i, j in np.ndindex(5, 5):
        if i != j and labels[i] == labels[j]:
            others = d[i][labels != labels[i]]
            farther = others[others > d[i, j] + 1e-12]
            n = farther.min() if farther.size else max(others, default=0)
            parts.append(max(0, margin + d[i, j] - n))
    return np.mean(parts)


def lifted(labels, x, margin):
    parts = []
    d = np.linalg.norm(x[:, None] - x[None], axis=2)
    for i, j in np.ndindex(5, 5):
        if i < j and labels[i] == labels[j]:
            both = [np.exp(margin - d[k][labels != labels[k]]).sum() for k in (i, j)]
            parts.append(max(0, d[i, j] + np.log(sum(both))) ** 2 if sum(both) else 0)
    return np.mean(parts) / 2


@given(labels=LABELS, a=real((5, 3), np.float64), b=real((5, 3), np.float64))
def test_losses_are_their_formulas_and_have_gradients_everywhere(losses, labels, a, b):
    a, b, labels = np.tanh(a), np.tanh(b), np.array(labels)
    a = np.round(a * 8) / 8  # exact squares: no pair is farther by rounding alone
    found, gradients = losses(labels, a, b)
    wanted = [
        contrastive(labels > 0, a, b, 0.8),
        npairs(labels[:, None] == labels, a, b, 0.1),
        triplet(labels, a, 0.5),
        lifted(labels, a, 0.7),
    ]

    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    assert all(np.isfinite(each).all() for each in gradients)


@pytest.mark.parametrize("loss", ["triplet_semihard_loss", "lifted_struct_loss"])
def test_gradients_are_those_of_the_values(loss):
    x = np.random.RandomState(3).rand(5, 3)
    with tf.Graph().as_default(), tf.Session() as session:
        given_x = tf.placeholder(tf.float64, [5, 3])
        value = getattr(metric_learning, loss)([0, 0, 1, 1, 0], given_x)
        run = session.make_callable([value, tf.gradients(value, given_x)[0]], [given_x])
        _, gradient = run(x)
        direction = np.random.RandomState(4).randn(5, 3)
        step = 1e-6 * direction
        slope = (run(x + step)[0] - run(x - step)[0]) / 2e-6

    np.testing.assert_allclose((gradient * direction).sum(), slope, rtol=1e-6)


def test_pairs_of_several_labels_are_weighted_by_those_they_share(capfd):
    members = np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]])
    a, b = np.random.RandomState(0).rand(2, 3, 2).astype(np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        labels = [
            tf.SparseTensor(np.argwhere(row), [True] * int(row.sum()), [3]) for row in members
        ]
        value = metric_learning.npairs_loss_multilabel(labels, a, b, print_losses=True)
        found = session.run(value)
        with pytest.raises(TypeError, match="sparse_labels: must be SparseTensors"):
            metric_learning.npairs_loss_multilabel([[1.0]], a, b)

    np.testing.assert_allclose(found, npairs(members @ members.T, a, b, 0.002), rtol=1e-5)
    assert "cross entropy:" in capfd.readouterr().err
