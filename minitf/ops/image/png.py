"""The PNG format: signature, chunks, and rows of pixels that zlib compresses.

Each row begins with a byte that says how it is predicted: from the pixel to the left, the row
above, the mean of both, or the one of three neighbours (Paeth) that comes nearest.  Interlaced
images are seven smaller ones.

Source: W3C, "Portable Network Graphics" (2003).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from minitf.errors import invalid

Array = np.ndarray[Any, Any]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
NONE, SUB, UP, AVERAGE, PAETH = range(5)
# first row, first column, step between rows, step between columns
WHOLE = ((0, 0, 1, 1),)
ADAM7 = (
    *((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4)),
    *((2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)),
)


class Picture(NamedTuple):
    """What a file holds: samples uint8 or uint16 [H, W, samples]; the opaque value of alpha."""

    pixels: Array
    colour: int
    transparent: Array | None  # the one colour that is transparent, in images without alpha


# --- reading -------------------------------------------------------------------------------------


def decode(contents: bytes) -> Picture:
    """Return what a file holds; palettes are looked up.

    Raises:
        InvalidArgumentError: if it is not in the format.
    """
    try:
        return _decoded(contents)
    except (struct.error, zlib.error, ValueError, KeyError, IndexError) as error:
        raise invalid(f"Invalid PNG data, size {len(contents)}", reason=error) from None


def _decoded(contents: bytes) -> Picture:
    chunks: dict[bytes, bytes] = {}
    for kind, data in _chunks(contents):
        chunks[kind] = chunks.get(kind, b"") + data
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    samples = SAMPLES[colour]
    stream = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8)
    pixels = np.zeros((height, width, samples), np.uint16 if depth == 16 else np.uint8)
    for row, column, row_step, column_step in ADAM7 if interlaced else WHOLE:
        part = pixels[row::row_step, column::column_step]
        if part.size:
            length = 1 + -(-part.shape[1] * samples * depth // 8)
            rows = stream[: len(part) * length].reshape(len(part), length)
            stream = stream[rows.size :]
            part[...] = _samples(_unfiltered(rows, max(1, samples * depth // 8)), depth, part.shape)
    return _finished(pixels, colour, depth, chunks)


def _chunks(contents: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the data of each chunk, checked."""
    at = len(SIGNATURE)
    while at < len(contents):
        (length,) = struct.unpack_from(">I", contents, at)
        body = contents[at + 4 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", contents, at + 8 + length)
        if zlib.crc32(body) != checksum:
            raise ValueError(f"the {body[:4]!r} chunk is damaged")
        yield body[:4], body[4:]
        at += 12 + length


def _unfiltered(rows: Array, pixel: int) -> Array:
    """Return rows of bytes from rows of differences; `pixel` is the distance to the left one."""
    out = np.zeros((len(rows) + 1, rows.shape[1] - 1), np.uint8)
    for i, row in enumerate(rows):
        above, difference, kind = out[i], row[1:], row[0]
        if kind == NONE:
            out[i + 1] = difference
        elif kind == SUB:
            padded = np.zeros(-(-len(difference) // pixel) * pixel, np.uint8)
            padded[: len(difference)] = difference
            summed = padded.reshape(-1, pixel).cumsum(0, dtype=np.uint8)
            out[i + 1] = summed.ravel()[: len(difference)]
        elif kind == UP:
            out[i + 1] = above + difference
        else:
            predict = {AVERAGE: _average, PAETH: _paeth}[int(kind)]
            out[i + 1] = _predicted(difference.tolist(), above.tolist(), pixel, predict)
    return out[1:]


def _predicted(difference: list[int], above: list[int], pixel: int, predict: Any) -> list[int]:
    """Return a row of which each byte is predicted from its left, upper and upper left ones."""
    row = [0] * pixel  # the pixel left of the first
    before = [0] * pixel + above
    for i, step in enumerate(difference):
        row.append((step + predict(row[i], above[i], before[i])) & 0xFF)
    return row[pixel:]


def _average(left: int, up: int, corner: int) -> int:
    return (left + up) // 2


def _paeth(left: int, up: int, corner: int) -> int:
    """Return the neighbour nearest to left + up - corner."""
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def _samples(rows: Array, depth: int, shape: tuple[int, ...]) -> Array:
    """Return the samples of rows of bytes, of `depth` bits each."""
    if depth == 16:
        return rows.view(">u2").reshape(shape)
    if depth < 8:
        bits = np.unpackbits(rows, axis=1).reshape(len(rows), -1, depth)
        rows = np.packbits(bits, axis=2).reshape(len(rows), -1) >> (8 - depth)
        rows = rows[:, : shape[1] * shape[2]]
    return rows.reshape(shape)


def _finished(pixels: Array, colour: int, depth: int, chunks: dict[bytes, bytes]) -> Picture:
    """Look palettes up and spread few bits over the whole range."""
    opacity = chunks.get(b"tRNS")
    if colour == PALETTE:
        table = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
        if opacity is None:
            return Picture(table[pixels[..., 0]], RGB, None)
        alpha = np.full((len(table), 1), 255, np.uint8)
        alpha[: len(opacity), 0] = np.frombuffer(opacity, np.uint8)
        return Picture(np.hstack([table, alpha])[pixels[..., 0]], RGBA, None)
    spread = 255 // (2**depth - 1) if depth < 8 else 1
    transparent = None
    if opacity is not None:
        transparent = np.frombuffer(opacity, ">u2").astype(pixels.dtype) * spread
    return Picture(pixels * pixels.dtype.type(spread), colour, transparent)


# --- writing -------------------------------------------------------------------------------------


def encode(pixels: Array, compression: int = -1) -> bytes:
    """Return an image [H, W, 1 to 4] of uint8 or uint16 in the format.

    Args:
        pixels: grey, grey and alpha, RGB or RGBA.
        compression: zlib's level, -1 to 9.
    """
    height, width, samples = pixels.shape
    colour = {1: GREY, 2: GREY_ALPHA, 3: RGB, 4: RGBA}[samples]
    size = pixels.dtype.itemsize
    header = struct.pack(">IIBBBBB", width, height, 8 * size, colour, 0, 0, 0)
    rows = np.ascontiguousarray(pixels.astype(f">u{size}")).view(np.uint8).reshape(height, -1)
    data = zlib.compress(_filtered(rows, samples * size).tobytes(), compression)
    parts = (b"IHDR", header), (b"IDAT", data), (b"IEND", b"")
    return SIGNATURE + b"".join(_chunk(*part) for part in parts)


def _filtered(rows: Array, pixel: int) -> Array:
    """Return rows of differences: each row as it is, to the left or to the row above.

    The smallest differences are taken, which compress best.
    """
    left, above = np.zeros_like(rows), np.zeros_like(rows)
    left[:, pixel:], above[1:] = rows[:, :-pixel], rows[:-1]
    kinds = np.stack([rows, rows - left, rows - above])
    best = np.abs(kinds.view(np.int8).astype(np.int16)).sum(2).argmin(0)
    return np.hstack([best[:, None].astype(np.uint8), kinds[best, np.arange(len(rows))]])


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
