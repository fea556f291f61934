"""Batches of lines and of features of files, and elements of classes in other proportions."""

from __future__ import annotations

import gzip
from collections import Counter

import numpy as np
import pytest
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import protos
from minitf.data.batches_of_files import make_tf_record_dataset
from minitf.testing.example_cases import feature_of

experimental = tf.data.experimental
LINES = "a,b,c,d\n1,2.5,x,3000000000\n,4,y,5\n5,6.25,,6\n"


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_text(LINES)
    return str(path)


WAYS = {
    "all": {},
    "label": {"label_name": "c"},
    "selected": {"select_columns": ["d", 0]},
    "defaults": {"column_defaults": [7, "float64", "string", "int64"]},
    "na": {"na_value": "y", "select_columns": ["c"]},
    "names": {"column_names": ["p", "q", "r", "s"], "select_columns": ["q"]},
}
WRONG = {
    "not a valid column index or name": {"select_columns": ["z"]},
    "contains duplicate columns": {"select_columns": ["a", 0]},
    "out of valid range": {"select_columns": [9]},
    "must be one of the columns": {"label_name": "z"},
    "without a header line": {"header": False},
    "must have same length": {"column_defaults": [0], "select_columns": ["a", "b"]},
    "duplicate column names": {"column_names": ["a", "a", "b", "c"]},
}


def of_lines(lib, path, way):
    options = dict(WAYS[way])
    if "column_defaults" in options:
        given = options["column_defaults"]
        options["column_defaults"] = [getattr(lib, e) if isinstance(e, str) else e for e in given]
    return lib.data.experimental.make_csv_dataset(
        path, 2, num_epochs=1, shuffle=False, prefetch_buffer_size=1, **options
    )


@pytest.mark.tensorflow
@pytest.mark.parametrize("way", WAYS)
def test_lines_are_read_as_tensorflow_reads_them(tensorflow, lines, way):
    def make(lib):
        return of_lines(lib, lines, way)

    assert outcomes(tf, make) == outcomes(tensorflow, make)


@pytest.mark.parametrize("phrase", WRONG)
def test_what_does_not_fit_the_lines_is_told(lines, phrase):
    with pytest.raises(ValueError, match=phrase):
        experimental.make_csv_dataset(lines, 2, **WRONG[phrase])


def test_types_are_the_least_that_take_all_fields(lines):
    data = of_lines(tf, lines, "all")

    assert data.output_types == {
        "a": tf.int32, "b": tf.float32, "c": tf.string, "d": tf.int64
    }  # fmt: skip


def test_compressed_lines_and_bad_ones_are_read(tmp_path):
    path = str(tmp_path / "lines.gz")
    with gzip.open(path, "wt") as file:
        file.write(LINES)
    data = experimental.make_csv_dataset(
        path, 3, num_epochs=1, shuffle=False, compression_type="GZIP"
    )
    assert elements_of(data)[0]["d"] == [3000000000, 5, 6]
    with pytest.raises(ValueError, match="not supported for probing"):
        experimental.make_csv_dataset(path, 2, compression_type="ZLIB")
    bad = tmp_path / "bad.csv"
    bad.write_text("a\n1\nx\n3\n")
    kept = experimental.make_csv_dataset(
        str(bad), 2, column_defaults=[tf.int32], num_epochs=1, shuffle=False, ignore_errors=True
    )
    assert elements_of(kept) == [{"a": [1, 3]}]


def test_what_files_must_be_is_told(tmp_path, lines):
    with pytest.raises(ValueError, match="File pattern is empty"):
        experimental.make_csv_dataset([], 2)
    with pytest.raises(ValueError, match="No files match"):
        experimental.make_csv_dataset(str(tmp_path / "none"), 2)
    other = tmp_path / "other.csv"
    other.write_text("x,y\n")
    with pytest.raises(ValueError, match="different column names"):
        experimental.make_csv_dataset([lines, str(other)], 2)
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ValueError, match="Empty file"):
        experimental.make_csv_dataset(str(tmp_path / "empty.csv"), 2)


# --- records -------------------------------------------------------------------------------------


@pytest.fixture
def records(tmp_path):
    names = [str(tmp_path / name) for name in ("a", "b")]
    for first, name in enumerate(names):
        with tf.python_io.TFRecordWriter(name) as writer:
            for number in range(first, 8, 2):
                feature = {
                    "n": feature_of("int64", [number]),
                    "w": feature_of("string", [b"w"] * number),
                }
                example = protos.Example(features=protos.Features(feature=feature))
                writer.write(example.SerializeToString())
    return names


@pytest.mark.tensorflow
@pytest.mark.parametrize("threads", [1, 2])
def test_features_come_in_tensorflows_batches(tensorflow, records, threads):
    def make(lib):
        return lib.data.experimental.make_batched_features_dataset(
            records,
            3,
            {"n": lib.FixedLenFeature([], lib.int64), "w": lib.VarLenFeature(lib.string)},
            label_key="n",
            num_epochs=1,
            shuffle=False,
            reader_num_threads=threads,
        )

    assert outcomes(tf, make) == outcomes(tensorflow, make)


def test_features_are_shuffled_and_repeated(records):
    features = {"n": tf.FixedLenFeature([], tf.int64)}
    data = experimental.make_batched_features_dataset(
        records, 4, features, num_epochs=2, shuffle_seed=5
    )

    found = [n for batch in elements_of(data) for n in batch["n"]]

    assert sorted(found) == sorted([*range(8)] * 2)
    with pytest.raises(ValueError, match="must be one of the `features` keys"):
        experimental.make_batched_features_dataset(records, 4, features, label_key="x")
    with pytest.raises(TypeError, match="must return a `Dataset` object"):
        experimental.make_batched_features_dataset(
            records, 4, features, reader=tf.TFRecordReader, label_key="n"
        )
    batch = tf.contrib.data.read_batch_features(records, 2, features, randomize_input=False)
    with tf.Session() as session:
        assert session.run(batch["n"]).tolist() == [0, 2]


def test_records_are_parsed_and_batched(records):
    data = make_tf_record_dataset(
        records,
        3,
        tf.strings.length,
        num_epochs=1,
        shuffle=False,
        drop_final_batch=True,
    )

    assert data.output_shapes.as_list() == [3]
    assert len(elements_of(data)) == 2


# --- classes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("initial", [None, [0.5, 0.5]])
def test_classes_get_the_shares_that_are_wanted(initial, capfd):
    classes = np.arange(2000) % 2
    resample = experimental.rejection_resample(
        lambda c: tf.cast(c, tf.int32), [0.2, 0.8], initial, seed=3
    )
    data = tf.data.Dataset.from_tensor_slices(classes).apply(resample).take(800).batch(800)

    ((numbers, elements),) = elements_of(data)

    assert numbers == elements
    share = Counter(numbers)[1] / len(numbers)
    assert abs(share - 0.8) < 4 * np.sqrt(0.16 / len(numbers))
    assert "rejected by sampler is high" in "".join(capfd.readouterr())


def test_data_that_have_the_shares_stay_as_they_are():
    resample = experimental.rejection_resample(lambda c: c, [0.5, 0.5], [0.5, 0.5])
    data = tf.data.Dataset.from_tensor_slices([0, 1, 1]).apply(resample)

    assert elements_of(data) == [(0, 0), (1, 1), (1, 1)]
