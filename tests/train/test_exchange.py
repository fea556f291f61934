"""Variables and checkpoints to safetensors files and back."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors.numpy

import minitf as tf


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "model.safetensors")


def two_variables(use_resource=False):
    return [
        tf.get_variable("w", initializer=tf.ones([2, 3]), use_resource=use_resource),
        tf.get_variable("n", initializer=tf.constant(7, tf.int64), use_resource=use_resource),
    ]


@pytest.mark.parametrize("use_resource", [False, True])
def test_the_variables_of_a_session_come_back(path, use_resource):
    w, n = two_variables(use_resource)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        tf.get_default_graph().finalize()
        tf.train.export_safetensors(session, path, metadata={"by": "a test"})
    with tf.Session() as session:
        tf.train.import_safetensors(session, path)
        values = session.run([w, n])

    found = safetensors.numpy.load_file(path)
    assert sorted(found) == ["n", "w"]
    assert found["n"].dtype == np.int64
    assert found["n"] == values[1] == 7
    assert np.array_equal(found["w"], np.ones((2, 3)))
    assert np.array_equal(values[0], found["w"])


def test_what_another_program_wrote_is_read_under_other_names(path):
    safetensors.numpy.save_file({"encoder.weight": np.full((2, 3), 4, np.float32)}, path)
    w, n = two_variables()
    with tf.Session() as session:
        session.run(n.initializer)
        tf.train.import_safetensors(session, path, {"encoder.weight": w})

        assert session.run(w).tolist() == [[4] * 3] * 2
        session.run(w.assign_add(tf.ones([2, 3])))
        assert session.run(w).tolist() == [[5] * 3] * 2
        tf.train.export_safetensors(session, path, {"a": w, "b": n})

    assert sorted(safetensors.numpy.load_file(path)) == ["a", "b"]


def test_bfloat16_and_parts_of_a_variable_are_whole_in_the_file(path):
    with tf.variable_scope("", partitioner=tf.fixed_size_partitioner(3)):
        parts = tf.get_variable("rows", [5, 2], tf.bfloat16, tf.zeros_initializer())
    fill = [
        part.assign(tf.fill(part.shape, tf.cast(i, tf.bfloat16))) for i, part in enumerate(parts)
    ]
    with tf.Session() as session:
        session.run(fill)
        tf.train.export_safetensors(session, path)
        for var_list in (None, [parts], list(parts), {"rows": parts}, {"rows": list(parts)}):
            session.run(tf.global_variables_initializer())
            tf.train.import_safetensors(session, path, var_list)
            found = np.concatenate(session.run(list(parts)))
            assert found.tolist() == [[i, i] for i in (0, 0, 1, 1, 2)]


def test_a_checkpoint_becomes_a_file_and_a_file_a_checkpoint(path, tmp_path):
    two_variables()
    folder = tmp_path / "checkpoints"
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(folder / "model"), global_step=3)
    tf.train.export_safetensors(folder, path)
    tf.train.export_safetensors(folder / "model-3", f"{path}2", {"weight": "w"})
    tf.train.import_safetensors(folder / "again", path)
    tf.train.import_safetensors(folder / "renamed", f"{path}2", {"weight": "layer/w"})

    assert tf.train.list_variables(folder / "again") == [("n", []), ("w", [2, 3])]
    assert tf.train.load_variable(folder / "again", "w").tolist() == [[1] * 3] * 2
    assert tf.train.list_variables(folder / "renamed") == [("layer/w", [2, 3])]


def test_a_file_that_does_not_fit_changes_nothing_and_all_is_told(path):
    w, n = two_variables()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        safetensors.numpy.save_file({"w": np.zeros((2, 3), np.float32)}, path)
        with pytest.raises(tf.errors.NotFoundError, match=r"Key n not found[\s\S]*it has: w"):
            tf.train.import_safetensors(session, path)
        safetensors.numpy.save_file({"w": np.zeros(3, np.float32), "n": np.zeros(())}, path)
        with pytest.raises(tf.errors.InvalidArgumentError) as misfit:
            tf.train.import_safetensors(session, path)

        assert "n: int64[] in the graph, float64[] in the file" in str(misfit.value)
        assert "w: float32[2, 3] in the graph, float32[3] in the file" in str(misfit.value)
        assert session.run(w).min() == 1
        assert session.run(n) == 7


def test_strings_are_refused_by_name(path):
    v = tf.Variable(["a"], name="words")
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match="no type string, which words has"):
            tf.train.export_safetensors(session, path)


def test_what_is_no_session_no_path_and_no_variable_is_a_type_error(path):
    w, _ = two_variables()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        tf.train.export_safetensors(session, path)
        with pytest.raises(TypeError, match="Expected a Session or a checkpoint's path"):
            tf.train.export_safetensors(3, path)
        with pytest.raises(TypeError, match="should be passed in a dict or a list"):
            tf.train.export_safetensors(session, path, w)
        with pytest.raises(TypeError, match="Not a Variable"):
            tf.train.import_safetensors(session, path, {"w": "w"})
        with pytest.raises(TypeError, match="Names should be passed"):
            tf.train.import_safetensors(f"{path}.ckpt", path, "w")
        with pytest.raises(ValueError, match="At least two variables have the same name: w"):
            tf.train.export_safetensors(session, path, {"w": [w, w]})
