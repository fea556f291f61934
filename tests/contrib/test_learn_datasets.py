"""Small data sets by name, and tables in CSV files."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

datasets = tf.contrib.learn.datasets


def test_irises_are_three_species_of_fifty():
    iris = datasets.load_dataset("iris")

    assert iris.data.shape == (150, 4)
    assert np.bincount(iris.target).tolist() == [50, 50, 50]
    assert iris.data[0].tolist() == [5.1, 3.5, 1.4, 0.2]
    assert iris.target[0] == 0


def test_mnist_is_what_the_tutorial_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert datasets.load_dataset("mnist").test.num_examples == 1000
    assert "packaged digits" in capsys.readouterr().err
    assert datasets.mnist.read_data_sets is tf.examples.tutorials.mnist.input_data.read_data_sets


def test_sets_that_are_not_there_are_told(tmp_path):
    with pytest.raises(ValueError, match="Name of dataset is not found: dbpedia"):
        datasets.load_dataset("dbpedia")
    with pytest.raises(tf.errors.NotFoundError, match="not installed"):
        datasets.load_dataset("boston")
    with pytest.raises(tf.errors.NotFoundError, match="No such file"):
        datasets.load_iris(str(tmp_path / "iris.csv"))


TABLE = "2,3,a,b\n1,2,3,0\n4,5,6,1\n"


def test_a_table_has_features_and_one_column_of_targets(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    found = datasets.base.load_csv_with_header(str(path), np.int32, np.float32)
    first = datasets.base.load_csv_with_header(path, int, float, target_column=0)

    assert (found.data.dtype, found.target.dtype) == (np.float32, np.int32)
    assert (found.data.tolist(), found.target.tolist()) == ([[1, 2, 3], [4, 5, 6]], [0, 1])
    assert (first.data.tolist(), first.target.tolist()) == ([[2, 3, 0], [5, 6, 1]], [1, 4])
    path.write_text(TABLE.partition("\n")[2])
    bare = datasets.base.load_csv_without_header(path, np.int32, np.float32)
    np.testing.assert_array_equal(bare.data, found.data)
    np.testing.assert_array_equal(bare.target, found.target)


def test_a_house_price_table_is_read_from_the_users_file(tmp_path):
    path = tmp_path / "boston.csv"
    path.write_text("1,2,a,b\n0.5,1.5,21.6\n")

    assert datasets.load_boston(path).target.tolist() == [21.6]


@pytest.mark.parametrize("text", ["3,3\n1,2,3,0\n4,5,6,1\n", "2,3\n1,2,3,0\n4,5,1\n"])
def test_a_table_of_another_shape_than_it_says_is_refused(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"is no table of . rows with 3 features each"):
        datasets.base.load_csv_with_header(path, int, float)


def test_nothing_is_downloaded(tmp_path):
    (tmp_path / "there.csv").write_text(TABLE)
    maybe_download = datasets.base.maybe_download

    assert maybe_download("there.csv", str(tmp_path), "http://x") == str(tmp_path / "there.csv")
    with pytest.raises(tf.errors.NotFoundError, match="get it from http://x/y"):
        maybe_download("missing.csv", str(tmp_path), "http://x/y")
