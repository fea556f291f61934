"""Tables of numbers in CSV files, and the data sets that are such tables.

The first line of a table **with a header** says how many rows and how many features it has; other
words may follow.  One column is the target.

Source: TensorFlow 1.15's `tf.contrib.learn.datasets.base`; Fisher 1936 (iris).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minitf.compat.gfile import GFile
from minitf.datasets import packaged_file
from minitf.errors import NotFoundError, house_message


class Dataset(NamedTuple):
    """What a model reads, and what it should say."""

    data: Any
    target: Any


class Datasets(NamedTuple):
    """A set to train on, one to choose by, one to test on."""

    train: Any
    validation: Any
    test: Any


def load_iris(data_path: Any = None) -> Dataset:
    """Return the 150 irises: four lengths in cm, and the species, 0 to 2.

    Args:
        data_path: a CSV file with a header; by default the one in scikit-learn's wheel.

    Raises:
        NotFoundError: if neither is there.
    """
    if data_path is None:
        data_path = packaged_file("sklearn", "datasets/data/iris.csv", "pip install scikit-learn")
    return load_csv_with_header(data_path, np.int64, np.float64)


def load_boston(data_path: Any = None) -> Dataset:
    """Return the 506 house prices of Boston with their 13 features, from the user's file.

    Args:
        data_path: a CSV file with a header.

    Raises:
        NotFoundError: if none is given: no installed package has it.
    """
    if data_path is None:
        raise NotFoundError(
            None,
            None,
            house_message(
                "boston_house_prices.csv is not installed", hint="give its path as data_path"
            ),
        )
    return load_csv_with_header(data_path, np.float64, np.float64)


def load_csv_with_header(
    filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1
) -> Dataset:
    """Read a table whose first line says how many rows and features it has.

    Args:
        filename: the file's path.
        target_dtype: type of the targets.
        features_dtype: type of the features.
        target_column: where the target stands in a row.

    Raises:
        NotFoundError: if there is no such file.
        ValueError: if the table has another shape, or a word is no number.
    """
    header, *rows = _rows(filename)
    count, features = int(header[0]), int(header[1])
    if len(rows) != count or any(len(row) != features + 1 for row in rows):
        raise ValueError(f"{filename} is no table of {count} rows with {features} features each")
    return _table(rows, target_dtype, features_dtype, target_column)


def load_csv_without_header(
    filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1
) -> Dataset:
    """Read a table of rows alone; arguments and errors as `load_csv_with_header` has them."""
    return _table(_rows(filename), target_dtype, features_dtype, target_column)


def maybe_download(filename: str, work_directory: str, source_url: str) -> str:
    """Return the path of a file that is in a folder; nothing is downloaded.

    Args:
        filename: the file's name.
        work_directory: the folder.
        source_url: where the file may be had, for the message.

    Raises:
        NotFoundError: if it is not there.
    """
    path = Path(work_directory) / filename
    if not path.exists():
        raise NotFoundError(
            None,
            None,
            house_message(f"{path}; No such file or directory", hint=f"get it from {source_url}"),
        )
    return str(path)


def _rows(filename: Any) -> list[list[str]]:
    with GFile(filename) as file:
        return [row for row in csv.reader(file) if row]


def _table(
    rows: list[list[str]], target_dtype: Any, features_dtype: Any, target_column: int
) -> Dataset:
    targets = [row.pop(target_column) for row in rows]
    return Dataset(np.array(rows, features_dtype), np.array(targets, target_dtype))
