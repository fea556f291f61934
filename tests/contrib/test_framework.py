"""Variables by name and group, and values for them from dicts and checkpoints."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

framework = tf.contrib.framework


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture(autouse=True)
def loud(caplog):
    """Log warnings, though the oracle may have turned them off."""
    caplog.set_level("WARNING", "tensorflow")


@pytest.fixture
def variables():
    """Return `a/w`, `a/window`, `b/w` and `w`."""
    return [tf.get_variable(name, [2]) for name in ("a/w", "a/window", "b/w", "w")]


def names(found):
    return [each.op.name for each in found]


def test_variables_are_found_by_scope_suffix_and_name(variables):
    with tf.variable_scope("a") as scope:
        pass
    assert names(framework.get_variables()) == ["a/w", "a/window", "b/w", "w"]
    assert names(framework.get_variables(scope)) == ["a/w", "a/window"]
    assert names(framework.get_variables("a", suffix="w")) == ["a/w", "a/window"]
    assert names(framework.get_variables_by_suffix("/w")) == ["a/w", "b/w"]
    assert names(framework.get_variables_by_name("w")) == ["a/w", "b/w", "w"]
    assert names(framework.get_variables_by_name("w", scope="b")) == ["b/w"]
    assert names(framework.get_trainable_variables("b")) == ["b/w"]
    assert framework.get_local_variables() == framework.get_model_variables() == []


def test_one_variable_is_found_by_its_whole_name(variables):
    assert framework.get_unique_variable("a/w") is variables[0]
    with pytest.raises(ValueError, match="Couldn't find variable c"):
        framework.get_unique_variable("c")
    with pytest.raises(ValueError, match="a/wi does not uniquely identify"):
        framework.get_unique_variable("a/wi")


def test_variables_to_restore_are_some_scopes_without_others(variables):
    assert names(framework.get_variables_to_restore()) == ["a/w", "a/window", "b/w", "w"]
    assert names(framework.get_variables_to_restore(["a", "b"], ["a/wi"])) == ["a/w", "b/w"]
    with pytest.raises(TypeError, match="exclude is provided but is not a list"):
        framework.get_variables_to_restore(exclude="a")


def test_patterns_filter_variables(variables):
    filter_variables = framework.filter_variables
    assert names(filter_variables(variables, ["wi", "^b"])) == ["a/window", "b/w"]
    assert names(filter_variables(variables, exclude_patterns=["/w:", "^w"])) == ["a/window"]
    assert names(filter_variables(variables, ["w"], reg_search=False)) == ["w"]


def test_model_variables_are_in_their_collection_once():
    with framework.arg_scope([framework.model_variable], device="/cpu:1"):
        made = framework.model_variable("m", [1], collections=[tf.GraphKeys.WEIGHTS])
    plain = framework.variable("v", [1], collections=[])
    framework.add_model_variable(made)

    assert framework.get_model_variables() == [made]
    assert tf.get_collection(tf.GraphKeys.WEIGHTS) == [made]
    assert tf.global_variables() == [made, plain] == tf.trainable_variables()
    assert made.device == "/device:CPU:1"
    assert plain.device == ""


def test_local_and_global_variables_are_not_trained():
    local, whole = framework.local_variable(1, name="l"), framework.global_variable(2, name="g")

    assert tf.local_variables() == [local]
    assert tf.global_variables() == [whole]
    assert tf.trainable_variables() == []


def test_values_are_assigned_by_name(variables):
    operation, feeds = framework.assign_from_values({"a/w": [1, 2], "w": np.array([[3, 4]])})
    with tf.Session() as session:
        session.run(operation, feeds)
        framework.assign_from_values_fn({"b/w": [5, 6]})(session)
        found = session.run([variables[0], variables[3], variables[2]])

    assert np.array(found).tolist() == [[1, 2], [3, 4], [5, 6]]
    with pytest.raises(ValueError, match="cannot reshape"):
        framework.assign_from_values({"w": [1, 2, 3]})


@pytest.fixture
def checkpoint(tmp_path):
    """Write a checkpoint with `a/w` and `whole`."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("a/w", initializer=[1.0, 2.0])
        tf.get_variable("whole", initializer=np.arange(6, dtype=np.float32).reshape(3, 2))
        session.run(tf.global_variables_initializer())
        return tf.train.Saver().save(session, str(tmp_path / "model"))


def test_values_are_assigned_from_a_checkpoint_parts_included(checkpoint, variables):
    cut = tf.get_variable("whole", [3, 2], partitioner=tf.fixed_size_partitioner(2))
    operation, feeds = framework.assign_from_checkpoint(checkpoint, [variables[0], *list(cut)])
    other, more = framework.assign_from_checkpoint(checkpoint, {"a/w": variables[2]})
    with tf.Session() as session:
        session.run([operation, other], {**feeds, **more})
        found = session.run([variables[0], variables[2], tf.convert_to_tensor(cut)])

    assert found[0].tolist() == found[1].tolist() == [1, 2]
    assert found[2].tolist() == [[0, 1], [2, 3], [4, 5]]


def test_what_a_checkpoint_lacks_is_an_error_or_a_warning(checkpoint, variables, caplog):
    with pytest.raises(ValueError, match=r"Checkpoint is missing variable \[a/window\]"):
        framework.assign_from_checkpoint(checkpoint, variables)
    _, feeds = framework.assign_from_checkpoint(checkpoint, variables, ignore_missing_vars=True)

    assert len(feeds) == 1
    assert "Checkpoint is missing variable [b/w]" in caplog.text
    narrow = tf.get_variable("narrow", [1])
    with pytest.raises(ValueError, match=r"narrow lh_shape: \[\(2,\)\], rh_shape: \[\(1,\)\]"):
        framework.assign_from_checkpoint(checkpoint, {"a/w": narrow})


def test_a_function_restores_what_is_there(checkpoint, variables, caplog):
    tall = tf.get_variable("tall", [2, 1])
    restore = framework.assign_from_checkpoint_fn(checkpoint, variables, ignore_missing_vars=True)
    reshape = framework.assign_from_checkpoint_fn(checkpoint, {"a/w": tall}, reshape_variables=True)
    with tf.Session() as session:
        restore(session)
        reshape(session)
        assert session.run(variables[0]).tolist() == [1, 2]
        assert session.run(tall).tolist() == [[1], [2]]

    assert "Variable a/window missing in checkpoint" in caplog.text
    assert framework.assign_from_checkpoint_fn(checkpoint, {"nothing": tall}, True) is None
    assert "No Variables to restore" in caplog.text
    with pytest.raises(ValueError, match="var_list cannot be empty"):
        framework.assign_from_checkpoint_fn(checkpoint, [])


def test_checkpoints_tensors_and_steps_go_by_other_names_too(checkpoint):
    assert framework.list_variables(checkpoint) == [("a/w", [2]), ("whole", [3, 2])]
    assert framework.load_variable(checkpoint, "a/w").tolist() == [1, 2]
    step = framework.get_or_create_global_step()
    assert framework.get_global_step() is step is tf.train.get_global_step()
    message = tf.contrib.util.make_tensor_proto([1.0, 2.0])
    assert tf.contrib.util.make_ndarray(message).tolist() == [1, 2]
    assert tf.contrib.util.constant_value(tf.constant([3])).tolist() == [3]
