"""Distributions beyond the simplest give TensorFlow's numbers, and follow from each other."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import built

import minitf
from minitf.errors import InvalidArgumentError

COUNTS = [[1.0, 2.0, 3.0], [0.0, 4.0, 2.0]]
KINDS = {
    "Gamma": (lambda d: d.Gamma([0.5, 3.0], 2.0), [0.25, 1.5]),
    "Exponential": (lambda d: d.Exponential([0.5, 3.0]), [0.25, 1.5]),
    "Beta": (lambda d: d.Beta([0.5, 3.0], 2.0), [0.25, 0.75]),
    "StudentT": (lambda d: d.StudentT([0.5, 1.5, 5.0], 1.0, -2.0), [-1.0, 0.5, 4.0]),
    "Dirichlet": (lambda d: d.Dirichlet([2.0, 3.0, 1.5]), [0.2, 0.5, 0.3]),
    "Multinomial": (lambda d: d.Multinomial(6.0, probs=[0.25, 0.5, 0.25]), COUNTS),
    "Multinomial of logits": (lambda d: d.Multinomial([6.0, 6.0], [1.0, 2.0, -1.0]), COUNTS),
    "DirichletMultinomial": (lambda d: d.DirichletMultinomial(6.0, [1.0, 2.0, 0.5]), COUNTS),
}
STATISTICS = (
    *("mean", "variance", "stddev", "covariance", "mode", "entropy"),
    *("batch_shape_tensor", "event_shape_tensor"),
)
PROBABILITIES = ("prob", "log_prob", "cdf", "log_cdf", "survival_function", "log_survival_function")


def found(tf, make):
    """Return a value, or why there is none."""
    try:
        _, values = built(tf, make)
    except NotImplementedError as error:
        return str(error)
    return values[0]


def agree(tensorflow, make, **bounds):
    ours, theirs = found(minitf, make), found(tensorflow, make)
    if isinstance(theirs, str):
        assert ours == theirs
        return
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, **{"rtol": 2e-5, "atol": 1e-6, **bounds})


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", STATISTICS)
def test_statistics_are_tensorflows(name, method, tensorflow):
    make, _ = KINDS[name]
    agree(tensorflow, lambda tf: getattr(make(tf.distributions), method)())


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("method", PROBABILITIES)
def test_probabilities_are_tensorflows(name, method, tensorflow):
    make, x = KINDS[name]
    agree(tensorflow, lambda tf: getattr(make(tf.distributions), method)(x))


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ["Gamma", "Exponential", "Beta", "StudentT", "Dirichlet"])
def test_samples_are_tensorflows(name, tensorflow):
    make, _ = KINDS[name]
    agree(tensorflow, lambda tf: make(tf.distributions).sample([2, 3], seed=4), rtol=2e-4)


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda d: d.Gamma([0.5, 3.0], 2.0), lambda d: d.Gamma(2.0, 0.5)),
        (lambda d: d.Beta([0.5, 3.0], 2.0), lambda d: d.Beta(2.0, 0.5)),
        (lambda d: d.Dirichlet([2.0, 3.0]), lambda d: d.Dirichlet([0.5, 0.25])),
    ],
    ids=["Gamma", "Beta", "Dirichlet"],
)
def test_divergences_are_tensorflows(one, other, tensorflow):
    def make(tf):
        return one(tf.distributions).kl_divergence(other(tf.distributions))

    agree(tensorflow, make)


@pytest.fixture
def run():
    def run(make):
        with minitf.Graph().as_default(), minitf.Session() as session:
            return session.run(make(minitf.contrib.distributions))

    return run


CONTRIBUTED = {
    "Chi2": (lambda d: d.Chi2([3.0, 5.0]), None),
    "InverseGamma": (lambda d: d.InverseGamma([6.0, 8.0], 2.0), None),
    "Poisson": (lambda d: d.Poisson([0.5, 4.0]), 1),
    "Multinomial": (lambda d: d.Multinomial([2.0, 6.0], probs=[0.25, 0.75]), 1),
    "DirichletMultinomial": (
        lambda d: d.DirichletMultinomial([2.0, 6.0], [[1.0, 3.0], [2.0, 2.0]]),
        1,
    ),
    "MultivariateNormalDiag": (lambda d: d.MultivariateNormalDiag([1.0, -1.0], [0.5, 2.0]), None),
}


@pytest.mark.parametrize("name", CONTRIBUTED)
def test_samples_have_the_mean_and_variance_that_are_told(name, run):
    make, whole = CONTRIBUTED[name]
    drawn = run(lambda d: make(d).sample(20000, seed=1))
    mean, variance = run(lambda d: [make(d).mean(), make(d).variance()])

    np.testing.assert_allclose(drawn.mean(0), mean, atol=5 * np.sqrt(variance.max() / 20000))
    np.testing.assert_allclose(drawn.var(0), variance, rtol=0.15)
    if whole:
        assert (drawn == np.floor(drawn)).all()


def test_counts_of_classes_sum_to_the_trials(run):
    drawn = run(lambda d: d.Multinomial([2.0, 5.0], [0.5, 1.0, -1.0]).sample([3, 4], seed=1))

    assert drawn.shape == (3, 4, 2, 3)
    assert (drawn.sum(-1) == [2, 5]).all()


def test_counts_have_the_probabilities_of_all_counts(run):
    every = np.arange(7.0, dtype=np.float32)
    chances = run(lambda d: d.Binomial(6.0, probs=0.3).prob(every))
    up_to = run(lambda d: d.Binomial(6.0, probs=0.3).cdf(np.float32([-1.0, *every])))
    mean, variance, mode = run(
        lambda d: (
            [getattr(d.Binomial(6.0, probs=0.3), each)() for each in STATISTICS[:2]]
            + [d.Binomial(6.0, probs=0.3).mode()]
        )
    )

    np.testing.assert_allclose(chances.sum(), 1, rtol=1e-5)
    np.testing.assert_allclose(up_to, [0, *np.cumsum(chances)], rtol=1e-5)
    np.testing.assert_allclose([mean, variance], [1.8, 1.26], rtol=1e-5)
    assert mode == 2
    shown = run(lambda d: d.Poisson(2.5).prob(np.arange(40.0, dtype=np.float32)))
    below = run(lambda d: d.Poisson(log_rate=np.log(np.float32(2.5))).cdf([-1.0, 0.0, 3.0]))
    np.testing.assert_allclose(below, [0, shown[0], shown[:4].sum()], rtol=1e-4)


def test_a_reciprocal_has_the_probabilities_of_its_number(run):
    x = np.float32([0.2, 0.7, 3.0])
    ours = run(lambda d: [d.InverseGamma(2.0, 1.5).cdf(x), d.InverseGamma(2.0, 1.5).prob(x)])
    theirs = run(
        lambda d: [d.Gamma(2.0, 1.5).survival_function(1 / x), d.Gamma(2.0, 1.5).prob(1 / x)]
    )

    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-5)
    np.testing.assert_allclose(ours[1], theirs[1] / x**2, rtol=1e-5)


def test_a_vector_of_normals_is_made_of_normals(run):
    x = np.float32([[0.5, 1.0], [-2.0, 0.0]])
    loc, scale = np.float32([1.0, -1.0]), np.float32([0.5, 2.0])
    vector = lambda d: d.MultivariateNormalDiag(loc, scale)  # noqa: E731
    other = lambda d: d.MultivariateNormalDiag(scale_diag=[1.0, 1.0])  # noqa: E731
    ours = run(lambda d: [vector(d).log_prob(x), vector(d).entropy()])
    theirs = run(lambda d: [d.Normal(loc, scale).log_prob(x), d.Normal(loc, scale).entropy()])
    apart = run(
        lambda d: [
            vector(d).kl_divergence(other(d)),
            d.Normal(loc, scale).kl_divergence(d.Normal(0.0, 1.0)),
        ]
    )

    np.testing.assert_allclose(ours[0], theirs[0].sum(-1), rtol=1e-5)
    np.testing.assert_allclose(ours[1], theirs[1].sum(-1), rtol=1e-5)
    np.testing.assert_allclose(apart[0], apart[1].sum(-1), rtol=1e-5)
    assert run(lambda d: vector(d).covariance()).tolist() == [[0.25, 0], [0, 4]]
    wider = run(lambda d: d.MultivariateNormalDiag(loc, scale, [1.0, 2.0]).stddev())
    assert wider.tolist() == [[1.5, 3], [2.5, 4]]
    same = run(lambda d: d.MultivariateNormalDiag(loc, scale_identity_multiplier=3.0).stddev())
    assert same.tolist() == [3, 3]


def test_a_triangle_turns_independent_numbers_into_dependent_ones(run):
    scale = np.float32([[2.0, 9.0], [-1.0, 0.5]])  # what is above the diagonal does not count
    lower, loc = np.tril(scale), np.float32([1.0, -1.0])
    x = np.float32([[0.5, 1.0], [-2.0, 0.0], [3.0, 3.0]])
    made = lambda d: d.MultivariateNormalTriL(loc, scale)  # noqa: E731
    plain = lambda d: d.MultivariateNormalTriL(scale_tril=np.eye(2, dtype=np.float32))  # noqa: E731
    straight = lambda d: d.MultivariateNormalDiag(loc, [2.0, 0.5])  # noqa: E731
    found, covariance, variance, mean, entropy = run(
        lambda d: [
            made(d).log_prob(x),
            *(getattr(made(d), each)() for each in ("covariance", "variance", "mean", "entropy")),
        ]
    )
    drawn = run(lambda d: made(d).sample(20000, seed=1))
    apart = run(lambda d: [made(d).kl_divergence(plain(d)), made(d).kl_divergence(made(d))])
    diagonal = run(
        lambda d: [
            d.MultivariateNormalTriL(loc, np.diag([2.0, 0.5]).astype(np.float32)).log_prob(x),
            straight(d).log_prob(x),
            straight(d).entropy(),
        ]
    )

    wanted = lower @ lower.T
    off = x - loc
    exponents = np.einsum("ni,ij,nj->n", off, np.linalg.inv(wanted), off)
    norm = np.log(2 * np.pi) + 0.5 * np.log(np.linalg.det(wanted))
    np.testing.assert_allclose(found, -0.5 * exponents - norm, rtol=1e-5)
    np.testing.assert_allclose(covariance, wanted, rtol=1e-6)
    np.testing.assert_allclose(variance, np.diag(wanted), rtol=1e-6)
    np.testing.assert_allclose(drawn.mean(0), mean, atol=0.05)
    np.testing.assert_allclose(np.cov(drawn.T), wanted, atol=0.15)
    np.testing.assert_allclose(diagonal[0], diagonal[1], rtol=1e-5)
    np.testing.assert_allclose(entropy, diagonal[2], rtol=1e-5)
    kl = 0.5 * (np.trace(wanted) + loc @ loc - 2 - np.log(np.linalg.det(wanted)))
    np.testing.assert_allclose(apart, [kl, 0], atol=1e-5)


def test_a_class_as_a_vector_has_the_probability_of_its_number(run):
    logits = np.float32([[1.0, 2.0, -1.0], [0.0, 0.5, 3.0]])
    vectors = lambda d: d.OneHotCategorical(logits)  # noqa: E731
    numbers = lambda d: d.Categorical(logits)  # noqa: E731
    chances, wanted = run(
        lambda d: [vectors(d).prob([[0, 1, 0], [0, 0, 1]]), numbers(d).prob([1, 2])]
    )
    entropies = run(lambda d: [vectors(d).entropy(), numbers(d).entropy()])
    apart = run(lambda d: [each(d).kl_divergence(each(d)) for each in (vectors, numbers)])
    drawn = run(lambda d: vectors(d).sample([5, 2], seed=1))
    mode, covariance, shares = run(
        lambda d: [vectors(d).mode(), vectors(d).covariance(), vectors(d).mean()]
    )

    np.testing.assert_allclose(chances, wanted, rtol=1e-5)
    np.testing.assert_allclose(*entropies, rtol=1e-5)
    np.testing.assert_allclose(*apart, atol=1e-6)
    assert drawn.shape == (5, 2, 2, 3)
    assert (drawn.sum(-1) == 1).all()
    assert mode.tolist() == [[0, 1, 0], [0, 0, 1]]
    np.testing.assert_allclose(covariance[0, 0, 1], -shares[0, 0] * shares[0, 1], rtol=1e-5)
    np.testing.assert_allclose(covariance[0, 1, 1], shares[0, 1] * (1 - shares[0, 1]), rtol=1e-5)


def test_a_mode_is_nan_in_the_rows_where_it_is_not_defined(run):
    rows = run(lambda d: d.Dirichlet([[2.0, 3.0, 4.0], [0.5, 2.0, 4.0]]).mode())

    np.testing.assert_allclose(rows[0], [1 / 6, 2 / 6, 3 / 6], rtol=1e-6)
    assert np.isnan(rows[1]).all()


def test_what_parameters_cannot_be_is_refused(run):
    for make in (
        lambda d: d.Gamma(-1.0, 1.0, validate_args=True).mean(),
        lambda d: d.Beta(1.0, -1.0, validate_args=True).mean(),
        lambda d: d.Dirichlet([1.0, -1.0], validate_args=True).mean(),
        lambda d: d.Multinomial(-1.0, [0.5, 0.5], validate_args=True).mean(),
        lambda d: d.Multinomial(2.0, [0.5, 0.5], validate_args=True).prob([1.0, 2.0]),
        lambda d: d.Poisson(1.0, validate_args=True).prob(0.5),
        lambda d: d.Gamma(0.5, 1.0, allow_nan_stats=False).mode(),
        lambda d: d.StudentT(0.5, 0.0, 1.0, allow_nan_stats=False).mean(),
    ):
        with pytest.raises(InvalidArgumentError):
            run(make)
    with pytest.raises(ValueError, match="exactly one of `rate` and `log_rate`"):
        run(lambda d: d.Poisson().mean())
    with pytest.raises(TypeError, match="is not a float-type"):
        run(lambda d: d.Poisson(2).mean())
    with pytest.raises(ValueError, match="Cannot infer `event_shape`"):
        run(lambda d: d.MultivariateNormalDiag().mean())
