"""The file `checkpoint`: what is written is read, as TensorFlow writes and reads it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import minitf

tf = minitf
V1, V2 = tf.train.SaverDef.V1, tf.train.SaverDef.V2


def touch(folder, *names):
    for name in names:
        (Path(folder) / name).touch()


@pytest.mark.parametrize("latest_filename", [None, "other"])
def test_what_is_written_is_read(latest_filename, tmp_path):
    paths = [str(tmp_path / name) for name in "ab"]
    tf.train.update_checkpoint_state(
        tmp_path, paths[1], paths, latest_filename, [1.5, 2.5], last_preserved_timestamp=1.0
    )
    state = tf.train.get_checkpoint_state(str(tmp_path), latest_filename)

    assert state.model_checkpoint_path == paths[1]
    assert list(state.all_model_checkpoint_paths) == paths
    assert list(state.all_model_checkpoint_timestamps) == [1.5, 2.5]
    assert state.last_preserved_timestamp == 1.0
    assert [each.name for each in tmp_path.iterdir()] == [latest_filename or "checkpoint"]


@pytest.mark.tensorflow
@pytest.mark.parametrize("folder", ["relative/folder", "absolute"])
@pytest.mark.parametrize("others", [None, ["m-1"], ["m-1", "m-2"]])
def test_tensorflow_writes_and_reads_the_same(folder, others, tmp_path, monkeypatch, tensorflow):
    monkeypatch.chdir(tmp_path)
    folder = str(tmp_path) if folder == "absolute" else folder
    Path(folder).mkdir(parents=True, exist_ok=True)
    paths = None if others is None else [os.path.join(folder, each) for each in others]  # noqa: PTH118 "folder/m-1"
    written = []
    for train in (tf.train, tensorflow.train):
        own = None if paths is None else list(paths)
        train.update_checkpoint_state(folder, os.path.join(folder, "m-2"), own)  # noqa: PTH118
        written.append((Path(folder) / "checkpoint").read_text())

    assert written[0] == written[1]
    states = [train.get_checkpoint_state(folder) for train in (tf.train, tensorflow.train)]
    assert states[0].SerializeToString() == states[1].SerializeToString()


def test_without_a_file_there_is_no_state(tmp_path):
    assert tf.train.get_checkpoint_state(tmp_path) is None
    assert tf.train.get_checkpoint_state(tmp_path / "none") is None
    assert tf.train.latest_checkpoint(tmp_path) is None
    (tmp_path / "checkpoint").write_text("not: a {state")
    assert tf.train.get_checkpoint_state(tmp_path) is None
    (tmp_path / "checkpoint").write_bytes(b"\xff\xfe")
    assert tf.train.get_checkpoint_state(tmp_path) is None
    (tmp_path / "checkpoint").write_text('all_model_checkpoint_paths: "m"')
    with pytest.raises(ValueError, match="Invalid checkpoint state loaded from"):
        tf.train.get_checkpoint_state(tmp_path)


def test_the_latest_checkpoint_is_one_that_exists(tmp_path):
    tf.train.update_checkpoint_state(tmp_path, str(tmp_path / "m"))
    assert tf.train.latest_checkpoint(tmp_path) is None
    touch(tmp_path, "m.index")
    assert tf.train.latest_checkpoint(str(tmp_path).encode()) == str(tmp_path / "m")


def test_a_checkpoint_exists_in_either_format(tmp_path):
    touch(tmp_path, "two.index", "one", "many-00000-of-00002", "many-00001-of-00002")
    for prefix in ("two", "one", "many-?????-of-00002"):
        assert tf.train.checkpoint_exists(str(tmp_path / prefix))
    for prefix in ("tw", "many", ""):
        assert not tf.train.checkpoint_exists(str(tmp_path / prefix))


def test_times_are_those_of_the_files_that_exist(tmp_path):
    touch(tmp_path, "a.index", "b")
    os.utime(tmp_path / "a.index", (10, 10))
    os.utime(tmp_path / "b", (20.5, 20.5))
    prefixes = [str(tmp_path / name) for name in ("a", "none", "b")]

    assert tf.train.get_checkpoint_mtimes(prefixes) == [10, 20.5]


@pytest.mark.parametrize("version", [V1, V2])
def test_a_checkpoint_is_removed_with_all_its_files(version, tmp_path):
    own = {
        V1: ["m-1", "m-1.meta"],
        V2: ["m-1.index", "m-1.data-00000-of-00002", "m-1.data-00001-of-00002", "m-1.meta"],
    }[version]
    others = ["m-10.index", "m-10.data-00000-of-00001", "m-10.meta", "checkpoint"]
    touch(tmp_path, *own, *others)
    tf.train.remove_checkpoint(str(tmp_path / "m-1"), version)
    tf.train.remove_checkpoint(str(tmp_path / "m-1"), version)

    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(others)


def test_files_of_a_sharded_checkpoint_of_the_first_format_are_removed(tmp_path):
    touch(tmp_path, "m-00000-of-00002", "m-00001-of-00002", "m.meta")
    tf.train.remove_checkpoint(str(tmp_path / "m-?????-of-00002"), V1)

    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_together_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must match checkpoint paths"):
        tf.train.generate_checkpoint_state_proto(tmp_path, "m", ["m"], [1.0, 2.0])
    with pytest.raises(RuntimeError, match="conflicts with path used for checkpoint state"):
        tf.train.update_checkpoint_state(tmp_path, str(tmp_path / "checkpoint"))
