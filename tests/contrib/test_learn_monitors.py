"""Monitors, metrics and experiments of tf.contrib.learn."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import minitf as tf

learn = tf.contrib.learn
monitors = learn.monitors
RNG = np.random.RandomState(0)
X = RNG.normal(size=(40, 2)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64)


@pytest.fixture(autouse=True)
def _log(caplog):
    caplog.set_level(logging.INFO, "tensorflow")


def counting(features, labels, mode, params):
    """Return a model of 0.10: the loss is the step, and so is the variable `seen`."""
    step = tf.train.get_global_step()
    seen = tf.get_variable("seen", initializer=0)
    loss = tf.cast(step, tf.float32) + 0 * tf.reduce_sum(features)
    train = tf.group(tf.assign_add(step, 1), tf.assign_add(seen, params["by"]))
    return {"twice": 2 * features, "same": features}, tf.identity(loss, "the_loss"), train


@pytest.fixture
def estimator(tmp_path):
    return learn.Estimator(counting, model_dir=str(tmp_path), params={"by": 10})


# --- model functions -----------------------------------------------------------------------------


def test_a_model_function_of_older_programs_gets_the_array_itself(estimator):
    estimator.fit(X, Y, steps=3)

    assert estimator.get_variable_value("seen") == 30
    (first, *_) = estimator.predict(X[:2], as_iterable=False)
    np.testing.assert_array_equal(first["twice"], 2 * X[0])


def test_a_model_function_may_return_model_fn_ops(tmp_path):
    def model_fn(features, labels, mode):
        step = tf.assign_add(tf.train.get_global_step(), 1)
        share = tf.metrics.mean(features)
        return learn.ModelFnOps(
            mode, {"y": features}, tf.reduce_sum(features), step, {"mean": share}
        )

    def doubled(features, labels):
        return 2 * features, labels

    model = learn.Estimator(model_fn, str(tmp_path), feature_engineering_fn=doubled)
    model.partial_fit(X, Y)
    found = model.evaluate(X, Y)

    assert found["mean"] == pytest.approx(2 * X.mean(), rel=1e-5)
    assert found["global_step"] == 1


# --- metrics -------------------------------------------------------------------------------------


def test_metrics_are_taken_of_the_predictions_of_a_key(estimator):
    def mean_of(predictions, labels):
        return tf.metrics.mean(predictions)

    def weighed(prediction, target, weight):
        return tf.metrics.mean(prediction, weight)

    estimator.fit(X, Y, steps=1)
    found = estimator.evaluate(
        X, Y, metrics={"mean": learn.MetricSpec(mean_of, "twice"), ("same", "same"): mean_of}
    )

    assert found["mean"] == pytest.approx(2 * X.mean(), rel=1e-5)
    assert found["same"] == pytest.approx(X.mean(), rel=1e-5)
    spec = learn.MetricSpec(weighed, "p", "l", "w")
    made = spec.create_metric_ops({"w": [0.0, 1.0]}, {"l": [0.0]}, {"p": [5.0, 7.0]})
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        assert session.run(made[1]) == 7
    assert "weighed" in str(spec)


def test_a_metric_needs_a_key_that_there_is():
    spec = learn.MetricSpec(tf.metrics.accuracy)

    with pytest.raises(ValueError, match="without specified prediction_key requires"):
        spec.create_metric_ops(None, [1], {"a": [1], "b": [2]})
    with pytest.raises(ValueError, match="prediction_key 'c' is not among"):
        learn.MetricSpec(tf.metrics.accuracy, "c").create_metric_ops(None, [1], {"a": [1]})
    with pytest.raises(ValueError, match="requires labels dict"):
        learn.MetricSpec(tf.metrics.accuracy, label_key="c").create_metric_ops(None, [1], [1])


def test_canned_models_give_classes_and_scores_to_metrics(tmp_path):
    columns = learn.infer_real_valued_columns_from_input(X)
    model = learn.LinearClassifier(columns, model_dir=str(tmp_path / "classes"))
    model.fit(X, Y, steps=20)
    metric = learn.MetricSpec(tf.contrib.metrics.streaming_accuracy, learn.PredictionKey.CLASSES)
    found = model.evaluate(X, Y, metrics={"right": metric})
    numbers = learn.LinearRegressor(columns, model_dir=str(tmp_path / "numbers"))
    numbers.fit(X, X[:, 0], steps=1)
    error = learn.MetricSpec(tf.metrics.mean_squared_error, learn.PredictionKey.SCORES)

    assert found["right"] == pytest.approx(found["accuracy"])
    scored = numbers.evaluate(X, X[:, 0], metrics={"error": error})
    assert scored["error"] == pytest.approx(scored["average_loss"], rel=1e-5)
    wrapped = learn.SKCompat(model)
    assert wrapped.predict(X)["class_ids"].shape == (40, 1)
    assert wrapped.score(X, Y)["accuracy"] == pytest.approx(found["accuracy"])


# --- monitors ------------------------------------------------------------------------------------


def test_a_monitor_sees_what_it_asks_for_and_ends_the_training(estimator):
    class Watch(monitors.EveryN):
        def __init__(self):
            super().__init__(every_n_steps=2, first_n_steps=0)
            self.seen = []

        def every_n_step_begin(self, step):
            return ["the_loss:0"]

        def every_n_step_end(self, step, outputs):
            self.seen.append((step, outputs["the_loss:0"]))
            return step >= 6

    watch = Watch()
    estimator.fit(X, Y, steps=50, monitors=[watch])

    assert [step for step, _ in watch.seen] == [2, 4, 6]
    assert estimator.get_variable_value("global_step") == 6


def test_monitors_log_capture_and_stop(estimator, caplog):
    kept = monitors.CaptureVariable("the_loss:0", every_n=2, first_n=1)
    shown = monitors.PrintTensor({"loss": "the_loss:0"}, every_n=100)
    trained = monitors.LoggingTrainable(every_n=100)
    stop = monitors.StopAtStep(num_steps=5)
    estimator.fit(X, Y, steps=50, monitors=[kept, shown, trained, stop])

    assert list(kept.values) == [1, 3, 5]
    assert "Step 1: loss = " in caplog.text
    assert "Logging Trainable: Step 1: seen:0 = " in caplog.text
    assert estimator.get_variable_value("global_step") == 5
    with pytest.raises(ValueError, match="Exactly one of num_steps and last_step"):
        monitors.StopAtStep()


def test_a_loss_that_is_no_number_ends_the_training(estimator):
    class Nothing(monitors.NanLoss):
        def every_n_step_end(self, step, outputs):
            return super().every_n_step_end(step, {"the_loss:0": np.nan})

    estimator.fit(X, Y, steps=9, monitors=[Nothing("the_loss:0", fail_on_nan_loss=False)])

    assert estimator.get_variable_value("global_step") == 1
    with pytest.raises(monitors.NanLossDuringTrainingError):
        estimator.fit(X, Y, steps=9, monitors=[Nothing("the_loss:0", every_n_steps=1)])


def test_a_validation_ends_a_training_that_gets_no_better():
    def model(x, y):
        loss = tf.cast(tf.train.get_global_step(), tf.float32)
        return x, loss + 0 * tf.reduce_sum(x * tf.get_variable("w", initializer=0.0))

    estimator = learn.TensorFlowEstimator(model, n_classes=0, steps=50)
    watch = monitors.ValidationMonitor(
        X, Y, every_n_steps=2, early_stopping_rounds=4, check_interval_secs=None
    )
    estimator.fit(X, Y, monitors=[watch])

    assert watch.early_stopped
    assert (watch.best_step, watch.best_value) == (2, 2)
    assert watch.best_metrics["global_step"] == 2
    assert estimator.get_variable_value("global_step") == 6
    with pytest.raises(ValueError, match="Either x or input_fn"):
        monitors.ValidationMonitor()


def test_a_monitor_is_called_in_order():
    monitor = monitors.BaseMonitor()

    with pytest.raises(ValueError, match="end called without begin"):
        monitor.end()
    monitor.begin()
    with pytest.raises(ValueError, match="begin called twice"):
        monitor.begin()
    monitor.epoch_begin(0)
    with pytest.raises(ValueError, match="epoch_end expected 0"):
        monitor.epoch_end(1)
    assert monitor.step_begin(1) == []
    with pytest.raises(ValueError, match="step_begin called twice"):
        monitor.step_begin(2)
    with pytest.raises(ValueError, match="Missing estimator"):
        monitor.set_estimator(None)


# --- experiments ---------------------------------------------------------------------------------


def inputs():
    return tf.constant(X), tf.constant(Y)


def test_an_experiment_trains_evaluates_and_exports(tmp_path, estimator):
    class Strategy:
        name = "folder"

        def export(self, estimator, path, checkpoint, found):
            return path, found["global_step"]

    made = learn.Experiment(
        estimator,
        inputs,
        inputs,
        train_steps=6,
        eval_steps=1,
        min_eval_frequency=2,
        export_strategies=Strategy(),
    )
    found, exported = made.train_and_evaluate()

    assert found["global_step"] == 6
    assert exported == [(f"{tmp_path}/export/folder", 6)]
    assert made.evaluate(delay_secs=0)["global_step"] == 6
    assert made.test()[0]["global_step"] == 7
    assert (made.train_steps, made.eval_steps, made.estimator) == (6, 1, estimator)


def test_an_experiment_trains_and_evaluates_by_turns(estimator):
    seen = []

    def go_on(found):
        seen.append(found and int(found["global_step"]))
        return True

    made = learn.Experiment(estimator, inputs, inputs, train_steps=5, eval_steps=1)
    made._per_iteration = 2
    found, _ = made.continuous_train_and_eval(go_on)

    assert seen == [None, 2, 4, 5]
    assert found["global_step"] == 5


def test_the_runner_makes_an_experiment_and_calls_its_method(tmp_path):
    def by_folder(output_dir):
        model = learn.Estimator(counting, output_dir, params={"by": 1})
        return learn.Experiment(model, inputs, inputs, train_steps=2, eval_steps=1)

    def by_config(run_config, hparams):
        model = learn.Estimator(counting, config=run_config, params={"by": hparams.by})
        return learn.Experiment(model, inputs, inputs, train_steps=2, eval_steps=1)

    run = learn.learn_runner.run
    config = learn.RunConfig(model_dir=str(tmp_path / "b"), save_checkpoints_secs=30, num_cores=1)
    run(by_folder, str(tmp_path / "a"), schedule="train")
    found, _ = run(by_config, run_config=config, hparams=tf.contrib.training.HParams(by=3))

    assert tf.train.latest_checkpoint(tmp_path / "a").endswith("-2")
    assert found["global_step"] == 2
    with pytest.raises(ValueError, match="non-existent task fly"):
        run(by_folder, str(tmp_path / "a"), schedule="fly")
    with pytest.raises(ValueError, match="Must set value for"):
        run(by_folder)
    with pytest.raises(TypeError, match="did not return an Experiment"):
        run(lambda output_dir: None, str(tmp_path))


def test_a_run_config_of_older_arguments_is_one_of_estimators():
    config = learn.RunConfig(num_cores=2, tf_random_seed=5, save_checkpoints_steps=7)

    assert config.session_config.intra_op_parallelism_threads == 2
    assert (config.tf_random_seed, config.save_checkpoints_steps) == (5, 7)
    assert config.save_checkpoints_secs is None
    assert isinstance(config, tf.estimator.RunConfig)
    with pytest.raises(ValueError, match="there is one process"):
        learn.RunConfig(master="grpc://somewhere")
