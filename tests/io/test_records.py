"""Record files: what was written is read, and nothing else, whatever happened to the file."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import errors
from minitf.io import records
from minitf.io.records import FRAME_BYTES, frame, masked_crc, read_records

SOME = [b"", b"abc", b"x" * 20, b"abc", bytes(5)]


def read(data):
    """The records of some bytes, and the error that follows them, if any."""
    found = []
    try:
        for offset, record in read_records(io.BytesIO(data), "file"):
            found.append((offset, record))
    except errors.DataLossError as error:
        return found, error
    return found, None


def written(contents):
    return b"".join(map(frame, contents))


@given(st.lists(st.binary(max_size=300)))
def test_records_come_back_each_with_its_offset(contents):
    found, error = read(written(contents))

    ends = [sum(len(each) + FRAME_BYTES for each in contents[:i]) for i in range(len(contents))]
    assert found == list(zip(ends, contents, strict=True))
    assert error is None


def test_a_record_is_laid_out_as_its_chapter_says():
    made = frame(b"abc")

    assert made[:8] == b"\x03\0\0\0\0\0\0\0"
    assert made[12:15] == b"abc"
    assert made[8:12] == masked_crc(made[:8]).to_bytes(4, "little")
    assert made[15:] == masked_crc(b"abc").to_bytes(4, "little")
    assert masked_crc(b"") == 0xA282EAD8


def test_each_flipped_bit_is_noticed_after_the_records_before_it():
    data = written(SOME)
    whole, _ = read(data)
    for position in range(len(data)):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[position] ^= 1 << bit
            found, error = read(bytes(flipped))

            assert error is not None
            assert found == [each for each in whole if each[0] + len(each[1]) + 16 <= position]
            offset = whole[len(found)][0]
            assert f"record at {offset}" in str(error).split("\n")[0]
            assert "file: file" in str(error)


def test_a_file_cut_anywhere_gives_the_whole_records_and_then_data_loss():
    data = written(SOME)
    whole, _ = read(data)
    ends = [offset + len(record) + FRAME_BYTES for offset, record in whole]
    for length in range(len(data)):
        found, error = read(data[:length])

        assert found == [each for each, end in zip(whole, ends, strict=True) if end <= length]
        assert (error is None) == (length in [0, *ends])
        if error is not None:
            assert str(error).startswith(f"truncated record at {[0, *ends][len(found)]}")


def test_a_length_that_the_file_does_not_have_takes_no_memory():
    for length in (1 << 63, (1 << 64) - 1, records._PIECE_BYTES + 1):
        head = length.to_bytes(8, "little")
        found, error = read(head + masked_crc(head).to_bytes(4, "little") + bytes(100))

        assert not found
        assert str(error).startswith("truncated record at 0")
        assert f"100 of {length} bytes" in str(error)


def test_a_record_larger_than_a_piece_is_read_in_pieces(monkeypatch):
    monkeypatch.setattr(records, "_PIECE_BYTES", 7)
    contents = [bytes(range(100)), b"", bytes(3), bytes(200)]

    assert [record for _, record in read(written(contents))[0]] == contents


def test_what_is_no_record_file_is_doubted():
    for text in (b"hello, world, this is text", zlib.compress(written(SOME))):
        _, error = read(text)

        assert "corrupted record at 0 (Is this even a TFRecord file?)" in str(error)
        assert "TFRecordOptions" in str(error)


@given(st.binary(max_size=200))
def test_random_bytes_are_data_loss(data):
    found, error = read(data)

    assert not found
    assert (error is None) == (not data)


def test_every_record_is_checked_also_where_lengths_repeat():
    data = bytearray(written([b"abc"] * 3))
    data[2 * 19 + 8] ^= 1  # the checksum of the third length
    found, error = read(bytes(data))

    assert len(found) == 2
    assert "wrong: the checksum of its length" in str(error)
    with pytest.raises(StopIteration):
        next(read_records(io.BytesIO(b""), "file"))
