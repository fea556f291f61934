"""What crosses the border of a Session while a program trains: no record, if operations read them.

In one process the link between client and worker is the call of `Session.run`: what is fed goes
in, what is fetched comes out.  Here its bytes are counted, those of queue runners' threads too.
"""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import nest
from minitf.session.prepared_run import PreparedRun

RECORDS, BATCH = 24, 4
SIZES = 50, 5_000  # floats in a record


class Border:
    """Counts the bytes that runs take in and give out, until it is closed."""

    def __init__(self, monkeypatch):
        self.fed = self.fetched = self.runs = 0
        run = PreparedRun.run

        def counted(prepared, values, *rest):
            values = list(values)
            result = run(prepared, values, *rest)
            self.fed += sum(map(bytes_of, values))
            self.fetched += sum(map(bytes_of, nest.flatten(result)))
            self.runs += 1
            return result

        monkeypatch.setattr(PreparedRun, "run", counted)


def bytes_of(value):
    array = np.asarray(value, object if isinstance(value, bytes) else None)
    if value is None:
        return 0
    return sum(map(len, array.flat)) if array.dtype.kind == "O" else array.nbytes


def example(size, number):
    feature = tf.train.Feature(float_list=tf.train.FloatList(value=[float(number)] * size))
    return tf.train.Example(features=tf.train.Features(feature={"x": feature})).SerializeToString()


def written(folder, size):
    """Write a file of records of so many floats each; return its name."""
    path = str(folder / f"{size}.records")
    with tf.python_io.TFRecordWriter(path) as writer:
        for number in range(RECORDS):
            writer.write(example(size, number))
    return path


def parsed(serialized, size):
    return tf.parse_single_example(serialized, {"x": tf.FixedLenFeature([size], tf.float32)})["x"]


def by_queues(path, size):
    """Return batches of parsed records: a reader's, through a queue that a runner fills."""
    names = tf.train.string_input_producer([path], num_epochs=1, shuffle=False)
    _, serialized = tf.TFRecordReader().read(names)
    return tf.train.batch([parsed(serialized, size)], BATCH)


def by_dataset(path, size):
    """Return batches of parsed records: an iterator's."""
    records = tf.data.TFRecordDataset([path]).map(lambda each: parsed(each, size))
    return tf.data.make_one_shot_iterator(records.batch(BATCH)).get_next()


def sum_of_means(batch):
    """Run to the end of the input and return the sum of the means of its batches."""
    mean = tf.reduce_mean(batch)
    is_queued = bool(tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS))
    total = 0.0
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        runners = tf.train.start_queue_runners(session, coord) if is_queued else []
        with coord.stop_on_exception():
            while True:
                total += session.run(mean)
        coord.join(runners)
    return total


@pytest.mark.paper("W-36")
@pytest.mark.parametrize("pipeline", [by_queues, by_dataset])
def test_records_that_operations_read_cross_no_border(tmp_path, monkeypatch, pipeline):
    fetched = []
    for size in SIZES:
        border = Border(monkeypatch)
        with tf.Graph().as_default():
            total = sum_of_means(pipeline(written(tmp_path, size), size))
        monkeypatch.undo()
        fetched.append(border.fetched)

        assert total == sum(range(RECORDS)) / BATCH  # all records have been read
        assert border.runs > RECORDS // BATCH
        assert border.fed == 0
    # A number per batch, whatever the size of records: less than one of them.
    assert fetched == [4 * RECORDS // BATCH] * len(SIZES)


def test_records_that_are_fed_cross_it(tmp_path, monkeypatch):
    border = Border(monkeypatch)
    path = written(tmp_path, SIZES[0])
    with tf.Graph().as_default(), tf.Session() as session:
        serialized = tf.placeholder(tf.string, [])
        mean = tf.reduce_mean(parsed(serialized, SIZES[0]))
        records = list(tf.python_io.tf_record_iterator(path))
        total = sum(session.run(mean, {serialized: record}) for record in records)

    assert total == sum(range(RECORDS))
    assert border.fed == sum(map(len, records))
