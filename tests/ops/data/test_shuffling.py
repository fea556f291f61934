"""Shuffling gives each element once, in an order that seeds repeat."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors
from minitf.ops.data.shuffling import SeedsOfPasses, Shuffler

Dataset = tf.data.Dataset


def drawn(size, buffer, seed=(1, 2), count=1):
    """All elements of a Shuffler over so many numbers."""
    seeds = SeedsOfPasses(*seed, anew=False)
    shuffler = Shuffler(lambda: iter(range(1, size + 1)), buffer, seeds, count)
    found = []
    while True:
        try:
            found.append(shuffler.step())
        except StopIteration:
            return found


@given(
    size=st.integers(0, 12),
    buffer=st.integers(1, 15),
    seed=st.tuples(st.integers(0, 99), st.integers(1, 99)),
)
def test_each_element_comes_once_and_none_before_it_is_in_the_buffer(size, buffer, seed):
    found = drawn(size, buffer, seed)

    assert sorted(found) == list(range(1, size + 1))
    assert all(element <= place + buffer for place, element in enumerate(found))


@given(size=st.integers(1, 6), buffer=st.integers(1, 20), count=st.integers(1, 5))
def test_a_pass_is_over_before_the_next_begins(size, buffer, count):
    found = drawn(size, buffer, count=count)

    for at in range(0, len(found), size):
        assert sorted(found[at : at + size]) == list(range(1, size + 1))
    assert len(found) == size * count


def test_a_buffer_of_one_changes_nothing():
    assert drawn(5, 1) == [1, 2, 3, 4, 5]


def test_every_order_is_as_likely():
    orders = Counter(tuple(drawn(3, 3, (seed, seed + 1))) for seed in range(1, 1201))

    assert len(orders) == 6
    expected = 200
    chi_square = sum((n - expected) ** 2 / expected for n in orders.values())
    assert chi_square < 25.7  # five degrees of freedom: 1 in 10,000


def test_seeds_stay_or_change_with_each_iteration():
    fixed, anew = (SeedsOfPasses(3, 4, anew=each) for each in (False, True))

    assert fixed.next() == fixed.next() == (3, 4)
    assert anew.next() != anew.next()
    assert SeedsOfPasses(3, 4, anew=True).next() == SeedsOfPasses(3, 4, anew=True).next()
    unseeded = SeedsOfPasses(0, 0, anew=False)
    assert unseeded.next() == unseeded.next()


@given(seed=st.integers(0, 3), anew=st.booleans(), before=st.integers(0, 4))
def test_seeds_go_on_where_others_stood(seed, anew, before):
    one, other = (SeedsOfPasses(seed, 0, anew=anew) for _ in range(2))
    for _ in range(before):
        one.next()

    other.go_to(one.place)

    assert [other.next() for _ in range(3)] == [one.next() for _ in range(3)]


def test_iterations_differ_unless_asked_not_to():
    def passes(reshuffle):
        with tf.Graph().as_default():
            found = elements_of(Dataset.range(9).shuffle(9, 5, reshuffle).repeat(2))
        return found[:9], found[9:]

    first, second = passes(None)
    assert first != second
    assert passes(None) == (first, second)
    first, second = passes(False)
    assert first == second


def test_a_buffer_must_hold_something():
    with pytest.raises(errors.InvalidArgumentError, match="buffer_size must be greater than zero"):
        elements_of(Dataset.range(3).shuffle(0))


PIPELINES = {
    "reshuffled": lambda lib: lib.data.Dataset.range(10).shuffle(4, seed=3).repeat(3),
    "once": lambda lib: lib.data.Dataset.range(10).shuffle(100, seed=8),
    "fixed": lambda lib: (
        lib.data.Dataset.range(7).shuffle(3, seed=3, reshuffle_each_iteration=False).repeat(3)
    ),
    "and_repeat": lambda lib: lib.data.Dataset.range(7).apply(
        lib.data.experimental.shuffle_and_repeat(5, 3, seed=2)
    ),
    "of_repeat": lambda lib: lib.data.Dataset.range(7).repeat(4).shuffle(10, seed=1),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_orders_are_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
