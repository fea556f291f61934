"""tf.estimator.experimental and add_metrics: when trainings stop, what is measured meanwhile."""

from __future__ import annotations

import json

import numpy as np
import pytest

import minitf as tf
from minitf.estimator.experimental import early_stopping, last_step

experimental = tf.estimator.experimental
LOSSES = {10: 0.5, 20: 0.4, 30: 0.45, 40: 0.43, 50: 0.41}


def input_fn():
    return tf.data.Dataset.from_tensors((tf.ones([2]), tf.ones([2]))).repeat(40)


def model_fn(features, labels, mode):
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    y = w * features
    loss = tf.reduce_mean((y - labels) ** 2)
    step = tf.train.get_global_step()
    return tf.estimator.EstimatorSpec(
        mode,
        predictions={"y": y},
        loss=loss,
        train_op=tf.train.GradientDescentOptimizer(0.1).minimize(loss, step),
        eval_metric_ops={"m": tf.metrics.mean(w)},
    )


def estimator(folder):
    return tf.estimator.Estimator(
        model_fn, str(folder), tf.estimator.RunConfig(save_checkpoints_steps=5)
    )


@pytest.fixture
def of_worker(monkeypatch):
    cluster = {"chief": ["h:1"], "ps": ["h:2"], "worker": ["h:3"]}
    task = {"type": "worker", "index": 0}
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": task}))


# --- early stopping ------------------------------------------------------------------------------


def test_a_training_stops_when_a_function_says_so(tmp_path):
    asked = []

    def should_stop():
        asked.append(1)
        return len(asked) == 3

    hook = experimental.make_early_stopping_hook(
        model := estimator(tmp_path), should_stop, run_every_secs=None, run_every_steps=4
    )
    model.train(input_fn, hooks=[hook])

    assert len(asked) == 3
    assert model.get_variable_value("global_step") == 9
    assert model.get_variable_value("signal_early_stopping/STOP")


@pytest.mark.parametrize(
    ("make", "settings", "stops"),
    [
        ("stop_if_higher_hook", {"threshold": 0.49}, True),
        ("stop_if_higher_hook", {"threshold": 0.51}, False),
        ("stop_if_higher_hook", {"threshold": 0.49, "min_steps": 20}, False),
        ("stop_if_lower_hook", {"threshold": 0.39}, False),
        ("stop_if_lower_hook", {"threshold": 0.405}, True),
        ("stop_if_no_decrease_hook", {"max_steps_without_decrease": 30}, True),
        ("stop_if_no_decrease_hook", {"max_steps_without_decrease": 31}, False),
        ("stop_if_no_increase_hook", {"max_steps_without_increase": 40}, True),
        ("stop_if_no_increase_hook", {"max_steps_without_increase": 41}, False),
        ("stop_if_no_increase_hook", {"max_steps_without_increase": 10, "min_steps": 41}, False),
    ],
)
def test_evaluations_say_when_to_stop(tmp_path, make, settings, stops):
    model = estimator(tmp_path)
    with tf.summary.FileWriter(model.eval_dir()) as writer:
        for step, loss in LOSSES.items():
            value = tf.Summary.Value(tag="loss", simple_value=loss)
            writer.add_summary(tf.Summary(value=[value]), step)
    hook = getattr(experimental, make)(model, "loss", **settings)

    assert hook._should_stop_fn() is stops
    with pytest.raises(KeyError, match="other"):
        getattr(experimental, make)(model, "other", **settings | {"min_steps": 0})._should_stop_fn()


def test_before_the_first_evaluation_nothing_stops(tmp_path):
    hook = experimental.stop_if_no_decrease_hook(estimator(tmp_path), "loss", 1)

    assert not hook._should_stop_fn()


def test_a_worker_stops_when_the_chief_has_said_so(tmp_path, of_worker):
    hook = experimental.make_early_stopping_hook(estimator(tmp_path), lambda: False)
    with tf.Graph().as_default():
        hook.begin()
        step = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        stop = early_stopping._stop_variable().assign(True)
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            session.run(step)

            assert not session.should_stop()
            session.run(stop)
            if not session.should_stop():  # the hook may have read before that was written
                session.run(step)
            assert session.should_stop()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"estimator": 3}, TypeError, "must have type `tf.estimator.Estimator`"),
        ({"should_stop_fn": 3}, TypeError, "must be callable"),
        ({"run_every_steps": 3}, ValueError, "Only one of `run_every_secs`"),
        ({"run_every_secs": None}, ValueError, "every_secs"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, settings, error, message):
    given = {"estimator": estimator(tmp_path), "should_stop_fn": bool}
    with pytest.raises(error, match=message):
        experimental.make_early_stopping_hook(**{**given, **settings})


