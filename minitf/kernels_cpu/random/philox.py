"""Philox in compiled loops: the words of `minitf.ops.random.philox`, bit for bit, six times faster.

Source: Salmon et al. (2011).
"""

from __future__ import annotations

import numpy as np

from minitf.kernels_cpu.jit import loops
from minitf.ops.random.philox import MULTIPLIERS, Stream, round_keys

FIRST, SECOND = (np.uint64(multiplier) for multiplier in MULTIPLIERS)
WORD = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
LANES = 256  # positions scrambled side by side: the rounds are then vector instructions


class CompiledStream(Stream):
    """A Stream whose blocks compiled loops make."""

    __slots__ = ()

    def fill(self, loops, out):
        """Fill an array by loops that take keys, both halves of the position, and the array."""
        key, position = self
        loops(round_keys(key), np.uint64(position % 2**64), np.uint64(position >> 64), out)

    def blocks_at(self, offsets):
        """Return the blocks at `position` + offsets: uint32[n, 4]."""
        offsets = np.asarray(offsets, np.uint64)
        low, high = np.uint64(self.position % 2**64), np.uint64(self.position >> 64)
        out = np.empty((len(offsets), 4), np.uint32)
        block_loops(round_keys(self.key), low, high, np.ascontiguousarray(offsets), out)
        return out


@loops
def block_loops(keys, low, high, offsets, out):
    """Fill out[n] with the block at position high * 2**64 + low + offsets[n].

    Words are held in 64 bits, where a product fits; a, b, c, d are the four words of each position.
    """
    a, b = np.empty(LANES, np.uint64), np.empty(LANES, np.uint64)
    c, d = np.empty(LANES, np.uint64), np.empty(LANES, np.uint64)
    for start in range(0, offsets.size, LANES):
        part, made = offsets[start : start + LANES], out[start : start + LANES]
        N = part.size
        for n in range(N):
            place = low + part[n]
            carried = high + np.uint64(place < low)
            a[n], b[n] = place & WORD, place >> HALF
            c[n], d[n] = carried & WORD, carried >> HALF
        for r in range(keys.shape[0]):
            key_a, key_c = keys[r, 0], keys[r, 1]
            for n in range(N):
                left, right = a[n] * FIRST, c[n] * SECOND
                a[n] = (right >> HALF) ^ b[n] ^ key_a
                c[n] = (left >> HALF) ^ d[n] ^ key_c
                b[n], d[n] = right & WORD, left & WORD
        for n in range(N):
            made[n, 0], made[n, 1], made[n, 2], made[n, 3] = a[n], b[n], c[n], d[n]


@loops
def first_blocks(keys, low, high, count):
    """Return the first blocks: uint32[count, 4]."""
    offsets, blocks = np.empty(count, np.uint64), np.empty((count, 4), np.uint32)
    for n in range(count):
        offsets[n] = n
    block_loops(keys, low, high, offsets, blocks)
    return blocks


@loops(brief=True)
def float_loops(keys, low, high, out):
    """Fill out, float32[n], as `uniform_floats` does."""
    words = first_blocks(keys, low, high, (out.size + 3) // 4).reshape(-1)
    for n in range(words.size):
        words[n] = words[n] & np.uint32(0x7FFFFF) | np.uint32(0x3F800000)
    numbers = words.view(np.float32)
    for n in range(out.size):
        out[n] = numbers[n] - np.float32(1)


@loops(brief=True)
def double_loops(keys, low, high, out):
    """Fill out, float64[n], as `uniform_doubles` does."""
    words = first_blocks(keys, low, high, (out.size + 1) // 2).reshape(-1)
    pairs = np.empty(out.size, np.uint64)
    for n in range(pairs.size):
        fraction = np.uint64(words[2 * n] & np.uint32(0xFFFFF)) << HALF | np.uint64(
            words[2 * n + 1]
        )
        pairs[n] = fraction | np.uint64(0x3FF0000000000000)
    numbers = pairs.view(np.float64)
    for n in range(out.size):
        out[n] = numbers[n] - 1.0
