"""Objects of SavedModels are TensorFlow's, both ways."""

from __future__ import annotations

import collections
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_model import objects

import minitf as tf
from minitf.saved_model.structured_values import NotEncodableError, decoded, encoded
from minitf.trackable.auto import TrackableAsset

pytestmark = pytest.mark.filterwarnings("ignore")  # of TensorFlow and of the packages it loads

SCALAR = tf.TensorSpec([], tf.float32)


@pytest.fixture
def vocabulary(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("a\nb\n")
    return path


def assert_expected(found):
    assert found.keys() == objects.EXPECTED.keys()
    for name, wanted in objects.EXPECTED.items():
        several = name == "variables"
        pairs = zip(found[name], wanted, strict=True) if several else [(found[name], wanted)]
        for one, other in pairs:
            np.testing.assert_array_equal(one, other, name)


def saved(root, folder, signatures=None):
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        tf.saved_model.save(root, folder, signatures)


def values(fetches):
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.tables_initializer()])
        return session.run(fetches)


@pytest.mark.tensorflow
def test_what_one_system_writes_both_read(tensorflow, tmp_path, vocabulary):
    for number, system in enumerate((tf, tensorflow)):
        objects.write(system, tmp_path / str(number), vocabulary)
    vocabulary.unlink()  # the models have copies

    for folder in (tmp_path / "0", tmp_path / "1"):
        assert_expected(objects.answers(tf, folder))
        assert_expected(objects.answers(tensorflow, folder))


@pytest.mark.tensorflow
def test_servers_find_signatures_tables_and_files_of_a_module(tensorflow, tmp_path, vocabulary):
    for number, system in enumerate((tf, tensorflow)):
        objects.write(system, tmp_path / str(number), vocabulary)

    for system in (tf, tensorflow):
        for folder in (tmp_path / "0", tmp_path / "1"):
            with system.Graph().as_default(), system.Session() as session:
                meta_graph = system.saved_model.loader.load(session, ["serve"], str(folder))
                asked = meta_graph.signature_def["serving_default"], meta_graph.signature_def["l"]
                feeds = [next(iter(each.inputs.values())).name for each in asked]
                wanted = [next(iter(each.outputs.values())).name for each in asked]
                found = session.run(wanted, dict(zip(feeds, (objects.X, ["x", "b"]), strict=True)))

            np.testing.assert_array_equal(found[0], objects.EXPECTED["call"])
            assert found[1].tolist() == [6, 0]


@pytest.mark.tensorflow
@pytest.mark.long  # another process, which loads TensorFlow
def test_tensorflow_loads_a_module_eagerly_and_minitf_what_it_saves_then(
    tensorflow, tmp_path, vocabulary
):
    objects.write(tf, tmp_path / "here", vocabulary)
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-c", objects.EAGER, tmp_path / "here", tmp_path / "there"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    with tf.Graph().as_default():
        model = tf.saved_model.load_v2(str(tmp_path / "there"))
        found = values([model(tf.ones([1, 1]))["y"], model.look(["a", "x", "b"])])

    assert found[0].tolist() == [[6.0, 9.0]]
    assert found[1].tolist() == [-1, 6, 0]


def test_what_was_loaded_can_be_saved_and_loaded_again(tmp_path, vocabulary):
    objects.write(tf, tmp_path / "first", vocabulary)
    with tf.Graph().as_default():
        model = tf.saved_model.load_v2(str(tmp_path / "first"))
        saved(model, str(tmp_path / "second"), {"serving_default": model.__call__})

    assert_expected(objects.answers(tf, tmp_path / "second"))


def test_two_loads_share_neither_variables_nor_tables(tmp_path):
    class Holder(tf.Module):
        pass

    def save(number):
        with tf.Graph().as_default():
            root = Holder()
            root.v = tf.Variable(float(number), name="v", use_resource=True)
            entries = tf.lookup.KeyValueTensorInitializer(["k"], tf.constant([number], tf.int64))
            root.table = tf.lookup.StaticHashTable(entries, -1)
            root.get = tf.function(
                lambda: (root.v + 0.0, root.table.lookup(tf.constant("k"))), input_signature=[]
            )
            saved(root, tmp_path / str(number))

    save(1)
    save(2)
    with tf.Graph().as_default():
        loaded = [tf.saved_model.load_v2(str(tmp_path / each)) for each in ("1", "2", "1")]
        change = loaded[0].v.assign(9.0)
        asked = [each.get() for each in loaded]
        with tf.Session() as session:
            session.run([tf.global_variables_initializer(), tf.tables_initializer()])
            session.run(change.op)
            found = session.run(asked)

    assert found == [(9.0, 1), (2.0, 2), (1.0, 1)]