# --- the last step -------------------------------------------------------------------------------


def test_the_chief_stops_at_the_last_step(tmp_path):
    model = estimator(tmp_path)
    hook = experimental.make_stop_at_checkpoint_step_hook(model, 7)
    model.train(input_fn, hooks=[hook])

    assert model.get_variable_value("global_step") == 7


def test_a_worker_waits_for_the_last_checkpoint(tmp_path, monkeypatch, of_worker):
    hook = experimental.make_stop_at_checkpoint_step_hook(estimator(tmp_path), 2)
    waited = []
    with tf.Graph().as_default():
        advance = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        saver = tf.train.Saver()
        with tf.train.SingularMonitoredSession(hooks=[hook]) as session:
            raw = session.raw_session()

            def save(seconds):
                waited.append(seconds)
                saver.save(raw, str(tmp_path / "model.ckpt"), global_step=2)

            monkeypatch.setattr(last_step.time, "sleep", save)
            session.run(advance)
            assert not session.should_stop()
            session.run(advance)

            assert session.should_stop()
    assert waited == [30]


# --- evaluations within a training ---------------------------------------------------------------


def test_a_model_is_evaluated_while_it_trains(tmp_path):
    model = estimator(tmp_path)
    hook = experimental.InMemoryEvaluatorHook(model, input_fn, steps=2, name="m", every_n_iter=6)
    model.train(input_fn, hooks=[hook], steps=12)
    found = [
        (event.step, {value.tag: value.simple_value for value in event.summary.value})
        for path in (tmp_path / "eval_m").iterdir()
        for event in tf.train.summary_iterator(str(path))
        if event.summary.value
    ]

    assert [step for step, _ in found] == [0, 6, 12, 12]
    assert [values["m"] for _, values in found] == pytest.approx(
        [1 - 0.8**step for step in (0, 6, 12, 12)], rel=1e-5
    )


def test_evaluations_within_a_training_that_do_not_fit_are_refused(tmp_path, of_worker):
    with pytest.raises(ValueError, match="invalid every_n_iter=0"):
        experimental.InMemoryEvaluatorHook(estimator(tmp_path), input_fn, every_n_iter=0)
    with pytest.raises(ValueError, match="single machine"):
        experimental.InMemoryEvaluatorHook(estimator(tmp_path), input_fn)


# --- metrics and logits --------------------------------------------------------------------------


def test_metrics_are_added(tmp_path):
    model = estimator(tmp_path)
    more = tf.estimator.add_metrics(
        model, lambda labels, predictions: {"n": tf.metrics.mean(predictions["y"] + labels)}
    )
    more.train(input_fn, steps=1)
    found = more.evaluate(input_fn, steps=1)

    assert more.model_dir == model.model_dir
    assert (found["m"], found["n"]) == pytest.approx((0.2, 1.2))
    other = tf.estimator.add_metrics(model, lambda: {"m": tf.metrics.mean(7.0)})
    assert other.evaluate(input_fn, steps=1)["m"] == 7
    with pytest.raises(ValueError, match=r"not expected args: \['mode'\]"):
        tf.estimator.add_metrics(model, lambda mode: {})
    with pytest.raises(TypeError, match="must be callable"):
        tf.estimator.add_metrics(model, None)


def test_logits_are_those_of_canned_models():
    columns = [tf.feature_column.numeric_column("x", shape=[2])]
    with tf.Graph().as_default(), tf.Session() as session:
        features = {"x": tf.constant([[1.0, 2.0]])}
        linear = experimental.linear_logit_fn_builder(3, columns)
        deep = experimental.dnn_logit_fn_builder(3, [4], columns, tf.nn.relu, None, None, False)
        found = [
            experimental.call_logit_fn(linear, features, "train", None, None),
            experimental.call_logit_fn(deep, features, "train", None, None),
        ]
        names = {each.op.name for each in tf.global_variables()}
        session.run(tf.global_variables_initializer())

        assert [each.shape for each in session.run(found)] == [(1, 3), (1, 3)]
        assert not np.any(session.run(found[0]))
    assert names == {
        *("linear_model/x/weights", "linear_model/bias_weights"),
        *("hiddenlayer_0/kernel", "hiddenlayer_0/bias", "logits/kernel", "logits/bias"),
    }
    for make in (
        lambda: experimental.linear_logit_fn_builder(3.0, columns),
        lambda: experimental.call_logit_fn(lambda features: features, 2, "m", None, None),
    ):
        with pytest.raises(ValueError, match=r"must be an int|should return a Tensor"):
            make()
