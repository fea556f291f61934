"""Every bijector has an inverse, stretches by its Jacobian, and remembers what it mapped."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

ds = tf.contrib.distributions
bs = ds.bijectors
F = np.float64


def numbers(*dims, seed=0):
    return np.random.RandomState(seed).uniform(-1.5, 1.5, dims)


def shares(*dims):
    return np.random.RandomState(1).uniform(0.1, 0.9, dims)


def triangle():
    made = np.tril(numbers(2, 3, 3))
    made[:, range(3), range(3)] = np.abs(made[:, range(3), range(3)]) + 0.5
    return made


LOWER = np.tril(np.ones((3, 3), bool))
SQUARE = numbers(3, 3, seed=2) + 3 * np.eye(3)


def flow(shift_only=False):
    kernel = tf.random_uniform_initializer(-1.0, 1.0, seed=3)
    return bs.masked_autoregressive_default_template(
        [6], shift_only, tf.tanh, kernel_initializer=kernel
    )


# name: (bijector, x of two events, which numbers of an event of x, and of y, are free)
KINDS = {
    "Exp": (bs.Exp, numbers(2), ..., ...),
    "PowerTransform": (lambda: bs.PowerTransform(F(0.5)), numbers(2), ..., ...),
    "Gumbel": (lambda: bs.Gumbel(F(0.5), F(2.0)), numbers(2), ..., ...),
    "Weibull": (lambda: bs.Weibull(F(2.0), F(1.5)), shares(2), ..., ...),
    "Kumaraswamy": (lambda: bs.Kumaraswamy(F(2.0), F(0.5)), shares(2), ..., ...),
    "SinhArcsinh": (lambda: bs.SinhArcsinh(F(0.5), F(2.0)), numbers(2), ..., ...),
    "Softsign": (bs.Softsign, numbers(2), ..., ...),
    "Permute": (lambda: bs.Permute([2, 0, 1]), numbers(2, 3), ..., ...),
    "Reshape": (lambda: bs.Reshape([2, -1], [6]), numbers(2, 6), ..., ...),
    "Ordered": (bs.Ordered, np.sort(numbers(2, 4)), ..., ...),
    "SoftmaxCentered": (bs.SoftmaxCentered, numbers(2, 3), ..., [True, True, True, False]),
    "FillTriangular": (bs.FillTriangular, numbers(2, 6), ..., LOWER),
    "FillTriangular upper": (lambda: bs.FillTriangular(upper=True), numbers(2, 6), ..., LOWER.T),
    "TransformDiagonal": (lambda: bs.TransformDiagonal(bs.Exp()), numbers(2, 3, 3), ..., ...),
    "ScaleTriL": (lambda: bs.ScaleTriL(diag_shift=F(1e-5)), numbers(2, 6), ..., LOWER),
    "CholeskyOuterProduct": (bs.CholeskyOuterProduct, triangle(), LOWER, LOWER),
    "MatrixInverseTriL": (bs.MatrixInverseTriL, triangle(), LOWER, LOWER),
    "Affine": (lambda: bs.Affine(F([1.0, 2.0]), F(-3.0)), numbers(2, 2), ..., ...),
    "Affine of a diagonal": (lambda: bs.Affine(None, F(1), F([1, -3])), numbers(2, 2), ..., ...),
    "Affine of a triangle": (
        lambda: bs.Affine(F([1, 2, 3]), F(1), F([1, 2, 3]), SQUARE), numbers(2, 3), ..., ...),
    "Affine of low rank": (
        lambda: bs.Affine(scale_perturb_factor=SQUARE[:, :2], scale_perturb_diag=F([2, 1])),
        numbers(2, 3), ..., ...),
    "Affine of a triangle and low rank": (
        lambda: bs.Affine(scale_tril=SQUARE, scale_perturb_factor=SQUARE[:, :1]),
        numbers(2, 3), ..., ...),
    "Chain that changes ranks": (
        lambda: bs.Chain([bs.CholeskyOuterProduct(), bs.ScaleTriL(diag_shift=None)]),
        numbers(2, 6), ..., LOWER),
    "Chain of numbers and vectors": (
        lambda: bs.Chain([bs.SoftmaxCentered(), bs.Softsign()]),
        numbers(2, 3), ..., [True, True, True, False]),
    "Invert": (lambda: bs.Invert(bs.Ordered()), numbers(2, 4), ..., ...),
    "RealNVP": (
        lambda: bs.RealNVP(2, bs.real_nvp_default_template([4], activation=tf.tanh)),
        numbers(2, 5), ..., ...),
    "RealNVP that shifts": (
        lambda: bs.RealNVP(2, bs.real_nvp_default_template([], True)), numbers(2, 5), ..., ...),
    "MaskedAutoregressiveFlow": (
        lambda: bs.MaskedAutoregressiveFlow(flow()), numbers(2, 3), ..., ...),
    "MaskedAutoregressiveFlow unrolled": (
        lambda: bs.MaskedAutoregressiveFlow(flow(), unroll_loop=True), numbers(2, 3), ..., ...),
    "MaskedAutoregressiveFlow that shifts": (
        lambda: bs.MaskedAutoregressiveFlow(flow(True)), numbers(2, 3), ..., ...),
    "BatchNormalization": (
        lambda: bs.BatchNormalization(
            tf.layers.BatchNormalization(dtype=tf.float64), training=False),
        numbers(2, 3), ..., ...),
}  # fmt: skip


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@pytest.mark.parametrize("name", KINDS)
def test_the_inverse_undoes_it_and_it_stretches_by_its_jacobian(name):
    make, value, free_x, free_y = KINDS[name]
    bijector = make()
    x = tf.constant(value)
    one = tf.constant(value[0])
    least, least_y = bijector.forward_min_event_ndims, bijector.inverse_min_event_ndims
    y, of_one = bijector.forward(x), bijector.forward(one)
    again = tf.identity(y)  # which the bijector does not know
    flat = tf.reshape(of_one, [-1])
    rows = tf.stack([tf.gradients(each, one)[0] for each in tf.unstack(flat, num=flat.shape[0])])
    found = run({
        "y": y,
        "x": bijector.inverse(again),
        "ahead": bijector.forward_log_det_jacobian(x, least),
        "back": bijector.inverse_log_det_jacobian(again, least_y),
        "summed": bijector.forward_log_det_jacobian(x, least + 1),
        "one": bijector.forward_log_det_jacobian(one, least),
        "rows": rows,
        "sizes": bijector.forward_event_shape_tensor(value.shape[1:]),
        "sizes back": bijector.inverse_event_shape_tensor(found_shape(bijector, value)),
    })  # fmt: skip
    kept = np.reshape(found["rows"], [*found["y"].shape[1:], *value.shape[1:]])
    picked = np.ones(found["y"].shape[1:], bool) if free_y is ... else np.array(free_y)
    jacobian = kept[picked].reshape(picked.sum(), -1)
    jacobian = jacobian if free_x is ... else jacobian[:, np.array(free_x).ravel()]

    _, stretch = np.linalg.slogdet(jacobian)
    np.testing.assert_allclose(found["x"], value, atol=1e-9)
    np.testing.assert_allclose(found["one"], stretch, atol=1e-9)
    np.testing.assert_allclose(np.broadcast_to(found["ahead"], [2])[0], stretch, atol=1e-9)
    np.testing.assert_allclose(found["back"], -found["ahead"], atol=1e-9)
    np.testing.assert_allclose(
        found["summed"], np.broadcast_to(found["ahead"], [2]).sum(), atol=1e-9
    )
    assert bijector.forward_event_shape(value.shape[1:]).as_list() == list(found["y"].shape[1:])
    assert found["sizes"].tolist() == list(found["y"].shape[1:])
    assert found["sizes back"].tolist() == list(value.shape[1:])


def found_shape(bijector, value):
    sizes = bijector.forward_event_shape(value.shape[1:])
    assert bijector.inverse_event_shape(sizes).as_list() == list(value.shape[1:])
    return sizes.as_list()


def test_what_was_mapped_is_found_again():
    calls = []

    def slow(y):
        calls.append(y)
        return tf.log(y)

    exp = bs.Inline(tf.exp, slow, lambda y: -tf.log(y), forward_min_event_ndims=0)
    x = tf.constant([1.0, 2.0])
    y = exp.forward(x)
    assert exp.inverse(y) is x
    assert exp.forward(x) is y
    assert not calls
    branch = tf.cond(tf.constant(True), lambda: exp.inverse(y), lambda: y)
    assert len(calls) == 1  # another place: what it makes stays there
    np.testing.assert_allclose(run(branch), [1, 2], rtol=1e-6)
    drawn = ds.TransformedDistribution(ds.Normal([0.0, 1.0], 1.0), exp)
    y = drawn.sample(5, seed=1)
    log_prob, plain = drawn.log_prob(y), drawn.log_prob(y + 0.0)
    assert len(calls) == 2  # of y + 0 only
    log_prob, plain = run([log_prob, plain])
    np.testing.assert_allclose(log_prob, plain, rtol=1e-5)


def test_conditions_reach_the_hooks_through_chains():
    class Scaled(bs.ConditionalBijector):
        def _forward(self, x, by):
            return x * by

        def _inverse(self, y, by):
            return y / by

        def _forward_log_det_jacobian(self, x, by):
            return tf.log(tf.abs(by)) + 0.0 * x

    scaled = Scaled(forward_min_event_ndims=0, name="scaled")
    chain = bs.Chain([bs.Exp(), scaled])
    x = tf.constant([0.5, 1.0])
    assert run(scaled.inverse(scaled.forward(x, by=2.0), by=4.0)).tolist() == [0.25, 0.5]
    y = chain.forward(x, scaled={"by": 2.0})
    np.testing.assert_allclose(run(y), np.exp([1, 2]), rtol=1e-6)
    changed = chain.forward_log_det_jacobian(x, 1, scaled={"by": 2.0})
    np.testing.assert_allclose(run(changed), 3 + 2 * np.log(2), rtol=1e-6)


def test_a_number_has_two_roots_of_its_size():
    size = bs.AbsoluteValue(validate_args=True)
    assert [each.tolist() for each in run(size.inverse([0.5, 2.0]))] == [[-0.5, -2], [0.5, 2]]
    assert run(size.inverse_log_det_jacobian([0.5, 2.0], 1)) == (0, 0)
    with pytest.raises(NotImplementedError, match="non-injective"):
        size.forward_log_det_jacobian([1.0], 0)
    with pytest.raises(NotImplementedError, match="non-injective"):
        bs.Invert(size)
    with pytest.raises(InvalidArgumentError, match="Argument y was negative"):
        run(size.inverse([-1.0]))
    folded = ds.TransformedDistribution(ds.Normal(0.5, 2.0), bs.AbsoluteValue())
    normal, y = ds.Normal(0.5, 2.0), [0.25, 3.0]
    ours, theirs = run([folded.prob(y), normal.prob(y) + normal.prob(tf.negative(y))])
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


def test_a_training_batch_has_the_statistics_that_it_is_normalised_by():
    norm = bs.BatchNormalization()
    y = tf.constant(numbers(6, 3).astype(np.float32))
    x, back = norm.inverse(y), norm.inverse_log_det_jacobian(y, 1)
    x, back = run([x, back])
    deviation = numbers(6, 3).std(0)
    np.testing.assert_allclose(x.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(back, -np.log(np.sqrt(deviation**2 + 1e-3)).sum(), rtol=1e-4)
    assert len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) == 2
    with pytest.raises(ValueError, match="instance of BatchNormalization"):
        bs.BatchNormalization(tf.layers.Dense(1))
    with pytest.raises(ValueError, match="renormalization"):
        bs.BatchNormalization(tf.layers.BatchNormalization(renorm=True))


def test_a_masked_unit_sees_earlier_blocks_only():
    x = tf.constant(numbers(4))
    y = bs.masked_dense(x[None], 8, 4, exclusive=True, kernel_initializer=tf.ones_initializer())
    slopes = run(tf.stack([tf.gradients(y[0, i], x)[0] for i in range(8)]))
    assert (slopes == np.repeat(np.tril(np.ones((4, 4)), -1), 2, 0)).all()
    with pytest.raises(NotImplementedError, match="Rightmost dimension must be known"):
        bs.masked_dense(tf.placeholder(tf.float32, [2, None]), 2)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: bs.PowerTransform(-1.0), ValueError, "must be a non-negative TF constant"),
        (lambda: bs.Permute([0, 0]), ValueError, "exactly one of each"),
        (lambda: bs.Permute([0.5]), TypeError, "should be `int`-like"),
        (lambda: bs.Reshape([2.0]), TypeError, "should be `int`-like"),
        (lambda: bs.Reshape([[2]]), ValueError, r"rank \(2\) should be <= 1"),
        (lambda: bs.Reshape([-1, -1]), ValueError, "at most one `-1`"),
        (lambda: bs.Reshape([-2]), ValueError, "either positive integers or `-1`"),
        (lambda: bs.Reshape([2, 2], [4]).forward(numbers(5)), ValueError, r"\(\[5\] vs \[4\]\)"),
        (lambda: bs.FillTriangular().forward(numbers(5)), ValueError, "a triangular matrix"),
        (lambda: bs.RealNVP(0, None), ValueError, "must be a positive integer"),
        (lambda: bs.RealNVP(3, None).forward(numbers(3)), ValueError, "smaller than the event"),
        (lambda: bs.SoftmaxCentered().inverse_event_shape([1]), ValueError, "<= 1"),
        (lambda: bs.Affine(scale_perturb_diag=[1.0]), ValueError, "must be specified"),
        (lambda: bs.Affine(F([1.0]), np.float32(1)), TypeError, "is incompatible with"),
    ],
)  # fmt: skip
def test_what_is_known_not_to_fit_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bs.Exp(validate_args=True).inverse([-1.0]), "must be greater than 0"),
        (lambda: bs.PowerTransform(0.5, validate_args=True).forward([-3.0]), "at least -2"),
        (lambda: bs.Gumbel(scale=-1.0, validate_args=True).forward([0.5]), "not positive"),
        (lambda: bs.Gumbel(validate_args=True).inverse([1.5]), "less than or equal to 1"),
        (lambda: bs.Weibull(validate_args=True).forward([-1.0]), "at least 0"),
        (lambda: bs.Kumaraswamy(validate_args=True).inverse([2.0]), "no larger than `1`"),
        (lambda: bs.SinhArcsinh(0.0, -1.0, validate_args=True).forward([1.0]), "not positive"),
        (lambda: bs.Softsign(validate_args=True).inverse([1.0]), "less than 1"),
        (lambda: bs.Ordered(validate_args=True).forward([1.0, 0.0]), "strictly increasing"),
        (lambda: bs.Affine(None, 0.0, validate_args=True).forward([1.0]), "should be non-zero"),
        (
            lambda: bs.MatrixInverseTriL(validate_args=True).forward([[1.0, 1.0], [0.0, 1.0]]),
            "lower triangular",
        ),
        (
            lambda: bs.CholeskyOuterProduct(validate_args=True).forward([[-1.0]]),
            "positive definite",
        ),
    ],
)
def test_values_that_do_not_fit_abort_the_run(make, message):
    with pytest.raises(InvalidArgumentError, match=message):
        run(make())


def test_sizes_may_be_known_only_when_the_graph_runs():
    x = tf.placeholder(tf.float64, [None, None])
    value = numbers(2, 6)
    for bijector in (bs.FillTriangular(), bs.Reshape([3, 2], [-1]), bs.Ordered()):
        with tf.Session() as session:
            y = bijector.forward(x)
            back = session.run(bijector.inverse(tf.identity(y)), {x: np.sort(value)})
        np.testing.assert_allclose(back, np.sort(value), atol=1e-12)
