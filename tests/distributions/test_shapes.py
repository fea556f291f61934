"""Samples, probabilities and statistics are shaped by sample, batch and event, and broadcast."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import minitf as tf

ds = tf.contrib.distributions
F = np.float64
# name: what makes it of two parameters, each greater than 0, that broadcast
NUMBERS = {
    "Cauchy": ds.Cauchy,
    "Logistic": ds.Logistic,
    "Gumbel": ds.Gumbel,
    "Kumaraswamy": ds.Kumaraswamy,
    "SinhArcsinh": lambda a, b: ds.SinhArcsinh(a, b, a - 1, b + 0.5),
    "RelaxedBernoulli": lambda a, b: ds.RelaxedBernoulli(a, b - 1),
    "NegativeBinomial": lambda a, b: ds.NegativeBinomial(a + 1, b - 1),
    "Quantized": lambda a, b: ds.QuantizedDistribution(ds.Normal(a, b), F(-2), F(3)),
    "Transformed": lambda a, b: ds.TransformedDistribution(
        ds.Normal(a, b), ds.bijectors.Chain([ds.bijectors.Exp(), ds.bijectors.AffineScalar(a)])
    ),
}
VECTORS = {
    "Independent": lambda a, b: ds.Independent(ds.Laplace(a, b), 1),
    "VectorLaplaceDiag": ds.VectorLaplaceDiag,
    "VectorExponentialDiag": ds.VectorExponentialDiag,
    "VectorDeterministic": lambda a, b: ds.VectorDeterministic(a + b),
    "RelaxedOneHotCategorical": lambda a, b: ds.RelaxedOneHotCategorical(F(0.5), a + b),
    "Permuted": lambda a, b: ds.TransformedDistribution(
        ds.MultivariateNormalDiag(a, b), ds.bijectors.Permute([1, 2, 0])
    ),
}


def parameters(sizes):
    count = int(np.prod(sizes))
    return 0.5 + np.arange(1.0, 1 + count).reshape(sizes) / (1 + count)


@st.composite
def cases(draw):
    kind = draw(st.sampled_from([*NUMBERS, *VECTORS]))
    event = [3] if kind in VECTORS else []
    shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3))
    sample = draw(st.lists(st.integers(0, 3), max_size=2))
    return kind, [[*sizes, *event] for sizes in shapes.input_shapes], sample, event


@given(case=cases(), known=st.booleans())
def test_shapes_are_those_of_samples_batch_and_event(case, known):
    kind, sizes, sample, event = case
    make = {**NUMBERS, **VECTORS}[kind]
    values = [parameters(each) for each in sizes]
    batch = list(np.broadcast_shapes(*sizes))
    batch = batch[:-1] if event else batch
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        given_ = [
            tf.constant(each) if known
            else tf.placeholder_with_default(each, [None] * (each.ndim - len(event)) + event)
            for each in values
        ]  # fmt: skip
        made = make(*given_)
        drawn = made.sample(sample, seed=1)
        log_prob = made.log_prob(drawn)
        found = session.run([drawn, log_prob, made.batch_shape_tensor(), made.event_shape_tensor()])
        single = make(*(np.broadcast_to(each, [*batch, *event]) for each in values))
        again = session.run(single.log_prob(found[0]))

    assert found[0].shape == (*sample, *batch, *event)
    assert found[1].shape == (*sample, *batch)
    assert (found[2].tolist(), found[3].tolist()) == (batch, event)
    assert made.batch_shape.is_compatible_with(batch)
    assert made.event_shape.is_compatible_with(event)
    if known:
        assert (made.batch_shape.as_list(), made.event_shape.as_list()) == (batch, event)
    np.testing.assert_allclose(again, found[1], rtol=1e-6, atol=1e-9)
