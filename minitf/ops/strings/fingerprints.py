"""Fingerprints of byte strings: FarmHash, MurmurHash, SipHash as plain functions.

They never change, so that a bucket computed today is the bucket of a model trained years ago.

Source: Pike, FarmHash (2014), `farmhashna::Hash64`; Appleby, MurmurHash2 (2008); Aumasson and
Bernstein, "SipHash: a fast short-input PRF" (2012).
"""

from collections.abc import Sequence

Pair = tuple[int, int]
State = tuple[int, int, int, Pair, Pair]
Words = tuple[int, int, int, int]

WORD = 0xFFFFFFFF_FFFFFFFF
K0, K1, K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
MURMUR, MURMUR_SEED = 0xC6A4A7935BD1E995, 0xDECAFCAFFE  # TensorFlow's seed


def _fetch(text: bytes, at: int, size: int = 8) -> int:
    return int.from_bytes(text[at : at + size], "little")


def _rotated(word: int, count: int) -> int:
    """Return a 64-bit word rotated to the right."""
    word &= WORD
    return (word >> count | word << (64 - count)) & WORD


def _shifted(word: int) -> int:
    word &= WORD
    return word ^ word >> 47


def _mixed(u: int, v: int, factor: int) -> int:
    """Return one word made of two."""
    a = _shifted((u ^ v) * factor)
    return _shifted((v ^ a) * factor) * factor & WORD


# --- FarmHash ------------------------------------------------------------------------------------


def farmhash64(text: bytes) -> int:
    """Return FarmHash's 64-bit fingerprint of a string."""
    size = len(text)
    if size <= 16:
        return _of_16(text, size)
    factor = K2 + size * 2
    if size <= 32:
        return _of_32(text, size, factor)
    return _of_64(text, size, factor) if size <= 64 else _of_long(text, size)


def _of_16(text: bytes, size: int) -> int:
    factor = K2 + size * 2
    if size >= 8:
        a, b = _fetch(text, 0) + K2, _fetch(text, size - 8)
        c = _rotated(b, 37) * factor + a
        return _mixed(c, (_rotated(a, 25) + b) * factor, factor)
    if size >= 4:
        return _mixed(size + (_fetch(text, 0, 4) << 3), _fetch(text, size - 4, 4), factor)
    if size:
        first = text[0] + (text[size >> 1] << 8)
        second = size + (text[size - 1] << 2)
        return _shifted(first * K2 ^ second * K0) * K2 & WORD
    return K2


def _of_32(text: bytes, size: int, factor: int) -> int:
    a, b = _fetch(text, 0) * K1, _fetch(text, 8)
    c, d = _fetch(text, size - 8) * factor, _fetch(text, size - 16) * K2
    sums = _rotated(a + b, 43) + _rotated(c, 30) + d
    return _mixed(sums, a + _rotated(b + K2, 18) + c, factor)


def _of_64(text: bytes, size: int, factor: int) -> int:
    a, b = _fetch(text, 0) * K2, _fetch(text, 8)
    c, d = _fetch(text, size - 8) * factor, _fetch(text, size - 16) * K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d
    z = _mixed(y, a + _rotated(b + K2, 18) + c, factor)
    e, f = _fetch(text, 16) * factor, _fetch(text, 24)
    g, h = (y + _fetch(text, size - 32)) * factor, (z + _fetch(text, size - 24)) * factor
    sums = _rotated(e + f, 43) + _rotated(g, 30) + h
    return _mixed(sums, e + _rotated(f + a, 18) + g, factor)


def _of_long(text: bytes, size: int) -> int:
    """Mix blocks of 64 bytes; the last one overlaps the one before it, and weighs more."""
    y = 81 * K1 + 113
    state: State = 81 * K2 + _fetch(text, 0), y, _shifted(y * K2 + 113) * K2, (0, 0), (0, 0)
    for at in range(0, (size - 1) // 64 * 64, 64):
        state = _after_block(text, at, state, K1, 1)
    x, y, z, (v, v2), (w, w2) = state
    factor = K1 + ((z & 0xFF) << 1)
    w += (size - 1) & 63
    v += w
    w += v
    x, y, z, (v, v2), (w, w2) = _after_block(
        text, size - 64, (x, y, z, (v, v2), (w, w2)), factor, 9
    )
    first = _mixed(v, w, factor) + _shifted(y) * K0 + z
    return _mixed(first & WORD, (_mixed(v2, w2, factor) + x) & WORD, factor)


def _after_block(text: bytes, at: int, state: State, factor: int, weight: int) -> State:
    x, y, z, (v, v2), (w, w2) = state
    x = _rotated(x + y + v + _fetch(text, at + 8), 37) * factor
    y = _rotated(y + v2 + _fetch(text, at + 48), 42) * factor
    x = (x ^ w2 * weight) & WORD
    y += v * weight + _fetch(text, at + 40)
    z = _rotated(z + w, 33) * factor
    pair = _after_half(text, at, v2 * factor, x + w)
    other = _after_half(text, at + 32, z + w2, y + _fetch(text, at + 16))
    return z & WORD, y & WORD, x, pair, other


def _after_half(text: bytes, at: int, a: int, b: int) -> Pair:
    first, second, third, fourth = (_fetch(text, at + 8 * i) for i in range(4))
    a += first
    b = _rotated(b + a + fourth, 21)
    start = a
    a += second + third
    return (a + fourth) & WORD, (b + _rotated(a, 44) + start) & WORD


# --- MurmurHash ----------------------------------------------------------------------------------


def murmur64(text: bytes) -> int:
    """Return MurmurHash2's 64-bit hash of a string, with TensorFlow's seed."""
    found = MURMUR_SEED ^ len(text) * MURMUR & WORD
    whole = len(text) & ~7
    for at in range(0, whole, 8):
        word = _shifted(_fetch(text, at) * MURMUR) * MURMUR & WORD
        found = (found ^ word) * MURMUR & WORD
    if whole < len(text):
        found = (found ^ _fetch(text, whole)) * MURMUR & WORD
    return _shifted(_shifted(found) * MURMUR)


# --- SipHash -------------------------------------------------------------------------------------


def siphash64(text: bytes, key: Sequence[int]) -> int:
    """Return SipHash-2-4 of a string under a secret key of two 64-bit words."""
    k0, k1 = (word & WORD for word in key)
    state: Words = (
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    )
    padded = text + bytes(7 - len(text) % 8) + bytes([len(text) & 0xFF])
    for at in range(0, len(padded), 8):
        word = _fetch(padded, at)
        a, b, c, d = _sip_round(_sip_round((*state[:3], state[3] ^ word)))
        state = a ^ word, b, c, d
    a, b, c, d = state
    state = a, b, c ^ 0xFF, d
    for _ in range(4):
        state = _sip_round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _sip_round(words: Words) -> Words:
    a, b, c, d = words
    a = (a + b) & WORD
    b = _rotated(b, 51) ^ a
    c = (c + d) & WORD
    d = _rotated(d, 48) ^ c
    a = (_rotated(a, 32) + d) & WORD
    d = _rotated(d, 43) ^ a
    c = (c + b) & WORD
    b = _rotated(b, 47) ^ c
    return a, b, _rotated(c, 32), d
