"""Checkpoints get to the disk behind the program, and a power cut leaves a whole one."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from io_faults import Disk

import minitf as tf
from minitf.errors import DataLossError, UnknownError
from minitf.io import bundle_files, tensor_bundle
from minitf.io.bundle_reader import BundleReader


class Training:
    """A session with a variable that counts the saves, and a Saver."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.path = str(folder / "net.ckpt")
        with tf.Graph().as_default():
            self._count = tf.Variable(0.0, name="count")
            self._add = self._count.assign_add(1.0).op
            self.saver = tf.train.Saver(**options)
            self.session = tf.Session()
            self.session.run(self._count.initializer)

    def save(self, global_step: int | None = None) -> str:
        self.session.run(self._add)
        return str(self.saver.save(self.session, self.path, global_step=global_step))


def count_in(prefix: str) -> float:
    return float(BundleReader(prefix).read("count"))


@pytest.mark.paper("O-22", "O-23")
@pytest.mark.parametrize("max_to_keep", [1, 2, 5])
def test_no_checkpoint_is_removed_before_one_that_stays_is_on_the_disk(
    tmp_path, monkeypatch, max_to_keep
):
    training = Training(tmp_path, max_to_keep=max_to_keep)
    disk = Disk(monkeypatch, tmp_path)
    training.save(0)
    training.saver.sync()
    del disk.moments[:]
    for step in range(1, 8):
        training.save(step)

    assert len(disk.moments) > 7 - max_to_keep
    assert min(disk.moments) >= 1
    training.saver.sync()
    assert disk.whole() == {f"net.ckpt-{step}" for step in range(8 - max_to_keep, 8)}