@pytest.mark.tensorflow
def test_slots_of_optimizers_are_read_and_left_to_the_checkpoint(tensorflow, tmp_path):
    for system in (tensorflow, tf):
        folder = str(tmp_path / system.__name__)
        with system.Graph().as_default(), system.Session() as session:
            v = system.Variable([1.0, 2.0], use_resource=True)
            optimizer = system.train.MomentumOptimizer(0.5, 0.9)
            train = optimizer.minimize(system.reduce_sum(v * v), var_list=[v])
            session.run(system.global_variables_initializer())
            session.run(train)
            wanted = session.run([v, optimizer.get_slot(v, "momentum")])
            root = system.train.Checkpoint(optimizer=optimizer, v=v)
            session.run(root.save_counter.initializer)
            system.saved_model.save(root, folder)
        with tf.Graph().as_default():
            tf.saved_model.load_v2(folder)
            found = values([each for each in tf.global_variables() if each.shape.rank])

        assert len(found) == (2 if system is tensorflow else 1)
        for each, one in zip(found, wanted, strict=False):
            assert each.tolist() == one.tolist()
    reader = tf.train.load_checkpoint(str(tmp_path / "minitf" / "variables" / "variables"))

    assert [key for key in reader.get_variable_to_shape_map() if "OPTIMIZER_SLOT" in key]


@pytest.mark.tensorflow
def test_keras_models_are_called_as_before(tensorflow, tmp_path):
    layers = tf.keras.layers
    with tf.Graph().as_default(), tf.Session() as session:
        x = layers.Input((3,), name="features")
        hidden = layers.BatchNormalization()(layers.Dense(4, kernel_regularizer="l2")(x))
        model = tf.keras.Model(x, layers.Dense(2, name="out")(layers.Dropout(0.5)(hidden)))
        model.compile("adam", "mse")
        given = np.arange(6, dtype=np.float32).reshape(2, 3)
        model.fit(given, np.ones((2, 2)), verbose=0)
        wanted = model.predict(given)
        held = len(model.losses), len(model.updates)
        tf.saved_model.save(model, str(tmp_path / "m"))

        assert held == (len(model.losses), len(model.updates))
        assert session.run(model(given, training=False)).tolist() == wanted.tolist()
    for system in (tf, tensorflow):
        with system.Graph().as_default(), system.Session() as session:
            model = system.saved_model.load_v2(str(tmp_path / "m"))
            served = model.signatures["serving_default"](features=system.constant(given))
            asked = [model(given), model(given, training=False), served["out"]]
            session.run(system.global_variables_initializer())
            for found in session.run(asked):
                np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_graphs_without_objects_are_loaded_as_functions(tmp_path):
    for resource in (False, True):
        folder = tmp_path / str(resource)
        with tf.Graph().as_default(), tf.Session() as session:
            x = tf.placeholder(tf.float32, [None], name="x")
            w = tf.get_variable("w", initializer=2.0, use_resource=resource)
            session.run(tf.global_variables_initializer())
            session.run(w.assign(3.0))
            tf.saved_model.simple_save(session, folder, {"X": x}, {"y": tf.multiply(x, w, "y")})
        with tf.Graph().as_default(), tf.Session() as session:
            other = tf.Variable(5.0, name="w")
            model = tf.saved_model.load_v2(folder, tags=["serve"])
            asked = model.signatures["serving_default"](X=tf.constant([1.0, 2.0]))
            part = model.prune("x:0", "y:0")(tf.constant([4.0]))
            session.run([other.initializer, model.initializer])
            found = session.run([asked, part, other])

        assert found[0]["y"].tolist() == [3.0, 6.0]
        assert found[1].tolist() == [12.0]
        assert found[2] == 5.0
        with pytest.raises(RuntimeError, match="could not be found in SavedModel"):
            tf.saved_model.load_v2(folder, tags="train")


