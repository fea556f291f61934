"""SavedModels: what is written is loaded, by us and by TensorFlow, or refused with a reason."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import numpy as np
import pytest
from io_faults import Crash, FaultyFiles
from saved_model.models import SCORES, X, build, write

import minitf as tf
from minitf import protos

saved_model = tf.saved_model


@pytest.fixture
def vocabulary(tmp_path):
    """A file that a model reads."""
    path = tmp_path / "words.txt"
    path.write_text("hello")
    return path


def loaded(folder, tags=("serve",), **options):
    """Load a model into a graph of its own; return the session and the MetaGraphDef."""
    session = tf.Session(graph=tf.Graph())
    return session, saved_model.loader.load(session, list(tags), str(folder), **options)


def answers(session, meta_graph, scope=None):
    """Ask a loaded model by its signature."""
    signature = meta_graph.signature_def["serving_default"]
    x, scores = (
        saved_model.utils.get_tensor_from_tensor_info(info, session.graph, scope)
        for info in (signature.inputs["x"], signature.outputs["scores"])
    )
    return session.run(scores, {x: X}).tolist()


# --- written and loaded --------------------------------------------------------------------------


@pytest.mark.paper("O-22")
@pytest.mark.parametrize("as_text", [False, True], ids=["bytes", "text"])
@pytest.mark.parametrize("scope", [None, "in/side"])
def test_what_is_written_is_loaded(as_text, scope, tmp_path, vocabulary):
    write(tf, tmp_path / "m", vocabulary, as_text=as_text)
    vocabulary.unlink()  # the model has a copy
    moved = shutil.move(tmp_path / "m", tmp_path / "moved")
    session, meta_graph = loaded(moved, import_scope=scope)

    assert answers(session, meta_graph, scope) == SCORES.tolist()
    (seen,) = session.graph.get_collection("local_variables")
    path = session.run(seen)
    assert path == bytes(tmp_path / "moved" / "assets" / "words.txt")
    assert Path(path.decode()).read_text() == "hello"
    assert meta_graph.meta_info_def.tags == ["serve"]


def test_the_files_of_a_model_are_as_tensorflow_names_them(tmp_path, vocabulary):
    write(tf, tmp_path / "m", vocabulary)

    files = [str(p.relative_to(tmp_path / "m")) for p in (tmp_path / "m").rglob("*") if p.is_file()]
    assert sorted(files) == [
        "assets/words.txt",
        "saved_model.pb",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ]
    assert saved_model.loader.maybe_saved_model_directory(tmp_path / "m")
    assert saved_model.contains_saved_model(str(tmp_path / "m"))
    assert not saved_model.loader.maybe_saved_model_directory(tmp_path)


def test_graphs_are_chosen_by_all_of_their_tags(tmp_path):
    write(tf, tmp_path / "m")
    session, meta_graph = loaded(tmp_path / "m", ["gpu", "train"])

    assert session.run("w:0").tolist() == [[0, 1], [2, 3], [4, 5]]
    assert meta_graph.meta_info_def.stripped_default_attrs
    for tags in (["train"], [], ["serve", "gpu"]):
        with pytest.raises(RuntimeError, match="could not be found in SavedModel") as caught:
            loaded(tmp_path / "m", tags)
        assert "its tags: ['serve'], ['gpu', 'train']" in str(caught.value)


def test_a_model_without_variables_is_loaded(tmp_path):
    x = tf.placeholder(tf.float32, name="x")
    with tf.Session() as session:
        saved_model.simple_save(session, tmp_path / "m", {"x": x}, {"y": 2 * x})
    session, meta_graph = loaded(tmp_path / "m")

    name = meta_graph.signature_def["serving_default"].outputs["y"].name
    assert session.run(name, {"x:0": 4}) == 8


def test_simple_save_copies_assets_and_leaves_devices_out(tmp_path, vocabulary):
    with tf.device("/job:localhost/device:CPU:0"):
        made = build(tf, vocabulary)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        saved_model.simple_save(
            session,
            str(tmp_path / "m"),
            {"x": made["x"]},
            {"scores": made["scores"]},
            legacy_init_op=made["main_op"],
        )
    session, meta_graph = loaded(tmp_path / "m")

    assert answers(session, meta_graph) == SCORES.tolist()
    assert {node.device for node in meta_graph.graph_def.node} == {""}
    assert (tmp_path / "m" / "assets" / "words.txt").read_text() == "hello"


def test_files_of_one_name_are_told_apart_by_their_content(tmp_path):
    texts = {"a": "one", "b": "two", "c": "one"}
    for folder, text in texts.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "words").write_text(text)
    paths = [tf.constant(str(tmp_path / folder / "words")) for folder in texts]
    builder = saved_model.Builder(tmp_path / "m")
    with tf.Session() as session:
        builder.add_meta_graph_and_variables(session, ["serve"], assets_collection=paths)
    builder.save()

    found = {p.name: p.read_text() for p in (tmp_path / "m" / "assets").iterdir()}
    assert found == {"words": "one", "words_1": "two"}
    _, meta_graph = loaded(tmp_path / "m")
    packed = meta_graph.collection_def["saved_model_assets"].any_list.value
    assets = [protos.AssetFileDef.FromString(each.value) for each in packed]
    assert [each.filename for each in assets] == ["words", "words_1", "words"]


def test_a_saver_of_the_users_may_restore_the_variables(tmp_path):
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    builder = saved_model.Builder(tmp_path / "m")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        builder.add_meta_graph_and_variables(
            session, ["serve"], saver=tf.train.Saver({"v": v, "other": w})
        )
    builder.save()
    session, _ = loaded(tmp_path / "m")

    assert session.run(["v:0", "w:0"]) == [1, 2]
    names = [
        name for name, _ in tf.train.list_variables(tmp_path / "m" / "variables" / "variables")
    ]
    assert names == ["other", "v"]


def test_the_main_op_may_initialize_all_and_restore(tmp_path):
    v = tf.Variable(3.0, name="v")
    u = tf.get_variable("u", [], collections=["local_variables"], initializer=tf.ones_initializer())
    with tf.Session() as session:
        session.run(saved_model.main_op.main_op())
        assert session.run([v, u]) == [3, 1]
        restore = v.assign(7.0)
        for each in (restore.op, restore.op.name):
            session.run(saved_model.main_op.main_op_with_restore(each))
            assert session.run(v) == 7


def test_a_model_is_a_function_by_a_predictor(tmp_path):
    write(tf, tmp_path / "m")
    predict = tf.contrib.predictor.from_saved_model(str(tmp_path / "m"))

    assert predict({"x": X})["scores"].tolist() == SCORES.tolist()
    assert "feed tensors {'x':" in repr(predict)
    with pytest.raises(ValueError, match=r"Got unexpected keys in input_dict: \{'y'\}"):
        predict({"y": X})
    named = tf.contrib.predictor.from_saved_model(
        tmp_path / "m", input_names={"i": "x:0"}, output_names={"o": "scores:0"}, tags="gpu,train"
    )
    assert named({"i": X})["o"].tolist() == SCORES.tolist()
    assert named.graph is not predict.graph
    with pytest.raises(ValueError, match=r"Available signatures are \['serving_default'\]"):
        tf.contrib.predictor.from_saved_model(tmp_path / "m", "other")
    with pytest.raises(ValueError, match="must both be specified"):
        tf.contrib.predictor.from_saved_model(tmp_path / "m", input_names={})
    with pytest.raises(ValueError, match="at most one of"):
        tf.contrib.predictor.from_saved_model(tmp_path / "m", "x", input_names={}, output_names={})


# --- signatures ----------------------------------------------------------------------------------


def test_signatures_of_the_three_methods_can_be_served():
    examples = tf.placeholder(tf.string, [None])
    classes, scores = tf.constant(["a"]), tf.constant([1.0])
    utils = saved_model.signature_def_utils
    made = {
        "tensorflow/serving/predict": utils.predict_signature_def({"i": scores}, {"o": classes}),
        "tensorflow/serving/classify": utils.classification_signature_def(
            examples, classes, scores
        ),
        "tensorflow/serving/regress": utils.regression_signature_def(examples, scores),
    }

    assert {name: each.method_name for name, each in made.items()} == {name: name for name in made}
    assert all(map(utils.is_valid_signature, made.values()))
    assert sorted(made["tensorflow/serving/classify"].outputs) == ["classes", "scores"]
    assert utils.is_valid_signature(utils.classification_signature_def(examples, None, scores))
    info = made["tensorflow/serving/regress"].inputs["inputs"]
    assert (info.name, info.dtype) == (examples.name, protos.DataType.Value("DT_STRING"))
    assert [dim.size for dim in info.tensor_shape.dim] == [-1]


def test_signatures_that_cannot_be_served_are_told():
    utils = saved_model.signature_def_utils
    text, number = map(saved_model.build_tensor_info, (tf.constant("a"), tf.constant(1.0)))
    regress = "tensorflow/serving/regress"

    for signature in (
        None,
        utils.build_signature_def(),
        utils.build_signature_def({"inputs": text}, {"outputs": number}, "my/method"),
        utils.build_signature_def({"inputs": text}, {}, "tensorflow/serving/predict"),
        utils.build_signature_def({"inputs": number}, {"outputs": number}, regress),
        utils.build_signature_def({"inputs": text}, {"outputs": text}, regress),
        utils.build_signature_def({"inputs": text}, {"other": number}, regress),
    ):
        assert not utils.is_valid_signature(signature)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda s, t, n: s.predict_signature_def({}, {"o": t}), "Prediction inputs cannot be None"),
        (lambda s, t, n: s.predict_signature_def({"i": t}, None), "Prediction outputs cannot be"),
        (lambda s, t, n: s.regression_signature_def(None, n), "examples cannot be None"),
        (lambda s, t, n: s.regression_signature_def("a", n), "must be a string Tensor"),
        (lambda s, t, n: s.regression_signature_def(n, n), "must be of type string"),
        (lambda s, t, n: s.regression_signature_def(t, None), "predictions cannot be None"),
        (lambda s, t, n: s.regression_signature_def(t, t), "must be of type float"),
        (lambda s, t, n: s.classification_signature_def(t, None, None), "cannot both be None"),
        (lambda s, t, n: s.classification_signature_def(t, n, None), "must be of type string"),
        (lambda s, t, n: s.classification_signature_def(t, t, t), "must be of type float"),
    ],
)
def test_a_signature_that_makes_no_sense_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make(saved_model.signature_def_utils, tf.constant("a"), tf.constant(1.0))


def test_sparse_tensors_and_variables_are_told_and_found():
    sparse = tf.sparse_placeholder(tf.int64, [2, 3], name="s")
    v = tf.Variable(1.0, name="v")
    info = saved_model.utils.build_tensor_info(sparse)

    assert info.coo_sparse.indices_tensor_name == sparse.indices.name
    found = saved_model.utils.get_tensor_from_tensor_info(info)
    assert [found.indices, found.values] == [sparse.indices, sparse.values]
    assert saved_model.utils.build_tensor_info(v).name == "v:0"
    with pytest.raises(ValueError, match=r"Invalid TensorInfo\.encoding"):
        saved_model.utils.get_tensor_from_tensor_info(protos.TensorInfo())
    with pytest.raises(KeyError):
        saved_model.utils.get_tensor_from_tensor_info(protos.TensorInfo(name="none:0"))


# --- refused -------------------------------------------------------------------------------------


def test_a_folder_that_is_in_use_is_refused(tmp_path, vocabulary):
    with pytest.raises(AssertionError, match="already exists, and isn't empty"):
        saved_model.builder.SavedModelBuilder(str(tmp_path))


def test_graphs_are_added_in_order(tmp_path):
    builder = saved_model.Builder(str(tmp_path / "m"))
    with pytest.raises(AssertionError, match="has not been saved yet"):
        builder.add_meta_graph(["serve"])
    with tf.Session() as session:
        builder.add_meta_graph_and_variables(session, ["serve"])
        with pytest.raises(AssertionError, match="already been saved"):
            builder.add_meta_graph_and_variables(session, ["serve"])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"main_op": "init"}, TypeError, "main_op needs to be an Operation"),
        ({"assets_collection": ["a"]}, TypeError, "must be a Tensor"),
        ({"assets_collection": "placeholder"}, TypeError, "must be of type constant"),
        ({"assets_collection": "number"}, TypeError, "must be of dtype string"),
        ({"assets_collection": "two"}, TypeError, "must be a scalar"),
        ({"assets_collection": "empty"}, ValueError, "Invalid asset filepath"),
        ({"signature_def_map": {"a": 1}}, TypeError, "must be a SignatureDef"),
        ({"signature_def_map": "nameless"}, AssertionError, "must have the name and dtype"),
        ({"signature_def_map": "typeless"}, AssertionError, "must have the name and dtype"),
        ({"signature_def_map": {"__saved_model_init_op": None}}, KeyError, "is reserved"),
    ],
)
def test_what_cannot_be_written_is_refused(options, error, words, tmp_path):
    build_signature = saved_model.signature_def_utils.build_signature_def
    stands_for = {
        "placeholder": lambda: [tf.placeholder(tf.string, [])],
        "number": lambda: [tf.constant(1)],
        "two": lambda: [tf.constant(["a", "b"])],
        "empty": lambda: [tf.constant("")],
        "nameless": lambda: {"s": build_signature({"i": protos.TensorInfo(dtype=1)})},
        "typeless": lambda: {"s": build_signature({"i": protos.TensorInfo(name="x:0")})},
    }
    options = {
        key: stands_for[value]() if key != "main_op" and isinstance(value, str) else value
        for key, value in options.items()
    }
    builder = saved_model.Builder(tmp_path / "m")
    with tf.Session() as session, pytest.raises(error, match=words):
        builder.add_meta_graph_and_variables(session, ["serve"], **options)


def test_one_main_op_is_enough(tmp_path):
    builder = saved_model.Builder(tmp_path / "m")
    with tf.Session() as session:
        builder.add_meta_graph_and_variables(session, ["serve"], main_op=tf.no_op())
        with pytest.raises(ValueError, match="already contains one or more main ops"):
            builder.add_meta_graph(["train"], main_op=tf.no_op())


def test_what_is_no_model_is_not_loaded(tmp_path):
    with tf.Session() as session:
        with pytest.raises(OSError, match="SavedModel file does not exist at"):
            saved_model.loader.load(session, ["serve"], str(tmp_path))
        (tmp_path / "saved_model.pb").write_bytes(b"\xff\xff no message")
        with pytest.raises(OSError, match="Cannot parse file"):
            saved_model.loader.load(session, ["serve"], str(tmp_path))


def test_damaged_variables_are_told_by_name_and_file(tmp_path):
    write(tf, tmp_path / "m")
    data = tmp_path / "m" / "variables" / "variables.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(content)

    with pytest.raises(tf.errors.DataLossError, match=r"tensor: w\n  file: .*variables.data"):
        loaded(tmp_path / "m")


@pytest.mark.paper("O-22")
@pytest.mark.parametrize(
    "error", [Crash(), OSError(errno.ENOSPC, "No space left on device")], ids=["crash", "full disk"]
)
def test_a_crash_at_any_change_of_files_leaves_no_model_or_a_whole_one(
    error, tmp_path, monkeypatch, vocabulary
):
    with monkeypatch.context() as patch:
        faults = FaultyFiles(patch, np.inf, Crash())
        write(tf, tmp_path / "count", vocabulary)
    seen = []
    for limit in range(faults.count):
        folder = tmp_path / f"at{limit}"
        with monkeypatch.context() as patch:
            FaultyFiles(patch, limit, error)
            with pytest.raises((Crash, OSError, tf.errors.OpError, ValueError)):
                write(tf, folder, vocabulary)
        seen.append(saved_model.contains_saved_model(folder))
        if seen[-1]:
            assert answers(*loaded(folder)) == SCORES.tolist()

    assert faults.count > 12
    assert seen == sorted(seen)  # and it is there only at the end
    assert not seen[0]


# --- TensorFlow ----------------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.parametrize("as_text", [False, True], ids=["bytes", "text"])
def test_tensorflow_loads_what_we_write(as_text, tmp_path, vocabulary, tensorflow):
    write(tf, tmp_path / "m", vocabulary, as_text=as_text)
    with tensorflow.Session(graph=tensorflow.Graph()) as session:
        meta_graph = tensorflow.saved_model.loader.load(session, ["serve"], str(tmp_path / "m"))
        signature = meta_graph.signature_def["serving_default"]
        scores = session.run(signature.outputs["scores"].name, {signature.inputs["x"].name: X})
        (seen,) = tensorflow.get_collection("local_variables")

        assert scores.tolist() == SCORES.tolist()
        assert session.run(seen) == bytes(tmp_path / "m" / "assets" / "words.txt")


@pytest.mark.tensorflow
def test_tensorflow_2_serves_what_we_write(tmp_path, vocabulary, tensorflow):
    write(tf, tmp_path / "m", vocabulary)
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        model = tensorflow.saved_model.load_v2(str(tmp_path / "m"), tags=["serve"])
        scores = model.signatures["serving_default"](tensorflow.constant(X))["scores"]
        session.run(tensorflow.get_collection("saved_model_initializers"))

        assert session.run(scores).tolist() == SCORES.tolist()


@pytest.mark.tensorflow
@pytest.mark.parametrize("as_text", [False, True], ids=["bytes", "text"])
def test_we_load_what_tensorflow_writes(as_text, tmp_path, vocabulary, tensorflow):
    write(tensorflow, tmp_path / "m", vocabulary, as_text=as_text)
    session, meta_graph = loaded(tmp_path / "m")

    assert answers(session, meta_graph) == SCORES.tolist()
    (seen,) = session.graph.get_collection("local_variables")
    assert session.run(seen) == bytes(tmp_path / "m" / "assets" / "words.txt")
    session, _ = loaded(tmp_path / "m", ["train", "gpu"])
    assert session.run("w:0").tolist() == [[0, 1], [2, 3], [4, 5]]
    assert session.run("scores:0", {"x:0": X}).tolist() == SCORES.tolist()


@pytest.mark.tensorflow
def test_constants_are_tensorflows(tensorflow):
    for module in ("constants", "tag_constants", "signature_constants"):
        ours, theirs = (getattr(each.saved_model, module) for each in (tf, tensorflow))
        names = [name for name in dir(theirs) if name.isupper() and "DEBUG" not in name]

        assert names
        assert {n: getattr(ours, n) for n in names} == {n: getattr(theirs, n) for n in names}