@pytest.mark.paper("O-22")
def test_what_replaces_a_checkpoint_is_on_the_disk_before_that_one_goes(tmp_path, monkeypatch):
    training = Training(tmp_path)
    training.save()
    training.saver.sync()
    synced: set[int] = set()  # inodes
    removed: list[Path] = []
    sync, unlink = os.fsync, Path.unlink

    def fsync(handle: int) -> None:
        sync(handle)
        synced.add(os.fstat(handle).st_ino)

    def remove(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".index":
            assert all(part.stat().st_ino in synced for part in tmp_path.glob("*.part"))
            removed.append(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "unlink", remove)
    path = training.save()

    assert removed == [Path(f"{path}.index"), Path(f"{bundle_files.replaced(path)}.index")]
    assert count_in(path) == 2


class Slow:
    """An os.fsync that waits until it may go on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.may_go_on = threading.Event()
        self.calls = 0
        sync = os.fsync

        def fsync(handle: int) -> None:
            assert self.may_go_on.wait(60)
            self.calls += 1
            sync(handle)

        patch.setattr(os, "fsync", fsync)


@pytest.fixture
def slow(monkeypatch) -> Iterator[Slow]:
    disk = Slow(monkeypatch)
    yield disk
    disk.may_go_on.set()


def test_a_save_does_not_wait_for_the_disk(tmp_path, slow):
    training = Training(tmp_path)
    path = training.save(1)

    assert tf.train.latest_checkpoint(tmp_path) == path
    assert count_in(path) == 1
    assert slow.calls == 0
    slow.may_go_on.set()
    training.saver.sync()
    assert slow.calls >= 5  # two files, the MetaGraph, `checkpoint`, the folder


def test_a_variable_has_every_save_wait_for_the_disk(tmp_path, monkeypatch, slow):
    slow.may_go_on.set()
    monkeypatch.setenv("MINITF_SYNC_SAVES", "1")
    Training(tmp_path).save(1)

    assert slow.calls >= 5


def test_a_program_killed_after_a_save_has_lost_nothing(tmp_path):
    program = (
        f"import sys; sys.path[:0] = {[str(each) for each in Path(__file__).parents[:2]]!r}\n"
        "import os, pathlib, signal, threading\n"
        "os.fsync = lambda handle: threading.Event().wait()\n"  # the disk never gets anything
        "import test_commits\n"
        f"test_commits.Training(pathlib.Path({str(tmp_path)!r})).save(7)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=False, timeout=120)

    latest = tf.train.latest_checkpoint(str(tmp_path))
    assert latest == str(tmp_path / "net.ckpt-7")
    assert count_in(latest) == 1


@pytest.mark.paper("O-22")
def test_the_next_save_tells_what_did_not_get_to_the_disk(tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.ERROR, "tensorflow")
    training = Training(tmp_path, max_to_keep=1)
    first = training.save(1)
    training.saver.sync()

    def broken(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(UnknownError, match=r"net\.ckpt-2; Input/output error"):
            training.save(2)  # which would have removed the first one
    assert "net.ckpt-2 did not get to the disk" in caplog.text
    assert count_in(first) == 1


@pytest.mark.paper("O-22")
@pytest.mark.parametrize(
    "damage",
    [
        lambda prefix: os.truncate(f"{prefix}.data-00000-of-00001", 3),
        lambda prefix: Path(f"{prefix}.data-00000-of-00001").unlink(),
        lambda prefix: os.truncate(f"{prefix}.index", 20),
        lambda prefix: os.truncate(f"{prefix}.index", 0),
    ],
    ids=["data end early", "no data", "table ends early", "table empty"],
)
def test_a_power_cut_leaves_the_youngest_whole_checkpoint(tmp_path, caplog, damage):
    caplog.set_level(logging.WARNING, "tensorflow")
    training = Training(tmp_path)
    paths = [training.save(step) for step in range(3)]
    training.saver.sync()
    damage(paths[2])

    assert tf.train.latest_checkpoint(str(tmp_path)) == paths[1]
    assert tf.train.get_checkpoint_state(str(tmp_path)).model_checkpoint_path == paths[1]
    assert f"{paths[2]} is torn: taking {paths[1]} instead" in caplog.text
    damage(paths[1])
    assert tf.train.latest_checkpoint(str(tmp_path)) == paths[0]


@pytest.mark.paper("O-22")
def test_what_was_being_replaced_is_taken_when_the_new_one_is_torn_or_has_no_name(
    tmp_path, monkeypatch, caplog
):
    caplog.set_level(logging.WARNING, "tensorflow")
    monkeypatch.setattr(tensor_bundle, "_LONG_TO_SYNC", 0)
    training = Training(tmp_path)
    path = training.save()
    training.saver.sync()
    with bundle_files.promised(path):  # and nobody keeps it
        training.session.run(
            training.saver.saver_def.save_tensor_name,
            {training.saver.saver_def.filename_tensor_name: path},
        )
    old = bundle_files.replaced(path)
    assert tf.train.latest_checkpoint(str(tmp_path)) == path
    os.truncate(f"{path}.data-00000-of-00001", 3)

    assert tf.train.latest_checkpoint(str(tmp_path)) == old
    assert f"{path} is torn: taking {old} instead" in caplog.text
    Path(f"{path}.index").unlink()
    assert tf.train.latest_checkpoint(str(tmp_path)) == old
    with pytest.raises(ValueError, match=r"not a valid checkpoint: .* \(but there is .*replaced\)"):
        training.saver.restore(training.session, path)
    training.saver.restore(training.session, old)
    training.save()
    training.saver.sync()
    assert not Path(f"{old}.index").exists()


def test_a_large_checkpoint_replaces_another_before_the_disk_has_it(tmp_path, monkeypatch, slow):
    monkeypatch.setattr(tensor_bundle, "_LONG_TO_SYNC", 0)
    training = Training(tmp_path)
    slow.may_go_on.set()
    path = training.save()
    training.saver.sync()
    slow.may_go_on.clear()
    assert training.save() == path

    assert (count_in(path), count_in(bundle_files.replaced(path))) == (2, 1)
    slow.may_go_on.set()
    training.saver.sync()
    assert not Path(f"{bundle_files.replaced(path)}.index").exists()
    assert count_in(path) == 2


def test_a_torn_checkpoint_without_another_is_told_by_restore(tmp_path):
    training = Training(tmp_path)
    path = training.save(1)
    training.saver.sync()
    os.truncate(f"{path}.data-00000-of-00001", 3)

    assert tf.train.latest_checkpoint(str(tmp_path)) == path
    with pytest.raises(DataLossError, match="the file ends 1 bytes too early"):
        training.saver.restore(training.session, path)


def test_an_empty_or_partitioned_checkpoint_is_not_torn(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        whole = tf.get_variable(
            "whole",
            [4, 2],
            partitioner=tf.fixed_size_partitioner(2),
            initializer=tf.ones_initializer,
        )
        empty = tf.Variable(np.zeros([0, 3]), name="empty")
        session.run(tf.global_variables_initializer())
        saver = tf.train.Saver([*whole, empty])
        paths = [saver.save(session, str(tmp_path / "x"), global_step=step) for step in (1, 2)]

    assert tf.train.latest_checkpoint(str(tmp_path)) == paths[-1]