def test_the_only_function_with_a_signature_is_what_servers_ask(tmp_path):
    root = tf.Module()
    root.twice = tf.function(lambda x: 2.0 * x, input_signature=[SCALAR])
    root.any = tf.function(lambda x: x)
    saved(root, tmp_path / "m")
    with tf.Graph().as_default():
        loaded = tf.saved_model.load_v2(tmp_path / "m", tags="serve")

        assert list(loaded.signatures) == ["serving_default"]
        assert loaded.any.input_signature is None
        assert values(loaded.signatures["serving_default"](tf.constant(4.0))) == {"output_0": 8.0}
        with pytest.raises(ValueError, match="Could not find matching function to call"):
            loaded.twice("text")
        with pytest.raises(ValueError, match="Could not find matching function to call"):
            loaded.any(1.0)
    with pytest.raises(ValueError, match="got an incompatible argument tags="):
        tf.saved_model.load_v2(tmp_path / "m", tags=["train"])


def test_what_cannot_be_saved_is_refused(tmp_path):
    root, other = tf.Module(), tf.Variable(1.0, use_resource=True)
    with pytest.raises(ValueError, match="Expected a Trackable object for export"):
        tf.saved_model.save([other], tmp_path / "m")
    root.read = tf.function(lambda: other + 1.0, input_signature=[])
    with pytest.raises(AssertionError, match=r"references an untracked object.*must be tracked"):
        tf.saved_model.save(root, tmp_path / "m")
    drawn = tf.random_uniform([])
    root.read = tf.function(lambda: drawn + 1.0, input_signature=[])
    with pytest.raises(AssertionError, match="references a value that only a run knows"):
        tf.saved_model.save(root, tmp_path / "m")
    root.read = None
    with pytest.raises(ValueError, match=r"Only `tf\.functions` with an input signature"):
        tf.saved_model.save(root, tmp_path / "m", lambda x: x)
    nested = tf.function(lambda x: {"a": {"b": x}}, input_signature=[SCALAR])
    with pytest.raises(ValueError, match="Got a non-Tensor value"):
        tf.saved_model.save(root, tmp_path / "m", nested)
    root.signatures = tf.Module()
    with pytest.raises(ValueError, match="an attribute named 'signatures'"):
        tf.saved_model.save(root, tmp_path / "m")

    assert not tf.saved_model.contains_saved_model(tmp_path / "m")


def test_files_of_one_name_stay_apart(tmp_path):
    root = tf.Module()
    paths = [tmp_path / folder / "f.txt" for folder in "ab"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(path.parent.name)
    root.assets = [TrackableAsset(str(path)) for path in paths]
    saved(root, tmp_path / "m")
    with tf.Graph().as_default():
        loaded = tf.saved_model.load_v2(tmp_path / "m")
        found = values([tf.io.read_file(each.asset_path) for each in loaded.assets])

    assert found == [b"a", b"b"]


# --- values ---------------------------------------------------------------------------------------

Pair = collections.namedtuple("Pair", "x y")  # noqa: PYI024 equality is what counts
DTYPES = st.sampled_from([tf.float32, tf.int64, tf.string, tf.bfloat16])
SHAPES = st.lists(st.none() | st.integers(0, 9), max_size=3)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=3)
    | DTYPES
    | st.builds(tf.TensorSpec, SHAPES, DTYPES, st.sampled_from([None, "x"]))
    | st.builds(tf.SparseTensorSpec, SHAPES, DTYPES)
    | st.builds(tf.RaggedTensorSpec, st.just([None, None, 2]), DTYPES, st.integers(0, 2))
)
NESTED = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(tuple, st.lists(inner, max_size=3))
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
        | st.builds(Pair, inner, inner)
    ),
    max_leaves=4,
)


@given(value=NESTED)
def test_nested_values_survive(value):
    found = decoded(encoded(value))

    assert found == value
    assert encoded(found) == encoded(value)


def test_other_values_cannot_be_written():
    for value in (object(), {1: 2}, [b"bytes"]):
        with pytest.raises(NotEncodableError, match="No encoder for object"):
            encoded(value)
