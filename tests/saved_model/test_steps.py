"""A SavedModel loaded step by step, its folders, and signatures that name operations."""

from __future__ import annotations

from pathlib import Path

import pytest

import minitf
from minitf import errors
from minitf.saved_model import folders, loader, operation_signatures

tf = minitf


@pytest.fixture
def folder(tmp_path):
    """A SavedModel of a variable v = 3 and the operation `begin`."""
    path = str(tmp_path / "model")
    builder = tf.saved_model.Builder(path)
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable(3.0, name="v")
        begin = tf.no_op(name="begin")
        session.run(v.initializer)
        signatures = {
            "begin": operation_signatures.op_signature_def(begin, "key"),
            "train": operation_signatures.supervised_train_signature_def(
                {"v": v}, {"loss": v}, predictions={"p": v}
            ),
        }
        builder.add_meta_graph_and_variables(session, ["serve"], main_op=tf.no_op(name="main"))
        builder.save()
    assert Path(folders.get_variables_dir(path)).is_dir()
    return path, signatures


def test_a_graph_its_variables_and_its_first_operation_are_loaded_one_by_one(folder):
    steps = loader.SavedModelLoader(folder[0])
    graph = tf.Graph()
    saver, (found,) = steps.load_graph(graph, ["serve"], import_scope="in", return_elements=["v:0"])
    with tf.Session(graph=graph) as session:
        steps.restore_variables(session, saver, "in")
        steps.run_init_ops(session, ["serve"], "in")
        assert session.run(found) == 3.0

    assert found.name == "in/v:0"
    assert steps.variables_path == str(Path(folder[0], "variables", "variables"))
    assert steps.get_meta_graph_def_from_tags({"serve"}) is steps.saved_model.meta_graphs[0]
    with graph.as_default():
        meta_graph = steps.saved_model.meta_graphs[0]
        assert loader.get_init_op(meta_graph, "in").name == "in/main"
        assert loader.get_train_op(meta_graph, "in") is None
        assert loader.get_asset_tensors(folder[0], meta_graph) == {}
    with pytest.raises(RuntimeError, match="could not be found in SavedModel"):
        steps.get_meta_graph_def_from_tags(["other"])


def test_signatures_name_operations(folder):
    signature = folder[1]["begin"]
    begin = tf.no_op(name="begin")

    assert operation_signatures.load_op_from_signature_def(signature, "key") is begin
    for key, scope in (("other", None), ("key", "elsewhere")):
        with pytest.raises(errors.NotFoundError, match="could not be found in the graph"):
            operation_signatures.load_op_from_signature_def(signature, key, scope)


def test_signatures_of_training_have_inputs_and_all_kinds_of_outputs(folder):
    signature = folder[1]["train"]

    assert signature.method_name == "tensorflow/supervised/training"
    assert sorted(signature.outputs) == ["loss", "p"]
    with pytest.raises(ValueError, match="tensorflow/supervised/eval inputs cannot be None"):
        operation_signatures.supervised_eval_signature_def({}, {"loss": tf.constant(1.0)})


def test_folders_are_made_when_they_are_wanted(tmp_path):
    assert folders.get_assets_dir(tmp_path) == str(tmp_path / "assets")
    assert not (tmp_path / "assets").exists()
    for made in (folders.get_or_create_assets_dir, folders.get_or_create_variables_dir):
        assert Path(made(tmp_path)).is_dir()
