"""`tf.train.Checkpoint`: keys, numbers, restores at once and later, and what a status says."""

from __future__ import annotations

import gc
import json
import logging

import numpy as np
import pytest

import minitf
from minitf.object_checkpoint.saver import object_metadata
from minitf.trackable.auto import AutoTrackable

tf = minitf


class Model(tf.Module):
    def __init__(self):
        super().__init__()
        self.w = tf.Variable([1.0, 2.0])
        self.inner = {"a/b": tf.Variable(3.0, use_resource=True)}


class Setup:
    """A model with an optimizer in a graph and a session of their own."""

    def __init__(self):
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.model, self.optimizer = Model(), tf.train.AdamOptimizer(0.1)
            loss = tf.reduce_sum(self.model.w * self.model.inner["a/b"])
            self.step = self.optimizer.minimize(loss)
            self.init = tf.global_variables_initializer()
            self.checkpoint = tf.train.Checkpoint(model=self.model, optimizer=self.optimizer)
        self.session = tf.Session(graph=self.graph)

    def __enter__(self):
        self._default = self.graph.as_default()
        self._default.__enter__()
        self.session.__enter__()
        return self

    def __exit__(self, *error):
        self.session.__exit__(*error)
        self._default.__exit__(*error)
        self.session.close()

    def values(self):
        held = [*self.model.variables, *self.optimizer.variables()]
        return [np.asarray(each).tolist() for each in self.session.run(held)]


@pytest.fixture
def written(tmp_path):
    """A checkpoint of a model after two steps: its path and the values."""
    with Setup() as setup:
        setup.session.run(setup.init)
        setup.session.run(setup.step)
        setup.session.run(setup.step)
        return setup.checkpoint.save(str(tmp_path / "ckpt"), setup.session), setup.values()


def test_keys_are_the_ways_to_the_variables(written):
    names = [name for name, _ in tf.train.list_variables(written[0])]

    assert names == [
        "_CHECKPOINTABLE_OBJECT_GRAPH",
        "model/inner/a.Sb/.ATTRIBUTES/VARIABLE_VALUE",
        "model/inner/a.Sb/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE",
        "model/inner/a.Sb/.OPTIMIZER_SLOT/optimizer/v/.ATTRIBUTES/VARIABLE_VALUE",
        "model/w/.ATTRIBUTES/VARIABLE_VALUE",
        "model/w/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE",
        "model/w/.OPTIMIZER_SLOT/optimizer/v/.ATTRIBUTES/VARIABLE_VALUE",
        "optimizer/beta1_power/.ATTRIBUTES/VARIABLE_VALUE",
        "optimizer/beta2_power/.ATTRIBUTES/VARIABLE_VALUE",
        "save_counter/.ATTRIBUTES/VARIABLE_VALUE",
    ]


def test_the_graph_of_objects_has_names_for_savers_too(written):
    graph = object_metadata(written[0])
    full_names = {each.full_name for node in graph.nodes for each in node.attributes}

    assert [each.local_name for each in graph.nodes[0].children] == [
        *("model", "optimizer", "save_counter")
    ]
    assert full_names >= {"Variable", "Variable_1", "Variable/Adam", "beta1_power"}
    (optimizer,) = [node for node in graph.nodes if node.slot_variables]
    assert {each.slot_name for each in optimizer.slot_variables} == {"m", "v"}


def test_checkpoints_are_numbered_and_noted(tmp_path):
    with Setup() as setup:
        setup.session.run(setup.init)
        paths = [setup.checkpoint.save(str(tmp_path / "c"), setup.session) for _ in range(2)]
        written = setup.checkpoint.write(str(tmp_path / "deep" / "w"), setup.session)
        count = setup.session.run(setup.checkpoint.save_counter)

    assert paths == [str(tmp_path / "c-1"), str(tmp_path / "c-2")]
    assert written == str(tmp_path / "deep" / "w")
    assert count == 2
    assert tf.train.latest_checkpoint(str(tmp_path)) == paths[1]
    assert tf.train.load_variable(paths[1], "save_counter/.ATTRIBUTES/VARIABLE_VALUE") == 2


def test_all_is_restored_into_an_equal_program(written):
    path, values = written
    with Setup() as setup:
        setup.checkpoint.restore(path).assert_consumed().run_restore_ops()
        found, count = setup.values(), setup.session.run(setup.checkpoint.save_counter)

    assert found == values
    assert count == 1


