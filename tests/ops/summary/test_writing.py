"""Summaries that a graph writes itself: what the file holds, and when."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

raw = tf.raw_ops


class Run:
    """A session with a writer whose file lies in a folder."""

    def __init__(self, folder, *, most=100):
        self.folder, self.session = folder, tf.Session()
        self.writer = raw.SummaryWriter(shared_name="", container="")
        self.create = raw.CreateSummaryFileWriter(
            writer=self.writer,
            logdir=str(folder / "logs"),
            max_queue=most,
            flush_millis=10**6,
            filename_suffix=".v2",
        )

    def __call__(self, *operations):
        for each in operations:
            self.session.run(each)

    def events(self):
        """Return what the file holds, without the version."""
        (path,) = (self.folder / "logs").iterdir()
        assert path.name.endswith(".v2")
        version, *events = tf.train.summary_iterator(str(path))
        assert version.file_version == "brain.Event:2"
        return events


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def test_summaries_of_all_kinds_are_written_in_order(run):
    w, step = run.writer, np.int64(7)
    metadata = tf.SummaryMetadata(plugin_data={"plugin_name": "mine"}).SerializeToString()
    summary = tf.Summary(value=[tf.Summary.Value(tag="raw", simple_value=2)]).SerializeToString()
    graph = tf.GraphDef(node=[{"name": "x", "op": "NoOp"}]).SerializeToString()
    event = tf.Event(step=99, wall_time=5.0).SerializeToString()
    run(run.create)
    run(
        raw.WriteScalarSummary(writer=w, step=step, tag="loss", value=0.5),
        raw.WriteHistogramSummary(writer=w, step=step, tag="h", values=[1.0, 2.0]),
        raw.WriteImageSummary(
            writer=w,
            step=step,
            tag="i",
            tensor=np.zeros((1, 2, 3, 1), np.uint8),
            bad_color=np.uint8([255, 0, 0, 255]),
        ),
        raw.WriteAudioSummary(
            writer=w, step=step, tag="a", tensor=np.zeros((1, 4), np.float32), sample_rate=8.0
        ),
        raw.WriteSummary(writer=w, step=step, tensor=[3], tag="t", summary_metadata=metadata),
        raw.WriteRawProtoSummary(writer=w, step=step, tensor=summary),
        raw.WriteGraphSummary(writer=w, step=step, tensor=graph),
        raw.ImportEvent(writer=w, event=event),
        raw.FlushSummaryWriter(writer=w),
    )

    *values, written, imported = run.events()
    loss, histogram, image, audio, tensor, given = (each.summary.value[0] for each in values)
    assert {each.step for each in (*values, written)} == {7}
    assert (loss.tag, loss.simple_value) == ("loss", 0.5)
    assert (histogram.tag, histogram.histo.num) == ("h", 2)
    assert (image.tag, image.image.width) == ("i/image/0", 3)
    assert (audio.tag, audio.audio.sample_rate) == ("a/audio/0", 8)
    assert (tensor.tag, tensor.metadata.plugin_data.plugin_name) == ("t", "mine")
    assert tf.make_ndarray(tensor.tensor).tolist() == [3]
    assert (given.tag, given.simple_value) == ("raw", 2)
    assert written.graph_def == graph
    assert (imported.step, imported.wall_time) == (99, 5)


def test_more_events_than_may_wait_are_handed_over(tmp_path):
    run = Run(tmp_path, most=1)
    write = raw.WriteScalarSummary(writer=run.writer, step=np.int64(1), tag="x", value=1.0)
    run(run.create, write)
    assert run.events() == []
    run(write)

    assert len(run.events()) == 2


def test_a_file_is_begun_once_and_ends_when_it_is_closed(run):
    write = raw.WriteScalarSummary(writer=run.writer, step=np.int64(1), tag="x", value=1.0)
    run(run.create, run.create, write, raw.CloseSummaryWriter(writer=run.writer))

    assert len(run.events()) == 1
    with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
        run(write)


def test_bytes_that_are_no_message_are_refused(run):
    run(run.create)
    with pytest.raises(tf.errors.DataLossError, match=r"Bad tf\.Event binary proto"):
        run(raw.ImportEvent(writer=run.writer, event=b"\xff"))
    with pytest.raises(tf.errors.UnimplementedError, match="not written to databases"):
        run(
            raw.CreateSummaryDbWriter(
                writer=run.writer, db_uri="", experiment_name="", run_name="", user_name=""
            )
        )
