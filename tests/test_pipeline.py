"""OSDI Figure 2: reading, preprocessing, training and checkpoints run at once, on shared state."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

import minitf as tf

RECORDS = 120
EPOCHS = 2
BATCH = 8
WAITING = 10  # records that a queue holds at most: few, so that nobody runs far ahead
SLOPE, OFFSET = 3.0, -1.0


def written(folder):
    """Write files of records, each an x and a y = 3 x - 1; return their names."""
    rnd = np.random.default_rng(1)
    names = []
    for part in range(3):
        names.append(str(folder / f"part-{part}.tfrecord"))
        with tf.python_io.TFRecordWriter(names[-1]) as writer:
            for x in rnd.uniform(-1, 1, RECORDS // 3):
                example = tf.train.Example()
                example.features.feature["x"].float_list.value.append(x)
                example.features.feature["y"].float_list.value.append(SLOPE * x + OFFSET)
                writer.write(example.SerializeToString())
    return names


class Pipeline:
    """The four subgraphs of the figure, joined by two queues and the variables."""

    def __init__(self, names):
        files = tf.train.string_input_producer(names, num_epochs=EPOCHS, seed=1)
        raw = tf.FIFOQueue(WAITING, tf.string, [], name="raw")
        _, record = tf.TFRecordReader().read(files)
        self.read, self.end_of_reading = raw.enqueue(record), raw.close()

        examples = tf.RandomShuffleQueue(
            2 * WAITING, BATCH, [tf.float32] * 2, [[]] * 2, seed=1, name="examples"
        )
        wanted = {key: tf.FixedLenFeature([], tf.float32) for key in ("x", "y")}
        parsed = tf.parse_single_example(raw.dequeue(), wanted)
        self.preprocess = examples.enqueue([parsed["x"], parsed["y"]])
        self.end_of_preprocessing = examples.close()

        x, y = examples.dequeue_many(BATCH)
        self.slope, self.offset = tf.Variable(0.0, name="slope"), tf.Variable(0.0, name="offset")
        self.step = tf.train.create_global_step()
        loss = tf.reduce_mean(tf.square(self.slope * x + self.offset - y))
        optimizer = tf.train.GradientDescentOptimizer(0.5)
        self.train = [loss, optimizer.minimize(loss, global_step=self.step)]
        self.saver = tf.train.Saver(max_to_keep=None)


class Clients:
    """A thread for each subgraph, which runs it until its input ends."""

    def __init__(self, session, pipeline, folder):
        self.session, self.pipeline, self.folder = session, pipeline, folder
        self.done = dict.fromkeys(("read", "preprocess", "train", "checkpoint"), 0)
        self.seen = []  # after each training step: how much the others had done by then
        self.losses, self.saved = [], []
        self.has_trained, self.failures = threading.Event(), []

    def run(self):
        """Run all of them to the end."""
        threads = [threading.Thread(target=self._guarded, args=[name]) for name in self.done]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not self.failures

    def _guarded(self, name):
        try:
            getattr(self, f"_{name}")()
        except Exception as failure:  # noqa: BLE001 the test shows it
            self.failures.append(failure)
            self.session.close()
        finally:
            if name == "train":
                self.has_trained.set()

    def _until_the_end(self, name, fetches, after=lambda _: None):
        try:
            while True:
                found = self.session.run(fetches)
                self.done[name] += 1
                after(found)
        except tf.errors.OutOfRangeError:
            pass

    def _read(self):
        self._until_the_end("read", self.pipeline.read)
        self.session.run(self.pipeline.end_of_reading)

    def _preprocess(self):
        self._until_the_end("preprocess", self.pipeline.preprocess)
        self.session.run(self.pipeline.end_of_preprocessing)

    def _train(self):
        def note(found):
            self.losses.append(found[0])
            self.seen.append(dict(self.done))

        self._until_the_end("train", self.pipeline.train, note)

    def _checkpoint(self):
        """Save again and again while the others work, and once when they are done."""
        while True:
            is_last = self.has_trained.is_set()
            prefix = str(self.folder / f"model-{self.done['checkpoint']}")
            self.saved.append(self.pipeline.saver.save(self.session, prefix))
            self.done["checkpoint"] += 1
            if is_last:
                return


@pytest.mark.paper("O-11", "O-09", "W-36", "W-37", "W-54")
@pytest.mark.parametrize("threads", [pytest.param(1, marks=pytest.mark.thorough), 4])
def test_the_subgraphs_of_figure_2_run_at_once(tmp_path, threads):
    pipeline = Pipeline(written(tmp_path))
    config = tf.ConfigProto(inter_op_parallelism_threads=threads)
    with tf.Session(config=config) as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        runners = tf.train.start_queue_runners(session, coord)
        clients = Clients(session, pipeline, tmp_path)
        clients.run()
        coord.request_stop()
        coord.join(runners)
        steps, slope, offset = session.run([pipeline.step, pipeline.slope, pipeline.offset])

    # Nothing is lost and nothing comes twice.
    assert clients.done["read"] == clients.done["preprocess"] == EPOCHS * RECORDS
    assert clients.done["train"] == steps == EPOCHS * RECORDS // BATCH
    # Training began while there was still much to read: the queues hold few records.
    ahead = [seen["read"] - BATCH * seen["train"] for seen in clients.seen]
    assert max(ahead) <= 3 * WAITING + 3
    # It has learnt the line.
    assert np.mean(clients.losses[-5:]) < np.mean(clients.losses[:5]) / 10
    np.testing.assert_allclose([slope, offset], [SLOPE, OFFSET], atol=0.2)
    # A checkpoint is of some moment of the training, the last one of its end.
    moments = []
    for path in clients.saved:
        reader = tf.train.NewCheckpointReader(path)
        moments.append(int(reader.get_tensor("global_step")))
        assert np.isfinite(reader.get_tensor("slope"))
    assert moments == sorted(moments)
    assert moments[-1] == steps
    assert reader.get_tensor("slope") == slope


@pytest.mark.paper("O-11", "O-09")
def test_a_client_that_fails_is_told_to_the_others_by_its_queue(tmp_path):
    """Preprocessing ends at a damaged record: what was good is trained on, then comes the end."""
    names = written(tmp_path)
    with Path(names[1]).open("r+b") as file:  # in the middle of the second file
        file.seek(1000)
        file.write(b"\xff" * 8)
    pipeline = Pipeline(sorted(names))
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        runners = tf.train.start_queue_runners(session, coord)
        clients = Clients(session, pipeline, tmp_path)

        def read():
            with pytest.raises(tf.errors.DataLossError):
                clients._until_the_end("read", pipeline.read)
            session.run(pipeline.end_of_reading)

        clients._read = read
        clients.run()
        coord.request_stop()
        coord.join(runners)

        assert 0 < clients.done["read"] < EPOCHS * RECORDS
        assert clients.done["preprocess"] == clients.done["read"]
        assert clients.done["train"] == clients.done["read"] // BATCH
