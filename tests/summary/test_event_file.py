"""Event files: what was added is read, whoever dies meanwhile and however full the disk is."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from event_files import PATIENCE_S, event, events, steps, summary, wait_until, whole_events

import minitf as tf
from minitf.io.records import FRAME_BYTES
from minitf.summary.event_file import VERSION, EventFile

NEVER = 1e9


@contextmanager
def open_file(path, max_queue=10, flush_secs=NEVER):
    file = EventFile(str(path), max_queue, flush_secs)
    try:
        yield file
    finally:
        file.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events"


# --- when events can be read ----------------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_events_come_back_in_order_after_the_version(path):
    before = time.time()
    with open_file(path) as file:
        for step in range(100):
            file.add(event(step))

    first, *others = events(path)
    assert first.file_version == VERSION == "brain.Event:2"
    assert before <= first.wall_time <= time.time()
    assert [each.SerializeToString() for each in others] == list(map(event, range(100)))


def test_the_version_can_be_read_before_anything_is_added(path):
    with open_file(path):
        assert [each.file_version for each in events(path)] == [VERSION]


def test_the_first_event_can_be_read_at_once(path):
    with open_file(path) as file:
        file.add(event(7))
        wait_until(lambda: steps(path) == [7])


@pytest.mark.paper("W-56")
def test_later_events_can_be_read_when_the_time_has_passed(path):
    with open_file(path, flush_secs=0.02) as file:
        for step in range(3):
            file.add(event(step))
            wait_until(lambda step=step: steps(path) == list(range(step + 1)))


def test_events_can_be_read_after_a_flush_and_not_before(path):
    with open_file(path) as file:
        file.add(event(0))
        file.flush()
        file.add(event(1))
        assert steps(path) == [0]

        file.flush()
        assert steps(path) == [0, 1]


def test_many_bytes_do_not_wait_for_the_time(path):
    with open_file(path) as file:
        file.add(event(0))
        file.flush()
        large = tf.Event(step=1, file_version="x" * 100_000)
        file.add(large.SerializeToString())
        wait_until(lambda: len(events(path)) == 3)


def test_events_of_many_threads_are_whole_and_each_threads_in_order(path):
    with open_file(path, max_queue=3) as file:

        def add(first):
            for step in range(first, first + 100):
                file.add(event(step))

        threads = [threading.Thread(target=add, args=(1000 * i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    found = steps(path)
    for i in range(8):
        assert [s for s in found if s // 1000 == i] == list(range(1000 * i, 1000 * i + 100))


def test_a_file_that_exists_is_gone_on_with(path):
    for step in range(2):
        with open_file(path) as file:
            file.add(event(step))

    assert [each.file_version or each.step for each in events(path)] == [VERSION, 0, VERSION, 1]


def test_what_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(tf.errors.NotFoundError, match="No such file or directory"):
        EventFile(str(tmp_path / "no" / "file"), 10, NEVER)


# --- a disk that is full --------------------------------------------------------------------------


class SmallDisk:
    """A file that takes so many bytes and no more, until it is given room."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def write(self, data):
        taken = bytes(data[: self.room])
        if not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= len(taken)
        return self.file.write(taken)

    def __getattr__(self, name):
        return getattr(self.file, name)


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@FULL
def test_a_disk_that_is_full_from_the_start_is_told_at_once():
    with pytest.raises(tf.errors.ResourceExhaustedError, match="/dev/full; No space left"):
        EventFile("/dev/full", 10, NEVER)


SIZES = [len(event(step)) + FRAME_BYTES for step in (1, 2)]


@pytest.mark.parametrize("room", [0, 1, SIZES[0], SIZES[0] + 1, sum(SIZES) - 1])
def test_a_full_disk_is_told_until_there_is_room_and_then_nothing_is_missing(path, room):
    with open_file(path) as file:
        file.add(event(0))
        file.flush()
        file._file = disk = SmallDisk(file._file, room)
        file.add(event(1))
        file.add(event(2))
        for _ in range(3):
            with pytest.raises(tf.errors.ResourceExhaustedError, match="events; No space left"):
                file.flush()
            with pytest.raises(tf.errors.ResourceExhaustedError):
                file.add(event(13))  # not taken
        found, damage = whole_events(path)
        assert [each.step for each in found[1:]] == ([0, 1] if room >= SIZES[0] else [0])
        assert bool(damage) == (room not in (0, SIZES[0]))

        disk.room = 10_000
        file.add(event(3))

    assert steps(path) == [0, 1, 2, 3]


def test_closing_tells_of_a_full_disk_and_closes(path):
    file = EventFile(str(path), 10, NEVER)
    file._file = SmallDisk(file._file, 0)
    file.add(event(0))
    with pytest.raises(tf.errors.ResourceExhaustedError):
        file.close()

    assert file._file.closed
    file._thread.join(PATIENCE_S)
    assert not file._thread.is_alive()
    file.close()  # is closed already


def test_who_flushes_a_file_that_another_thread_closes_does_not_wait_for_ever(path):
    file = EventFile(str(path), 10, NEVER)
    file.close()
    file.flush()


def test_the_files_own_thread_may_close_it(path):
    """As it does when the garbage collector finds the writer there."""

    class Closing(SmallDisk):
        def write(self, data):
            file.close()
            return super().write(data)

    file = EventFile(str(path), 10, NEVER)
    file._file = Closing(file._file, 10_000)
    file.add(event(0))
    assert file._end.wait(PATIENCE_S)

    assert file._file.closed
    assert steps(path) == [0]


