"""Estimator: training, evaluation and prediction of a model function."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

import minitf as tf

X = np.arange(8, dtype=np.float32).reshape(8, 1)
Y = 3 * X + 1


def model_fn(features, labels, mode, params, config):
    """A line."""
    x = features["x"] if isinstance(features, dict) else features
    slope = tf.get_variable("slope", initializer=0.0)
    offset = tf.get_variable("offset", initializer=0.0)
    y = slope * x + offset
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(
            mode,
            predictions={"y": y, "twice": 2.0 * y},
            export_outputs={"y": tf.estimator.export.PredictOutput({"y": y})},
        )
    loss = tf.losses.mean_squared_error(labels, y)
    if mode == tf.estimator.ModeKeys.EVAL:
        metrics = {"error": tf.metrics.mean_absolute_error(labels, y)}
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)
    optimizer = tf.train.GradientDescentOptimizer(params["rate"])
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def line(model_dir, **options):
    return tf.estimator.Estimator(
        model_fn, model_dir=str(model_dir), params={"rate": 0.02}, **options
    )


def arrays(num_epochs=None, **options):
    return tf.estimator.inputs.numpy_input_fn(
        {"x": X}, Y, batch_size=4, num_epochs=num_epochs, shuffle=False, **options
    )


def dataset(repeats=None):
    return lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).repeat(repeats).batch(4)


def value(estimator, name):
    return float(estimator.get_variable_value(name))


@pytest.mark.parametrize("input_fn", [arrays, dataset])
def test_a_line_is_learned(tmp_path, input_fn):
    estimator = line(tmp_path)

    assert estimator.train(input_fn(), steps=300) is estimator
    results = estimator.evaluate(input_fn(1))
    predicted = list(estimator.predict(input_fn(1)))

    assert results["global_step"] == 300
    assert results["loss"] < 0.2
    assert sorted(results) == ["error", "global_step", "loss"]
    np.testing.assert_allclose([each["y"] for each in predicted], Y, atol=1.0)
    assert len(predicted) == 8
    assert sorted(predicted[0]) == ["twice", "y"]


def test_steps_are_counted_from_the_last_checkpoint_on(tmp_path):
    line(tmp_path).train(dataset(), steps=3)
    estimator = line(tmp_path)
    estimator.train(dataset(), steps=2)

    assert value(estimator, "global_step") == 5
    assert estimator.latest_checkpoint() == str(tmp_path / "model.ckpt-5")
    estimator.train(dataset(), max_steps=5)  # which are done
    assert value(estimator, "global_step") == 5
    estimator.train(dataset(), max_steps=7)
    assert value(estimator, "global_step") == 7


def test_training_in_two_parts_is_training_at_once(tmp_path):
    line(tmp_path / "one").train(dataset(), steps=4)
    for _ in range(2):
        line(tmp_path / "two").train(dataset(), steps=2)

    for name in ("slope", "offset"):
        assert value(line(tmp_path / "one"), name) == value(line(tmp_path / "two"), name)


def test_a_training_ends_with_its_input(tmp_path):
    estimator = line(tmp_path)
    estimator.train(dataset(3))

    assert value(estimator, "global_step") == 6


def test_a_folder_has_checkpoints_events_and_graph(tmp_path):
    estimator = line(tmp_path)
    estimator.train(dataset(), steps=2)
    estimator.evaluate(dataset(1), name="test")
    files = {path.name for path in tmp_path.iterdir()}

    assert {"checkpoint", "graph.pbtxt", "model.ckpt-0.index", "model.ckpt-2.index"} <= files
    (events,) = tmp_path.glob("events.out.tfevents.*")
    tags = [v.tag for e in tf.train.summary_iterator(str(events)) for v in e.summary.value]
    assert "loss" in tags
    assert estimator.eval_dir("test") == str(tmp_path / "eval_test")
    (events,) = (tmp_path / "eval_test").iterdir()
    found = {v.tag: v for e in tf.train.summary_iterator(str(events)) for v in e.summary.value}
    assert sorted(found) == ["checkpoint_path", "error", "loss"]
    assert estimator.get_variable_names() == ["global_step", "offset", "slope"]


def test_an_evaluation_takes_as_many_batches_as_it_is_told(tmp_path):
    seen = []

    class Watch(tf.train.SessionRunHook):
        def after_run(self, run_context, run_values):
            seen.append(1)

    estimator = line(tmp_path)
    whole = estimator.evaluate(dataset(1))  # of initial values: nothing was trained
    first = estimator.evaluate(dataset(), steps=1, hooks=[Watch()])

    assert len(seen) == 1
    assert whole["error"] == pytest.approx(Y.mean())
    assert first["error"] == pytest.approx(Y[:4].mean())
    assert first["global_step"] == 0


def test_predictions_can_be_chosen_and_left_in_batches(tmp_path):
    estimator = line(tmp_path)
    estimator.train(dataset(), steps=1)
    one = next(estimator.predict(dataset(1), predict_keys=["y"]))
    batches = list(estimator.predict(dataset(1), yield_single_examples=False))

    assert list(one) == ["y"]
    assert [len(each["y"]) for each in batches] == [4, 4]
    with pytest.raises(ValueError, match="Expected to run at least one output"):
        next(estimator.predict(dataset(1), predict_keys=["z"]))


def test_a_waiting_generator_leaves_the_default_graph_alone(tmp_path):
    estimator = line(tmp_path)
    estimator.train(dataset(), steps=1)
    graph = tf.get_default_graph()
    predictions = estimator.predict(dataset(1))
    next(predictions)

    assert tf.get_default_graph() is graph
    predictions.close()


def test_one_array_of_predictions_is_given_row_by_row(tmp_path):
    def identity_fn(features, mode):
        return tf.estimator.EstimatorSpec(mode, predictions=features["x"] * 2.0)

    estimator = tf.estimator.Estimator(identity_fn, model_dir=str(tmp_path))

    assert list(estimator.predict(dataset(1))) == (2 * X).tolist()


def test_an_input_function_gets_mode_params_and_config(tmp_path):
    got = {}

    def input_fn(mode, params, config):
        got.update(mode=mode, params=params, dir=config.model_dir)
        return dataset(1)()

    line(tmp_path).train(input_fn)

    assert got == {"mode": "train", "params": {"rate": 0.02}, "dir": str(tmp_path)}


def test_listeners_are_told_of_checkpoints(tmp_path):
    steps = []

    class Listener(tf.train.CheckpointSaverListener):
        def after_save(self, session, global_step_value):
            steps.append(global_step_value)

    config = tf.estimator.RunConfig(save_checkpoints_steps=2, keep_checkpoint_max=2)
    estimator = line(tmp_path, config=config)
    estimator.train(dataset(), steps=5, saving_listeners=[Listener()])

    assert steps == [0, 2, 4, 5]
    assert {path.stem for path in tmp_path.glob("model*.index")} == {"model.ckpt-4", "model.ckpt-5"}


def test_a_loss_that_is_no_number_stops_the_training(tmp_path):
    def input_fn():
        return {"x": tf.constant([[np.nan]])}, tf.constant([[1.0]])

    with pytest.raises(tf.train.NanLossDuringTrainingError):
        line(tmp_path).train(input_fn, steps=3)


def test_a_seed_makes_trainings_equal(tmp_path):
    def random_fn(features, labels, mode):
        weight = tf.get_variable("weight", [3])
        step = tf.assign_add(tf.train.get_global_step(), 1)
        return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(weight), train_op=step)

    found = []
    for name in "ab":
        config = tf.estimator.RunConfig(model_dir=str(tmp_path / name), tf_random_seed=5)
        estimator = tf.estimator.Estimator(random_fn, config=config)
        estimator.train(dataset(), steps=1)
        found.append(estimator.get_variable_value("weight").tolist())

    assert found[0] == found[1]


# --- warm starts ---------------------------------------------------------------------------------


def test_a_warm_start_begins_with_anothers_values(tmp_path):
    first = line(tmp_path / "first")
    first.train(dataset(), steps=3)
    warm = line(tmp_path / "warm", warm_start_from=first.model_dir)
    results = warm.evaluate(dataset(1))

    assert results["error"] == pytest.approx(first.evaluate(dataset(1))["error"])
    settings = tf.estimator.WarmStartSettings(first.model_dir, vars_to_warm_start="slope")
    partly = line(tmp_path / "partly", warm_start_from=settings)
    partly.train(dataset(), steps=1)
    reader = tf.train.load_checkpoint(str(tmp_path / "partly" / "model.ckpt-0"))
    assert reader.get_tensor("slope") == value(first, "slope")
    assert reader.get_tensor("offset") == 0
    assert reader.get_tensor("global_step") == 0


def test_warm_starts_find_variables_by_another_name(tmp_path):
    first = line(tmp_path / "first")
    first.train(dataset(), steps=3)
    settings = tf.estimator.WarmStartSettings(
        first.model_dir, ["offset"], var_name_to_prev_var_name={"offset": "slope"}
    )
    warm = line(tmp_path / "warm", warm_start_from=settings)
    warm.train(dataset(), steps=1)
    reader = tf.train.load_checkpoint(str(tmp_path / "warm" / "model.ckpt-0"))

    assert reader.get_tensor("offset") == value(first, "slope")
    assert reader.get_tensor("slope") == 0


def test_rows_are_moved_between_vocabularies(tmp_path):
    for name, words in (("old", "a\nb\n"), ("new", "b\nx\na\n")):
        (tmp_path / name).write_text(words)

    def rows_fn(features, labels, mode, params):
        rows = tf.get_variable("rows", [params, 1], initializer=tf.ones_initializer())
        step = tf.assign_add(tf.train.get_global_step(), 1)
        return tf.estimator.EstimatorSpec(mode, loss=tf.reduce_sum(rows), train_op=step)

    old = tf.estimator.Estimator(rows_fn, str(tmp_path / "first"), params=2)
    old.train(dataset(), steps=1)
    info = tf.estimator.VocabInfo(str(tmp_path / "new"), 3, 0, str(tmp_path / "old"))
    settings = tf.estimator.WarmStartSettings(old.model_dir, var_name_to_vocab_info={"rows": info})
    new = tf.estimator.Estimator(
        rows_fn, str(tmp_path / "warm"), params=3, warm_start_from=settings
    )
    new.train(dataset(), steps=1)

    assert new.get_variable_value("rows").tolist() == [[1.0], [0.0], [1.0]]
    with pytest.raises(ValueError, match="warm_start_from must be a string"):
        line(tmp_path, warm_start_from=3)


# --- train_and_evaluate --------------------------------------------------------------------------


def test_checkpoints_are_evaluated_as_they_are_saved(tmp_path):
    config = tf.estimator.RunConfig(save_checkpoints_steps=2)
    estimator = line(tmp_path, config=config)
    told = []

    class Exporter:
        name = "mine"

        def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
            told.append((Path(checkpoint_path).name, is_the_final_export))
            return export_path

    results, exports = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(dataset(), max_steps=5),
        tf.estimator.EvalSpec(dataset(1), steps=None, exporters=Exporter(), throttle_secs=0),
    )

    assert told == [("model.ckpt-2", False), ("model.ckpt-4", False), ("model.ckpt-5", True)]
    assert results["global_step"] == 5
    assert exports == [str(tmp_path / "export" / "mine")]


def test_checkpoints_within_the_throttle_are_not_evaluated(tmp_path):
    config = tf.estimator.RunConfig(save_checkpoints_steps=2)
    estimator = line(tmp_path, config=config)
    tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(dataset(), max_steps=5),
        tf.estimator.EvalSpec(dataset(1), steps=1, name="quick"),
    )
    (events,) = Path(estimator.eval_dir("quick")).iterdir()
    steps = {e.step for e in tf.train.summary_iterator(str(events)) if e.summary.value}

    assert steps == {5}


# --- what does not fit ---------------------------------------------------------------------------


def test_numbers_of_steps_must_fit(tmp_path):
    estimator = line(tmp_path)
    with pytest.raises(ValueError, match="Can not provide both steps and max_steps"):
        estimator.train(dataset(), steps=1, max_steps=1)
    with pytest.raises(ValueError, match="Must specify steps > 0"):
        estimator.train(dataset(), steps=0)
    with pytest.raises(ValueError, match="Must specify steps > 0"):
        estimator.evaluate(dataset(), steps=-1)
    with pytest.raises(ValueError, match="Could not find trained model"):
        estimator.get_variable_names()


def test_a_model_function_must_take_what_it_is_given(tmp_path):
    make = tf.estimator.Estimator
    with pytest.raises(ValueError, match="model_fn must be provided"):
        make(None)
    with pytest.raises(ValueError, match="must include features argument"):
        make(lambda labels: None)
    with pytest.raises(ValueError, match="does not include params argument"):
        make(lambda features: None, params={})
    with pytest.raises(ValueError, match="has following not expected args"):
        make(lambda features, weights: None)
    with pytest.raises(ValueError, match="model_fn should return an EstimatorSpec"):
        make(lambda features, labels: 3, model_dir=str(tmp_path)).train(dataset(), steps=1)
    with pytest.raises(ValueError, match="does not take labels"):
        make(lambda features: None, model_dir=str(tmp_path)).train(dataset(), steps=1)
    with pytest.raises(ValueError, match="as a len 2 tuple"):
        line(tmp_path).train(lambda: (1, 2, 3), steps=1)


def test_a_folder_is_given_once_or_made(tmp_path, caplog):
    config = tf.estimator.RunConfig(model_dir=str(tmp_path))

    assert tf.estimator.Estimator(model_fn, config=config, params={}).model_dir == str(tmp_path)
    with pytest.raises(ValueError, match="with different values"):
        line("elsewhere", config=config)
    with caplog.at_level(logging.WARNING, "tensorflow"):
        made = tf.estimator.Estimator(model_fn, params={}).model_dir
    assert "Using temporary folder" in caplog.text
    assert Path(made).is_dir()


SPECS = {
    "Missing train_op": {"mode": "train", "loss": 1.0},
    "Missing loss": {"mode": "eval"},
    "Missing predictions": {"mode": "infer"},
    "Loss must be scalar": {"mode": "eval", "loss": [1.0, 2.0]},
}


@pytest.mark.parametrize("message", SPECS)
def test_a_spec_has_what_its_mode_needs(message):
    given = SPECS[message]
    if "loss" in given:
        given = {**given, "loss": tf.constant(given["loss"])}
    with pytest.raises(ValueError, match=message):
        tf.estimator.EstimatorSpec(**given)


def test_a_spec_takes_tensors_of_the_default_graph_only():
    loss = tf.constant([1.0])

    assert tf.estimator.EstimatorSpec("eval", loss=loss).loss.shape.ndims == 0
    with tf.Graph().as_default(), pytest.raises(ValueError, match="from the default graph"):
        tf.estimator.EstimatorSpec("infer", predictions=loss)
    with pytest.raises(TypeError, match="eval_metric_ops must be"):
        tf.estimator.EstimatorSpec("eval", loss=loss, eval_metric_ops={"m": loss})
    with pytest.raises(TypeError, match="must be SessionRunHook"):
        tf.estimator.EstimatorSpec("eval", loss=loss, evaluation_hooks=[3])
    with pytest.raises(TypeError, match="must be ExportOutput"):
        tf.estimator.EstimatorSpec("infer", predictions=loss, export_outputs={"x": loss})


def test_a_run_config_checks_and_replaces():
    config = tf.estimator.RunConfig()

    assert (config.save_checkpoints_secs, config.save_checkpoints_steps) == (600, None)
    changed = config.replace(save_checkpoints_steps=7, model_dir="there")
    assert (changed.save_checkpoints_secs, changed.save_checkpoints_steps) == (None, 7)
    assert (changed.model_dir, config.model_dir) == ("there", None)
    assert (config.is_chief, config.task_type, config.num_ps_replicas) == (True, "worker", 0)
    with pytest.raises(ValueError, match="Can not provide both"):
        tf.estimator.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1)
    with pytest.raises(ValueError, match="should be >= 0"):
        tf.estimator.RunConfig(keep_checkpoint_max=-1)
    with pytest.raises(ValueError, match="Replacing master is not supported"):
        config.replace(master="x")
    with pytest.raises(ValueError, match="protocol should be grpc"):
        tf.estimator.RunConfig(protocol="carrier pigeon")
    with pytest.raises(tf.errors.UnimplementedError, match="has no tf"):
        tf.estimator.RunConfig(train_distribute=object())
