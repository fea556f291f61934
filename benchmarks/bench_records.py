"""Reading records and parsing examples: the time of each, beside TensorFlow.

python benchmarks/bench_records.py

The bar is 200 MB/s for records of 10 kB: 50 us a record.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from beside import backends, compare, seconds_per_call

BATCH = 128
RECORDS = {"100 B": (100, 20_000), "10 kB": (10_000, 3_000), "1 MB": (1_000_000, 30)}


def write(tf: ModuleType, path: str, record: bytes, count: int, compression: str = "") -> None:
    """Write a file of equal records."""
    with tf.python_io.TFRecordWriter(path, compression) as writer:
        for _ in range(count):
            writer.write(record)


def read(tf: ModuleType, path: str, compression: str = "") -> None:
    """Read a file of records to its end."""
    options = tf.python_io.TFRecordOptions(compression)
    for _ in tf.python_io.tf_record_iterator(path, options):
        pass


def records(folder: Path) -> dict[str, dict[str, Callable[[], float]]]:
    """Return what is measured of files of records."""
    rows: dict[str, dict[str, Callable[[], float]]] = {}
    for what, (size, count) in RECORDS.items():
        record = os.urandom(size)
        path = str(folder / what)
        write(modules["MiniTF"], path, record, count)
        rows[f"read records of {what}"] = {
            name: lambda tf=tf, p=path, n=count: seconds_per_call(lambda: read(tf, p)) / n
            for name, tf in modules.items()
        }
        other = str(folder / "written")
        rows[f"write records of {what}"] = {
            name: lambda tf=tf, p=other, r=record, n=count: (
                seconds_per_call(lambda: write(tf, p, r, n)) / n
            )
            for name, tf in modules.items()
        }
    text = str(folder / "compressed")
    write(modules["MiniTF"], text, b"compressible text " * 500, 1_000, "GZIP")
    rows["read gzipped records of 9 kB"] = {
        name: lambda tf=tf: seconds_per_call(lambda: read(tf, text, "GZIP")) / 1_000
        for name, tf in modules.items()
    }
    return rows


def example(features: dict[str, Any]) -> bytes:
    """Return an Example of bytes, floats and whole numbers."""
    made = modules["MiniTF"].train.Example()
    for key, value in features.items():
        feature = made.features.feature[key]
        if isinstance(value, bytes):
            feature.bytes_list.value.append(value)
        elif isinstance(value[0], float):
            feature.float_list.value.extend(value)
        else:
            feature.int64_list.value.extend(value)
    return made.SerializeToString()


def kinds() -> dict[str, tuple[Callable[[], bytes], Callable[[ModuleType], dict[str, Any]]]]:
    """Return kinds of examples: how one is made, and which features are wanted of it."""
    random.seed(1)
    return {
        "an image and a label": (
            lambda: example({"image": os.urandom(784), "label": [random.randrange(10)]}),
            lambda tf: {
                "image": tf.FixedLenFeature([], tf.string),
                "label": tf.FixedLenFeature([], tf.int64),
            },
        ),
        "784 floats": (
            lambda: example({"x": [random.random() for _ in range(784)]}),
            lambda tf: {"x": tf.FixedLenFeature([784], tf.float32)},
        ),
        "20 to 100 ids": (
            lambda: example({"ids": random.choices(range(50_000), k=random.randrange(20, 100))}),
            lambda tf: {"ids": tf.VarLenFeature(tf.int64)},
        ),
        "30 numbers": (
            lambda: example({f"f{i}": [1000 * i] for i in range(30)}),
            lambda tf: {f"f{i}": tf.FixedLenFeature([], tf.int64) for i in range(30)},
        ),
    }


def parsing(
    tf: ModuleType, serialized: list[bytes], features: dict[str, Any]
) -> Callable[[], float]:
    """Return a call that gives the seconds an example of parsing a batch, or one by itself."""
    many = len(serialized) > 1
    with tf.Graph().as_default():
        fed = tf.placeholder(tf.string, [None] if many else [])
        parse = tf.parse_example if many else tf.parse_single_example
        call = tf.Session().make_callable(parse(fed, features), [fed])
    value = np.array(serialized, object) if many else serialized[0]
    return lambda: seconds_per_call(lambda: call(value)) / len(serialized)


def examples() -> dict[str, dict[str, Callable[[], float]]]:
    """Return what is measured of examples."""
    rows: dict[str, dict[str, Callable[[], float]]] = {}
    counts: Iterable[tuple[str, int]] = (("one", 1), (f"{BATCH}", BATCH))
    for shown, count in counts:
        for what, (make, features) in kinds().items():
            serialized = [make() for _ in range(count)]
            rows[f"parse {shown}: {what}"] = {
                name: parsing(tf, serialized, features(tf)) for name, tf in modules.items()
            }
    return rows


if __name__ == "__main__":
    modules = backends()
    with tempfile.TemporaryDirectory() as name:
        compare("Files of records, per record", records(Path(name)), "us")
    compare("Parsing, per example", examples(), "us")
