"""Compressed files as streams: everything sound is delivered, everything else is told."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import errors
from minitf.io import compressed
from minitf.io.compressed import open_stream

COMPRESS = {"ZLIB": zlib.compress, "GZIP": gzip.compress, "": bytes}
TEXT = b"".join(b"line %d of the text\n" % (i * i) for i in range(200))


def read(path, kind, size=7):
    """What a file holds, read by small steps, and the error that follows, if any."""
    found = b""
    with open_stream(str(path), kind) as stream:
        try:
            while piece := stream.read1(size):
                found += piece
        except errors.DataLossError as error:
            return found, error
    return found, None


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("compressed") / "file"


@given(st.lists(st.binary(max_size=400), max_size=3), st.sampled_from(["ZLIB", "GZIP", ""]))
def test_what_was_compressed_comes_back_also_from_several_streams_in_a_row(path, parts, kind):
    path.write_bytes(b"".join(map(COMPRESS[kind], parts)))

    assert read(path, kind) == (b"".join(parts), None)


@pytest.mark.parametrize("kind", ["ZLIB", "GZIP"])
def test_a_file_larger_than_the_buffers_comes_back(path, kind, monkeypatch):
    monkeypatch.setattr(compressed, "_CHUNK_BYTES", 13)
    monkeypatch.setattr(compressed, "BUFFER_BYTES", 17)
    path.write_bytes(COMPRESS[kind](TEXT) + COMPRESS[kind](TEXT[:5]))

    assert read(path, kind) == (TEXT + TEXT[:5], None)


@pytest.mark.parametrize("kind", ["ZLIB", "GZIP"])
def test_a_stream_cut_anywhere_is_data_loss_after_what_is_whole(path, kind):
    data = COMPRESS[kind](TEXT)
    for length in range(1, len(data)):
        path.write_bytes(data[:length])
        found, error = read(path, kind, 4096)

        assert TEXT.startswith(found)
        assert "the compressed stream is cut short" in str(error)
        assert str(path) in str(error)
        assert f"offset: {length}" in str(error)
    assert found == TEXT  # all but the last byte of the checksum were there


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["ZLIB", "GZIP"])
def test_a_flipped_bit_never_passes_for_a_sound_end(path, kind):
    data = COMPRESS[kind](TEXT)
    silent = range(4, 10) if kind == "GZIP" else ()  # time and system of GZIP's header
    for position in range(len(data)):
        flipped = bytearray(data)
        flipped[position] ^= 1 << (position % 8)
        path.write_bytes(flipped)
        found, error = read(path, kind, 4096)

        if position in silent:
            assert (found, error) == (TEXT, None)
        else:
            assert error is not None


def test_what_precedes_damage_is_delivered(path):
    first, second = zlib.compress(TEXT, 0)[:-4], bytes(10)  # stored blocks, then no block at all
    path.write_bytes(first + second)
    found, error = read(path, "ZLIB")

    assert found == TEXT
    assert str(error).startswith("inflate() failed with error -3: incorrect data check")


def test_few_bytes_that_expand_to_many_take_no_more_memory_than_is_read(path):
    path.write_bytes(zlib.compress(bytes(50_000_000)))
    tracemalloc.start()
    with open_stream(str(path), "ZLIB") as stream:
        stream.read(1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5_000_000


def test_a_file_that_cannot_be_opened_is_told_by_name(tmp_path):
    with pytest.raises(errors.NotFoundError, match="missing; No such file"):
        open_stream(str(tmp_path / "missing"))
    with pytest.raises(errors.FailedPreconditionError, match="Is a directory"):
        open_stream(str(tmp_path), "ZLIB")
    with pytest.raises(errors.InvalidArgumentError, match="Unsupported compression_type:LZ4"):
        open_stream(str(tmp_path), "LZ4")
