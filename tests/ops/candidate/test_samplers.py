"""Candidate samplers: TensorFlow's candidates, and what a sampler must satisfy."""

import numpy as np
import pytest
from random_draws import draw, new_session, our_draws, their_draws

from minitf.errors import InvalidArgumentError
from minitf.ops.candidate.samplers import all_candidate_sampler_op, compute_accidental_hits_op

TRUE = np.int64([[3, 1], [0, 7], [2, 2]])
SEEDS = [(5, 9), (87654321, 1), (0, 3), (-7, 2**62 + 1)]
WEIGHTS = (3.0, 1.0, 0.5, 8.0, 0.0, 2.5, 1.0, 1.0, 4.0, 0.25)
RANGED = {
    "UniformCandidateSampler": {},
    "LogUniformCandidateSampler": {},
    "LearnedUnigramCandidateSampler": {},
    "ThreadUnsafeUnigramCandidateSampler": {},
    "FixedUnigramCandidateSampler": {"unigrams": WEIGHTS},
}


def attrs(name, num_sampled=6, unique=True, range_max=10, seeds=(5, 9), **more):
    given = {"num_true": TRUE.shape[1], "num_sampled": num_sampled, "unique": unique}
    return {
        **given,
        **RANGED.get(name, {}),
        **({"range_max": range_max} if name in RANGED else {}),
        "seed": seeds[0],
        "seed2": seeds[1],
        **more,
    }


def assert_tensorflows(tf, name, given):
    """Check candidates bit for bit, expected counts up to 4 last places."""
    for ours, theirs in zip(
        our_draws(name, [TRUE], given), their_draws(tf, name, [TRUE], given), strict=True
    ):
        np.testing.assert_array_equal(ours[0], theirs.sampled_candidates)
        np.testing.assert_allclose(ours[1], theirs.true_expected_count, rtol=5e-7)
        np.testing.assert_allclose(ours[2], theirs.sampled_expected_count, rtol=5e-7)
        assert [each.dtype for each in ours] == [each.dtype for each in theirs]


@pytest.mark.tensorflow
@pytest.mark.parametrize("seeds", SEEDS)
@pytest.mark.parametrize("unique", [True, False])
@pytest.mark.parametrize("name", RANGED)
def test_candidates_are_tensorflows(name, unique, seeds, tensorflow):
    assert_tensorflows(tensorflow, name, attrs(name, unique=unique, seeds=seeds))


@pytest.mark.tensorflow
@pytest.mark.parametrize("range_max", [64, 1000, 3 * 2**40])
@pytest.mark.parametrize("name", ["UniformCandidateSampler", "LogUniformCandidateSampler"])
def test_many_candidates_are_tensorflows(name, range_max, tensorflow):
    assert_tensorflows(tensorflow, name, attrs(name, 40, range_max=range_max))


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "more",
    [
        {"distortion": 0.75},
        {"num_reserved_ids": 2, "range_max": 12},
        {"num_shards": 3, "shard": 1, "range_max": 3, "num_sampled": 2},
        {"unique": False, "num_sampled": 200},
    ],
    ids=str,
)
def test_fixed_weights_are_distorted_reserved_and_sharded_as_tensorflows(more, tensorflow):
    given = {**attrs("FixedUnigramCandidateSampler"), **more}
    true = TRUE % 3
    ours = our_draws("FixedUnigramCandidateSampler", [true], given)
    theirs = their_draws(tensorflow, "FixedUnigramCandidateSampler", [true], given)

    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_allclose(one[1], other[1], rtol=5e-7)


def test_weights_are_read_from_the_last_column_of_a_file(tmp_path):
    file = tmp_path / "vocabulary.csv"
    file.write_text("".join(f"word{i},{w}\n" for i, w in enumerate(WEIGHTS)))
    name = "FixedUnigramCandidateSampler"
    from_file = {**attrs(name), "unigrams": (), "vocab_file": str(file)}

    for one, other in zip(
        draw(name, [TRUE], from_file), draw(name, [TRUE], attrs(name)), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_fixed_weights_are_drawn_in_their_proportions():
    count = 40_000
    name = "FixedUnigramCandidateSampler"
    drawn, _, _ = draw(name, [TRUE], attrs(name, count, unique=False))
    shares = np.bincount(drawn, minlength=10) / count
    wanted = np.array(WEIGHTS) / sum(WEIGHTS)

    assert np.all(np.abs(shares - wanted) <= 5 * np.sqrt(wanted / count))


def test_a_learned_sampler_counts_the_true_classes_of_earlier_runs():
    name, context = "LearnedUnigramCandidateSampler", new_session()
    given = attrs(name, 3, unique=False)
    counts = [draw(name, [TRUE], given, context)[1] for _ in range(3)]
    # class 2 occurs twice a run: 1 of 10, then 3 of 16, then 5 of 22; of 3 drawn
    expected = [3 * n / total for n, total in [(1, 10), (3, 16), (5, 22)]]

    np.testing.assert_allclose([each[2, 0] for each in counts], expected, rtol=1e-6)


def test_distinct_candidates_use_up_the_range():
    for name in RANGED:
        if name != "FixedUnigramCandidateSampler":  # one of its weights is 0
            drawn, _, expected = draw(name, [TRUE], attrs(name, 10))

            assert sorted(drawn.tolist()) == list(range(10))
            assert np.all((expected > 0) & (expected <= 1))


@pytest.mark.parametrize(
    ("name", "more", "message"),
    [
        ("UniformCandidateSampler", {"num_sampled": 11}, "Sampler's range is too small"),
        ("FixedUnigramCandidateSampler", {"unigrams": ()}, "either vocab_file or unigrams"),
        ("FixedUnigramCandidateSampler", {"vocab_file": "x"}, "only provide one of"),
        ("FixedUnigramCandidateSampler", {"range_max": 9}, "but there are 10 weights"),
        ("LearnedUnigramCandidateSampler", {"range_max": 6}, r"true_classes must be in \[0, 6\)"),
        ("UniformCandidateSampler", {"num_true": 3}, "true_classes must have num_true columns"),
    ],
)
def test_what_does_not_fit_is_refused(name, more, message):
    with pytest.raises(InvalidArgumentError, match=message):
        draw(name, [TRUE], {**attrs(name), **more})


def test_a_vocabulary_without_weights_is_refused(tmp_path):
    file = tmp_path / "words"
    file.write_text("one\n")
    name = "FixedUnigramCandidateSampler"
    with pytest.raises(InvalidArgumentError, match="Wrong vocabulary format at line: one"):
        draw(name, [TRUE], {**attrs(name), "unigrams": (), "vocab_file": str(file)})


def test_all_candidates_are_expected_once():
    drawn, true, sampled = all_candidate_sampler_op.body(
        TRUE, num_true=2, num_sampled=5, unique=False
    )

    assert drawn.tolist() == [0, 1, 2, 3, 4]
    assert true.tolist() == [[1, 1]] * 3
    assert sampled.tolist() == [1] * 5


def test_hits_tell_the_example_and_the_place_of_the_last_equal_candidate():
    indices, ids, weights = compute_accidental_hits_op.body(
        np.int64([[4, 1], [9, 9]]), np.int64([1, 9, 5, 1]), num_true=2
    )

    assert indices.tolist() == [0, 1, 1]
    assert ids.tolist() == [3, 1, 1]
    assert np.all(weights == np.finfo(np.float32).min)


def test_hits_of_a_vector_are_refused():
    with pytest.raises(InvalidArgumentError, match="must be a batch_size"):
        compute_accidental_hits_op.body(np.int64([1]), np.int64([1]), num_true=1)