def test_a_second_restore_adds_no_operations(written):
    with Setup() as setup:
        setup.checkpoint.restore(written[0]).run_restore_ops()
        before = len(setup.graph.get_operations())
        setup.checkpoint.restore(written[0]).run_restore_ops()
        after = len(setup.graph.get_operations())

    assert after == before


def test_a_second_save_of_the_same_objects_adds_no_operations(tmp_path):
    with Setup() as setup:
        setup.session.run(setup.init)
        setup.checkpoint.save(str(tmp_path / "c"))
        before = len(setup.graph.get_operations())
        setup.checkpoint.save(str(tmp_path / "c"))
        same = len(setup.graph.get_operations())
        setup.checkpoint.more = tf.Variable(1.0)
        setup.session.run(setup.checkpoint.more.initializer)
        setup.checkpoint.save(str(tmp_path / "c"))
        more = len(setup.graph.get_operations())

    assert same == before < more


def test_parts_that_come_later_are_restored_when_they_come(written):
    path, values = written
    with tf.Graph().as_default(), tf.Session() as session:
        root = tf.train.Checkpoint()
        status = root.restore(path)
        root.model = Model()
        root.optimizer = tf.train.AdamOptimizer(0.1)
        loss = tf.reduce_sum(root.model.w * root.model.inner["a/b"])
        root.optimizer.minimize(loss)
        status.assert_consumed().run_restore_ops(session)
        held = [*root.model.variables, *root.optimizer.variables()]
        found = [np.asarray(each).tolist() for each in session.run(held)]

    assert found == values


