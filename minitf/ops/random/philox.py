"""Philox4x32-10: numbers that depend only on a key and a position, not on who drew before.

A *block* is four 32-bit words, a function of a 64-bit key and a 128-bit position.  The two seeds of
an operation fix both: key = seed, first position = seed2 * 2**64.  Whoever draws reserves a run of
positions first; any block of the run can then be computed by anybody, in any order, on any thread.

**State**: per Session and operation the next free position, in `Context.local`; it starts anew with
each Session, and at a random place where both seeds are 0.

**Invariants**
1. Two runs of an operation never share a position.
2. A word depends on key and position alone, so thread counts and shard sizes do not matter.

Worked example:

    stream = Stream(key=5, position=0)
    stream.blocks(2)            # eight words
    stream.blocks_at([1])       # the last four of them again

Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011); the layout is
TensorFlow's, so that one seed gives one sequence in both.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from minitf.resources import Context
from minitf.waiting import give_way

Array = np.ndarray[Any, Any]

ROUNDS = 10
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85  # the golden ratio and sqrt(3) - 1, as 32-bit fractions
RESERVED_PER_OUTPUT = 256  # positions that TensorFlow sets aside for each element of an output

_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_CHUNK = 4096  # blocks worked on at a time: a dozen arrays of 32 KiB stay in the second-level cache


class Stream(NamedTuple):
    """A run of positions, from `position` on, under one key."""

    key: int
    position: int

    def blocks(self, count: int) -> Array:
        """Return the first `count` blocks: uint32[count, 4]."""
        made = np.empty((count, 4), np.uint32)
        for start in range(0, count, _CHUNK):
            stop = min(start + _CHUNK, count)
            made[start:stop] = self.blocks_at(np.arange(start, stop))
        return made

    def blocks_at(self, offsets: Any) -> Array:
        """Return the blocks at `position` + offsets: uint32[n, 4]."""
        low = np.asarray(offsets, np.uint64) + np.uint64(self.position & 0xFFFFFFFF_FFFFFFFF)
        carry = (low < np.uint64(self.position & 0xFFFFFFFF_FFFFFFFF)).astype(np.uint64)
        high = np.uint64(self.position >> 64) + carry
        return _scramble(self.key, [low & _WORD, low >> _HALF, high & _WORD, high >> _HALF])


def _scramble(key: int, counter: list[Array]) -> Array:
    """Apply the rounds to positions given as four words each, held in 64 bits."""
    a, b, c, d = counter
    first, second = (np.uint64(m) for m in MULTIPLIERS)
    for key_a, key_c in round_keys(key):
        left, right = a * first, c * second
        a = (right >> _HALF) ^ b ^ key_a
        c = (left >> _HALF) ^ d ^ key_c
        b, d = right & _WORD, left & _WORD
    return np.stack([a, b, c, d], axis=-1).astype(np.uint32)


@lru_cache(maxsize=256)  # an operation's key never changes, and small draws are many
def round_keys(key: int) -> Array:
    """Return the two words that each of the ten rounds mixes in: uint64[10, 2], read-only."""
    words = [
        [(part + i * step) & 0xFFFFFFFF for part, step in zip(_halves(key), KEY_STEPS, strict=True)]
        for i in range(ROUNDS)
    ]
    keys = np.array(words, np.uint64)
    keys.flags.writeable = False
    return keys


def _halves(key: int) -> tuple[int, int]:
    return key & 0xFFFFFFFF, key >> 32


def reserve(context: Context, seed: int, seed2: int, positions: int) -> Stream:
    """Set aside a run of positions of the operation that `context` belongs to.

    Args:
        context: of the running operation.
        seed: the operation's first seed, any 64-bit integer.
        seed2: the second; both 0 ask for a sequence that nobody can repeat.
        positions: how many.
    """
    place = context.node_name, "philox"
    give_way(context.lock)
    with context.lock:
        stream = context.local.get(place) or seeded(seed, seed2)
        context.local[place] = Stream(stream.key, (stream.position + positions) % 2**128)
    return stream


def seeded(seed: int, seed2: int) -> Stream:
    """Return the stream of two seeds; both 0 ask for one that nobody can repeat."""
    if seed == seed2 == 0:
        seed, seed2 = (int.from_bytes(os.urandom(8)) for _ in range(2))
    return Stream(seed % 2**64, (seed2 % 2**64) << 64)


class Draws:
    """A stream of its own for each element of an output, for ops that draw until they accept.

    Element i owns the positions i * `reserved` and up; its numbers come a block at a time, the last
    of a block first (TensorFlow's order).

    **State**: per element the next position; per kind of number a buffer and how many are left.
    """

    def __init__(self, stream: Stream, count: int, reserved: Any = RESERVED_PER_OUTPUT) -> None:
        self._stream = stream
        self._next = np.arange(count, dtype=np.uint64) * np.asarray(reserved, np.uint64)
        self._buffers: dict[Any, tuple[Array, Array]] = {}

    def take(self, convert: Any, elements: Array) -> Array:
        """Return the next number of each of these elements.

        Args:
            convert: blocks -> numbers, some per block; each function has a buffer of its own.
            elements: distinct indices.
        """
        if convert not in self._buffers:
            sample = convert(np.zeros((1, 4), np.uint32))
            numbers = np.empty((len(self._next), sample.shape[1]), sample.dtype)
            self._buffers[convert] = numbers, np.zeros(len(self._next), np.intp)
        numbers, left = self._buffers[convert]
        empty = elements[left[elements] == 0]
        numbers[empty] = convert(self._stream.blocks_at(self._next[empty]))
        self._next[empty] += np.uint64(1)
        left[empty] = numbers.shape[1]
        left[elements] -= 1
        return numbers[elements, left[elements]]
