"""SaveV2, RestoreV2 and their kin in graphs: what they write, read, and refuse."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import ops

V = np.int32([1, 2])
W = np.arange(10, dtype=np.float32).reshape(5, 2)


def run(fetch):
    with tf.Session() as session:
        return session.run(fetch)


def save(prefix, names=("v", "w"), specs=("", ""), values=(V, W)):
    run(ops.save_v2_op(str(prefix), list(names), list(specs), list(values)))


@pytest.mark.paper("O-22")
def test_tensors_come_back_from_a_bundle(tmp_path):
    save(tmp_path / "m", ["v", "s"], ["", ""], [np.int32([1, 2]), np.array([b"a"], object)])
    restored = ops.restore_v2_op(
        str(tmp_path / "m"), ["s", "v"], ["", ""], dtypes=(tf.string, tf.int32)
    )
    strings, numbers = run(restored)

    assert strings.tolist() == [b"a"]
    assert numbers.tolist() == [1, 2]
    assert [each.shape.rank for each in restored] == [None, None]


def test_boxes_are_saved_and_restored(tmp_path):
    save(tmp_path / "m", ["w", "w"], ["5 2 0,3:-", "5 2 3,2:-"], [W[:3], W[3:]])
    whole, box = ops.restore_v2_op(
        str(tmp_path / "m"), ["w", "w"], ["", "5 2 2,2:-"], dtypes=(tf.float32, tf.float32)
    )

    assert box.shape.as_list() == [2, 2]
    assert np.array_equal(run(whole), W)
    assert np.array_equal(run(box), W[2:4])


@pytest.mark.paper("O-22")
def test_what_several_tasks_saved_becomes_one_checkpoint(tmp_path):
    parts = [str(tmp_path / "m_temp" / f"part-{i}") for i in range(2)]
    for i, part in enumerate(parts):
        save(part, [f"v{i}"], [""], [np.int32([i])])
    run(
        ops.merge_v2_checkpoints_op(
            [*parts, str(tmp_path / "gone")], str(tmp_path / "m"), allow_missing_files=True
        )
    )
    restored = ops.restore_v2_op(str(tmp_path / "m"), ["v1"], [""], dtypes=(tf.int32,))

    assert run(restored[0]).tolist() == [1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "m.data-00000-of-00002",
        "m.data-00001-of-00002",
        "m.index",
    ]


def test_old_folders_are_kept_on_request_and_if_they_hold_something_else(tmp_path):
    for name, keep in (("a", True), ("b", False)):
        part = tmp_path / name / "part"
        save(part, ["v"], [""], [np.int32(1)])
        (tmp_path / name / "other").touch()
        run(ops.merge_v2_checkpoints_op([str(part)], str(tmp_path / "m"), delete_old_dirs=not keep))

        assert [path.name for path in (tmp_path / name).iterdir()] == ["other"]


def test_names_of_files_by_hand():
    assert run(ops.sharded_filename_op("m", 3, 10)) == b"m-00003-of-00010"
    assert run(ops.sharded_filespec_op("m", 10)) == b"m-?????-of-00010"


def test_files_of_the_first_format_come_back(tmp_path):
    path = str(tmp_path / "m")
    run(ops.save_op(path, ["v", "w"], [np.int32([1, 2]), W]))
    one = ops.restore_op(path, "v", dt=tf.int32)
    several = ops.restore_v2_op(path, ["w", "v"], ["", ""], dtypes=(tf.float32, tf.int32))

    assert run(one).tolist() == [1, 2]
    assert np.array_equal(run(several[0]), W)

    run(ops.save_slices_op(path, ["w", "w"], ["5 2 0,3:-", "5 2 3,2:-"], [W[:3], W[3:]]))
    box = ops.restore_slice_op(path, "w", "5 2 2,2:-", dt=tf.float32)
    assert box.shape.as_list() == [2, 2]
    assert np.array_equal(run(box), W[2:4])


def test_both_kinds_of_restore_read_both_formats(tmp_path):
    save(tmp_path / "m")

    assert run(ops.restore_op(str(tmp_path / "m"), "v", dt=tf.int32)).tolist() == [1, 2]


# --- refusals -------------------------------------------------------------------------------------

REFUSED = {
    "Key u not found in checkpoint": (["u"], [""], tf.int32),
    "tensor_name = v; expected dtype float": (["v"], [""], tf.float32),
    "shape in shape_and_slice spec": (["w"], ["6 2 0,3:-"], tf.float32),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("words", REFUSED)
def test_tensors_are_refused_in_tensorflows_words(words, tmp_path, tensorflow):
    names, specs, dtype = REFUSED[words]
    save(tmp_path / "m")
    ours = ops.restore_v2_op(str(tmp_path / "m"), names, specs, dtypes=(dtype,))
    kind = tf.errors.NotFoundError if "Key" in words else tf.errors.InvalidArgumentError
    with pytest.raises(kind, match=words):
        run(ours)

    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = tensorflow.raw_ops.RestoreV2(
            prefix=str(tmp_path / "m"),
            tensor_names=names,
            shape_and_slices=specs,
            dtypes=[tensorflow.as_dtype(dtype.name)],
        )
        with pytest.raises(getattr(tensorflow.errors, kind.__name__), match=words):
            session.run(theirs)


def test_a_tensor_that_a_file_of_the_first_format_lacks(tmp_path):
    run(ops.save_op(str(tmp_path / "m"), ["v"], [np.int32([1, 2])]))
    with pytest.raises(
        tf.errors.NotFoundError, match='Tensor name "u" not found in checkpoint files'
    ):
        run(ops.restore_op(str(tmp_path / "m"), "u", dt=tf.int32))


def test_no_checkpoint_is_not_found(tmp_path):
    restored = ops.restore_v2_op(str(tmp_path / "m"), ["v"], [""], dtypes=(tf.int32,))
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files for"):
        run(restored[0])


@pytest.mark.parametrize(
    ("names", "specs", "values", "words"),
    [
        (["v", "w"], [""], [W], "Got 2 tensor names, 1 shapes and slices but 1 tensors"),
        (["v"], ["5 2 0,3:-"], [W], "does not match the shape of the tensor"),
        (["v", "v"], ["", ""], [W, W], "Adding duplicate key: v"),
    ],
)
def test_what_does_not_fit_is_not_saved(names, specs, values, words, tmp_path):
    with pytest.raises((tf.errors.InvalidArgumentError, ValueError), match=words):
        run(ops.save_v2_op(str(tmp_path / "m"), tf.identity(names), tf.identity(specs), values))

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told_in_tensorflows_way(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(tf.errors.OpError, match=r"file"):
        save(tmp_path / "file" / "m")
