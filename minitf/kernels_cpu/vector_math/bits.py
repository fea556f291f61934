"""What is done with the bits of numbers: powers of two, exponents, integers kept in numbers.

Adding `ROUND`, 1.5 * 2^23 or 1.5 * 2^52, to a number rounds it to an integer n and leaves n in the
low bits of the sum, t = ROUND + n.  What takes a `t` reads it there.  This needs no instruction
that converts numbers to integers or shifts with a sign, which AVX2 lacks for 64 bits.

Source: IEEE 754-2019 §3.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from minitf.kernels_cpu.vector_math.lanes import (
    FLOAT32,
    FLOAT64,
    UINT32,
    UINT64,
    Kind,
    Lanes,
    PerType,
)

ROUND = PerType(1.5 * 2**23, 1.5 * 2**52)


@dataclass(frozen=True)
class Format:
    """How a type lays out its bits.

    Attributes:
        bits: the kind of integers of its size.
        mantissa: how many bits follow the exponent.
        bias: what is added to the exponent.
        root_half: the bits of sqrt(1/2).
    """

    bits: Kind
    mantissa: int
    bias: int
    root_half: int


FORMATS = {
    FLOAT32: Format(UINT32, 23, 127, 0x3F3504F3),
    FLOAT64: Format(UINT64, 52, 1023, 0x3FE6A09E667F3BCD),
}


def bits_of(x: Lanes) -> tuple[Lanes, Format]:
    """Return the bits of a number, and what they mean."""
    form = FORMATS[x.kind]
    return Lanes(x.machine, x.machine.view(x.value, form.bits), form.bits), form


def number_of(bits: Lanes) -> Lanes:
    """Return the number of some bits."""
    kind = FLOAT32 if bits.kind == UINT32 else FLOAT64
    return Lanes(bits.machine, bits.machine.view(bits.value, kind), kind)


def power_of_two(t: Lanes) -> Lanes:
    """Return 2^n, if that is a normal number."""
    bits, form = bits_of(t)
    return number_of(bits + form.bias << form.mantissa)


def scale(x: Lanes, t: Lanes) -> Lanes:
    """Return x 2^n, rounded once: x times 2^h times 2^(n-h), h about n / 2."""
    bits, form = bits_of(t)
    round_bits = form.bias + form.mantissa << form.mantissa | 1 << form.mantissa - 1
    n = bits - (round_bits - 2 * form.bias)  # n + 2 bias: no shift has to keep a sign
    half = n >> 1
    return x * number_of(half << form.mantissa) * number_of(n - half << form.mantissa)


def is_odd(t: Lanes) -> Lanes:
    """Return whether n is odd."""
    bits, _ = bits_of(t)
    return bits & 1 != 0


def exponent_and_mantissa(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return e and m with x = 2^e m, sqrt(1/2) <= m < sqrt(2), for a positive normal x."""
    bits, form = bits_of(x)
    one = form.bias << form.mantissa
    shifted = bits + (one - form.root_half)
    # e + bias, put where 2^mantissa has its units, makes the number 2^mantissa + e + bias.
    whole = shifted >> form.mantissa | form.bias + form.mantissa << form.mantissa
    e = number_of(whole) - (2.0**form.mantissa + form.bias)
    return e, number_of(bits - (shifted & 2 * form.bias + 1 << form.mantissa) + one)
