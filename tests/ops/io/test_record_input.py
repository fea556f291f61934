"""RecordInput reads each record once in an epoch."""

from __future__ import annotations

import collections

import pytest

import minitf as tf
from minitf.api.record_input import RecordInput


def write(path, records, compression=""):
    with tf.io.TFRecordWriter(str(path), compression) as writer:
        for each in records:
            writer.write(each)


@pytest.fixture
def files(tmp_path):
    for number in range(3):
        write(tmp_path / f"{number}.rec", [b"%d%d" % (number, each) for each in range(4)])
    return str(tmp_path / "*.rec")


def test_an_epoch_has_each_record_once_in_a_random_order(files):
    orders = []
    for seed in (1, 1, 2):
        got = RecordInput(files, batch_size=6, buffer_size=5, seed=seed).get_yield_op()
        with tf.Session() as session:
            orders.append([each for _ in range(4) for each in session.run(got)])

    assert got.shape.as_list() == [6]
    for order in orders:
        assert set(collections.Counter(order[:12]).values()) == {1}
        assert set(order[:12]) == set(order[12:])
        assert order[:12] != sorted(order[:12])
        assert order[:12] != order[12:]
    assert orders[0] == orders[1] != orders[2]


def test_several_batches_of_a_run_are_lists(files):
    batches = RecordInput(files, batch_size=2, batches=3, shift_ratio=0.3).get_yield_op()
    with tf.Session() as session:
        found = session.run(batches)

    assert [len(each) for each in found] == [2, 2, 2]


def test_files_may_be_compressed(tmp_path):
    write(tmp_path / "a", [b"x"], "GZIP")
    kind = tf.io.TFRecordCompressionType.GZIP
    got = RecordInput(str(tmp_path / "a"), batch_size=2, compression_type=kind).get_yield_op()
    with tf.Session() as session:
        assert session.run(got).tolist() == [b"x", b"x"]


def test_what_has_no_records_is_refused(tmp_path):
    write(tmp_path / "empty", [])
    with tf.Session() as session:
        with pytest.raises(tf.errors.NotFoundError, match="Found no files at"):
            session.run(RecordInput(str(tmp_path / "none*")).get_yield_op())
        with pytest.raises(tf.errors.InvalidArgumentError, match="There are no records in"):
            session.run(RecordInput(str(tmp_path / "empty")).get_yield_op())
