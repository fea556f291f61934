"""Maps are near to the Gaussian kernel, and what is no line becomes one."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

kernels = tf.contrib.kernel_methods


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


def test_dot_products_of_mapped_vectors_are_near_the_kernel():
    x = np.random.RandomState(0).randn(6, 3).astype(np.float32)
    mapper = kernels.RandomFourierFeatureMapper(3, 5000, stddev=1.5, seed=2, name="wide")
    mapped, again = run([mapper.map(x), mapper.map(x)])
    apart = ((x[:, None] - x[None]) ** 2).sum(-1)

    np.testing.assert_allclose(mapped @ mapped.T, np.exp(-apart / 4.5), atol=5 / np.sqrt(5000))
    assert (mapped == again).all()
    assert (mapper.name, mapper.input_dim, mapper.output_dim) == ("wide", 3, 5000)
    with pytest.raises(Exception, match="expected 3 input features, got 2 instead"):
        mapper.map(x[:, :2])
    with pytest.raises(Exception, match="Got 1 instead"):
        mapper.map(x[0])


def test_the_hinge_of_several_classes_is_that_of_the_best_wrong_one():
    logits = np.float32([[1, 0.5, -1], [0.5, 2.5, 0], [0, 0, 3]])
    labels = np.int64([0, 0, 2])
    each = kernels.sparse_multiclass_hinge_loss(labels, logits, reduction="none")
    whole = kernels.sparse_multiclass_hinge_loss(labels[:, None], logits, [[1.0], [0.0], [2.0]])
    assert run(each).tolist() == [0.5, 3, 0]
    assert run(whole) == 0.25
    assert len(tf.losses.get_losses()) == 2
    with pytest.raises(ValueError, match="logits should have rank 2"):
        kernels.sparse_multiclass_hinge_loss(labels, logits[0])
    with pytest.raises(ValueError, match="Invalid dtype for labels"):
        kernels.sparse_multiclass_hinge_loss(np.float32(labels), logits)


def test_a_kernel_tells_a_ring_from_its_middle(tmp_path):
    draws = np.random.RandomState(0)
    x = draws.uniform(-2, 2, [200, 2]).astype(np.float32)
    y = ((x**2).sum(1) > 1.5).astype(np.int64)
    column = tf.contrib.layers.real_valued_column("x", dimension=2)
    mapper = kernels.RandomFourierFeatureMapper(2, 40, stddev=1.0, name="rff")
    model = kernels.KernelLinearClassifier(
        model_dir=str(tmp_path),
        optimizer=tf.train.FtrlOptimizer(1.0),
        kernel_mappers={column: [mapper]},
    )
    model.fit(x={"x": x}, y=y, steps=60)
    told = list(model.predict_classes(x={"x": x}))
    assert np.mean(told == y) > 0.9  # all of one class would be 0.6
    with pytest.raises(ValueError, match="at least one of feature_columns"):
        kernels.KernelLinearClassifier()
    with pytest.raises(ValueError, match="Invalid kernel mappers"):
        kernels.KernelLinearClassifier(kernel_mappers={column: ["rff"]})
