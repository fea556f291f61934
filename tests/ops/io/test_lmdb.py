"""LMDB databases are read where the package lmdb is installed, and refused where it is not."""

from __future__ import annotations

import sys

import pytest

import minitf as tf

ENTRIES = {b"a": b"1", b"b": b"", b"c": bytes(5000)}


def read_all(names):
    reader = tf.LMDBReader()
    queue = tf.FIFOQueue(9, tf.string, shapes=())
    fill = [queue.enqueue_many([names]), queue.close()]
    got = reader.read(queue)
    found = []
    with tf.Session() as session:
        for each in fill:
            session.run(each)
        while True:
            try:
                found.append(tuple(session.run(got)))
            except tf.errors.OutOfRangeError:
                return found


@pytest.fixture
def database(tmp_path):
    lmdb = pytest.importorskip("lmdb")
    with lmdb.open(str(tmp_path / "db")) as made, made.begin(write=True) as writing:
        for key in sorted(ENTRIES, reverse=True):
            writing.put(key, ENTRIES[key])
    return tmp_path / "db"


def test_entries_come_in_the_order_of_their_keys(database):
    for name in (str(database), str(database / "data.mdb")):
        assert read_all([name]) == sorted(ENTRIES.items())
    assert read_all([str(database)] * 2) == sorted(ENTRIES.items()) * 2


def test_a_dataset_has_pairs(database):
    dataset = tf.contrib.data.LMDBDataset([str(database)])
    got = dataset.repeat(2).make_one_shot_iterator().get_next()
    with tf.Session() as session:
        found = [session.run(got) for _ in range(2 * len(ENTRIES))]

        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(got)
    assert found == sorted(ENTRIES.items()) * 2


def test_a_database_is_read_by_several_at_once(database):
    names = [[str(database)], [str(database / "data.mdb")]]
    both = tf.data.Dataset.zip(tuple(map(tf.contrib.data.LMDBDataset, names)))
    got = both.make_one_shot_iterator().get_next()
    with tf.Session() as session:
        found = [session.run(got) for _ in ENTRIES]

    assert found == [(each, each) for each in sorted(ENTRIES.items())]


def test_what_is_no_database_is_refused(tmp_path):
    pytest.importorskip("lmdb")
    (tmp_path / "file").write_bytes(b"no database")
    with pytest.raises(tf.errors.NotFoundError, match="No such file"):
        read_all([str(tmp_path / "none")])
    with pytest.raises(tf.errors.InvalidArgumentError, match="file"):
        read_all([str(tmp_path / "file")])


def test_without_the_package_an_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lmdb", None)
    with pytest.raises(tf.errors.UnimplementedError, match=r"pip install .minitf\[lmdb\]"):
        read_all([str(tmp_path)])
