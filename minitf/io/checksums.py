"""CRC-32C, and the masked form in which files hold it.

A checksum of bytes that hold checksums themselves would often be 0, so it is rotated and shifted.

    >>> hex(masked(crc32c(b"123456789")))
    '0xc78ab0e5'

Source: RFC 3720 (Castagnoli's polynomial); LevelDB's table format.
"""

from __future__ import annotations

from crc32c import crc32c

__all__ = ["crc32c", "masked", "unmasked"]

_DELTA = 0xA282EAD8


def masked(crc: int) -> int:
    """Return a checksum as files hold it."""
    return ((crc >> 15 | crc << 17) + _DELTA) & 0xFFFFFFFF


def unmasked(stored: int) -> int:
    """Return the checksum that `masked` was given."""
    rotated = stored - _DELTA & 0xFFFFFFFF
    return (rotated >> 17 | rotated << 15) & 0xFFFFFFFF
