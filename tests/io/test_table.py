"""Tables: what is written is read, TensorFlow's bytes, and every damage is found."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import DataLossError
from minitf.io.snappy import decompressed
from minitf.io.table import TableWriter, read_table, read_varint, varint

keys = st.binary(max_size=12)
tables = st.dictionaries(keys, st.binary(max_size=40), max_size=60)


def written(pairs, block_size=64):
    file = io.BytesIO()
    table = TableWriter(file, block_size)
    for key in sorted(pairs):
        table.add(key, pairs[key])
    table.finish()
    return file.getvalue()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("tables") / "table"


@given(pairs=tables, block_size=st.sampled_from([1, 64, 1 << 18]))
def test_what_is_written_is_read_in_order(path, pairs, block_size):
    path.write_bytes(written(pairs, block_size))

    assert list(read_table(path)) == sorted(pairs.items())


@given(st.lists(st.text("ab", max_size=4).map(str.encode), min_size=1, max_size=16, unique=True))
def test_keys_are_cut_by_all_that_they_share_with_the_one_before(drawn):
    keys = sorted(drawn)
    block, last = b"", b""
    for key in keys:
        shared = max(i for i in range(len(key) + 1) if last.startswith(key[:i]))
        block += bytes([shared, len(key) - shared, 1]) + key[shared:] + b"v"
        last = key

    assert written(dict.fromkeys(keys, b"v"), 1 << 18).startswith(block + bytes(4) + b"\x01")


def test_a_table_by_hand(tmp_path):
    path = tmp_path / "table"
    path.write_bytes(written({b"apple": b"1", b"apricot": b"22"}, 1 << 18))
    data = path.read_bytes()

    # "apple" whole; of "apricot" the first two letters are shared; one restart, at 0
    assert data.startswith(b"\x00\x05\x01apple1\x02\x05\x02ricot22" + b"\0\0\0\0\1\0\0\0" + b"\0")
    assert data.endswith(bytes.fromhex("57fb808b247547db"))


@given(pairs=tables, data=st.data())
def test_a_changed_byte_is_found_or_means_nothing(path, pairs, data):
    good = written(pairs)
    place = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bad)
    try:
        found = list(read_table(path))
    except DataLossError:
        return
    assert found == sorted(pairs.items())  # the padding of the footer


@given(pairs=tables, data=st.data())
def test_a_table_cut_short_is_no_table(path, pairs, data):
    good = written(pairs)
    path.write_bytes(good[: data.draw(st.integers(0, len(good) - 1))])
    with pytest.raises(DataLossError, match=f"Unable to open table file {path}"):
        list(read_table(path))


def test_something_else_is_no_table(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG" * 100)
    with pytest.raises(DataLossError, match="bad magic number"):
        list(read_table(path))


@given(st.integers(0, (1 << 64) - 1))
def test_numbers_of_variable_length(number):
    assert read_varint(b"?" + varint(number), 1) == (number, len(varint(number)) + 1)


def test_a_number_needs_an_end():
    with pytest.raises(ValueError, match="has no end"):
        read_varint(b"\xff\xff", 0)


# --- Snappy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compressed", "plain"),
    [
        (b"\x00", b""),
        (b"\x03\x08abc", b"abc"),
        # a literal "ab", then four bytes from two back, which runs into itself
        (b"\x06\x04ab\x01\x02", b"ababab"),
        # the same by offsets of two and of four bytes
        (b"\x06\x04ab\x0e\x02\x00", b"ababab"),
        (b"\x06\x04ab\x0f\x02\x00\x00\x00", b"ababab"),
        # the length of a literal in a byte of its own
        (b"\x46\xf0\x45" + b"x" * 70, b"x" * 70),
    ],
)
def test_compressed_blocks_by_hand(compressed, plain):
    assert decompressed(compressed) == plain


@pytest.mark.parametrize(
    "compressed",
    [
        b"",
        b"\x03",  # nothing follows
        b"\x03\x08ab",  # a literal too short
        b"\x03\x01\x05",  # a copy of nothing
        b"\x03\x00a\x01\x02",  # a copy from before the beginning
        b"\x01\x08abc",  # more than announced
        b"\x03\x00a\x0e\x01",  # it ends within a tag
        b"\xff\xff\xff\xff\xff\xff",  # a size without end
    ],
)
def test_damaged_blocks_are_refused(compressed):
    with pytest.raises(ValueError, match=r"."):
        decompressed(compressed)


@given(st.binary(max_size=200))
def test_any_bytes_are_decompressed_or_refused(data):
    try:
        plain = decompressed(data)
    except ValueError:
        return
    assert isinstance(plain, bytes)
