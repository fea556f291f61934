"""The CTC loss: against the sum over all paths, its gradient, hand-worked examples, messages."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.ctc import ctc_loss_op, log_probabilities
from minitf.testing.derivatives import slope

BLANK = 2


def read(path, blank=BLANK, *, merges=True):
    """Read a path: repeats merged, then blanks dropped."""
    kept = [key for key, _ in itertools.groupby(path)] if merges else list(path)
    return [each for each in kept if each != blank]


def loss_of(inputs, labels, **attrs):
    """Return the loss of one example that uses all steps, and its gradient."""
    indices = np.array([(0, place) for place in range(len(labels))], np.int64)
    lengths = np.int32([len(inputs)])
    loss, gradient = ctc_loss_op.body(inputs, indices, np.int32(labels), lengths, **attrs)
    return loss[0], gradient


@given(
    seed=st.integers(0, 2**32 - 1),
    steps=st.integers(1, 5),
    labels=st.lists(st.integers(0, 1), min_size=1, max_size=3),
    merges=st.booleans(),
)
def test_the_loss_sums_over_all_paths_that_read_as_the_labels(seed, steps, labels, merges):
    inputs = np.random.default_rng(seed).standard_normal((steps, 1, 3))
    log_y = log_probabilities(inputs)[:, 0]
    paths = itertools.product(range(3), repeat=steps)
    found = [log_y[range(steps), p].sum() for p in paths if read(p, merges=merges) == labels]
    loss, _ = loss_of(
        inputs, labels, ctc_merge_repeated=merges, ignore_longer_outputs_than_inputs=True
    )

    if len(labels) > steps:
        assert loss == 0
    else:
        assert loss == pytest.approx(-np.logaddexp.reduce(found) if found else np.inf)


@given(seed=st.integers(0, 2**32 - 1), merges=st.booleans())
def test_the_second_output_is_the_slope_of_the_first(seed, merges):
    rng = np.random.default_rng(seed)
    inputs, direction = rng.standard_normal((2, 5, 1, 3))
    _, gradient = loss_of(inputs, [0, 1], ctc_merge_repeated=merges)
    change = slope(
        lambda step: loss_of(inputs + step * direction, [0, 1], ctc_merge_repeated=merges)[0]
    )

    assert change == pytest.approx((gradient * direction).sum(), abs=1e-7)


def test_one_step_must_be_the_label():
    scores = np.log([[[0.5, 0.2, 0.3]]])
    loss, gradient = loss_of(scores, [0])

    assert loss == pytest.approx(-np.log(0.5))
    np.testing.assert_allclose(gradient[0, 0], [-0.5, 0.2, 0.3])


def test_two_even_steps_have_three_paths_to_one_label():
    loss, _ = loss_of(np.zeros((2, 1, 3)), [0])  # "aa", "a-", "-a" of nine

    assert loss == pytest.approx(np.log(3))


def test_equal_neighbours_need_a_blank_between_unless_collapsed():
    scores = np.zeros((2, 1, 3))

    assert loss_of(scores, [0, 0])[0] == np.inf
    assert loss_of(scores, [0, 0], preprocess_collapse_repeated=True)[0] == pytest.approx(np.log(3))


@pytest.mark.parametrize("labels", [[0, 1], [0, 2], [0, 0]])
def test_more_labels_than_steps_have_no_loss_also_if_fewer_would_be_left(labels):
    loss, gradient = loss_of(
        np.zeros((1, 1, 3)),
        labels,
        preprocess_collapse_repeated=True,
        ignore_longer_outputs_than_inputs=True,
    )

    assert loss == 0
    assert not gradient.any()


def test_steps_beyond_an_examples_length_do_not_count():
    inputs = np.random.default_rng(0).standard_normal((4, 1, 3))
    longer = ctc_loss_op.body(inputs, np.int64([[0, 0]]), np.int32([1]), np.int32([2]))
    loss, gradient = loss_of(inputs[:2], [1])

    assert longer[0][0] == loss
    np.testing.assert_array_equal(longer[1][:2], gradient)
    assert not longer[1][2:].any()


def test_the_gradient_of_the_gradient_is_refused_in_words():
    with tf.Graph().as_default():
        labels = tf.SparseTensor([[0, 0]], tf.constant([1]), [1, 1])
        inputs = tf.placeholder(tf.float32, [3, 1, 3])
        (first,) = tf.gradients(tf.nn.ctc_loss(labels, inputs, [3]), inputs)

        with pytest.raises(LookupError, match="no way to take the second derivative of ctc_loss"):
            tf.gradients(first, inputs)


@pytest.mark.parametrize(
    ("indices", "values", "lengths", "message"),
    [
        ([[0, 0]], [0], [3, 3], "Labels length is zero in batch 1"),
        ([[0, 0], [1, 0], [1, 1]], [0, 0, 1], [3, 1], "Not enough time for target transition"),
        ([[0, 0], [0, 1], [1, 0]], [2, 0, 1], [3, 3], "Saw a non-null label"),
        ([[0, 0], [1, 0]], [-1, 0], [3, 3], "All labels must be nonnegative integers"),
        ([[0, 0], [2, 0]], [0, 0], [3, 3], r"indices\[1\] = \[2,0\] is out of bounds"),
        ([[1, 0], [0, 0]], [0, 0], [3, 3], r"indices\[1\] = \[0,0\] is out of order"),
        ([[0, 0], [1, 0]], [0, 0], [3, 4], r"sequence_length\(1\) <= 3"),
        ([[0, 0], [1, 0]], [0, 0], [3, -1], r"seq_len\(1\) < 0"),
        ([[0, 0], [1, 0]], [0, 0], [3], r"len\(sequence_length\) != batch_size"),
    ],
)
def test_what_does_not_fit_is_refused(indices, values, lengths, message):
    inputs = np.zeros((3, 2, 3))
    with pytest.raises(InvalidArgumentError, match=message):
        ctc_loss_op.body(inputs, np.int64(indices), np.int32(values), np.int32(lengths))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((3, 0, 3), "batch_size must not be 0"),
        ((0, 1, 3), "Max time or first dimension of input cannot be 0"),
        ((3, 3), "inputs is not a 3-Tensor"),
    ],
)
def test_empty_scores_are_refused(shape, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ctc_loss_op.body(
            np.zeros(shape), np.zeros((0, 2), np.int64), np.int32([]), np.zeros(shape[1], np.int32)
        )
