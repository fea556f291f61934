"""Datasets of the lines and records of files."""

from __future__ import annotations

import gzip
import zlib

import pytest
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors

data = tf.data
PACK = {"": bytes, "GZIP": gzip.compress, "ZLIB": zlib.compress}


@pytest.fixture
def lines(tmp_path):
    """Three files of lines, one of them empty."""
    for name, text in {"a": b"one\ntwo\r\n", "b": b"", "c": b"three"}.items():
        (tmp_path / name).write_bytes(text)
    return [str(tmp_path / name) for name in "abc"]


@pytest.fixture
def records(tmp_path):
    """Two files of records, the second damaged behind its first record."""
    names = [str(tmp_path / name) for name in ("r", "s")]
    for name in names:
        with tf.python_io.TFRecordWriter(name) as writer:
            for record in (b"x", b"", b"yy"):
                writer.write(record + name[-1:].encode())
    whole = (tmp_path / "s").read_bytes()
    (tmp_path / "s").write_bytes(whole[:20] + b"?" + whole[21:])
    return names


def test_lines_come_file_by_file(lines):
    assert elements_of(data.TextLineDataset(lines)) == [b"one", b"two", b"three"]
    assert elements_of(data.TextLineDataset(lines[0])) == [b"one", b"two"]


def test_names_may_be_a_dataset_and_files_may_be_read_together(lines):
    names = data.Dataset.from_tensor_slices(lines)

    assert elements_of(data.TextLineDataset(names)) == [b"one", b"two", b"three"]
    found = elements_of(data.TextLineDataset(names, num_parallel_reads=2))
    assert sorted(found) == [b"one", b"three", b"two"]
    assert elements_of(data.TextLineDataset(lines, num_parallel_reads=1)) == [
        b"one", b"two", b"three"
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_an_error_and_the_next_is_read(lines):
    iterator = data.TextLineDataset([lines[0], lines[0] + "?", lines[2]]).make_one_shot_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        assert [session.run(following) for _ in range(2)] == [b"one", b"two"]
        with pytest.raises(errors.NotFoundError):
            session.run(following)
        assert session.run(following) == b"three"


@pytest.mark.parametrize("kind", PACK)
def test_files_may_be_compressed(kind, tmp_path):
    (tmp_path / "t").write_bytes(PACK[kind](b"one\ntwo"))
    (tmp_path / "f").write_bytes(PACK[kind](b"headaabbfoot!"))

    assert elements_of(data.TextLineDataset(str(tmp_path / "t"), kind)) == [b"one", b"two"]
    fixed = data.FixedLengthRecordDataset(str(tmp_path / "f"), 2, 4, 5, compression_type=kind)
    assert elements_of(fixed) == [b"aa", b"bb"]


def test_kinds_of_compression_have_names(lines):
    with pytest.raises(errors.InvalidArgumentError, match="compression"):
        elements_of(data.TextLineDataset(lines, "LZW"))


def test_records_before_damage_come_first(records):
    iterator = data.TFRecordDataset(records).make_one_shot_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        assert [session.run(following) for _ in range(4)] == [b"xr", b"r", b"yyr", b"xs"]
        with pytest.raises(errors.DataLossError, match="corrupted record at 18"):
            session.run(following)


def test_records_have_a_length(tmp_path):
    name = str(tmp_path / "f")
    (tmp_path / "f").write_bytes(b"abc")

    with pytest.raises(errors.InvalidArgumentError, match="`record_bytes` must be > 0"):
        elements_of(data.FixedLengthRecordDataset(name, 0))
    with pytest.raises(errors.InvalidArgumentError, match="`header_bytes` must be >= 0"):
        elements_of(data.FixedLengthRecordDataset(name, 1, -1))


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("sizes", [(2, 0, 0), (2, 2, 0), (1, 3, 3), (1, 6, 0), (5, 0, 1)])
def test_nothing_is_left_over_between_header_and_footer(kind, sizes, tmp_path):
    (tmp_path / "f").write_bytes(PACK[kind](b"abcde"))
    record, header, footer = sizes

    with pytest.raises(
        errors.DataLossError if kind else errors.InvalidArgumentError,
        match=rf"has body length {5 - header - footer} bytes, .*record length \({record} bytes\)",
    ):
        elements_of(
            data.FixedLengthRecordDataset(
                str(tmp_path / "f"), record, header, footer, compression_type=kind
            )
        )


def test_names_are_strings(lines):
    with pytest.raises(TypeError, match=r"`tf\.Tensor` of strings"):
        data.TextLineDataset([1])
    with pytest.raises(errors.InvalidArgumentError, match="must be a scalar or a vector"):
        elements_of(data.TextLineDataset([lines]))


def test_files_are_listed_by_pattern(lines, tmp_path):
    pattern = str(tmp_path / "*")

    assert elements_of(data.Dataset.list_files(pattern, shuffle=False)) == [
        name.encode() for name in lines
    ]
    shuffled = data.Dataset.list_files([lines[0], lines[2]], seed=1)
    assert sorted(elements_of(shuffled)) == [lines[0].encode(), lines[2].encode()]
    with pytest.raises(errors.InvalidArgumentError, match="No files matched pattern"):
        elements_of(data.Dataset.list_files(pattern + "?none"))


@pytest.mark.tensorflow
def test_what_is_in_files_is_tensorflows(tensorflow, lines, records, tmp_path):
    (tmp_path / "fixed").write_bytes(b"headaabbccfoot")
    (tmp_path / "packed").write_bytes(gzip.compress(b"abcdefgh"))
    fixed, packed = str(tmp_path / "fixed"), str(tmp_path / "packed")
    pipelines = {
        "lines": lambda lib: lib.data.TextLineDataset(lines),
        "records": lambda lib: lib.data.TFRecordDataset(records),
        "fixed": lambda lib: lib.data.FixedLengthRecordDataset([fixed, fixed], 2, 4, 4),
        "packed": lambda lib: lib.data.FixedLengthRecordDataset(
            [packed, packed], 3, 1, compression_type="GZIP"
        ),
        "together": lambda lib: lib.data.TFRecordDataset(records[:1] * 3, num_parallel_reads=2),
        "listed": lambda lib: lib.data.Dataset.list_files(
            str(tmp_path / "*"), shuffle=True, seed=4
        ).map(lambda name: lib.strings.substr(name, -1, 1)),
    }

    for name, make in pipelines.items():
        assert outcomes(tf, make) == outcomes(tensorflow, make), name
