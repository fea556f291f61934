"""Distributions of vectors and matrices, and of several distributions, follow their formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special, stats

import minitf as tf
from minitf.errors import InvalidArgumentError

ds = tf.contrib.distributions
F = np.float64
LOC, DIAGONAL = F([1, -1]), F([[0.5, 2], [3, 1]])


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


def means_agree(drawn, mean, variance, axis=0):
    """Check a mean of samples within 5 of its own standard deviations."""
    bound = 5 * np.sqrt(variance / drawn.shape[axis])
    assert (np.abs(drawn.mean(axis) - mean) < bound).all()


@pytest.mark.parametrize(
    ("make", "each"),
    [
        (ds.VectorExponentialDiag, stats.expon(LOC, DIAGONAL)),
        (ds.VectorLaplaceDiag, stats.laplace(LOC, DIAGONAL)),
        (ds.MultivariateNormalDiag, stats.norm(LOC, DIAGONAL)),
    ],
    ids=["exponential", "Laplace", "normal"],
)
def test_scaled_vectors_are_made_of_scaled_numbers(make, each):
    vectors = make(LOC, DIAGONAL)
    x = LOC + F([[[0.5, 1], [2, 3]], [[1, 4], [0.25, 0.5]]])
    log_prob, mean, variance, covariance, entropy, drawn = run(
        [vectors.log_prob(x), vectors.mean(), vectors.variance(), vectors.covariance(),
         vectors.entropy(), vectors.sample(4000, seed=1)]
    )  # fmt: skip

    np.testing.assert_allclose(log_prob, each.logpdf(x).sum(-1), rtol=1e-9)
    np.testing.assert_allclose(mean, each.mean(), rtol=1e-9)
    np.testing.assert_allclose(variance, each.var(), rtol=1e-9)
    np.testing.assert_allclose(covariance[0], np.diag(each.var()[0]), rtol=1e-9)
    np.testing.assert_allclose(entropy, each.entropy().sum(-1), rtol=1e-9)
    means_agree(drawn, mean, variance)
    assert isinstance(vectors, ds.TransformedDistribution)
    assert type(vectors.bijector).__name__ == "AffineLinearOperator"


def test_vectors_scaled_by_a_triangle_have_its_square_as_covariance():
    triangle = F([[2, 0], [-1, 0.5]])
    scale = tf.linalg.LinearOperatorLowerTriangular(triangle, is_non_singular=True)
    for make, middle, spread in (
        (ds.VectorLaplaceLinearOperator, 0, 2), (ds.VectorExponentialLinearOperator, 1, 1),
    ):  # fmt: skip
        vectors = make(LOC, scale)
        found = run([vectors.mean(), vectors.covariance(), vectors.stddev(), vectors.mode()])
        np.testing.assert_allclose(found[0], LOC + middle * triangle.sum(-1), rtol=1e-12)
        np.testing.assert_allclose(found[1], spread * triangle @ triangle.T, rtol=1e-12)
        np.testing.assert_allclose(found[2], np.sqrt(np.diag(found[1])), rtol=1e-12)
        assert found[3].tolist() == LOC.tolist()


def test_the_batch_of_vectors_may_be_known_only_when_the_graph_runs():
    loc = tf.placeholder(tf.float64, [None, 2])
    vectors = ds.MultivariateNormalDiag(loc, F([1, 2]))
    with tf.Session() as session:
        sizes, drawn, log_prob = session.run(
            [vectors.batch_shape_tensor(), vectors.sample(4), vectors.log_prob(F([0, 0]))],
            {loc: [[0, 0], [1, 1], [2, 2]]},
        )
    assert (sizes.tolist(), drawn.shape) == ([3], (4, 3, 2))
    wanted = stats.norm([[0, 0], [1, 1], [2, 2]], [1, 2]).logpdf(0).sum(-1)
    np.testing.assert_allclose(log_prob, wanted, rtol=1e-9)


# --- relaxed classes -----------------------------------------------------------------------------


def test_relaxed_classes_have_maddisons_density():
    scores, warm = F([[0.2, 0.7, 1], [0, 2, -1]]), F([0.5, 2])
    relaxed = ds.RelaxedOneHotCategorical(warm, scores)
    inner = ds.ExpRelaxedOneHotCategorical(warm, scores)
    x = F([[0.3, 0.4, 0.3], [0.1, 0.8, 0.1]])
    log_prob, of_logs, drawn = run(
        [relaxed.log_prob(x), inner.log_prob(np.log(x)), relaxed.sample(2000, seed=1)]
    )
    k, t = 3, warm[:, None]
    powers = scores - (t + 1) * np.log(x)
    norm = k * special.logsumexp(scores - t * np.log(x), -1)
    wanted = special.gammaln(k) + (k - 1) * np.log(warm) + powers.sum(-1) - norm

    np.testing.assert_allclose(log_prob, wanted, rtol=1e-9)
    np.testing.assert_allclose(of_logs, wanted + np.log(x).sum(-1), rtol=1e-9)
    np.testing.assert_allclose(drawn.sum(-1), 1, rtol=1e-9)
    first = (drawn.argmax(-1)[..., None] == np.arange(3)).mean(0)  # its class is Gumbel's trick
    assert np.abs(first - special.softmax(scores, -1)).max() < np.sqrt(np.log(2e6) / 4000)
    assert (relaxed.batch_shape.as_list(), relaxed.event_shape.as_list()) == ([2], [3])
    with pytest.raises(InvalidArgumentError, match="sum to 1"):
        run(ds.ExpRelaxedOneHotCategorical(1.0, [0.0, 0.0], validate_args=True).log_prob([0.0, 0]))


def test_a_relaxed_event_is_two_relaxed_classes():
    event = ds.RelaxedBernoulli(F([0.5, 2]), probs=F([0.25, 0.6]))
    classes = ds.RelaxedOneHotCategorical(F([0.5, 2]), probs=F([[0.25, 0.75], [0.6, 0.4]]))
    one, two = run([event.log_prob(F([0.3, 0.9])), classes.log_prob(F([[0.3, 0.7], [0.9, 0.1]]))])
    np.testing.assert_allclose(one, two, rtol=1e-9)
    drawn = run(event.sample(2000, seed=1))
    seen = (drawn > 0.5).mean(0)
    assert np.abs(seen - [0.25, 0.6]).max() < np.sqrt(np.log(2e6) / 4000)


# --- matrices ------------------------------------------------------------------------------------


@pytest.mark.parametrize("factors", [False, True])
def test_wisharts_matrices_are_scipys(factors):
    scale = F([[1, 0.5], [0.5, 2]])
    theirs = stats.wishart(5, scale)
    lower = np.linalg.cholesky(scale)
    full = ds.WishartFull(F(5), scale, factors)
    x = F([[2, 0.3], [0.3, 1]])
    given = np.linalg.cholesky(x) if factors else x
    found = run({
        "log_prob": full.log_prob(given), "entropy": full.entropy(), "mean": full.mean(),
        "variance": full.variance(), "mode": full.mode(), "scale": full.scale(),
        "same": ds.WishartCholesky(F(5), lower, factors).log_prob(given),
        "log_det": full.mean_log_det(), "drawn": full.sample(3000, seed=1),
    })  # fmt: skip
    for name in ("mean", "variance", "mode", "scale", "drawn"):
        if factors:
            found[name] = found[name] @ np.swapaxes(found[name], -1, -2)

    np.testing.assert_allclose(found["log_prob"], theirs.logpdf(x), rtol=1e-9)
    np.testing.assert_allclose(found["same"], theirs.logpdf(x), rtol=1e-9)
    np.testing.assert_allclose(found["entropy"], theirs.entropy(), rtol=1e-9)
    np.testing.assert_allclose(found["mean"], theirs.mean(), rtol=1e-9)
    np.testing.assert_allclose(found["variance"], theirs.var(), rtol=1e-9)
    np.testing.assert_allclose(found["mode"], theirs.mode(), rtol=1e-9)
    np.testing.assert_allclose(found["scale"], scale, rtol=1e-9)
    expected = np.log(np.linalg.det(2 * scale)) + special.digamma([2.5, 2]).sum()
    np.testing.assert_allclose(found["log_det"], expected, rtol=1e-9)
    means_agree(found["drawn"], theirs.mean(), theirs.var())
    assert full.event_shape.as_list() == [2, 2]


def test_what_wishart_has_not_is_refused():
    scale = F([[1, 0.5], [0.5, 2]])
    with pytest.raises(ValueError, match="cannot be less than dimension of scale matrix"):
        ds.WishartFull(F(1), scale)
    with pytest.raises(InvalidArgumentError, match="cannot be less than dimension"):
        run(ds.WishartFull(tf.placeholder_with_default(F(1), []), scale, False, True).mean())
    with pytest.raises(ValueError, match="does not make sense"):
        ds.WishartFull(F(3), scale, True).stddev()
    assert np.isnan(run(ds.WishartFull(F([2, 5]), scale).mode())).any((-1, -2)).tolist() == [
        True,
        False,
    ]
    np.testing.assert_allclose(
        run(ds.WishartFull(F(5), scale).stddev()) ** 2, stats.wishart(5, scale).var()
    )


# --- batches, compounds, chains of distributions --------------------------------------------------


def test_members_of_a_batch_become_one_event():
    loc = F(np.arange(24).reshape(2, 3, 4)) / 10
    one, other = (ds.Independent(ds.Normal(loc + by, F(2)), 2) for by in (0, 1))
    x = F(np.ones([5, 2, 3, 4]))
    log_prob, entropy, apart, mean, variance, drawn = run(
        [one.log_prob(x), one.entropy(), one.kl_divergence(other), one.mean(), one.variance(),
         one.sample(7)]
    )  # fmt: skip
    np.testing.assert_allclose(log_prob, stats.norm(loc, 2).logpdf(x).sum((-1, -2)), rtol=1e-9)
    np.testing.assert_allclose(entropy, 12 * stats.norm(0, 2).entropy(), rtol=1e-9)
    np.testing.assert_allclose(apart, 12 / 8, rtol=1e-9)
    assert (mean == loc).all()
    assert (variance == 4).all()
    assert drawn.shape == (7, 2, 3, 4)
    assert (one.batch_shape.as_list(), one.event_shape.as_list()) == ([2], [3, 4])
    assert ds.Independent(ds.Normal(loc, F(2))).event_shape.as_list() == [3, 4]
    with pytest.raises(ValueError, match=r"\(4\) cannot exceed distribution.batch_ndims\(3\)"):
        ds.Independent(ds.Normal(loc, F(2)), 4)


def test_a_batch_takes_another_shape():
    inner = ds.MultivariateNormalDiag(scale_diag=F(np.arange(1.0, 13).reshape(6, 2)))
    made = ds.BatchReshape(inner, [1, 2, -1])
    x = F(np.random.RandomState(0).randn(4, 1, 2, 3, 2))
    got, want, covariance, own, drawn = run(
        [made.log_prob(x), inner.log_prob(x.reshape(4, 6, 2)), made.covariance(),
         inner.covariance(), made.sample([4, 5])]
    )  # fmt: skip
    np.testing.assert_allclose(got, want.reshape(4, 1, 2, 3), rtol=1e-12)
    assert (covariance == own.reshape(1, 2, 3, 2, 2)).all()
    assert drawn.shape == (4, 5, 1, 2, 3, 2)
    assert made.batch_shape.as_list() == [1, 2, 3]
    sizes = tf.placeholder_with_default([3, -1], [2])
    assert run(ds.BatchReshape(inner, sizes).mean()).shape == (3, 2, 2)
    for shape, message in (
        ([2, 2], "must match"), (6, "must be a vector"),
        ([-1, -1], "At most one"), ([-3, 2], ">=-1"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            ds.BatchReshape(inner, shape)
    with pytest.raises(NotImplementedError, match="too few batch and event dims"):
        made.log_prob(F([1, 2]))
    wrong = tf.placeholder_with_default([5], [1])
    with pytest.raises(InvalidArgumentError, match="Shape sizes do not match"):
        run(ds.BatchReshape(inner, wrong, validate_args=True).batch_shape_tensor())


def test_counts_of_lognormal_rates_are_a_sum_over_points():
    loc, scale = F([0, 0.5]), F(0.25)
    scheme = ds.quadrature_scheme_lognormal_gauss_hermite
    made = ds.PoissonLogNormalQuadratureCompound(loc, scale, 20, scheme)
    counts = np.arange(60.0)[:, None]
    prob, mean, variance, drawn = run(
        [made.prob(counts), made.mean(), made.variance(), made.sample(3000, seed=1)]
    )
    rate = np.exp(loc + scale**2 / 2)
    grid = np.linspace(-9, 9, 20001)[:, None]  # the integral over log-rates itself
    terms = stats.poisson.pmf([0, 1, 5], np.exp(0.25 * grid)) * stats.norm.pdf(grid)
    exact = integrate.simpson(terms, x=grid[:, 0], axis=0)

    np.testing.assert_allclose(prob.sum(0), 1, rtol=1e-9)
    np.testing.assert_allclose(prob[[0, 1, 5], 0], exact, rtol=1e-6)
    np.testing.assert_allclose(mean, rate, rtol=1e-9)
    np.testing.assert_allclose(variance, rate + rate**2 * np.expm1(scale**2), rtol=1e-9)
    means_agree(drawn, mean, variance)
    default = ds.PoissonLogNormalQuadratureCompound(loc, F(1), 3)
    np.testing.assert_allclose(run(default.mean()), [3.5704644, 9.257595], rtol=1e-6)  # 1.15's


def test_a_diffeomixture_is_a_sum_over_scales_between_two():
    scales = [
        tf.linalg.LinearOperatorScaledIdentity(2, F(1.5), is_positive_definite=True),
        tf.linalg.LinearOperatorDiag(F([2.5, 3.5]), is_positive_definite=True),
    ]
    made = ds.VectorDiffeomixture(
        F([[0.0], [1]]), F([1.0]), ds.Normal(F(0), F(1)), [None, F([2, -2])], scales, 4,
        validate_args=True,
    )  # fmt: skip
    x = F([[0.5, 1], [-1, 2]])
    log_prob, grid, mean, covariance, drawn = run(
        [made.log_prob(x), made.grid, made.mean(), made.covariance(), made.sample(3000, seed=1)]
    )
    first, second = grid[:, 0, :, None], grid[:, 1, :, None]
    middle, wide = second * [2, -2], first * 1.5 + second * F([2.5, 3.5])
    inner = stats.norm(middle, wide).logpdf(x[:, None]).sum(-1)
    wanted = middle.mean(1)

    np.testing.assert_allclose(grid.sum(1), 1, rtol=1e-12)
    np.testing.assert_allclose(log_prob, special.logsumexp(inner, 1) - np.log(4), rtol=1e-9)
    np.testing.assert_allclose(mean, wanted, rtol=1e-9)
    apart = middle - wanted[:, None]
    both = np.einsum("bni,bnj->bij", apart, apart) / 4 + np.eye(2) * (wide**2).mean(1)[:, None]
    np.testing.assert_allclose(covariance, both, rtol=1e-9)
    means_agree(drawn, wanted, np.diagonal(both, axis1=-1, axis2=-2))
    assert len(made.interpolated_affine) == 4
    assert made.endpoint_affine[0].shift is None
    with pytest.raises(NotImplementedError, match=r"len\(scale\)=3 is not 2"):
        ds.VectorDiffeomixture(F([0.0]), F([1.0]), ds.Normal(F(0), F(1)), scale=scales[:1] * 3)
    with pytest.raises(NotImplementedError, match="shape\\[-1\\]=2 is not 1"):
        ds.VectorDiffeomixture(F([0.0, 1]), F([1.0]), ds.Normal(F(0), F(1)), scale=scales)
    with pytest.raises(ValueError, match="same-length lists"):
        ds.VectorDiffeomixture(F([0.0]), F([1.0]), ds.Normal(F(0), F(1)), [None], scales)


def test_autoregressive_numbers_depend_on_earlier_ones():
    lower = F([[0, 0, 0], [0.5, 0, 0], [-1, 2, 0]])

    def make(x):
        return ds.Independent(ds.Normal(tf.linalg.matvec(lower, x), F(2)), 1)

    made = ds.Autoregressive(make, F([0, 0, 0]))
    x = F([[0.5, 1, -1], [2, 0, 1]])
    log_prob, prob, drawn = run([made.log_prob(x), made.prob(x), made.sample(4000, seed=1)])
    spread = 2 * np.linalg.inv(np.eye(3) - lower)
    wanted = stats.multivariate_normal(cov=spread @ spread.T).logpdf(x)

    np.testing.assert_allclose(log_prob, wanted, rtol=1e-9)
    np.testing.assert_allclose(prob, np.exp(wanted), rtol=1e-9)
    means_agree(drawn, 0, np.diag(spread @ spread.T))
    independent = np.linalg.solve(spread, drawn.T)
    assert np.abs(np.corrcoef(independent) - np.eye(3)).max() < 5 / np.sqrt(4000)
    with pytest.raises(ValueError, match="must be at least 1"):
        ds.Autoregressive(make, F([0, 0, 0]), num_steps=0)


def test_conditions_reach_distributions_and_bijectors():
    class Moved(ds.bijectors.ConditionalBijector):
        def _forward(self, x, by):
            return x + by

        def _inverse(self, y, by):
            return y - by

        def _inverse_log_det_jacobian(self, y, by):
            return tf.zeros_like(y)

    moved = ds.ConditionalTransformedDistribution(
        ds.Normal(F([0, 1]), F(1)), Moved(forward_min_event_ndims=0)
    )
    under = {"bijector_kwargs": {"by": F(3)}}
    y = F([2.0, 5])
    found = run([moved.prob(y, **under), moved.cdf(y, **under), moved.sample(3, **under)])
    np.testing.assert_allclose(found[0], stats.norm([3, 4], 1).pdf(y), rtol=1e-9)
    np.testing.assert_allclose(found[1], stats.norm([3, 4], 1).cdf(y), rtol=1e-9)
    assert found[2].shape == (3, 2)
