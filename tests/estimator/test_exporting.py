"""Estimators as SavedModels: what is served, who exports, and which exports are kept."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import minitf as tf
from minitf.saved_model.loader import read_saved_model

X = np.arange(8, dtype=np.float32)
SPEC = {"x": tf.FixedLenFeature([], tf.float32)}


def model_fn(features, labels, mode, params):
    """A line; predictions are served in every kind of signature."""
    x = features["x"] if isinstance(features, dict) else features
    slope = tf.get_variable("slope", initializer=params.get("slope", 3.0))
    if mode == tf.estimator.ModeKeys.PREDICT and params.get("more"):
        tf.get_variable("more", initializer=0.0)
    y = slope * x
    if mode == tf.estimator.ModeKeys.PREDICT:
        kinds = tf.estimator.export
        outputs = {
            "serving_default": kinds.PredictOutput({"y": y}),
            "number": kinds.RegressionOutput(y),
            "class": kinds.ClassificationOutput(classes=tf.as_string(y)),
        }
        if "names" in params:
            named = dict.fromkeys(params["names"], outputs["serving_default"])
            outputs = named or None
        return tf.estimator.EstimatorSpec(mode, predictions={"y": y}, export_outputs=outputs)
    loss = tf.losses.mean_squared_error(labels, y)
    train_op = tf.assign_add(tf.train.get_global_step(), 1)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def inputs():
    return tf.data.Dataset.from_tensor_slices(({"x": X}, 2 * X)).batch(4)


def trained(folder, **params):
    estimator = tf.estimator.Estimator(model_fn, str(folder / "model"), params=params)
    return estimator.train(inputs)


def raw(batch_size=None):
    with tf.Graph().as_default():
        features = {"x": tf.constant(X, name="fed")}
    return tf.estimator.export.build_raw_serving_input_receiver_fn(features, batch_size)


def example(x):
    features = tf.train.Features(
        feature={"x": tf.train.Feature(float_list=tf.train.FloatList(value=[x]))}
    )
    return tf.train.Example(features=features).SerializeToString()


def signatures(folder):
    (meta_graph,) = read_saved_model(folder).meta_graphs
    return meta_graph.signature_def


def test_a_model_is_served_on_the_features_themselves(tmp_path):
    folder = trained(tmp_path).export_saved_model(tmp_path / "out", raw())
    predict = tf.contrib.predictor.from_saved_model(folder)

    assert isinstance(folder, bytes)
    assert Path(os.fsdecode(folder)).parent == tmp_path / "out"
    assert list((tmp_path / "out").iterdir()) == [Path(os.fsdecode(folder))]
    assert predict.feed_tensors["x"].name == "fed:0"
    assert predict({"x": [1, 2]})["y"].tolist() == [3, 6]


def test_a_model_is_served_on_examples_in_signatures_of_every_kind(tmp_path):
    receive = tf.estimator.export.build_parsing_serving_input_receiver_fn(SPEC)
    folder = trained(tmp_path).export_savedmodel(str(tmp_path / "out"), receive, as_text=True)
    found = signatures(folder)

    assert {name: each.method_name for name, each in found.items()} == {
        "serving_default": "tensorflow/serving/predict",
        "number": "tensorflow/serving/regress",
        "class": "tensorflow/serving/classify",
    }
    for name, key, value in (
        ("serving_default", "examples", [3, 6]),
        ("number", "inputs", [3, 6]),
        ("class", "inputs", [b"3.000000", b"6.000000"]),
    ):
        predict = tf.contrib.predictor.from_saved_model(folder, signature_def_key=name)
        (output,) = predict({key: [example(1), example(2)]}).values()
        assert output.tolist() == value


def test_other_tensors_may_be_fed_and_what_cannot_be_served_is_left_out(tmp_path):
    def receive():
        examples = tf.placeholder(tf.string, [None])
        parsed = tf.parse_example(examples, SPEC)["x"]
        return tf.estimator.export.TensorServingInputReceiver(
            parsed, examples, {"raw": parsed, "both": {"a": parsed, "b": examples}}
        )

    folder = trained(tmp_path).export_saved_model(tmp_path, receive)
    predict = tf.contrib.predictor.from_saved_model(folder, signature_def_key="raw:serving_default")

    assert sorted(signatures(folder)) == [
        *("both:serving_default", "class", "number", "raw:serving_default", "serving_default")
    ]
    assert predict({"input": [5]})["y"].tolist() == [15]


def test_one_output_is_the_default_one_and_of_several_one_must_be(tmp_path):
    for names in ([], ["y"]):
        folder = trained(tmp_path, names=names).export_saved_model(tmp_path, raw())
        assert sorted(signatures(folder)) == sorted([*names, "serving_default"])
    with pytest.raises(ValueError, match="none of them is specified as the default"):
        trained(tmp_path, names=["a", "b"]).export_saved_model(tmp_path, raw())


def test_a_table_of_the_model_and_more_files_are_exported(tmp_path):
    words, readme = tmp_path / "words.txt", tmp_path / "readme"
    words.write_text("a\nb\n")
    readme.write_text("read me")

    def model_of_words(features, labels, mode):
        table = tf.contrib.lookup.index_table_from_file(str(words))
        tf.get_variable("v", initializer=1.0)
        step = tf.assign_add(tf.train.get_global_step(), 1)
        ids = table.lookup(features["word"])
        return tf.estimator.EstimatorSpec(mode, ids, loss=tf.constant(1.0), train_op=step)

    def receive():
        word = tf.placeholder(tf.string, [None])
        return tf.estimator.export.ServingInputReceiver({"word": word}, {"word": word})

    estimator = tf.estimator.Estimator(model_of_words, str(tmp_path / "model"))
    estimator.train(lambda: {"word": tf.constant(["b"])}, steps=1)
    folder = os.fsdecode(
        estimator.export_saved_model(tmp_path / "out", receive, {"docs/readme": str(readme)})
    )
    words.unlink()

    assert Path(folder, "assets.extra", "docs", "readme").read_text() == "read me"
    assert Path(folder, "assets", "words.txt").read_text() == "a\nb\n"
    assert tf.contrib.predictor.from_saved_model(folder)({"word": ["b", "a"]})[
        "output"
    ].tolist() == [1, 0]


def test_what_cannot_be_exported_is_told(tmp_path):
    estimator = tf.estimator.Estimator(model_fn, str(tmp_path / "none"), params={})
    with pytest.raises(ValueError, match="Couldn't find trained model at"):
        estimator.export_saved_model(tmp_path, raw())
    with pytest.raises(ValueError, match="Could not load all requested variables"):
        trained(tmp_path, more=True).export_saved_model(tmp_path, raw())
    with pytest.raises(tf.errors.UnimplementedError, match="Only models for predictions"):
        estimator.export_saved_model(tmp_path, raw(), experimental_mode="train")
    with pytest.raises(ValueError, match="input_receiver_fn must be defined"):
        estimator.export_saved_model(tmp_path, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, {}), "features must be defined"),
        (({1: "t"}, {}), "features keys must be strings: 1"),
        (({"x": 1}, {}), "features x must be a Tensor or SparseTensor: 1"),
        (({}, None), "receiver_tensors must be defined"),
        (({}, {"x": 1}), "receiver_tensors x must be a Tensor: 1"),
        (({}, {}, 3), "receiver_tensors_alternatives must be a dict: 3"),
        (({}, {}, {"a": 3}), "receiver_tensors_alternatives a input must be a Tensor: 3"),
    ],
)
def test_a_receiver_of_something_else_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        tf.estimator.export.ServingInputReceiver(*arguments)


def test_a_receiver_of_one_tensor_needs_one():
    for features, message in ((None, "must be defined"), ({}, "must be a Tensor or SparseTensor")):
        with pytest.raises(ValueError, match=message):
            tf.estimator.export.TensorServingInputReceiver(features, {})


# --- exporters ------------------------------------------------------------------------------------


class Model:
    """Writes an empty folder for a model, numbered on."""

    def __init__(self, folder):
        self.model_dir = str(folder)
        self.count = 98

    def export_saved_model(self, base, receiver_fn, **_):
        self.count += 1
        folder = Path(base, str(self.count))
        folder.mkdir(parents=True)
        return os.fsencode(folder)


def exported(exporter, model, losses):
    """Which evaluations were exported, and the names of those kept."""
    folder = Path(model.model_dir, "export")
    told = [
        exporter.export(model, str(folder), "path", {"loss": loss}, i == len(losses) - 1)
        for i, loss in enumerate(losses)
    ]
    return [each is not None for each in told], sorted(path.name for path in folder.iterdir())


def test_the_latest_exports_are_kept(tmp_path):
    exporter = tf.estimator.LatestExporter("latest", raw(), exports_to_keep=2)

    assert exporter.name == "latest"
    assert exported(exporter, Model(tmp_path), [3, 1, 2]) == ([True] * 3, ["100", "101"])


def test_the_final_export_is_the_only_one(tmp_path):
    exporter = tf.estimator.FinalExporter("final", raw())

    assert exported(exporter, Model(tmp_path), [3, 1, 2]) == ([False, False, True], ["99"])


def test_better_models_are_exported(tmp_path):
    exporter = tf.estimator.BestExporter(serving_input_receiver_fn=raw())
    seen = exported(exporter, Model(tmp_path), [3, 4, 1, 2])

    assert seen == ([True, False, True, False], ["100", "99"])
    with pytest.raises(ValueError, match="no loss is found in it"):
        exporter.export(Model(tmp_path), str(tmp_path), "path", {}, False)


def test_the_best_model_of_an_earlier_program_counts(tmp_path):
    with tf.summary.FileWriter(str(tmp_path / "eval")) as writer:
        for loss in (2.0, 5.0):
            writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=loss)]))

    def larger(best_eval_result, current_eval_result):
        return best_eval_result["loss"] < current_eval_result["loss"]

    for compare, first in ((None, [False, True]), (larger, [False, True])):
        losses = [3, 1] if compare is None else [4, 6]
        options = {} if compare is None else {"compare_fn": compare}
        exporter = tf.estimator.BestExporter("best", raw(), **options)
        assert exported(exporter, Model(tmp_path / "."), losses)[0] == first
        for path in (tmp_path / "export").iterdir():
            path.rmdir()


def test_how_many_are_kept_is_above_zero():
    with pytest.raises(ValueError, match="must be a positive number"):
        tf.estimator.LatestExporter("x", raw(), exports_to_keep=0)
    with pytest.raises(ValueError, match="`compare_fn` must not be None"):
        tf.estimator.BestExporter(compare_fn=None)


def test_training_and_evaluating_exports(tmp_path):
    config = tf.estimator.RunConfig(str(tmp_path / "model"), save_checkpoints_steps=1)
    estimator = tf.estimator.Estimator(model_fn, config=config, params={})
    exporters = [
        tf.estimator.LatestExporter("latest", raw()),
        tf.estimator.FinalExporter("final", raw()),
    ]
    _, told = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(inputs, max_steps=2),
        tf.estimator.EvalSpec(inputs, exporters=exporters, throttle_secs=0),
    )

    assert [Path(os.fsdecode(each)).parent.name for each in told] == ["latest", "final"]
    assert len(list((tmp_path / "model" / "export" / "latest").iterdir())) == 2
    assert tf.contrib.predictor.from_saved_model(told[1])({"x": [2]})["y"].tolist() == [6]


@pytest.mark.tensorflow
def test_tensorflow_serves_what_we_export(tmp_path, tensorflow):
    receive = tf.estimator.export.build_parsing_serving_input_receiver_fn(SPEC)
    folder = os.fsdecode(trained(tmp_path).export_saved_model(tmp_path / "out", receive))
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        graph = tensorflow.saved_model.load(session, ["serve"], folder)
        signature = graph.signature_def["serving_default"]
        found = session.run(
            signature.outputs["y"].name, {signature.inputs["examples"].name: [example(2)]}
        )

    assert found.tolist() == [6]
