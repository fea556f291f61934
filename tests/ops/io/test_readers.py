"""Readers give records in order, count them, and wait for names without a thread."""

from __future__ import annotations

import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from input_ends import until_the_end
from ops.io.toy_queue import ToyQueue, queue_behind, toy_queue_op

import minitf as tf
from minitf import errors, ops
from minitf.io.reader import Reader
from minitf.io.work_units import itself, text_lines
from minitf.ops.queue.elements import Spec
from minitf.ops.queue.fifo import FIFOQueue
from minitf.shapes import SCALAR


class Reading:
    """A session with a reader and a queue, in MiniTF or in TensorFlow."""

    def __init__(self, lib, make, names=(), up_to=None, *, close=True):
        self.lib = lib
        self.graph = lib.Graph()
        with self.graph.as_default():
            self.session = lib.Session()
            if not close:  # MiniTF: the test fills the queue when it likes
                handle = toy_queue_op()
                self.queue = queue_behind(self.session, handle)
                self.queue.put_names(*(name.encode() for name in names))
            else:
                handle = lib.FIFOQueue(100, [lib.string], [[]])
                self.session.run(handle.enqueue_many([list(names)]))
                self.session.run(handle.close())
            self.reader = make(lib)
            self.next = self.reader.read_up_to(handle, up_to) if up_to else self.reader.read(handle)
            self.counts = (
                self.reader.num_records_produced(),
                self.reader.num_work_units_completed(),
            )
            self.state, self.reset = self.reader.serialize_state(), self.reader.reset()

    def outcome(self, fetch):
        """What a run gives, or the class of its error."""
        try:
            found = self.session.run(fetch)
        except (errors.OpError, getattr(self.lib.errors, "OpError", errors.OpError)) as error:
            return type(error).__name__
        return [each.tolist() if isinstance(each, np.ndarray) else each for each in found or ()]

    def steps(self, count):
        """Outcomes and counts of some reads."""
        return [(self.outcome(self.next), self.outcome(self.counts)) for _ in range(count)]


