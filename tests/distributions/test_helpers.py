"""What stands beside distributions: triangles, percentiles, moving statistics, expectations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

import minitf as tf
from minitf.errors import InvalidArgumentError

ds = tf.contrib.distributions
monte_carlo = tf.contrib.bayesflow.monte_carlo
F = np.float64


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@given(n=st.integers(1, 6), batch=st.lists(st.integers(0, 3), max_size=2), upper=st.booleans())
def test_a_triangle_is_its_vector(n, batch, upper):
    x = np.arange(1, 1 + np.prod([*batch, n * (n + 1) // 2], dtype=int))
    x = x.reshape(*batch, n * (n + 1) // 2)
    with tf.Graph().as_default():
        triangle = ds.fill_triangular(x, upper)
        square, back = run([triangle, ds.fill_triangular_inverse(triangle + 0, upper)])
    beside = np.tril(np.ones([n, n], bool), -1)
    assert triangle.shape.as_list() == [*batch, n, n]
    assert not square[..., beside if upper else beside.T].any()
    assert (back == x).all()


def test_a_triangle_runs_clockwise():
    lower, upper = run([ds.fill_triangular(range(1, 7)), ds.fill_triangular(range(1, 7), True)])
    assert lower.tolist() == [[4, 0, 0], [6, 5, 0], [3, 2, 1]]
    assert upper.tolist() == [[1, 2, 3], [0, 5, 6], [0, 0, 4]]


def test_diagonals_are_put_together_and_changed():
    whole, edges = run([ds.tridiag([1.0, 2], [3.0, 4, 5], [6.0, 7]), ds.tridiag(above=[1.0])])
    assert whole.tolist() == [[3, 6, 0], [1, 4, 7], [0, 2, 5]]
    assert edges.tolist() == [[0, 1], [0, 0]]
    with pytest.raises(ValueError, match="at least one of `below`"):
        ds.tridiag()
    changed = run(ds.matrix_diag_transform([[1.0, 2], [3, 4]], tf.square))
    assert changed.tolist() == [[1, 2], [3, 16]]


def test_softplus_is_undone_however_small_its_result():
    x = F([1e-9, 1, 50, 800])
    found = ds.softplus_inverse(x)
    small, back = run([found, tf.nn.softplus(found)])
    np.testing.assert_allclose(small[:3], np.log(np.expm1(x[:3])), rtol=1e-12)
    np.testing.assert_allclose(back, x, rtol=1e-9)


@pytest.mark.parametrize("axis", [None, 0, [-1], [0, 1]])
@pytest.mark.parametrize("keep_dims", [False, True])
def test_weighted_exponentials_are_summed_without_overflow(axis, keep_dims):
    x, w = F([[900, 901], [899, 0]]), F([[1, -2], [0.5, 3]])
    found = ds.reduce_weighted_logsumexp(x, w, axis, keep_dims, return_sign=True)
    place = tuple(axis) if isinstance(axis, list) else axis
    want = special.logsumexp(x, place, w, keepdims=keep_dims, return_sign=True)
    for ours, theirs in zip(run(found), want, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    plain = run(ds.reduce_weighted_logsumexp(x, axis=axis, keep_dims=keep_dims))
    np.testing.assert_allclose(plain, special.logsumexp(x, place, keepdims=keep_dims))


def test_a_stream_gives_seeds_that_differ():
    stream = ds.SeedStream(42, "x")
    first, second = stream(), stream()
    assert first == int(  # 1.15's
        "121879033558881442678503582784720649786658680076348041658651793022160193713136893137276858"
        "44917658421455237330542382365793010613157816820135496260042870478"
    )
    assert second != first == ds.SeedStream(ds.SeedStream(42, "y"), "x")()
    assert ds.SeedStream(None, "x")() is None
    assert (stream.original_seed, stream.salt) == (42, "x")
    assert run(tf.random_uniform([2], seed=first)).shape == (2,)


@pytest.mark.parametrize("interpolation", ["lower", "higher", "nearest"])
@pytest.mark.parametrize("q", [0, 10, 37.5, 62, 100])
def test_percentiles_are_numpys(q, interpolation):
    x = np.random.RandomState(0).permutation(24).reshape(2, 4, 3).astype(np.float32)
    for axis, place in ((None, None), (1, 1), ([0, 2], (0, 2)), ([-1], -1)):
        for keep in (False, True):
            found = run(ds.percentile(x, q, axis, interpolation, keep))
            want = np.percentile(x, q, place, method=interpolation, keepdims=keep)
            if interpolation == "nearest" and not np.array_equal(found, want):
                others = [
                    np.percentile(x, q, place, method=way, keepdims=keep)
                    for way in ("lower", "higher")
                ]  # of two that are as near, either
                assert (2 * np.percentile(x, q, place, keepdims=keep) == sum(others)).any()
                assert np.isin(found, others).all()
            else:
                assert (found == want).all()


def test_what_percentiles_cannot_be_is_refused():
    with pytest.raises(ValueError, match="'interpolation' must be in"):
        ds.percentile([1.0], 50, interpolation="linear")
    with pytest.raises(ValueError, match="Expected 'q' to be a scalar"):
        ds.percentile([1.0], [50.0])
    with pytest.raises(InvalidArgumentError, match="q must be from 0 to 100"):
        run(ds.percentile([1.0], 101.0, validate_args=True))


@pytest.mark.parametrize("kind", [np.float64, np.complex128])
def test_correlations_with_earlier_numbers_are_their_sums(kind):
    draws = np.random.RandomState(0)
    x = draws.randn(2, 9, 3).astype(kind)
    if kind is np.complex128:
        x = x + 1j * draws.randn(2, 9, 3)
    plain, unit = run([
        ds.auto_correlation(x, 1, center=False, normalize=False),
        ds.auto_correlation(x, 1, max_lags=4),
    ])  # fmt: skip

    def sums(x):
        return np.stack([(x[:, m:] * x[:, : 9 - m].conj()).sum(1) / (9 - m) for m in range(9)], 1)

    np.testing.assert_allclose(plain, sums(x), rtol=1e-9, atol=1e-12)
    centred = sums(x - x.mean(1, keepdims=True))
    np.testing.assert_allclose(unit, (centred / centred[:, :1])[:, :5], rtol=1e-9, atol=1e-12)


def test_statistics_move_by_finchs_rules():
    value = tf.placeholder(tf.float64, [2])
    moved = ds.moving_mean_variance(value, F(0.75))
    log_mean = tf.Variable(F([0.5, -1]))
    shifted = ds.assign_log_moving_mean_exp(log_mean, value, F(0.75))
    mean, variance, logs = np.zeros(2), np.zeros(2), F([0.5, -1])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for each in F([[1, 2], [-3, 0.5], [800, -800]]):
            found = session.run([*moved, shifted], {value: each})
            variance = 0.75 * (variance + 0.25 * (each - mean) ** 2)
            mean = 0.75 * mean + 0.25 * each
            logs = np.logaddexp(logs + np.log(0.75), each + np.log(0.25))
            for ours, want in zip(found, (mean, variance, logs), strict=True):
                np.testing.assert_allclose(ours, want, rtol=1e-9)
    with pytest.raises(TypeError, match=r"mean_var.base_dtype\(int32\) does not have float type"):
        ds.assign_moving_mean_variance(tf.Variable(1), tf.Variable(1), 1, 0.5)
    with pytest.raises(TypeError, match=r"float32\) != variance_var"):
        ds.assign_moving_mean_variance(tf.Variable(1.0), tf.Variable(F(1)), 1.0, 0.5)


def test_what_is_known_of_a_mean_follows_from_observations():
    prior, seen = ds.Normal(F(1), F(2)), F([0.5, 3, 2])
    after = ds.normal_conjugates_known_scale_posterior(prior, F(1.5), seen.sum(), 3)
    following = ds.normal_conjugates_known_scale_predictive(prior, F(1.5), seen.sum(), 3)
    precision = 1 / 4 + 3 / 1.5**2
    loc = (1 / 4 + seen.sum() / 1.5**2) / precision
    got = run([after.loc, after.scale, following.loc, following.scale])
    want = [loc, precision**-0.5, loc, np.sqrt(1 / precision + 1.5**2)]
    np.testing.assert_allclose(got, want, rtol=1e-12)
    with pytest.raises(TypeError, match="instance of type Normal"):
        ds.normal_conjugates_known_scale_posterior(ds.Laplace(0.0, 1.0), 1.0, 1.0, 1)
    with pytest.raises(TypeError, match="does not match prior dtype"):
        ds.normal_conjugates_known_scale_posterior(prior, F(1), np.float32(1), 1)


def test_expectations_have_the_gradients_of_what_they_estimate():
    rate = tf.constant(F(2.0))
    exponential, count = ds.Exponential(rate), 20000
    drawn = exponential.sample(count, seed=1)
    through = monte_carlo.expectation(tf.square, drawn)
    by_score = monte_carlo.expectation(tf.square, drawn, exponential.log_prob, False)
    values = [through, by_score, *tf.gradients(through, rate), *tf.gradients(by_score, rate)]
    found = run(values)  # E[x^2] = 2 / rate^2, of variance 20 / rate^4
    assert np.abs(found[:2] - F(0.5)).max() < 5 * np.sqrt(20 / 16 / count)
    assert found[0] == found[1]
    assert found[2] == pytest.approx(-0.5, abs=5 * np.sqrt(20 / 16 / count))
    assert found[3] == pytest.approx(-0.5, abs=0.1)  # the score's own variance is larger
    with pytest.raises(ValueError, match="`log_prob` must be a callable"):
        monte_carlo.expectation(tf.square, drawn, None, False)
    with pytest.raises(ValueError, match="`f` must be a callable"):
        monte_carlo.expectation(1.0, drawn)


def test_samples_of_another_distribution_are_weighted():
    p, q = ds.Normal(F([0.5, -600]), F(1)), ds.Normal(F([0.5, -600]), F(2))
    z = q.sample(20000, seed=1)
    linear = monte_carlo.expectation_importance_sampler(lambda z: z, p.log_prob, q, z)
    logs = monte_carlo.expectation_importance_sampler_logspace(
        lambda z: z, p.log_prob, q, n=20000, seed=1
    )
    linear, logs = run([linear, logs])
    np.testing.assert_allclose(linear, [0.5, -600], rtol=0.02, atol=0.03)
    np.testing.assert_allclose(logs, [1, -599.5], atol=0.05)  # log E[exp(z)] = loc + 1/2
    with pytest.raises(ValueError, match='exactly one of arguments "n" and "z"'):
        monte_carlo.expectation_importance_sampler(tf.square, p.log_prob, q)
