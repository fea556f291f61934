"""Looking into checkpoints and waiting for them."""

from __future__ import annotations

import time

import numpy as np
import pytest

import minitf
from minitf.io.tensor_bundle import BundleWriter
from minitf.io.tensor_slice import TensorSlice

tf = minitf
W = np.arange(6, dtype=np.float32).reshape(2, 3)


def saved(folder, name="m"):
    text = np.empty((), object)
    text[()] = b"text"
    with BundleWriter(str(folder / name)) as writer:
        writer.add("n", np.array(3))
        writer.add("t", text)
        writer.add_slice("w", (2, 3), TensorSlice.parse("0,1:-"), W[:1])
        writer.add_slice("w", (2, 3), TensorSlice.parse("1,1:-"), W[1:])
    tf.train.update_checkpoint_state(folder, str(folder / name))
    return str(folder / name)


@pytest.mark.paper("O-23")
def test_a_reader_tells_names_shapes_types_and_values(tmp_path):
    reader = tf.train.NewCheckpointReader(saved(tmp_path))

    assert reader.get_variable_to_shape_map() == {"n": [], "t": [], "w": [2, 3]}
    assert reader.get_variable_to_dtype_map() == {"n": tf.int64, "t": tf.string, "w": tf.float32}
    assert reader.has_tensor("w")
    assert not reader.has_tensor("v")
    assert reader.get_tensor("w").tolist() == W.tolist()
    assert (reader.get_tensor("n"), reader.get_tensor("t")) == (3, b"text")
    assert reader.debug_string() == (b"n (DT_INT64) []\nt (DT_STRING) []\nw (DT_FLOAT) [2,3]\n")
    with pytest.raises(tf.errors.NotFoundError, match="Key v not found in checkpoint"):
        reader.get_tensor("v")


@pytest.mark.paper("O-22")
def test_a_flipped_bit_is_told_with_tensor_and_file(tmp_path):
    prefix = saved(tmp_path)
    data, index = (tmp_path / f"m.{end}" for end in ("data-00000-of-00001", "index"))
    for file, words in (
        (data, r"tensor: n\n  file: .*m.data-00000-of-00001"),
        (index, r"m\.index"),
    ):
        whole = file.read_bytes()
        file.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        with pytest.raises(tf.errors.DataLossError, match=words):
            tf.train.NewCheckpointReader(prefix).get_tensor("n")
        file.write_bytes(whole)

    assert tf.train.NewCheckpointReader(prefix).get_tensor("n") == 3


def test_a_folder_means_its_latest_checkpoint(tmp_path):
    path = saved(tmp_path)
    for where in (path, str(tmp_path), tmp_path):
        assert tf.train.list_variables(where) == [("n", []), ("t", []), ("w", [2, 3])]
        assert tf.train.load_variable(where, "n:0") == 3
        assert tf.train.load_checkpoint(where).has_tensor("t")
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints in"):
        tf.train.load_checkpoint(tmp_path.parent)
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files"):
        tf.train.load_checkpoint(str(tmp_path / "none"))


@pytest.mark.tensorflow
def test_tensorflow_tells_the_same(tmp_path, tensorflow):
    path = saved(tmp_path)
    ours, theirs = (train.load_checkpoint(path) for train in (tf.train, tensorflow.train))

    assert ours.get_variable_to_shape_map() == theirs.get_variable_to_shape_map()
    for name in ("n", "t", "w"):
        one, other = ours.get_tensor(name), theirs.get_tensor(name)
        assert type(one) is type(other)
        assert np.array_equal(one, other)


# --- waiting --------------------------------------------------------------------------------------


class Clock:
    """Time that passes only while somebody sleeps; something may happen meanwhile."""

    def __init__(self, monkeypatch, *events):
        self.now = 0.0
        self.events = list(events)  # (time, action)
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self.sleep)

    def sleep(self, seconds):
        self.now += seconds
        while self.events and self.events[0][0] <= self.now:
            self.events.pop(0)[1]()


def test_each_new_checkpoint_is_given_once(tmp_path, monkeypatch):
    Clock(monkeypatch, (3, lambda: saved(tmp_path, "a")), (9, lambda: saved(tmp_path, "b")))
    found = list(tf.train.checkpoints_iterator(tmp_path, timeout=20))

    assert found == [str(tmp_path / name) for name in "ab"]


def test_a_function_may_end_the_waiting_or_prolong_it(tmp_path, monkeypatch):
    Clock(monkeypatch, (25, lambda: saved(tmp_path, "late")))
    answers = [False, False, True]
    found = list(
        tf.train.checkpoints_iterator(tmp_path, timeout=10, timeout_fn=lambda: answers.pop(0))
    )

    assert found == [str(tmp_path / "late")]
    assert answers == []


def test_checkpoints_come_no_faster_than_asked_for(tmp_path, monkeypatch):
    clock = Clock(monkeypatch)
    saved(tmp_path, "a")
    seen = []
    for path in tf.train.checkpoints_iterator(tmp_path, min_interval_secs=30, timeout=1):
        seen.append((path[-1], clock.now))
        saved(tmp_path, "b")
        if len(seen) == 2:
            break

    assert seen == [("a", 0), ("b", 30)]