def read_all(make, names):
    """Each (key, value) that a reader gives before the queue is empty."""
    reading = Reading(tf, make, names)
    found = []
    while (each := reading.outcome(reading.next)) != "OutOfRangeError":
        found.append(tuple(each))
    return found


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Some files in the working directory, so that keys are short."""
    monkeypatch.chdir(tmp_path)
    contents = {
        "lines": b"one\ntwo\r\n\nthr\ree\rx\r\nend\r",
        "empty": b"",
        "line": b"last\n",
        "fixed": b"HabcdefgF",
        "short": b"H",
        "packed": zlib.compress(b"HabcdeF"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    for name, kind in (("records", ""), ("gzipped", "GZIP")):
        with tf.python_io.TFRecordWriter(name, kind) as writer:
            for record in (b"a", b"", b"ccc"):
                writer.write(record)
    (tmp_path / "torn").write_bytes((tmp_path / "records").read_bytes()[:-1])
    return tmp_path


# --- what the records are ------------------------------------------------------------------------


def test_lines_are_keyed_by_number_and_lose_their_ends(files):
    found = read_all(lambda lib: lib.TextLineReader(), ["lines", "empty", "line"])

    assert found == [
        (b"lines:1", b"one"),
        (b"lines:2", b"two"),
        (b"lines:3", b""),
        (b"lines:4", b"thr\ree\rx"),
        (b"lines:5", b"end"),
        (b"line:1", b"last"),
    ]


def test_header_lines_are_left_out_and_counted(files):
    found = read_all(lambda lib: lib.TextLineReader(skip_header_lines=4), ["lines", "line"])

    assert found == [(b"lines:5", b"end")]


@given(
    st.binary(max_size=40),
    *[st.integers(0, 3)] * 2,
    st.integers(1, 5),
    st.integers(0, 7),
    st.sampled_from(["", "ZLIB"]),
)
def test_records_of_one_length_are_slices_of_the_file(
    tmp_path_factory, content, header, footer, length, hop, encoding
):
    file = tmp_path_factory.getbasetemp() / "fixed"
    file.write_bytes(zlib.compress(content) if encoding else content)
    found = read_all(
        lambda lib: lib.FixedLengthRecordReader(length, header, footer, hop, encoding=encoding),
        [str(file)],
    )

    starts = range(header, len(content) - footer - length + 1, hop or length)
    wanted = [content[start : start + length] for start in starts]
    assert found == [(b"%s:%d" % (str(file).encode(), i), each) for i, each in enumerate(wanted)]


def test_records_of_a_tfrecord_file_are_keyed_by_offset(files):
    wanted = [(b"records:0", b"a"), (b"records:17", b""), (b"records:33", b"ccc")]

    assert read_all(lambda lib: lib.TFRecordReader(), ["records"]) == wanted
    assert read_all(
        lambda lib: lib.TFRecordReader(options=lib.python_io.TFRecordOptions("GZIP")), ["gzipped"]
    ) == [(key.replace(b"records", b"gzipped"), value) for key, value in wanted]


def test_whole_files_and_names_themselves_are_records(files):
    assert read_all(lambda lib: lib.WholeFileReader(), ["line"]) == [(b"line", b"last\n")]
    assert read_all(lambda lib: lib.IdentityReader(), ["a", "b"]) == [(b"a", b"a"), (b"b", b"b")]


# --- TensorFlow does the same --------------------------------------------------------------------

MAKERS = {
    "lines": lambda lib: lib.TextLineReader(),
    "lines below a header": lambda lib: lib.TextLineReader(skip_header_lines=2),
    "fixed": lambda lib: lib.FixedLengthRecordReader(2, 1, 1),
    "hops": lambda lib: lib.FixedLengthRecordReader(3, hop_bytes=1),
    "far hops": lambda lib: lib.FixedLengthRecordReader(2, hop_bytes=5),
    "packed": lambda lib: lib.FixedLengthRecordReader(2, 1, 1, encoding="ZLIB"),
    "records": lambda lib: lib.TFRecordReader(),
    "gzipped": lambda lib: lib.TFRecordReader(options=lib.python_io.TFRecordOptions("GZIP")),
    "whole": lambda lib: lib.WholeFileReader(),
    "itself": lambda lib: lib.IdentityReader(),
}
FILES = {
    "fixed": ["fixed", "missing", "line"],  # TensorFlow takes a file without header for the end
    "records": ["records", "torn"],
    "gzipped": ["gzipped"],
    "packed": ["packed", "packed"],
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("up_to", [None, 1, 2, 4])
@pytest.mark.parametrize("kind", MAKERS)
def test_records_counts_and_errors_are_tensorflows(files, tensorflow, kind, up_to):
    names = FILES.get(kind, ["lines", "missing", "empty", "line", "short", "fixed"])
    if kind == "whole":
        names.sort(key="missing".__eq__)  # a missing file is the end of it
    if kind == "records" and up_to in (2, 4):
        names = ["records"]  # TensorFlow drops a torn file's first records with the error
    ours, theirs = (Reading(lib, MAKERS[kind], names, up_to) for lib in (tf, tensorflow))

    assert ours.steps(20) == theirs.steps(20)
    assert ours.outcome(ours.reset) == theirs.outcome(theirs.reset)
    assert ours.outcome(ours.counts) == theirs.outcome(theirs.counts) == [0, 0]


@pytest.mark.tensorflow
def test_states_are_tensorflows(files, tensorflow):
    names = ["a", "b", "c", "d"]
    ours, theirs = (Reading(lib, MAKERS["itself"], names) for lib in (tf, tensorflow))
    for reading in (ours, theirs):
        reading.steps(3)
    states = [reading.session.run(reading.state) for reading in (ours, theirs)]

    assert states[0] == states[1]


# --- damage --------------------------------------------------------------------------------------


def test_records_before_damage_come_first_and_then_the_error_stays(files):
    reading = Reading(tf, lambda lib: lib.TFRecordReader(), ["torn", "records"], up_to=5)
    first = reading.outcome(reading.next)

    assert first == [[b"torn:0", b"torn:17"], [b"a", b""]]
    for _ in range(3):
        with pytest.raises(errors.DataLossError, match="truncated record at 33"):
            reading.session.run(reading.next)
    assert reading.outcome(reading.counts) == [2, 0]

    reading.session.run(reading.reset)
    assert reading.outcome(reading.next)[1] == [b"a", b"", b"ccc"]


def test_a_file_that_cannot_be_opened_is_told_and_the_next_is_read(files):
    reading = Reading(tf, lambda lib: lib.TextLineReader(), ["missing", "line"])

    with pytest.raises(errors.NotFoundError, match="missing; No such file"):
        reading.session.run(reading.next)
    assert reading.outcome(reading.next) == [b"line:1", b"last"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: tf.TextLineReader(-1), "skip_header_lines must be >= 0 not -1"),
        (lambda: tf.FixedLengthRecordReader(-1), "record_bytes must be >= 0 not -1"),
        (lambda: tf.FixedLengthRecordReader(0), "record_bytes must be > 0 not 0"),
        (lambda: tf.FixedLengthRecordReader(2, -1), "header_bytes must be >= 0 not -1"),
        (lambda: tf.FixedLengthRecordReader(2, 0, -1), "footer_bytes must be >= 0 not -1"),
        (lambda: tf.FixedLengthRecordReader(2, 0, 0, -1), "hop_bytes must be >= 0 not -1"),
        (lambda: tf.FixedLengthRecordReader(2, encoding="X"), "Unsupported compression_type:X"),
    ],
)
def test_a_reader_that_cannot_be_is_refused(make, words):
    with tf.Session() as session, pytest.raises(errors.InvalidArgumentError, match=words):
        session.run(make().num_records_produced())


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ([np.array(b"a", object)] * 2, "Expected single component queue"),
        ([np.array(1)], "Expected queue with single string component"),
        ([np.array([b"a", b"b"], object)], "Expected to dequeue a one-element string tensor"),
    ],
)
def test_an_element_that_is_no_name_is_refused(components, words):
    reading = Reading(tf, lambda lib: lib.IdentityReader(), close=False)
    reading.queue.put(*components)
    reading.queue.put_names(b"next")

    with pytest.raises(errors.InvalidArgumentError, match=words):
        reading.session.run(reading.next)
    assert reading.outcome(reading.next) == [b"next", b"next"]


def test_a_handle_of_something_else_is_refused():
    queue = toy_queue_op()
    reader = tf.IdentityReader()
    read = (ops.reader_read_v2_op(queue, queue), reader.read(reader.reader_ref))
    for made, words in zip(read, ("is no reader", "is no queue"), strict=True):
        with tf.Session() as session, pytest.raises(errors.InvalidArgumentError, match=words):
            session.run(made)


def test_a_number_of_records_must_be_positive():
    reading = Reading(tf, lambda lib: lib.IdentityReader(), up_to=-1, close=False)

    with pytest.raises(errors.InvalidArgumentError, match="num_records must be positive, got -1"):
        reading.session.run(reading.next)


# --- state ---------------------------------------------------------------------------------------


def test_a_state_is_taken_back_by_another_reader():
    first = Reading(tf, lambda lib: lib.IdentityReader(), ["a", "b"])
    first.steps(2)
    state = first.session.run(first.state)
    second = Reading(tf, lambda lib: lib.IdentityReader(), [])
    with second.graph.as_default():
        restore = second.reader.restore_state(tf.placeholder(tf.string, [], "state"))
    second.session.run(restore, {"state:0": state})

    assert second.outcome(second.counts) == [2, 2]
    for bad, words in (
        (b"\xff", "Could not parse state for IdentityReader 'IdentityReaderV2'"),
        (b"\x08\x05", r"Inconsistent work started vs\. finished when restoring in IdentityReader"),
        (b"\x08" + b"\xff" * 9 + b"\x01", "Unexpected negative value when restoring in"),
    ):
        with pytest.raises(errors.InvalidArgumentError, match=words):
            second.session.run(restore, {"state:0": bad})
        assert second.outcome(second.counts) == [0, 0]


def test_the_state_of_a_reader_within_files_cannot_be_written():
    reading = Reading(tf, lambda lib: lib.TextLineReader(), [])
    with reading.graph.as_default():
        restore = reading.reader.restore_state(b"")

    assert reading.outcome(reading.state) == "UnimplementedError"
    assert reading.outcome(restore) == "UnimplementedError"
    assert reading.outcome(reading.counts) == [0, 0]
    assert not reading.reader.supports_serialize
    assert tf.WholeFileReader().supports_serialize


def test_readers_of_one_name_are_one_reader(files):
    shared = [ops.identity_reader_v2_op(shared_name="r") for _ in range(2)]
    queue = toy_queue_op()
    reads = [ops.reader_read_v2_op(reader, queue).value for reader in shared]
    with tf.Session() as session:
        queue_behind(session, queue).put_names(b"a", b"b")
        found = [session.run(read) for read in reads]
        count = session.run(ops.reader_num_records_produced_v2_op(shared[0]))

    assert (found, count) == ([b"a", b"b"], 2)


def test_old_graphs_name_readers_by_refs_of_strings():
    reader = ops.identity_reader_op(shared_name="r", container="c")
    base = tf.ReaderBase(reader, supports_serialize=True)
    with tf.Session() as session:
        produced = session.run(base.num_records_produced())
        state = session.run(base.serialize_state())
        name = session.run(reader)

    assert (produced, state, name.tolist()) == (0, b"", [b"c", b"r"])
    assert reader.shape == [2]
    assert base.num_records_produced().op.type == "ReaderNumRecordsProduced"


def test_nodes_have_tensorflows_names():
    reader, queue = tf.TextLineReader(name="lines"), toy_queue_op()
    found = [
        reader.reader_ref.op, reader.read(queue)[0].op, reader.read_up_to(queue, 3, "some")[0].op,
    ]  # fmt: skip

    assert [(op.name, op.type) for op in found] == [
        ("lines", "TextLineReaderV2"),
        ("ReaderReadV2", "ReaderReadV2"),
        ("some", "ReaderReadUpToV2"),
    ]


# --- waiting -------------------------------------------------------------------------------------


@pytest.mark.paper("W-42")
def test_a_hundred_reads_wait_for_names_on_no_thread_and_get_them_in_order():
    queue, reader = ToyQueue(), Reader("reader", itself)
    threads = threading.active_count()
    reads = [reader.read(queue) for _ in range(100)]

    assert queue.waiting == 1
    assert threading.active_count() == threads
    names = [b"%d" % i for i in range(100)]
    queue.put_names(*names)
    assert [read.result(timeout=60) for read in reads] == [[(name, name)] for name in names]
    assert reader.records_produced == 100


def test_a_read_that_is_cancelled_takes_no_name_from_the_next():
    queue, reader = ToyQueue(), Reader("reader", itself, one_each=True)
    first, second, third = (reader.read(queue) for _ in range(3))

    assert first.cancel()
    assert third.cancel()
    queue.put_names(b"a", b"b")
    assert second.result(timeout=60) == [(b"a", b"a")]
    assert reader.read(queue).result(timeout=60) == [(b"b", b"b")]


def test_a_read_that_is_cancelled_while_a_file_is_open_leaves_the_record(tmp_path):
    (tmp_path / "file").write_bytes(b"one\ntwo\n")
    queue, reader = ToyQueue(), Reader("reader", text_lines)
    queue.put_names(str(tmp_path / "file").encode())
    reader.read(queue).result(timeout=60)
    opened, go_on = threading.Event(), threading.Event()

    class Slow(ToyQueue):
        def dequeue_one(self):
            opened.set()
            go_on.wait(60)
            return super().dequeue_one()

    reader.read(queue).result(timeout=60)
    slow = Slow()
    asked = []
    thread = threading.Thread(target=lambda: asked.append(reader.read(slow)))
    thread.start()
    opened.wait(60)
    later = reader.read(slow)  # waits behind the one that is asking
    go_on.set()
    thread.join(60)
    asked[0].cancel()
    slow.put_names(str(tmp_path / "file").encode())

    assert later.result(timeout=60)[0][1] == b"one"


def test_a_closed_queue_ends_every_read_that_waits():
    queue, reader = ToyQueue(), Reader("reader", itself)
    reads = [reader.read(queue) for _ in range(5)]
    queue.close()

    for read in reads:
        with pytest.raises(errors.OutOfRangeError, match="insufficient elements"):
            read.result(timeout=60)


def test_a_run_that_waits_is_aborted_with_its_session():
    reading = Reading(tf, lambda lib: lib.IdentityReader(), close=False)
    failed = []

    def run():
        try:
            reading.session.run(reading.next)
        except errors.CancelledError as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    reading.queue.wait_for_reader()
    reading.session.close()
    thread.join(60)

    assert failed
    assert not reading.queue.waiting


@pytest.mark.usefixtures("impatient")
def test_a_read_says_that_no_queue_runner_was_started():
    names = tf.train.string_input_producer(["a", "b"], shuffle=False)
    key, _ = tf.IdentityReader().read(names)
    with tf.Session() as session:
        with pytest.raises(UserWarning, match="queue 'input_producer' is empty and no queue run"):
            session.run(key)
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)

        assert [session.run(key) for _ in range(3)] == [b"a", b"b", b"a"]
        coord.request_stop()
        coord.join(threads)


@pytest.mark.paper("W-37")
def test_a_read_that_waits_at_a_queue_is_given_up_without_losing_a_name():
    names = tf.FIFOQueue(9, tf.string, [])
    key, _ = tf.IdentityReader().read(names)
    with tf.Session() as session:
        with pytest.raises(errors.DeadlineExceededError):
            session.run(key, options=tf.RunOptions(timeout_in_ms=5))
        session.run(names.enqueue_many([["a", "b"]]))
        session.run(names.close())

        assert [session.run(key) for _ in range(2)] == [b"a", b"b"]
        with pytest.raises(errors.OutOfRangeError, match="is closed and has insufficient elements"):
            session.run(key)


def test_threads_that_read_at_once_share_the_records(tmp_path):
    lines = [b"%d" % i for i in range(2000)]
    (tmp_path / "file").write_bytes(b"\n".join(lines))
    reading = Reading(tf, lambda lib: lib.TextLineReader(), [str(tmp_path / "file")])
    found = []

    def work():
        while (each := reading.outcome(reading.next)) != "OutOfRangeError":
            found.append(each[1])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(found) == sorted(lines)
    assert reading.outcome(reading.counts) == [2000, 1]


@pytest.mark.parametrize(
    "make",
    [
        lambda: tf.FIFOQueue(9, tf.string, []),
        lambda: tf.RandomShuffleQueue(9, 0, tf.string, []),
        lambda: tf.PaddingFIFOQueue(9, tf.string, [[]]),
    ],
)
def test_readers_take_names_from_queues_of_every_kind(make):
    queue = make()
    read = tf.IdentityReader().read(queue)
    with tf.Session() as session, ThreadPoolExecutor() as pool:
        reads = [pool.submit(session.run, read) for _ in range(2)]
        session.run(queue.enqueue_many([["a", "b", "c"]]))
        found = [each.result(timeout=60)[1] for each in reads]
        session.run(queue.close())
        found.append(session.run(read)[1])
        with pytest.raises(errors.OutOfRangeError, match="closed and has insufficient elements"):
            session.run(read)

    assert sorted(found) == [b"a", b"b", b"c"]


def test_a_read_that_is_cancelled_leaves_the_name_in_its_queue():
    queue, reader = (
        FIFOQueue("q", Spec(FIFOQueue, (tf.string,), (SCALAR,), capacity=9)),
        Reader("r", itself),
    )
    waits = reader.read(queue)

    assert waits.cancel()
    queue.enqueue([np.array(b"a", object)])
    assert queue.size() == 1
    assert reader.read(queue).result(timeout=60) == [(b"a", b"a")]


def test_a_pipeline_reads_files_line_by_line_and_repeats_them(files):
    def lines(lib):
        names = lib.train.string_input_producer(["line", "lines"], num_epochs=2, shuffle=False)
        _, line = lib.TextLineReader().read(names)
        return lib.train.batch([line], 3, allow_smaller_final_batch=True)

    found = np.concatenate(until_the_end(lines))

    assert found.tolist() == [b"last", b"one", b"two", b"", b"thr\ree\rx", b"end"] * 2