def test_who_adds_waits_while_the_queue_is_full(path):
    gate = threading.Event()

    class Slow(SmallDisk):
        def write(self, data):
            gate.wait(PATIENCE_S)
            return super().write(data)

    with open_file(path, max_queue=2) as file:
        file._file = Slow(file._file, 10_000)

        def add():
            for step in range(10):
                file.add(event(step))

        thread = threading.Thread(target=add)
        thread.start()
        wait_until(lambda: not file._room._value)
        assert thread.is_alive()
        gate.set()
        thread.join()

    assert steps(path) == list(range(10))


# --- processes that end ---------------------------------------------------------------------------

WRITER = """
import itertools, os, sys
import minitf as tf
writer = tf.summary.FileWriter({folder!r}, flush_secs={flush_secs})
for step in itertools.count() if {endless} else range(50):
    value = tf.Summary.Value(tag="n", simple_value=step)
    writer.add_summary(tf.Summary(value=[value]), step)
{rest}
"""


def program(folder, rest="", flush_secs=NEVER, endless=False):
    code = WRITER.format(folder=str(folder), rest=rest, flush_secs=flush_secs, endless=endless)
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)


@pytest.mark.paper("W-56")
def test_a_writer_that_is_killed_leaves_whole_events(tmp_path):
    process = program(tmp_path, flush_secs=0, endless=True)
    with process:
        wait_until(lambda: sum(f.stat().st_size for f in tmp_path.iterdir()) > 50_000)
        process.send_signal(signal.SIGKILL)
    (path,) = tmp_path.iterdir()

    found, damage = whole_events(path)
    assert len(found) > 1000
    assert [each.step for each in found[1:]] == list(range(len(found) - 1))
    if damage is not None:  # killed while the system wrote
        read = sum(len(each.SerializeToString()) + FRAME_BYTES for each in found)
        assert f"truncated record at {read}" in damage.message


@pytest.mark.parametrize(
    "rest", ["", "raise SystemExit(3)", "1 / 0", "del writer", "writer.close()"], ids=repr
)
def test_a_program_that_ends_has_written_everything(tmp_path, rest):
    process = program(tmp_path, rest)
    _, said = process.communicate()

    assert process.returncode == {"raise SystemExit(3)": 3, "1 / 0": 1}.get(rest, 0), said
    assert steps(tmp_path) == list(range(50))


@FULL
def test_a_program_that_ends_with_a_full_disk_says_so(tmp_path):
    process = program(tmp_path, 'writer._file._file = open("/dev/full", "ab", 0)')
    _, said = process.communicate()

    assert "No space left on device" in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_forked_process_adds_to_the_same_file(tmp_path):
    rest = """
import warnings
warnings.simplefilter("ignore")  # of forks beside threads
child = os.fork()
if not child:
    for step in range(100, 150):
        writer.add_summary(tf.Summary(), step)
    writer.close()
    os._exit(0)
for step in range(200, 250):
    writer.add_summary(tf.Summary(), step)
os.waitpid(child, 0)
"""
    process = program(tmp_path, rest)
    _, said = process.communicate()

    assert process.returncode == 0, said
    found = steps(tmp_path)
    assert sorted(found) == [*range(50), *range(100, 150), *range(200, 250)]
    assert [s for s in found if s // 100 == 1] == list(range(100, 150))
    assert [s for s in found if s // 100 != 1] == [*range(50), *range(200, 250)]


# --- TensorFlow's files ---------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.paper("W-56")
def test_tensorflow_reads_our_events_and_we_read_its(tmp_path, tensorflow):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for library, folder in ((tf, ours), (tensorflow, theirs)):
        with library.Graph().as_default(), library.summary.FileWriter(str(folder)) as writer:
            value = library.Summary.Value(tag="n", simple_value=0.5)
            for step in (None, 3, 2**40):
                writer.add_summary(library.Summary(value=[value]), step)

    def told(event):
        return event.step, event.file_version, event.summary.SerializeToString()

    (path,) = ours.iterdir()
    found = [told(each) for each in tensorflow.train.summary_iterator(str(path))]
    wanted = summary("n", 0.5).SerializeToString()
    assert found == [(0, VERSION, b""), (0, "", wanted), (3, "", wanted), (2**40, "", wanted)]
    assert [told(each) for each in events(theirs)] == found


@pytest.mark.tensorflow
def test_where_tensorflow_finds_damage_we_do(path, tensorflow):
    with open_file(path) as file:
        for step in range(3):
            file.add(event(step))
    data = path.read_bytes()
    last = len(data) - len(event(2)) - FRAME_BYTES
    for cut in (last, *range(last + 12, len(data), 7)):  # it takes torn headers for the end
        path.write_bytes(data[:cut])
        theirs = 0
        try:
            for _ in tensorflow.train.summary_iterator(str(path)):
                theirs += 1
        except tensorflow.errors.DataLossError as error:
            damage = error.message.partition("'")[0]
        else:
            damage = ""

        found, error = whole_events(path)
        assert len(found) == theirs == 3
        assert (error.message if error else "").startswith(damage)
        assert bool(damage) == bool(error)