def test_of_two_restores_the_later_one_counts_whatever_comes_when(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable(1.0)
        writer = tf.train.Checkpoint(v=v)
        paths = []
        for value in (1.0, 2.0):
            session.run(v.assign(value))
            paths.append(writer.write(str(tmp_path / str(value))))
        root = tf.train.Checkpoint()
        first, second = root.restore(paths[0]), root.restore(paths[1])
        root.v = tf.Variable(9.0)
        session.run(root.v.initializer)
        second.run_restore_ops()
        first.run_restore_ops()
        assert session.run(root.v) == 2.0


def test_what_is_not_in_the_checkpoint_gets_its_first_value(written):
    with Setup() as setup:
        setup.checkpoint.more = tf.Variable(7.0)
        status = setup.checkpoint.restore(written[0])
        status.initialize_or_restore()
        assert setup.session.run(setup.checkpoint.more) == 7.0
        assert setup.values() == written[1]
        with pytest.raises(AssertionError, match="Some Python objects were not bound"):
            status.assert_existing_objects_matched()


def test_without_a_checkpoint_everything_gets_its_first_value():
    with Setup() as setup:
        status = setup.checkpoint.restore(None)
        status.initialize_or_restore()

        assert setup.session.run(setup.model.w).tolist() == [1.0, 2.0]
        for check in (
            status.assert_consumed,
            status.assert_existing_objects_matched,
            status.assert_nontrivial_match,
            status.run_restore_ops,
        ):
            with pytest.raises(AssertionError, match="No checkpoint specified"):
                check()


def test_a_status_tells_what_has_no_counterpart(written):
    with tf.Graph().as_default():
        part = tf.train.Checkpoint(model=AutoTrackable())
        part.model.w = tf.Variable([0.0, 0.0])
        status = part.restore(written[0])
        status.assert_existing_objects_matched().assert_nontrivial_match().expect_partial()

        with pytest.raises(AssertionError, match=r"Unresolved object in checkpoint: \(root\)"):
            status.assert_consumed()

    with tf.Graph().as_default(), tf.Session() as session:
        saved = tf.train.Checkpoint(v=tf.Variable(1.0))
        session.run(saved.v.initializer)
        path = saved.write(written[0] + "-unnumbered")  # without a counter, which would match
        other = tf.train.Checkpoint(unrelated=tf.Variable(1.0))
        with pytest.raises(AssertionError, match="Nothing except the root object matched"):
            other.restore(path).expect_partial().assert_nontrivial_match()


@pytest.mark.parametrize("expected", [True, False])
def test_what_is_never_restored_is_told_unless_that_was_expected(written, caplog, expected):
    gc.collect()  # what other tests have left
    caplog.set_level(logging.WARNING, "tensorflow")
    with tf.Graph().as_default():
        status = tf.train.Checkpoint(model=AutoTrackable()).restore(written[0])
        if expected:
            status.expect_partial()
        del status
        gc.collect()

    assert ("Unresolved object in checkpoint: (root).model.w" in caplog.text) is not expected
    assert ("Use expect_partial()" in caplog.text) is not expected


def test_an_attribute_that_cannot_be_saved_is_refused():
    with pytest.raises(ValueError, match="was expecting a trackable object"):
        tf.train.Checkpoint(number=3)


def test_a_missing_checkpoint_is_an_error(tmp_path):
    with pytest.raises(tf.errors.NotFoundError):
        tf.train.Checkpoint().restore(str(tmp_path / "none"))


def test_state_of_python_is_set_at_once(tmp_path):
    class Place(tf.train.experimental.PythonState):
        def __init__(self):
            self.at = [1]

        def serialize(self):
            return json.dumps(self.at)

        def deserialize(self, string_value):
            self.at = json.loads(string_value)

    place = Place()
    checkpoint = tf.train.Checkpoint(place=place)
    with tf.Session():
        path = checkpoint.save(str(tmp_path / "c"))
        place.at = [2, 3]
        later = checkpoint.save(str(tmp_path / "c"))
        checkpoint.restore(path).assert_consumed()
        assert place.at == [1]
        checkpoint.restore(later)
        assert place.at == [2, 3]


def test_layers_restore_variables_that_their_first_call_makes(tmp_path):
    x = np.ones([2, 3], np.float32)
    with tf.Graph().as_default(), tf.Session() as session:
        layer = tf.layers.Dense(2)
        want = layer(tf.constant(x))
        session.run(tf.global_variables_initializer())
        path = tf.train.Checkpoint(layer=layer).save(str(tmp_path / "c"))
        want = session.run(want)
    with tf.Graph().as_default(), tf.Session() as session:
        layer = tf.layers.Dense(2)
        status = tf.train.Checkpoint(layer=layer).restore(path)
        found = layer(tf.constant(x))
        status.assert_consumed().run_restore_ops()
        assert session.run(found).tolist() == want.tolist()


def test_templates_and_tables_are_saved_with_objects(tmp_path):
    def scaled(x):
        return x * tf.get_variable("scale", initializer=2.0)

    with tf.Session() as session:
        template = tf.make_template("t", scaled)
        y = template(tf.constant(3.0))
        table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
        put = table.insert(["a"], tf.constant([5], tf.int64))
        taken = table.remove(["a"])
        found = table.lookup(tf.constant(["a"]))
        session.run([tf.global_variables_initializer(), put])
        checkpoint = tf.train.Checkpoint(template=template, table=table)
        path = checkpoint.save(str(tmp_path / "c"))
        session.run([taken, template.variables[0].assign(0.0)])
        checkpoint.restore(path).assert_consumed().run_restore_ops()
        assert session.run(y) == 6.0
        assert session.run(found).tolist() == [5]


def test_weights_of_a_model_are_restored_when_its_layers_are_made(tmp_path):
    x = np.ones([2, 4], np.float32)
    layers = tf.keras.layers
    with tf.Graph().as_default(), tf.Session():
        model = tf.keras.Sequential([layers.Dense(3, input_shape=(4,)), layers.Dense(2)])
        want = model.predict(x)
        model.save_weights(str(tmp_path / "w"))
        assert tf.train.latest_checkpoint(str(tmp_path)) == str(tmp_path / "w")
    with tf.Graph().as_default(), tf.Session():
        model = tf.keras.Sequential([layers.Dense(3), layers.Dense(2)])
        model.load_weights(str(tmp_path / "w"))
        found = model.predict(x)

    assert found.tolist() == want.tolist()


def test_contrib_has_the_older_names():
    contrib = tf.contrib.checkpoint

    assert contrib.CheckpointManager is tf.train.CheckpointManager
    assert issubclass(contrib.Checkpointable, contrib.CheckpointableBase)
    assert tf.contrib.eager.Checkpoint is tf.train.Checkpoint
    assert contrib.list_objects(contrib.List(contrib.Checkpointable()))
