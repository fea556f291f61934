"""`tf.python_io`: files that TensorFlow reads, and reads of files that TensorFlow wrote."""

from __future__ import annotations

import gc
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import errors

python_io = tf.python_io
KINDS = ("", "ZLIB", "GZIP")
CONTENTS = st.lists(st.binary(max_size=200), max_size=8)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("records") / "file.tfrecord")


def write(lib, path, contents, kind):
    with lib.python_io.TFRecordWriter(path, lib.python_io.TFRecordOptions(kind)) as writer:
        for each in contents:
            writer.write(each)


def read(lib, path, kind):
    options = lib.python_io.TFRecordOptions(kind)
    return list(lib.python_io.tf_record_iterator(path, options))


@given(CONTENTS, st.sampled_from(KINDS))
def test_records_are_read_as_they_were_written(path, contents, kind):
    write(tf, path, contents, kind)

    assert read(tf, path, kind) == contents


@pytest.mark.tensorflow
@given(CONTENTS, st.sampled_from(KINDS))
def test_each_system_reads_what_the_other_wrote(path, tensorflow, contents, kind):
    write(tf, path, contents, kind)
    theirs = read(tensorflow, path, kind)
    write(tensorflow, path, contents, kind)
    ours = read(tf, path, kind)

    assert theirs == ours == contents


@pytest.mark.tensorflow
def test_the_bytes_of_a_plain_file_are_tensorflows(tmp_path, tensorflow):
    files = []
    for lib in (tf, tensorflow):
        write(lib, str(tmp_path / lib.__name__), [b"", b"abc", bytes(3000)], "")
        files.append((tmp_path / lib.__name__).read_bytes())

    assert files[0] == files[1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_cut_and_every_flipped_byte_is_data_loss_after_the_records_before_it(tmp_path, kind):
    contents = [b"", b"abc", b"x" * 40, b"abc"]
    file = tmp_path / "file"
    write(tf, str(file), contents, kind)
    data = file.read_bytes()

    def damaged():
        yield from (data[:length] for length in range(1, len(data)))
        for i in range(len(data)):
            yield data[:i] + bytes([data[i] ^ 0x55]) + data[i + 1 :]

    silent = 0
    for each in damaged():
        file.write_bytes(each)
        found = []
        try:
            found.extend(tf.python_io.tf_record_iterator(str(file), kind))
        except errors.DataLossError as error:
            assert str(file) in str(error)  # noqa: PT017 what was read before it counts too
        else:
            silent += 1
            assert found == contents[: len(found)]

        assert kind or found == contents[: len(found)]
    ends = 3 if not kind else 0  # a cut between two records is no damage
    assert silent == ends + (6 if kind == "GZIP" else 0)  # time and system of GZIP's header


def test_what_was_flushed_can_be_read_before_the_file_is_closed(path):
    for kind in KINDS:
        writer = python_io.TFRecordWriter(path, kind)
        writer.write(b"abc")
        writer.flush()
        first = next(python_io.tf_record_iterator(path, kind))
        writer.close()

        assert first == b"abc"


def test_a_writer_writes_text_and_buffers_and_nothing_else(path):
    with python_io.TFRecordWriter(path) as writer:
        for each in ("tëxt", bytearray(b"ba"), memoryview(b"mv")):
            writer.write(each)
        with pytest.raises(TypeError):
            writer.write(3)

    assert read(tf, path, "") == ["tëxt".encode(), b"ba", b"mv"]


def test_a_closed_writer_says_so_and_closing_twice_is_nothing(path):
    writer = python_io.TFRecordWriter(path)
    writer.close()
    writer.close()

    for act in (lambda: writer.write(b""), writer.flush):
        with pytest.raises(errors.FailedPreconditionError, match=r"Writer is closed\."):
            act()


def test_a_writer_that_is_forgotten_completes_its_file(path):
    writer = python_io.TFRecordWriter(path, "GZIP")
    writer.write(b"abc")
    del writer
    gc.collect()

    assert read(tf, path, "GZIP") == [b"abc"]


def test_options_reach_the_compressor(tmp_path):
    sizes = []
    for level in (0, 9):
        file = tmp_path / f"{level}"
        options = python_io.TFRecordOptions(
            "ZLIB",
            compression_level=level,
            compression_method=zlib.DEFLATED,
            mem_level=9,
            compression_strategy=zlib.Z_FILTERED,
            window_bits=12,
            output_buffer_size=64,
            input_buffer_size=32,
            flush_mode=zlib.Z_FULL_FLUSH,
        )
        with python_io.TFRecordWriter(str(file), options) as writer:
            writer.write(bytes(1000))
            writer.flush()
        sizes.append(len(file.read_bytes()))

        assert list(python_io.tf_record_iterator(str(file), options)) == [bytes(1000)]
    assert sizes[1] < 100
    assert sizes[0] > 1000


def test_options_are_made_of_names_numbers_and_nothing():
    kinds = python_io.TFRecordCompressionType
    text = python_io.TFRecordOptions.get_compression_type_string

    assert [text(each) for each in (None, "", kinds.NONE, kinds.ZLIB, "GZIP")] == [
        "", "", "", "ZLIB", "GZIP",
    ]  # fmt: skip
    assert text(python_io.TFRecordOptions(kinds.GZIP)) == "GZIP"
    assert python_io.TFRecordOptions.compression_type_map == {0: "", 1: "ZLIB", 2: "GZIP"}
    for bad in ("gzip", "x", 7):
        with pytest.raises(ValueError, match=f'Not a valid compression_type: "{bad}"'):
            python_io.TFRecordOptions(bad)


def test_files_that_cannot_be_opened_are_told_by_name(tmp_path):
    with pytest.raises(errors.NotFoundError, match="no/file; No such file"):
        python_io.TFRecordWriter(str(tmp_path / "no" / "file"))
    with pytest.raises(errors.NotFoundError, match="missing; No such file"):
        next(python_io.tf_record_iterator(str(tmp_path / "missing")))


def test_the_names_of_tf_io_are_the_same_objects():
    for name in dir(python_io):
        assert getattr(tf.io, name) is getattr(python_io, name)


def test_gzip_reads_what_a_writer_compressed(path):
    write(tf, path, [b"abc"], "GZIP")
    write(tf, path + ".plain", [b"abc"], "")
    with gzip.open(path) as file, open(path + ".plain", "rb") as plain:  # noqa: PTH123 text paths
        assert file.read() == plain.read()
