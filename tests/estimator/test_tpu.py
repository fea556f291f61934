"""tf.estimator.tpu and tf.tpu: what TensorFlow does without a TPU, and what it refuses."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import tpu_function

tpu = tf.estimator.tpu
X = np.arange(8, dtype=np.float32)


def input_fn(params):
    data = tf.data.Dataset.from_tensor_slices((X, 2 * X)).repeat(2)
    return data.batch(params.get("batch_size", 2), drop_remainder=True)


def model_fn(features, labels, mode, params):
    w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
    y = w * features
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tpu.TPUEstimatorSpec(mode, predictions={"y": y})
    loss = tf.reduce_mean((y - labels) ** 2)
    step = tf.train.get_global_step()
    train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss, step)
    metrics = (lambda y, labels: {"error": tf.metrics.mean_absolute_error(labels, y)}, [y, labels])
    return tpu.TPUEstimatorSpec(mode, loss=loss, train_op=train_op, eval_metrics=metrics)


def estimator(model_dir=None, model=model_fn, config=None, **more):
    settings = {
        "use_tpu": False,
        "train_batch_size": 4,
        "eval_batch_size": 2,
        "predict_batch_size": 8,
        **more,
    }
    folder = None if model_dir is None else str(model_dir)
    return tpu.TPUEstimator(model, folder, config or tpu.RunConfig(), **settings)


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"iterations_per_loop": 0}, "iterations_per_loop"),
        ({"iterations_per_loop": "0s"}, "iterations_per_loop"),
        ({"iterations_per_loop": "3x"}, "iterations_per_loop"),
        ({"num_shards": 0}, "num_shards must be positive, got 0"),
        ({"num_cores_per_replica": 3}, "num_cores_per_replica must be 1, 2, 4, 8"),
        ({"initial_infeed_sleep_secs": -1}, "initial_infeed_sleep_secs must be positive"),
        ({"input_partition_dims": []}, "one or two elements"),
        ({"input_partition_dims": [[1, 2]]}, "only supported in PER_HOST_V2 mode"),
        ({"eval_training_input_configuration": 3}, "must be PER_HOST_V1 or SLICED; got 3"),
    ],
)
def test_a_tpu_config_that_does_not_fit_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        tpu.TPUConfig(**settings)


def test_a_tpu_config_has_tensorflows_defaults():
    kinds = tpu.InputPipelineConfig

    assert tpu.TPUConfig() == (2, None, None, kinds.PER_HOST_V1, None, None, None, 2, 1)
    assert tpu.TPUConfig(per_host_input_for_training=False)[3] == kinds.PER_SHARD_V1
    assert tpu.TPUConfig("60s", per_host_input_for_training=kinds.BROADCAST)[3] == kinds.BROADCAST


def test_a_run_config_tells_targets():
    config = tpu.RunConfig(tpu.TPUConfig(7), master="grpc://x", model_dir="a")

    assert (config.master, config.evaluation_master) == ("grpc://x", "grpc://x")
    assert tpu.RunConfig(evaluation_master="y").evaluation_master == "y"
    changed = config.replace(model_dir="b", tpu_config=tpu.TPUConfig(9))
    assert (changed.model_dir, changed.tpu_config[0], changed.master) == ("b", 9, "grpc://x")
    assert config.tpu_config.iterations_per_loop == 7
    spec = tf.train.ClusterSpec({"worker": ["h:1"]})
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(spec, "grpc://m")
    of_cluster = tpu.RunConfig(cluster=resolver)
    assert (of_cluster.master, of_cluster.cluster) == ("grpc://m", resolver)
    assert of_cluster.cluster_spec.jobs == ["worker"]
    with pytest.raises(ValueError, match="Both master and cluster are set"):
        tpu.RunConfig(cluster=resolver, master="grpc://x")


# --- specs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        ({"eval_metrics": 3}, ValueError, "eval_metrics should be tuple or list"),
        ({"eval_metrics": (1, 2, 3)}, ValueError, "should have two elements"),
        ({"eval_metrics": (1, [2])}, TypeError, r"eval_metrics\[0\] should be callable"),
        ({"eval_metrics": (len, 2)}, ValueError, r"eval_metrics\[1\] should be tuple or list"),
        (
            {"host_call": (lambda a, b: 1, [3])},
            RuntimeError,
            "host_call, length of tensors 1 does not match method args of the function, which .* 2",
        ),
        ({"training_hooks": [1]}, TypeError, "All hooks must be SessionRunHook"),
        ({"loss": None}, ValueError, "Missing loss"),
    ],
)
def test_a_spec_that_does_not_fit_is_refused(what, error, message):
    with tf.Graph().as_default(), pytest.raises(error, match=message):
        tpu.TPUEstimatorSpec("train", **{"loss": tf.constant(1.0), "train_op": tf.no_op(), **what})


@pytest.mark.parametrize("tensors", [[1.0, 2.0], {"b": 2.0, "a": 1.0}], ids=["list", "dict"])
def test_a_spec_calls_its_functions_with_tensors(tensors):
    with tf.Graph().as_default():
        spec = tpu.TPUEstimatorSpec(
            "eval",
            loss=tf.constant(1.0),
            eval_metrics=(lambda a, b: {"m": tf.metrics.mean(a - b)}, tensors),
            scaffold_fn=lambda: tf.train.Scaffold(init_op=tf.no_op("mine")),
        ).as_estimator_spec()
        with tf.Session() as session:
            session.run(tf.local_variables_initializer())

            assert session.run(spec.eval_metric_ops["m"][1]) == -1
    assert spec.scaffold.init_op.name == "mine"
    assert spec.training_hooks == ()


# --- estimators ----------------------------------------------------------------------------------


def test_batch_sizes_reach_both_functions(tmp_path):
    given = []

    def noting_input(params, mode):
        given.append(("input", mode, dict(params)))
        return input_fn(params)

    def noting_model(features, labels, mode, params):
        given.append(("model", mode, dict(params)))
        return model_fn(features, labels, mode, params)

    made = estimator(tmp_path, noting_model, params={"a": 1})
    made.train(noting_input, steps=1)
    made.evaluate(noting_input, steps=1)
    next(made.predict(noting_input))
    made.export_saved_model(
        str(tmp_path / "export"),
        lambda: tf.estimator.export.TensorServingInputReceiver(
            *2 * [tf.placeholder(tf.float32, [None])]
        ),
    )

    assert given == [
        ("input", "train", {"a": 1, "batch_size": 4}),
        ("model", "train", {"a": 1, "batch_size": 4, "use_tpu": False}),
        ("input", "eval", {"a": 1, "batch_size": 2}),
        ("model", "eval", {"a": 1, "batch_size": 2, "use_tpu": False}),
        ("input", "infer", {"a": 1, "batch_size": 8}),
        ("model", "infer", {"a": 1, "batch_size": 8, "use_tpu": False}),
        ("model", "infer", {"a": 1, "use_tpu": False}),
    ]
    assert made.params == {"a": 1}


def test_a_line_is_learned_as_by_tensorflow(tmp_path):
    made = estimator(tmp_path)
    made.train(input_fn, steps=3)
    found = made.evaluate(input_fn, steps=2)

    assert found["loss"] == pytest.approx(1.4337162, rel=1e-6)  # TensorFlow's
    assert found["error"] == pytest.approx(0.9600389, rel=1e-6)
    assert [each["y"] for each in made.predict(input_fn)][1] == pytest.approx(1.359974, rel=1e-6)


def test_hyperparameters_are_told_the_batch_size():
    hparams = tf.contrib.training.HParams(rate=0.5)
    seen = []

    def noting_model(features, labels, mode, params):
        seen.append((params.rate, params.batch_size, params.use_tpu))
        return model_fn(features, labels, mode, params)

    estimator(model=noting_model, params=hparams).train(
        lambda params: (tf.ones([params.batch_size]), tf.ones([params.batch_size])), steps=1
    )

    assert seen == [(0.5, 4, False)]
    assert "batch_size" not in hparams


def test_a_host_call_writes_summaries_in_each_step(tmp_path):
    def host_call_fn(step, loss):
        writer = tf.contrib.summary.create_file_writer(str(tmp_path / "host"))
        with writer.as_default(), tf.contrib.summary.always_record_summaries():
            tf.contrib.summary.scalar("told", loss[0], step=step[0])
            return tf.contrib.summary.all_summary_ops()

    def with_host_call(features, labels, mode, params):
        spec = model_fn(features, labels, mode, params)
        step = tf.train.get_global_step()
        tensors = [tf.reshape(step, [1]), tf.reshape(spec.loss, [1])]
        return spec._replace(host_call=(host_call_fn, tensors))

    estimator(model=with_host_call).train(input_fn, steps=3)
    (path,) = (tmp_path / "host").iterdir()
    told = [v.tag for e in tf.train.summary_iterator(str(path)) for v in e.summary.value]

    assert told == ["told"] * 3


@pytest.fixture
def logged(monkeypatch):
    """What goes into the log: TensorFlow, once imported, keeps its logger to itself."""
    logger = logging.getLogger("tensorflow")
    monkeypatch.setattr(logger, "level", logging.INFO)
    logger.manager._clear_cache()
    lines = []
    monkeypatch.setattr(logger, "handle", lambda record: lines.append(record.getMessage()))
    yield lines
    monkeypatch.undo()
    logger.manager._clear_cache()


def test_rates_are_of_steps_and_examples(tmp_path, logged):
    config = tpu.RunConfig(log_step_count_steps=1)
    estimator(tmp_path, config=config).train(input_fn, steps=4)
    events = [
        value
        for path in tmp_path.glob("events*")
        for event in tf.train.summary_iterator(str(path))
        for value in event.summary.value
    ]
    rates = {tag: [v.simple_value for v in events if v.tag == tag] for tag in
             ("global_step/sec", "examples/sec")}  # fmt: skip

    assert rates["global_step/sec"]
    assert np.allclose(rates["examples/sec"], 4 * np.array(rates["global_step/sec"]))
    assert any(line.startswith("examples/sec: ") for line in logged)


def test_training_and_evaluation_take_turns(tmp_path):
    config = tpu.RunConfig(save_checkpoints_steps=2)
    found, _ = tf.estimator.train_and_evaluate(
        estimator(tmp_path, config=config),
        tf.estimator.TrainSpec(input_fn, max_steps=4),
        tf.estimator.EvalSpec(input_fn, steps=2, throttle_secs=0),
    )

    assert found["global_step"] == 4


@pytest.mark.parametrize(
    ("more", "error", "message"),
    [
        ({"params": {"batch_size": 3}}, ValueError, "'context'. are reserved keys but existed"),
        ({"config": tf.estimator.RunConfig()}, ValueError, "type `tpu_config.RunConfig`"),
        ({"use_tpu": True, "train_batch_size": None}, ValueError, "cannot be `None`"),
        ({"use_tpu": True, "eval_batch_size": 0}, ValueError, "'eval' must be positive, got 0"),
        ({"embedding_config_spec": 3}, tf.errors.UnimplementedError, "no TPU system yet"),
        ({"export_saved_model_api_version": 5}, ValueError, "5 is not a valid"),
    ],
)
def test_what_does_not_fit_an_estimator_is_refused(more, error, message):
    with pytest.raises(error, match=message):
        estimator(**more)


def test_what_does_not_fit_a_training_is_refused():
    with pytest.raises(ValueError, match=r"input_fn .* does not include params argument"):
        estimator().train(lambda: (X, X), steps=1)
    with pytest.raises(ValueError, match=r"model_fn .* does not include params argument"):
        estimator(model=lambda features, labels, mode: None).train(input_fn, steps=1)
    with pytest.raises(ValueError, match="should return a TPUEstimatorSpec or an EstimatorSpec"):
        estimator(model=lambda features, labels, params: 3).train(input_fn, steps=1)


def test_a_tpu_is_missed(tmp_path):
    made = estimator(tmp_path, use_tpu=True)
    for call in (
        lambda: made.train(input_fn, steps=1),
        lambda: made.evaluate(input_fn, steps=1),
        lambda: next(made.predict(input_fn)),
    ):
        with pytest.raises(RuntimeError, match=r"any TPU cores.*MiniTF has no TPU system yet"):
            call()
    elsewhere = estimator(tmp_path, use_tpu=True, eval_on_tpu=False)

    assert elsewhere.evaluate(input_fn, steps=1)["loss"] == 2


def test_the_model_is_exported_for_cpus(tmp_path, logged):
    made = estimator(tmp_path / "model").train(input_fn, steps=1)

    def receiver_fn():
        x = tf.placeholder(tf.float32, [None])
        return tf.estimator.export.TensorServingInputReceiver(x, x)

    folder = tf.contrib.tpu.export_estimator_savedmodel(made, str(tmp_path / "a"), receiver_fn)
    assert any("exported for CPUs alone" in line for line in logged)
    served = tf.contrib.predictor.from_saved_model(folder.decode())
    slope = made.get_variable_value("w")
    assert np.allclose(served({"input": X})["y"], slope * X)
    alone = estimator(tmp_path / "model", export_to_cpu=False)
    with pytest.raises(tf.errors.UnimplementedError, match="export_to_cpu must be True"):
        alone.export_saved_model(str(tmp_path / "b"), receiver_fn)


# --- functions -----------------------------------------------------------------------------------


def bfloat16_program(lib):
    with lib.Graph().as_default() as graph:
        with lib.tpu.bfloat16_scope():
            x = lib.cast(lib.ones([2, 3]), lib.bfloat16)
            ones = lib.ones_initializer()
            y = lib.matmul(x, lib.get_variable("kernel", [3, 4], lib.bfloat16, ones))
            plain = lib.get_variable("plain", [2])
            whole = lib.get_variable("whole", [2], lib.int32, lib.zeros_initializer())
        found = [(v.name, v.dtype.base_dtype.name) for v in lib.global_variables()]
        found += [(each.op.type, each.dtype.base_dtype.name) for each in (y, plain, whole)]
        found.append([node.name for node in graph.as_graph_def().node if node.op == "Cast"])
        with lib.Session() as session:
            session.run(lib.global_variables_initializer())
            found.append(session.run(lib.cast(y, lib.float32)).tolist())
    return found


@pytest.mark.tensorflow
def test_a_bfloat16_scope_keeps_float32_as_tensorflow_does(tensorflow):
    assert bfloat16_program(tf) == bfloat16_program(tensorflow)


def test_a_cross_shard_optimizer_needs_a_tpu(logged):
    with tf.Graph().as_default():
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        optimizer = tf.contrib.tpu.CrossShardOptimizer(tf.train.AdamOptimizer(0.1))
        pairs = optimizer.compute_gradients(tf.reduce_sum(w))

        assert [variable.name for _, variable in pairs] == ["w:0"]
        assert any("Assuming 1" in line for line in logged)
        assert (optimizer.get_name(), optimizer.get_slot_names()) == ("CrossShardOptimizer", [])
        assert (optimizer.variables(), optimizer.get_slot(w, "m")) == ([], None)
        with pytest.raises(tf.errors.UnimplementedError, match="cross_replica_sum"):
            optimizer.apply_gradients(pairs)
    with pytest.raises(ValueError, match="Argument `reduction` should be one of"):
        tf.contrib.tpu.CrossShardOptimizer(tf.train.AdamOptimizer(), reduction="mean")
    with pytest.raises(TypeError, match="only works with"):
        tf.contrib.tpu.CrossShardOptimizer(3)


def test_a_core_has_its_part_of_the_loss():
    with tf.Graph().as_default(), tf.Session() as session:
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        found = []
        with tpu_function.tpu_shard_context(4):
            for reduction in (tf.losses.Reduction.MEAN, tf.losses.Reduction.SUM):
                optimizer = tf.tpu.CrossShardOptimizer(tf.train.AdamOptimizer(), reduction)
                found.append(optimizer.compute_gradients(tf.reduce_sum(w))[0][0])
            with pytest.raises(NotImplementedError, match="cannot be nested"):
                tpu_function.tpu_shard_context(2).__enter__()
        session.run(tf.global_variables_initializer())
        values = session.run(found)

    assert [value.tolist() for value in values] == [[0.25, 0.25], [1, 1]]
    assert tpu_function.get_tpu_context().number_of_shards is None


@pytest.mark.parametrize("name", ["replicate", "shard", "batch_parallel", "rewrite"])
def test_what_builds_for_a_tpu_says_that_there_is_none(name):
    with pytest.raises(tf.errors.UnimplementedError, match=rf"no TPU system yet: tf\.tpu\.{name}"):
        getattr(tf.tpu, name)(lambda x: x, [[1.0]])


def test_what_needs_no_tpu_works():
    assert tf.contrib.tpu.outside_compilation(lambda a, b: a - b, 5, b=3) == 2
    assert tf.contrib.tpu.core(3) == "device:TPU_REPLICATED_CORE:3"
    for call in (tf.tpu.initialize_system, tf.tpu.shutdown_system):
        with pytest.raises(tf.errors.UnimplementedError, match="no TPU system yet"):
            call()


def test_checkpoints_are_saved_beside_the_training(tmp_path):
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        advance = tf.assign_add(step, 1)
        hook = tf.contrib.tpu.AsyncCheckpointSaverHook(
            str(tmp_path), save_steps=2, saver=tf.train.Saver(max_to_keep=None)
        )
        with tf.train.MonitoredSession(hooks=[hook]) as session:
            for _ in range(3):
                session.run(advance)
            hook._thread.join()
    steps = {
        int(path.suffixes[0].partition("-")[2]) for path in tmp_path.glob("model.ckpt-*.index")
    }

    assert {0, 3} < steps
    assert tf.train.load_variable(str(tmp_path), "global_step") == 3


def test_what_fails_beside_the_training_ends_it(tmp_path):
    class Failing(tf.train.CheckpointSaverListener):
        def before_save(self, session, global_step_value):
            if global_step_value:
                raise OSError("the disk is full")

    with tf.Graph().as_default():
        advance = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        hook = tf.contrib.tpu.AsyncCheckpointSaverHook(
            str(tmp_path), save_steps=1, saver=tf.train.Saver(), listeners=[Failing()]
        )
        with pytest.raises(OSError, match="the disk is full"):  # noqa: SIM117 it ends the session
            with tf.train.MonitoredSession(hooks=[hook]) as session:
                session.run(advance)
