"""Rows of a database, names of files, elements written to files and kept in them."""

from __future__ import annotations

import sqlite3

import pytest
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors
from minitf.data.storing import MatchingFilesDataset, snapshot

Dataset = tf.data.Dataset
SqlDataset = tf.data.experimental.SqlDataset
ROWS = [(1, "x", 1.5), (200, None, 2), (None, "z", None)]


@pytest.fixture
def database(tmp_path):
    path = str(tmp_path / "data.sqlite")
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (a integer, b text, c real)")
        connection.executemany("insert into t values (?, ?, ?)", ROWS)
    connection.close()
    return path


QUERIES = {
    "rows": ("select a, b, c from t", ("int64", "string", "float64")),
    "narrow": ("select a, a, a from t", ("int8", "uint8", "bool")),
    "text": ("select a, b, c from t order by c desc", ("string", "int32", "int16")),
    "columns": ("select a, b from t", ("int64",)),
    "no such": ("select nothing from t", ("int64",)),
    "type": ("select a from t", ("float32",)),
}


def queried(lib, database, name, driver="sqlite"):
    query, types = QUERIES[name]
    kinds = tuple(getattr(lib, each) for each in types)
    variant = lib.raw_ops.SqlDataset(
        driver_name=driver,
        data_source_name=database,
        query=query,
        output_types=kinds,
        output_shapes=[[]] * len(kinds),
    )
    spec = type(lib.data.Dataset.range(1).element_spec)
    return lib.data.experimental.from_variant(variant, tuple(spec([], each) for each in kinds))


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", QUERIES)
def test_rows_are_those_that_tensorflow_reads(tensorflow, database, name):
    def make(lib):
        return queried(lib, database, name)

    assert outcomes(tf, make, 4) == outcomes(tensorflow, make, 4)


def test_rows_come_in_the_structure_of_types(database):
    data = SqlDataset("sqlite", database, QUERIES["rows"][0], (tf.int64, tf.string, tf.float64))

    assert elements_of(data) == [(1, b"x", 1.5), (200, b"", 2.0), (0, b"z", 0.0)]
    assert elements_of(data.repeat(2).skip(3)) == elements_of(data)


def test_what_a_query_may_not_be_is_told(database):
    with pytest.raises(errors.InvalidArgumentError, match="mysql, is not supported by SqlDataset"):
        elements_of(queried(tf, database, "rows", "mysql"))
    with pytest.raises(errors.InvalidArgumentError, match=r"query \(2\) must match .* \(1\)"):
        elements_of(queried(tf, database, "columns"))
    with pytest.raises(errors.UnknownError, match="nothing"):
        elements_of(queried(tf, database, "no such"))


def test_names_of_files_come_pattern_by_pattern(tmp_path):
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).touch()

    found = elements_of(MatchingFilesDataset([f"{tmp_path}/*.csv", f"{tmp_path}/*.txt"]))

    assert found == [f"{tmp_path}/{each}".encode() for each in ("c.csv", "a.txt", "b.txt")]


@pytest.mark.parametrize("compression", [None, "GZIP", "ZLIB"])
def test_elements_written_are_read_again(tmp_path, compression):
    words = [b"one", b"", b"three"]
    writer = tf.data.experimental.TFRecordWriter(str(tmp_path / "words"), compression)
    write = writer.write(Dataset.from_tensor_slices(words))

    with tf.Session() as session:
        session.run(write)

    again = tf.data.TFRecordDataset(str(tmp_path / "words"), compression)
    assert elements_of(again) == words


def test_only_datasets_of_strings_are_written(tmp_path):
    writer = tf.data.experimental.TFRecordWriter(str(tmp_path / "words"))

    with pytest.raises(TypeError, match="`dataset` must be a"):
        writer.write([b"a"])
    with pytest.raises(TypeError, match="must produce scalar `DT_STRING`"):
        writer.write(Dataset.range(3))


def test_a_snapshot_is_taken_once(tmp_path):
    folder = str(tmp_path / "kept")
    first = Dataset.range(4).map(lambda x: (x, x * 2)).apply(snapshot(folder))
    other = Dataset.range(2).map(lambda x: (x, x * 3)).apply(snapshot(folder))

    assert elements_of(first) == [(0, 0), (1, 2), (2, 4), (3, 6)]
    assert elements_of(other) == elements_of(first)


def test_modes_of_a_snapshot(tmp_path):
    def kept(mode, compression=""):
        data = Dataset.range(2)
        variant = tf.raw_ops.SnapshotDataset(
            input_dataset=data._variant_tensor,
            path=str(tmp_path / "kept"),
            output_types=[tf.int64],
            output_shapes=[[]],
            mode=mode,
            compression=compression,
        )
        return tf.data.experimental.from_variant(variant, data.element_spec)

    with pytest.raises(errors.InvalidArgumentError, match="no snapshot to read"):
        elements_of(kept("read"))
    assert elements_of(kept("passthrough")) == elements_of(kept("write")) == [0, 1]
    assert elements_of(kept("read")) == [0, 1]
    with pytest.raises(errors.InvalidArgumentError, match="mode must be one of"):
        elements_of(kept("sometimes"))
    with pytest.raises(errors.InvalidArgumentError, match="compression must be either"):
        elements_of(kept("auto", "ZIP"))
