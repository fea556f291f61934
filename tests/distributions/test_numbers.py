"""Distributions of numbers have SciPy's probabilities and statistics, and draw accordingly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

import minitf as tf
from minitf.errors import InvalidArgumentError

ds = tf.contrib.distributions
F = np.float64


class Kumaraswamy(stats.rv_continuous):
    def _pdf(self, x, a, b):
        return a * b * x ** (a - 1) * (1 - x**a) ** (b - 1)

    def _cdf(self, x, a, b):
        return 1 - (1 - x**a) ** b

    def _ppf(self, q, a, b):
        return (1 - (1 - q) ** (1 / b)) ** (1 / a)


kumaraswamy = Kumaraswamy(a=0, b=1, name="kumaraswamy")
# name: (ours, SciPy's), both of a batch of parameters
REAL = {
    "Cauchy": (lambda: ds.Cauchy(F([0.5, -1]), F(2)), stats.cauchy([0.5, -1], 2)),
    "Logistic": (lambda: ds.Logistic(F([0.5, -1]), F(2)), stats.logistic([0.5, -1], 2)),
    "Gumbel": (lambda: ds.Gumbel(F([0.5, -1]), F(2)), stats.gumbel_r([0.5, -1], 2)),
    "HalfNormal": (lambda: ds.HalfNormal(F([0.5, 2])), stats.halfnorm(0, [0.5, 2])),
    "InverseGamma": (
        lambda: ds.InverseGamma(F([6, 4]), F(2)), stats.invgamma([6, 4], scale=2)),
    "Kumaraswamy": (lambda: ds.Kumaraswamy(F([2, 3]), F(1.5)), kumaraswamy([2, 3], 1.5)),
    "Chi2": (lambda: ds.Chi2(F([3, 5])), stats.chi2([3, 5])),
    "Chi2WithAbsDf": (lambda: ds.Chi2WithAbsDf(F([-3.5, 5])), stats.chi2([3, 5])),
    "InverseGammaWithSoftplusConcentrationRate": (
        lambda: ds.InverseGammaWithSoftplusConcentrationRate(F([6, 4]), F(2)),
        stats.invgamma(np.log1p(np.exp([6, 4])), scale=np.log1p(np.exp(2)))),
    "Normal moved": (
        lambda: ds.TransformedDistribution(ds.Normal(F([0.5, -1]), F(2)),
                                           ds.bijectors.AffineScalar(F(1), F(3))),
        stats.norm([2.5, -2], 6)),
    "SinhArcsinh of nothing": (
        lambda: ds.SinhArcsinh(F([0.5, -1]), F(2)), stats.norm([0.5, -1], 2)),
    "BatchReshape": (
        lambda: ds.BatchReshape(ds.Logistic(F([[0.5], [-1]]), F(2)), [-1]),
        stats.logistic([0.5, -1], 2)),
}  # fmt: skip
WHOLE = {
    "Poisson": (lambda: ds.Poisson(F([0.5, 4])), stats.poisson([0.5, 4])),
    "Binomial": (lambda: ds.Binomial(F(9), probs=F([0.25, 0.5])), stats.binom(9, [0.25, 0.5])),
    "Geometric": (lambda: ds.Geometric(probs=F([0.25, 0.9])), stats.geom([0.25, 0.9], loc=-1)),
    "Geometric of logits": (
        lambda: ds.Geometric(F([-1, 2])), stats.geom(special.expit([-1, 2]), loc=-1)),
    "NegativeBinomial": (
        lambda: ds.NegativeBinomial(F([2.5, 4]), probs=F(0.25)), stats.nbinom([2.5, 4], 0.75)),
}  # fmt: skip
KINDS = REAL | WHOLE


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


def told(distribution, *names):
    """Return the statistics that a distribution knows."""
    made = {}
    for name in names:
        try:
            made[name] = getattr(distribution, name)()
        except NotImplementedError:
            continue
    return run(made)


@pytest.mark.parametrize("name", KINDS)
def test_probabilities_and_statistics_are_scipys(name):
    make, theirs = KINDS[name]
    ours = make()
    whole = name in WHOLE
    x = np.arange(8.0)[:, None] if whole else theirs.ppf([[0.01], [0.3], [0.5], [0.9], [0.999]])
    log_prob = theirs.logpmf(x) if whole else theirs.logpdf(x)
    found = run({
        each: getattr(ours, each)(x)
        for each in ("log_prob", "prob", "cdf", "log_cdf", "survival_function")
    })  # fmt: skip
    mean, variance = theirs.stats("mv")

    np.testing.assert_allclose(found["log_prob"], log_prob, rtol=1e-9)
    np.testing.assert_allclose(found["prob"], np.exp(log_prob), rtol=1e-9)
    np.testing.assert_allclose(found["cdf"], theirs.cdf(x), rtol=1e-9)
    np.testing.assert_allclose(found["log_cdf"], theirs.logcdf(x), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["survival_function"], theirs.sf(x), rtol=1e-9, atol=1e-12)
    for what, value in told(ours, "mean", "variance").items():
        np.testing.assert_allclose(value, mean if what == "mean" else variance, rtol=1e-9)
    for value in told(ours, "entropy").values():
        entropy = [  # a summed SciPy's of whole numbers, which is slow to converge
            np.sum(stats.entropy(theirs.pmf(np.arange(400.0)[:, None])[:, i])) if whole
            else float(np.ravel(theirs.entropy())[i]) for i in range(2)
        ]  # fmt: skip
        np.testing.assert_allclose(value, entropy, rtol=1e-6)
    for value in told(ours, "mode").values():
        dense = run(ours.prob(value))
        assert (dense >= np.max(found["prob"], 0) - 1e-12).all()
    assert ours.batch_shape.as_list() == [2]
    assert ours.event_shape.as_list() == []


@pytest.mark.parametrize("name", [*REAL, "Poisson", "Geometric", "NegativeBinomial"])
def test_samples_are_distributed_as_told(name):
    make, theirs = KINDS[name]
    count = 4000
    drawn = run(make().sample(count, seed=3))
    assert drawn.shape == (count, 2)
    points = theirs.ppf(np.linspace(0.02, 0.98, 49)[:, None])
    below = (drawn[None] <= points[:, None]).mean(1)
    # Dvoretzky, Kiefer and Wolfowitz: P[sup > t] <= 2 exp(-2 n t^2), here less than 1e-6
    bound = np.sqrt(np.log(2e6) / (2 * count))
    assert np.abs(below - theirs.cdf(points)).max() < bound


def test_what_has_an_inverse_in_closed_form_has_quantiles():
    shares = np.linspace(0.05, 0.95, 7)[:, None]
    for name in ("Cauchy", "HalfNormal", "Normal moved"):
        make, theirs = REAL[name]
        np.testing.assert_allclose(run(make().quantile(shares)), theirs.ppf(shares), rtol=1e-7)
    ends = np.array([0.0, 1e-30, 0.5, 1.0])
    found = run(ds.Cauchy(np.float64(0.0), np.float64(1.0)).quantile(ends))
    np.testing.assert_allclose(found, [-np.inf, -1e30 / np.pi, 0.0, np.inf], rtol=1e-12)


def test_tails_that_are_known_do_not_round_to_nothing():
    logistic = ds.Logistic(F(0), F(1))
    np.testing.assert_allclose(run(logistic.log_survival_function(F(800))), -800)
    np.testing.assert_allclose(run(logistic.log_cdf(F(-800))), -800)
    np.testing.assert_allclose(run(ds.Gumbel(F(0), F(1)).log_cdf(F(-3))), -np.exp(3))


def test_a_cauchy_distribution_has_no_mean():
    assert np.isnan(run(ds.Cauchy([0.0, 1.0], 1.0).mean())).all()
    with pytest.raises(ValueError, match="`stddev` is undefined for Cauchy"):
        ds.Cauchy(0.0, 1.0, allow_nan_stats=False).stddev()
    with pytest.raises(InvalidArgumentError, match="Mode undefined"):
        run(ds.Kumaraswamy(0.5, 2.0, allow_nan_stats=False).mode())
    assert np.isnan(run(ds.Kumaraswamy(0.5, 2.0).mode()))


def test_bent_numbers_keep_what_lies_beyond_two():
    bent = ds.SinhArcsinh(F([0, 1]), F(3), tailweight=F(1.7))
    np.testing.assert_allclose(run(bent.cdf(F([6, 7]))), stats.norm.cdf(2), rtol=1e-9)
    grid = np.linspace(-400, 400, 40001)[:, None]
    skewed = ds.SinhArcsinh(F([0, 1]), F(3), F(0.5), F(1.2))
    assert run(tf.reduce_sum(skewed.prob(grid), 0)) * 0.02 == pytest.approx([1, 1], abs=1e-6)
    assert run(skewed.skewness) == 0.5
    vectors = ds.VectorSinhArcsinhDiag(F([0, 1]), F([3, 3]), None, F(0.5), F(1.2))
    x = F([[0.5, 2], [-4, 9]])
    one, other = run([vectors.log_prob(x), tf.reduce_sum(skewed.log_prob(x), -1)])
    np.testing.assert_allclose(one, other, rtol=1e-9)
    assert run(vectors.sample(5, seed=1)).shape == (5, 2)


def test_a_number_rounded_up_has_the_probability_of_its_interval():
    normal = stats.norm(0.3, 2)
    whole = ds.QuantizedDistribution(ds.Normal(F(0.3), F(2)), F(-2), F(3))
    j = np.arange(-3.0, 5.0)
    wanted = np.zeros(8)
    wanted[1:7] = np.diff(np.r_[0, normal.cdf([-2, -1, 0, 1, 2]), 1])
    between = j[:-1] + 0.5
    found = run([
        whole.prob(j), whole.cdf(j), whole.survival_function(j), whole.cdf(between),
        whole.log_prob(j), whole.survival_function(between), whole.sample(3000, seed=2),
    ])  # fmt: skip
    np.testing.assert_allclose(found[0], wanted, rtol=1e-9)
    np.testing.assert_allclose(found[1], np.cumsum(wanted), rtol=1e-9)
    np.testing.assert_allclose(found[2], 1 - np.cumsum(wanted), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found[3], np.cumsum(wanted)[:-1], rtol=1e-9)
    np.testing.assert_allclose(np.exp(found[4]), wanted, rtol=1e-9)
    np.testing.assert_allclose(found[5], 1 - np.cumsum(wanted)[:-1], rtol=1e-9, atol=1e-12)
    seen = [(found[6] == each).mean() for each in j]
    assert np.abs(np.cumsum(seen) - np.cumsum(wanted)).max() < np.sqrt(np.log(2e6) / 6000)
    far = ds.QuantizedDistribution(ds.Normal(F(0), F(1)))
    np.testing.assert_allclose(run(far.log_prob(F([-30, 31]))), stats.norm.logcdf(-30), rtol=1e-9)
    with pytest.raises(InvalidArgumentError, match="non-integer components"):
        run(ds.QuantizedDistribution(ds.Normal(0.0, 1.0), validate_args=True).prob(0.5))
    with pytest.raises(InvalidArgumentError, match="strictly less than high"):
        run(ds.QuantizedDistribution(ds.Normal(0.0, 1.0), 2.0, 2.0, True).sample())
    with pytest.raises(NotImplementedError, match="unless the base distribution implements"):
        ds.QuantizedDistribution(ds.OneHotCategorical([0.5, 0.5], dtype=tf.float32)).log_prob(1.0)


def test_a_point_has_all_the_probability():
    point = ds.Deterministic(F([1, -2]), atol=F(0.1), rtol=F(0.25))
    assert run(point.prob(F([[1.3, -1.5], [1.4, -2.7]]))).tolist() == [[1, 1], [0, 0]]
    assert run(point.cdf(F([0.5, -2]))).tolist() == [0, 1]
    assert run([point.mean(), point.mode(), point.variance(), point.entropy()])[2].tolist() == [
        0,
        0,
    ]
    assert run(point.sample([2, 1])).tolist() == [[[1, -2]]] * 2
    vector = ds.VectorDeterministic([[1.0, 2.0], [3.0, 4.0]])
    assert run(vector.prob([1.0, 2.0])).tolist() == [1, 0]
    assert (vector.batch_shape.as_list(), vector.event_shape.as_list()) == ([2], [2])
    with pytest.raises(ValueError, match="at least rank 1"):
        ds.VectorDeterministic(1.0)
    with pytest.raises(InvalidArgumentError, match="must be non-negative"):
        run(ds.Deterministic(1.0, atol=-1.0, validate_args=True).prob(1.0))
    with pytest.raises(InvalidArgumentError, match="not defined in the same space"):
        run(ds.VectorDeterministic([1.0, 2.0], validate_args=True).prob([1.0]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ds.Cauchy(0.0, -1.0, validate_args=True).entropy(),
        lambda: ds.HalfNormal(-1.0, validate_args=True).mean(),
        lambda: ds.Geometric(probs=0.0, validate_args=True).mean(),
        lambda: ds.Geometric(probs=1.5, validate_args=True).variance(),
        lambda: ds.Geometric(probs=0.5, validate_args=True).prob(0.5),
        lambda: ds.NegativeBinomial(-1.0, probs=0.5, validate_args=True).mean(),
        lambda: ds.NegativeBinomial(1.0, probs=0.5, validate_args=True).prob(-1.0),
        lambda: ds.Kumaraswamy(-1.0, 1.0, validate_args=True).sample(),
        lambda: ds.RelaxedBernoulli(-1.0, probs=0.5, validate_args=True).sample(),
    ],
)
def test_parameters_and_values_that_do_not_fit_abort_the_run(make):
    with pytest.raises(InvalidArgumentError):
        run(make())
