"""The generator: published vectors, positions, reservations."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_draws import new_session

from minitf.ops.random.conversion import uniform_doubles
from minitf.ops.random.philox import Draws, Stream, reserve

WORDS = st.integers(0, 2**32 - 1)
KEYS = st.integers(0, 2**64 - 1)
POSITIONS = st.integers(0, 2**128 - 1)


def joined(words: str) -> int:
    """Return words in hexadecimal, least significant first, as one number."""
    return sum(int(word, 16) << 32 * i for i, word in enumerate(words.split()))


@pytest.mark.parametrize(
    ("position", "key", "block"),
    [
        ("0 0 0 0", "0 0", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        (
            "ffffffff ffffffff ffffffff ffffffff",
            "ffffffff ffffffff",
            "408f276d 41c83b0e a20bc7c6 6d5451fd",
        ),
        (
            "243f6a88 85a308d3 13198a2e 03707344",
            "a4093822 299f31d0",
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_blocks_are_those_that_the_authors_published(position, key, block):
    made = Stream(joined(key), joined(position)).blocks(1)

    assert [f"{word:08x}" for word in made[0]] == block.split()


@given(key=KEYS, position=POSITIONS, count=st.integers(0, 20), shift=st.integers(0, 2**63))
def test_a_block_depends_on_its_position_alone(key, position, count, shift):
    moved = Stream(key, (position - shift) % 2**128)

    np.testing.assert_array_equal(
        Stream(key, position).blocks(count),
        moved.blocks_at(np.uint64(shift) + np.arange(count, dtype=np.uint64)),
    )


def test_many_blocks_are_made_in_pieces_without_a_seam():
    stream = Stream(5, 2**64 - 5000)

    np.testing.assert_array_equal(stream.blocks(9001)[-3:], stream.blocks_at([8998, 8999, 9000]))


@given(seed=KEYS, seed2=KEYS, sizes=st.lists(st.integers(0, 2**70), max_size=5))
def test_runs_of_an_operation_follow_one_another(seed, seed2, sizes):
    context = new_session()
    starts = [reserve(context, seed, seed2, size).position for size in sizes]

    expected = [(seed2 * 2**64 + sum(sizes[:i])) % 2**128 for i in range(len(sizes))]
    assert starts == (expected if seed or seed2 else starts)


def test_each_operation_of_a_session_has_its_own_place():
    first = new_session("a")
    second = new_session("b")
    second.local = first.local
    reserve(first, 1, 2, 100)

    assert reserve(second, 1, 2, 100) == Stream(1, 2 * 2**64)


def test_without_seeds_every_session_draws_other_numbers():
    streams = {reserve(new_session(), 0, 0, 1) for _ in range(4)}

    assert len(streams) == 4


def test_without_seeds_one_session_goes_on_where_it_was():
    context = new_session()
    first, second = (reserve(context, 0, 0, 7) for _ in range(2))

    assert second == (first.key, (first.position + 7) % 2**128)


def test_threads_never_get_the_same_positions():
    context, found = new_session(), []

    def work():
        found.extend(reserve(context, 1, 1, 3).position for _ in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [2**64 + 3 * i for i in range(800)]


def test_elements_draw_from_their_own_regions_in_any_order():
    stream = Stream(3, 4)
    together, apart = Draws(stream, 3), Draws(stream, 3)
    everyone = np.arange(3)
    rows = np.stack([together.take(uniform_doubles, everyone) for _ in range(5)])
    columns = [[apart.take(uniform_doubles, np.array([i]))[0] for _ in range(5)] for i in (2, 0, 1)]

    np.testing.assert_array_equal(rows[:, [2, 0, 1]].T, columns)
