"""CheckpointManager: which checkpoints are kept, and what a later manager knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from io_faults import Disk

import minitf
from minitf.object_checkpoint import manager as managers

tf = minitf


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a thousand seconds at each look."""

    class Clock:
        now = 1e9

        def time(self):
            self.now += 1000.0
            return self.now

    made = Clock()
    monkeypatch.setattr(managers, "time", made)
    return made


@pytest.fixture
def checkpoint():
    v = tf.Variable(1.0)
    with tf.Session() as session:
        session.run(v.initializer)
        yield tf.train.Checkpoint(v=v)


def numbers(paths):
    return [int(path.rpartition("-")[2]) for path in paths]


def on_disk(folder):
    return sorted(int(each.stem.rpartition("-")[2]) for each in Path(folder).glob("*.index"))


def test_the_youngest_are_kept(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep=2)
    assert manager.latest_checkpoint is None
    assert manager.checkpoints == []
    saved = [manager.save() for _ in range(4)]

    assert saved[-1] == str(tmp_path / "ckpt-4") == manager.latest_checkpoint
    assert numbers(manager.checkpoints) == [3, 4] == on_disk(tmp_path)
    assert tf.train.latest_checkpoint(str(tmp_path)) == saved[-1]


def test_a_later_manager_goes_on(checkpoint, tmp_path):
    first = tf.train.CheckpointManager(checkpoint, str(tmp_path), 2, checkpoint_name="mine")
    first.save()
    first.save()
    second = tf.train.CheckpointManager(checkpoint, str(tmp_path), 2, checkpoint_name="mine")
    assert second.checkpoints == first.checkpoints
    assert second.latest_checkpoint == first.latest_checkpoint
    second.save()

    assert numbers(second.checkpoints) == [2, 3] == on_disk(tmp_path)


def test_some_are_kept_for_good(checkpoint, tmp_path, clock):
    hours = 2500.0 / 3600
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), 1, hours)
    for _ in range(8):
        manager.save()
    kept = on_disk(tmp_path)

    assert kept[-1] == 8
    assert numbers(manager.checkpoints) == [8]
    assert kept == [3, 6, 8]
    assert tf.train.CheckpointManager(checkpoint, str(tmp_path), 1, hours).checkpoints == (
        manager.checkpoints
    )


def test_all_are_kept_without_a_limit(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep=None)
    for _ in range(3):
        manager.save()

    assert on_disk(tmp_path) == [1, 2, 3]
    with pytest.raises(ValueError, match="Expected a positive integer or `None`"):
        tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep=0)


def test_numbers_may_be_given_and_one_that_is_written_again_is_the_youngest(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep=3)
    step = tf.train.get_or_create_global_step()
    tf.get_default_session().run(step.initializer)
    for number in (5, 9, step, 5):
        manager.save(checkpoint_number=number)

    assert numbers(manager.checkpoints) == [9, 0, 5]
    assert numbers([manager.latest_checkpoint]) == [5]


@pytest.mark.paper("O-22", "O-23")
@pytest.mark.parametrize("max_to_keep", [1, 3])
def test_no_checkpoint_is_removed_before_one_that_stays_is_on_the_disk(
    checkpoint, tmp_path, monkeypatch, max_to_keep
):
    disk = Disk(monkeypatch, tmp_path)
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep)
    manager.save()
    manager.sync()
    del disk.moments[:]
    for _ in range(6):
        manager.save()

    assert len(disk.moments) > 6 - max_to_keep
    assert min(disk.moments) >= 1
