"""Edit distances: examples, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.distance import edit_distance_op

WORDS = st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=5)


def sparse(*rows):
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    letters = [letter for row in rows for letter in row]
    shape = len(rows), max(map(len, rows))
    indices = np.array(places, np.int64).reshape(-1, 2)
    return indices, strings(letters, (len(letters),)), np.array(shape, np.int64)


def distance(ours, truth, **attrs):
    return edit_distance_op.body(*sparse(ours), *sparse(truth), **attrs)[0]


def letters(word):
    return [letter.encode() for letter in word]


def test_kitten_is_three_steps_from_sitting():
    ours, truth = letters("kitten"), letters("sitting")

    assert distance(ours, truth, normalize=False) == 3
    assert distance(ours, truth) == np.float32(3 / 7)


def test_of_an_empty_truth_only_an_empty_guess_is_right():
    assert distance([], []) == 0
    assert distance([b"a"], []) == np.inf
    assert distance([], [b"a"]) == 1


@given(WORDS, WORDS, WORDS)
def test_it_is_a_distance(a, b, c):
    def apart(x, y):
        return distance(x, y, normalize=False)

    assert (apart(a, b) == 0) == (a == b)
    assert apart(a, b) == apart(b, a)
    assert apart(a, c) <= apart(a, b) + apart(b, c)


def test_what_a_distance_refuses():
    rows = sparse([b"a"])
    with pytest.raises(InvalidArgumentError, match="must have the same length"):
        edit_distance_op.body(*rows, *rows[:2], np.array([1, 1, 1]))
    with pytest.raises(InvalidArgumentError, match="a place is outside"):
        edit_distance_op.body(np.array([[1, 0]]), rows[1], rows[2], *rows)
