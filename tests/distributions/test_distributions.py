"""Distributions give TensorFlow's graphs, numbers and samples; divergences; subclasses; errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from same_graph import assert_same_graph, built

import minitf
from minitf.errors import InvalidArgumentError

KINDS = {
    "Normal": lambda tf: tf.distributions.Normal([0.0, 1.0], 2.0),
    "Uniform": lambda tf: tf.distributions.Uniform([0.0, 0.25], 2.0),
    "Laplace": lambda tf: tf.distributions.Laplace([0.0, 1.0], 2.0),
    "Bernoulli": lambda tf: tf.distributions.Bernoulli(probs=[0.25, 0.5]),
    "Bernoulli of logits": lambda tf: tf.distributions.Bernoulli([0.25, -3.0], dtype=tf.float32),
    "Categorical": lambda tf: tf.distributions.Categorical(probs=[[0.25, 0.75], [0.5, 0.5]]),
    "Categorical of logits": lambda tf: tf.distributions.Categorical([1.0, 2.0, -1.0]),
}
OF_THE_KIND = (
    *("mean", "variance", "stddev", "covariance", "mode", "entropy"),
    *("batch_shape_tensor", "event_shape_tensor", "is_scalar_batch", "is_scalar_event"),
)
OF_VALUES = (
    *("prob", "log_prob", "cdf", "log_cdf", "survival_function", "log_survival_function"),
    "quantile",
)
OWN_SERIES = {"log_cdf", "log_survival_function", "quantile"}  # of Normal


def values(name):
    return 1 if name.startswith(("Bernoulli", "Categorical")) else [0.5, 0.75]


def compare(tensorflow, make, same=assert_same_graph):
    """Check that both systems build the same, or refuse in the same words."""
    refusals = [refusal(tf, make) for tf in (minitf, tensorflow)]

    assert refusals[0] == refusals[1]
    if not refusals[0]:
        same(tensorflow, make)


def refusal(tf, make):
    try:
        built(tf, make)
    except NotImplementedError as error:
        return str(error)
    return ""


def assert_same_values(tensorflow, make):
    (_, ours), (_, theirs) = built(minitf, make), built(tensorflow, make)
    for got, want in zip(ours, theirs, strict=True):
        assert got.dtype == want.dtype
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", OF_THE_KIND)
def test_statistics_are_tensorflows(name, method, tensorflow):
    compare(tensorflow, lambda tf: getattr(KINDS[name](tf), method)())


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", OF_VALUES)
def test_probabilities_are_tensorflows(name, method, tensorflow):
    same = assert_same_graph
    if name == "Normal" and method in OWN_SERIES:
        same = assert_same_values
    compare(tensorflow, lambda tf: getattr(KINDS[name](tf), method)(values(name)), same)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("sizes", [(), 3, [2, 3]])
def test_samples_are_tensorflows(name, sizes, tensorflow):
    # Their nodes differ: TensorFlow 2 leaves out a multiplication by 1 that 1.15 made.
    assert_same_values(tensorflow, lambda tf: KINDS[name](tf).sample(sizes, seed=4))


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", ["kl_divergence", "cross_entropy"])
def test_divergences_are_tensorflows(name, method, tensorflow):
    def make(tf):
        return getattr(KINDS[name](tf), method)(KINDS[name](tf))

    compare(tensorflow, make)


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("method", OF_VALUES)
def test_the_tails_of_a_normal_are_tensorflows(method, dtype, tensorflow):
    points = [-37.0, -21.0, -19.0, -10.5, -9.0, -1.0, -0.0, 0.5, 4.0, 9.0, 30.0]
    if method == "quantile":
        points = [0.0, 1e-30, 1e-9, 0.01, 0.14, 0.5, 0.86, 0.87, 0.999, 1.0]

    def make(tf):
        x = tf.constant(points, dtype)
        normal = tf.distributions.Normal(tf.constant(0.0, dtype), tf.constant(1.0, dtype))
        y = getattr(normal, method)(x)
        inner = x[1:-1] if method == "quantile" else x
        return y, tf.gradients(getattr(normal, method)(inner), inner)[0]

    assert_same_values(tensorflow, make)


def value_of(make):
    with minitf.Graph().as_default(), minitf.Session() as session:
        return session.run(make(minitf.distributions))


def test_a_standard_normal_is_densest_at_its_mean():
    found = value_of(lambda d: d.Normal(0.0, 1.0).prob([0.0, 1.0]))

    assert found.tolist() == pytest.approx(
        [1 / math.sqrt(2 * math.pi), math.exp(-0.5) / math.sqrt(2 * math.pi)]
    )


def test_half_a_fair_coins_entropy_is_a_bit():
    assert value_of(lambda d: d.Bernoulli(probs=0.5).entropy()) == pytest.approx(math.log(2))


def test_samples_of_a_normal_have_gradients():
    def slopes(d):
        loc, scale = minitf.constant(1.0), minitf.constant(2.0)
        normal = d.Normal(loc, scale)
        x = normal.sample(seed=1)
        return [*minitf.gradients(x, [loc, scale]), (x - 1.0) / 2.0]

    of_loc, of_scale, z = value_of(slopes)

    assert (of_loc, of_scale) == (1.0, pytest.approx(z))


def test_sizes_that_are_fed_are_taken_at_run_time():
    with minitf.Graph().as_default(), minitf.Session() as session:
        count = minitf.placeholder(minitf.int32)
        logits = minitf.placeholder(minitf.float32)
        choices = minitf.distributions.Categorical(logits)
        drawn, entropy = choices.sample(count), choices.entropy()
        feeds = {count: [2, 3], logits: np.zeros((4, 8), np.float32)}
        found = session.run([drawn, entropy, choices.batch_shape_tensor()], feeds)

    assert found[0].shape == (2, 3, 4)
    assert found[1].tolist() == pytest.approx([math.log(8)] * 4)
    assert found[2].tolist() == [4]


def test_a_subclass_gives_the_hooks_that_it_knows():
    class Sure(minitf.distributions.Distribution):
        """Always 1."""

        def __init__(self, value=1.0, name="Sure"):
            super().__init__(
                minitf.float32,
                minitf.distributions.NOT_REPARAMETERIZED,
                validate_args=False,
                allow_nan_stats=True,
                parameters=dict(locals()),
                name=name,
            )

        def _variance(self):
            return minitf.constant(0.0)

        def _log_prob(self, value):
            return minitf.log(minitf.to_float(minitf.equal(value, 1.0)))

    with minitf.Graph().as_default(), minitf.Session() as session:
        sure = Sure()

        assert session.run([sure.stddev(), sure.prob([1.0, 2.0])])[1].tolist() == [1.0, 0.0]
        assert sure.copy(value=2.0).parameters == {"value": 2.0, "name": "Sure"}
        assert sure.name == "Sure/"
        assert sure.prob(1.0).name == "Sure/prob_1/Exp:0"
        with pytest.raises(NotImplementedError, match="mean is not implemented: Sure"):
            sure.mean()


def test_a_divergence_of_a_base_class_serves_its_subclasses():
    d = minitf.distributions

    class A(d.Normal):
        """A kind of normal."""

    @d.RegisterKL(A, A)
    def between(a, b, name=None):
        return minitf.constant(7.0)

    with minitf.Graph().as_default(), minitf.Session() as session:
        a, normal = A(0.0, 1.0), d.Normal(0.0, 1.0)

        assert session.run([a.kl_divergence(a), a.kl_divergence(normal)]) == [7.0, 0.0]
        with pytest.raises(NotImplementedError, match=r"No KL.* type Normal and .* type Uniform"):
            normal.kl_divergence(d.Uniform())
    with pytest.raises(ValueError, match=r"KL\(A \|\| A\) has already been registered"):
        d.RegisterKL(A, A)(between)


def test_a_distribution_tells_what_it_is():
    d = minitf.distributions
    normal = d.Normal([0.0, 1.0], 2.0, name="n")

    assert str(normal) == (
        'tfp.distributions.Normal("n/", batch_shape=(2,), event_shape=(), dtype=float32)'
    )
    assert repr(normal) == (
        "<tfp.distributions.Normal 'n/' batch_shape=(2,) event_shape=() dtype=float32>"
    )
    assert repr(normal.reparameterization_type) == (
        "<Reparameterization Type: FULLY_REPARAMETERIZED>"
    )
    assert d.Normal.param_static_shapes([2])["loc"].as_list() == [2]


@pytest.mark.parametrize(
    ("make", "phrase"),
    [
        (lambda d: d.Normal(0.0, -1.0, validate_args=True).mean(), "x > 0 did not hold"),
        (lambda d: d.Laplace(0.0, 0.0, validate_args=True).mean(), "x > 0 did not hold"),
        (lambda d: d.Uniform(1.0, 1.0, validate_args=True).mean(), "low >= high"),
        (lambda d: d.Bernoulli(probs=1.5, validate_args=True).mean(), "greater than 1"),
        (lambda d: d.Bernoulli(probs=0.5, validate_args=True).prob(2), "must be 0 or 1"),
        (lambda d: d.Categorical(probs=[0.5, 0.6], validate_args=True).entropy(), "not sum to 1"),
    ],
)
def test_arguments_are_checked_where_asked(make, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        value_of(make)


@pytest.mark.parametrize(
    ("make", "phrase"),
    [
        (lambda d: d.Normal(0, 1), "Expected floating point type, got <dtype: 'int32'>"),
        (lambda d: d.Normal(0.0, np.float64(1)), "must be of the same type"),
        (lambda d: d.Bernoulli(), "Must pass probs or logits, but not both"),
        (lambda d: d.Categorical([1.0], [1.0]), "Must pass probs or logits, but not both"),
        (lambda d: d.Categorical(1.0), "rank at least 1"),
    ],
)
def test_arguments_that_cannot_be_are_refused(make, phrase):
    with pytest.raises(ValueError, match=phrase):
        make(minitf.distributions)
