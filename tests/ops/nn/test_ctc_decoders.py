"""CTC decoders: hand-worked examples, exhaustive search, messages."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import FailedPreconditionError, InvalidArgumentError
from minitf.ops.nn.ctc import log_probabilities
from minitf.ops.nn.ctc_decoders import ctc_beam_search_decoder_op, ctc_greedy_decoder_op


def scores_of(*classes, count=4):
    """Return scores [T, 1, count] that are 1 for the given class of each step, else 0."""
    return np.eye(count)[list(classes)][:, np.newaxis]


def test_the_greedy_decoder_drops_blanks_and_merges_repeats_without_one_between():
    scores, lengths = scores_of(0, 0, 3, 0, 1), np.int32([5])
    _, apart, _, score = ctc_greedy_decoder_op.body(scores, lengths)
    places, merged, shape, _ = ctc_greedy_decoder_op.body(scores, lengths, merge_repeated=True)

    assert apart.tolist() == [0, 0, 0, 1]
    assert merged.tolist() == [0, 0, 1]
    assert places.tolist() == [[0, 0], [0, 1], [0, 2]]
    assert shape.tolist() == [1, 3]
    assert score.tolist() == [[-5]]


def test_another_class_may_be_the_blank():
    found = ctc_greedy_decoder_op.body(scores_of(0, 1, 2), np.int32([3]), blank_index=1)

    assert found[1].tolist() == [0, 2]
    with pytest.raises(InvalidArgumentError, match=r"blank_index must be in \[-4, 4\), got 4"):
        ctc_greedy_decoder_op.body(scores_of(0), np.int32([1]), blank_index=4)


def test_only_an_examples_own_steps_count():
    scores = np.concatenate([scores_of(0, 1, 2), scores_of(2, 1, 0)], axis=1)
    places, values, shape, score = ctc_greedy_decoder_op.body(scores, np.int32([1, 3]))

    assert places.tolist() == [[0, 0], [1, 0], [1, 1], [1, 2]]
    assert values.tolist() == [0, 2, 1, 0]
    assert shape.tolist() == [2, 3]
    assert score.tolist() == [[-1], [-3]]


@given(seed=st.integers(0, 2**32 - 1), steps=st.integers(1, 4))
def test_a_wide_beam_finds_the_most_likely_labellings(seed, steps):
    scores = np.random.default_rng(seed).standard_normal((steps, 1, 3))
    log_y = log_probabilities(scores)[:, 0]
    sums: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(3), repeat=steps):
        labels = tuple(key for key, _ in itertools.groupby(path) if key != 2)
        sums[labels] = np.logaddexp(sums.get(labels, -np.inf), log_y[range(steps), path].sum())
    best = sorted(sums, key=sums.__getitem__, reverse=True)[:2]
    _, values, _, score = ctc_beam_search_decoder_op.body(
        scores, np.int32([steps]), beam_width=100, top_paths=2, merge_repeated=False
    )

    assert [each.tolist() for each in values] == [list(labels) for labels in best]
    np.testing.assert_allclose(score[0], [sums[labels] for labels in best])


def test_a_beam_may_find_what_no_single_best_path_reads_as():
    # blanks are the best path (0.6 * 0.6 = 0.36), but three paths read as "a" (0.64)
    scores = np.log([[[0.4, 0.6]], [[0.4, 0.6]]])
    lengths = np.int32([2])
    _, values, _, score = ctc_beam_search_decoder_op.body(
        scores, lengths, beam_width=2, top_paths=1
    )

    assert ctc_greedy_decoder_op.body(scores, lengths)[1].tolist() == []
    assert values[0].tolist() == [0]
    assert np.exp(score[0, 0]) == pytest.approx(0.64)


def test_merging_joins_equal_labels_of_the_labelling_found():
    scores = 9 * scores_of(0, 1, 0, count=2)  # "a", blank, "a"
    given_ = {"beam_width": 4, "top_paths": 1}
    apart = ctc_beam_search_decoder_op.body(scores, np.int32([3]), merge_repeated=False, **given_)
    merged = ctc_beam_search_decoder_op.body(scores, np.int32([3]), **given_)

    assert apart[1][0].tolist() == [0, 0]
    assert merged[1][0].tolist() == [0]


@pytest.mark.parametrize(
    ("attrs", "lengths", "error", "message"),
    [
        ({"beam_width": 1, "top_paths": 2}, [1], InvalidArgumentError, "requested more paths"),
        ({"beam_width": 9, "top_paths": 2}, [0], InvalidArgumentError, "Less leaves in the beam"),
        ({"beam_width": 9, "top_paths": 1}, [3], FailedPreconditionError, r"length\(0\) <= 2"),
    ],
)
def test_what_does_not_fit_is_refused(attrs, lengths, error, message):
    with pytest.raises(error, match=message):
        ctc_beam_search_decoder_op.body(scores_of(0, 1), np.int32(lengths), **attrs)


def test_empty_scores_are_refused():
    with pytest.raises(InvalidArgumentError, match="inputs must not be empty"):
        ctc_greedy_decoder_op.body(np.zeros((2, 0, 3)), np.int32([]))
