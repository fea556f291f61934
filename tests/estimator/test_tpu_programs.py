"""A program in the style of BERT's run_classifier: records, a transformer, a TPUEstimator."""

from __future__ import annotations

import collections

import numpy as np
import pytest

import minitf as tf

pytestmark = pytest.mark.thorough
WORDS, LENGTH, WIDTH, HEADS, STEPS = 16, 8, 8, 2, 60
ROWS = np.random.RandomState(0).randint(2, WORDS, (96, LENGTH))
LABELS = (ROWS[:, 1] > WORDS // 2).astype(np.int64)  # one word tells the class


def write_records(path, rows, labels):
    with tf.python_io.TFRecordWriter(str(path)) as writer:
        for row, label in zip(rows, labels, strict=True):
            features = collections.OrderedDict()
            for name, value in (
                ("input_ids", row),
                ("input_mask", [1] * LENGTH),
                ("label_ids", [label]),
            ):
                values = tf.train.Int64List(value=list(value))
                features[name] = tf.train.Feature(int64_list=values)
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())


def input_fn_builder(path, is_training, drop_remainder):
    name_to_features = {
        "input_ids": tf.FixedLenFeature([LENGTH], tf.int64),
        "input_mask": tf.FixedLenFeature([LENGTH], tf.int64),
        "label_ids": tf.FixedLenFeature([], tf.int64),
    }

    def decode(record):
        example = tf.parse_single_example(record, name_to_features)
        return {name: tf.to_int32(value) for name, value in example.items()}

    def input_fn(params):
        data = tf.data.TFRecordDataset(str(path))
        if is_training:
            data = data.repeat().shuffle(buffer_size=100, seed=1)
        return data.apply(
            tf.contrib.data.map_and_batch(
                decode, batch_size=params["batch_size"], drop_remainder=drop_remainder
            )
        )

    return input_fn


def split_heads(x):
    x = tf.reshape(x, [-1, LENGTH, HEADS, WIDTH // HEADS])
    return tf.transpose(x, [0, 2, 1, 3])


def encoder(ids, mask, training):
    initializer = tf.truncated_normal_initializer(stddev=0.2, seed=3)
    with tf.variable_scope("bert"):
        with tf.variable_scope("embeddings"):
            words = tf.get_variable("word_embeddings", [WORDS, WIDTH], initializer=initializer)
            places = tf.get_variable(
                "position_embeddings", [LENGTH, WIDTH], initializer=initializer
            )
            x = tf.gather(words, ids) + places
            x = tf.contrib.layers.layer_norm(x, begin_norm_axis=-1, begin_params_axis=-1)
        with tf.variable_scope("attention"):
            query, key, value = (
                split_heads(tf.layers.dense(x, WIDTH, name=name, kernel_initializer=initializer))
                for name in ("query", "key", "value")
            )
            scores = tf.matmul(query, key, transpose_b=True) / np.sqrt(WIDTH / HEADS)
            scores += (1.0 - tf.to_float(mask[:, None, None, :])) * -10000.0
            heads = tf.transpose(tf.matmul(tf.nn.softmax(scores), value), [0, 2, 1, 3])
            heads = tf.layers.dense(tf.reshape(heads, [-1, LENGTH, WIDTH]), WIDTH, name="output")
            heads = tf.layers.dropout(heads, 0.1, training=training, seed=4)
            x = tf.contrib.layers.layer_norm(x + heads, begin_norm_axis=-1, begin_params_axis=-1)
        with tf.variable_scope("pooler"):
            first = tf.squeeze(x[:, 0:1, :], axis=1)
            return tf.layers.dense(first, WIDTH, tf.tanh, kernel_initializer=initializer)


class WeightDecayOptimizer(tf.train.Optimizer):
    """Adam whose weights decay apart from the gradients, as BERT's own optimizer."""

    def __init__(self, rate, decay=0.01):
        super().__init__(False, "WeightDecayOptimizer")
        self.rate, self.decay = rate, decay

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        assignments = []
        for grad, param in grads_and_vars:
            if grad is None or param is None:
                continue
            m, v = (
                tf.get_variable(
                    name=f"{param.op.name}/{slot}",
                    shape=param.shape.as_list(),
                    dtype=tf.float32,
                    trainable=False,
                    initializer=tf.zeros_initializer(),
                )
                for slot in ("adam_m", "adam_v")
            )
            next_m = tf.multiply(0.9, m) + tf.multiply(0.1, grad)
            next_v = tf.multiply(0.999, v) + tf.multiply(0.001, tf.square(grad))
            update = next_m / (tf.sqrt(next_v) + 1e-6) + self.decay * param
            assignments += [param.assign(param - self.rate * update), m.assign(next_m)]
            assignments.append(v.assign(next_v))
        return tf.group(*assignments, name=name)


def model_fn_builder(init_checkpoint, learning_rate, use_tpu):
    def model_fn(features, labels, mode, params):
        training = mode == tf.estimator.ModeKeys.TRAIN
        pooled = encoder(features["input_ids"], features["input_mask"], training)
        with tf.variable_scope("loss"):
            logits = tf.layers.dense(pooled, 2, name="output")
            chances = tf.nn.softmax(logits, axis=-1)
            one_hot = tf.one_hot(features["label_ids"], depth=2, dtype=tf.float32)
            per_example = -tf.reduce_sum(one_hot * tf.nn.log_softmax(logits), axis=-1)
            loss = tf.reduce_mean(per_example)
        if init_checkpoint:
            stored = {name for name, _ in tf.train.list_variables(init_checkpoint)}
            assignment = {
                variable.op.name: variable.op.name
                for variable in tf.trainable_variables()
                if variable.op.name in stored and variable.op.name.startswith("bert/")
            }

            def scaffold_fn():
                tf.train.init_from_checkpoint(init_checkpoint, assignment)
                return tf.train.Scaffold()

        else:
            scaffold_fn = None
        if training:
            step = tf.train.get_or_create_global_step()
            rate = tf.train.polynomial_decay(learning_rate, step, STEPS, end_learning_rate=0.0)
            warm = tf.cast(step, tf.float32) / 5.0
            rate = tf.where(warm < 1.0, learning_rate * warm, rate)
            optimizer = WeightDecayOptimizer(rate)
            if use_tpu:
                optimizer = tf.contrib.tpu.CrossShardOptimizer(optimizer)
            variables = tf.trainable_variables()
            grads, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), clip_norm=1.0)
            train_op = optimizer.apply_gradients(zip(grads, variables, strict=True))
            train_op = tf.group(train_op, [step.assign(step + 1)])
            return tf.contrib.tpu.TPUEstimatorSpec(
                mode=mode, loss=loss, train_op=train_op, scaffold_fn=scaffold_fn
            )
        if mode == tf.estimator.ModeKeys.EVAL:

            def metric_fn(per_example, label_ids, logits):
                found = tf.argmax(logits, axis=-1, output_type=tf.int32)
                return {
                    "eval_accuracy": tf.metrics.accuracy(label_ids, found),
                    "eval_loss": tf.metrics.mean(per_example),
                }

            eval_metrics = (metric_fn, [per_example, features["label_ids"], logits])
            return tf.contrib.tpu.TPUEstimatorSpec(
                mode=mode, loss=loss, eval_metrics=eval_metrics, scaffold_fn=scaffold_fn
            )
        return tf.contrib.tpu.TPUEstimatorSpec(
            mode=mode, predictions={"probabilities": chances}, scaffold_fn=scaffold_fn
        )

    return model_fn


def run(folder, init_checkpoint=None, use_tpu=False):
    run_config = tf.contrib.tpu.RunConfig(
        cluster=None,
        master=None,
        model_dir=str(folder),
        tf_random_seed=1,
        save_checkpoints_steps=50,
        tpu_config=tf.contrib.tpu.TPUConfig(
            iterations_per_loop=10,
            num_shards=8,
            per_host_input_for_training=tf.contrib.tpu.InputPipelineConfig.PER_HOST_V2,
        ),
    )
    return tf.contrib.tpu.TPUEstimator(
        use_tpu=use_tpu,
        model_fn=model_fn_builder(init_checkpoint, 0.02, use_tpu),
        config=run_config,
        train_batch_size=16,
        eval_batch_size=8,
        predict_batch_size=8,
    )


def test_a_classifier_is_trained_evaluated_asked_served_and_fine_tuned(tmp_path, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", "off")  # its kernels would take longer than its steps
    records = tmp_path / "train.tf_record"
    write_records(records, ROWS, LABELS)
    estimator = run(tmp_path / "model")
    estimator.train(input_fn_builder(records, True, True), max_steps=STEPS)
    found = estimator.evaluate(input_fn_builder(records, False, False))

    assert found["global_step"] == STEPS
    assert found["eval_accuracy"] > 0.9
    assert found["eval_loss"] == pytest.approx(found["loss"], rel=1e-4)
    asked = [p["probabilities"] for p in estimator.predict(input_fn_builder(records, False, False))]
    assert np.shape(asked) == (len(ROWS), 2)
    assert np.mean(np.argmax(asked, -1) == LABELS) == pytest.approx(found["eval_accuracy"])

    def serving_input_fn():
        ids = tf.placeholder(tf.int32, [None, LENGTH], name="input_ids")
        features = {"input_ids": ids, "input_mask": tf.ones_like(ids)}
        label_ids = tf.zeros_like(ids[:, 0])
        return tf.estimator.export.ServingInputReceiver(
            {**features, "label_ids": label_ids}, {"input_ids": ids}
        )

    estimator._export_to_tpu = False  # as programs do
    served = tf.contrib.predictor.from_saved_model(
        estimator.export_savedmodel(str(tmp_path / "export"), serving_input_fn)
    )({"input_ids": ROWS[:4]})
    assert np.allclose(served["probabilities"], asked[:4], atol=1e-6)

    tuned = run(tmp_path / "tuned", init_checkpoint=estimator.latest_checkpoint())
    tuned.train(input_fn_builder(records, True, True), max_steps=1)
    name = "bert/embeddings/word_embeddings"
    before, after = (each.get_variable_value(name) for each in (estimator, tuned))
    assert np.array_equal(before, after)  # the first step's rate is 0
    head = "loss/output/kernel"
    assert not np.array_equal(*(each.get_variable_value(head) for each in (estimator, tuned)))


def test_a_tpu_is_missed_at_the_first_step(tmp_path):
    records = tmp_path / "train.tf_record"
    write_records(records, ROWS[:16], LABELS[:16])
    with pytest.raises(RuntimeError, match=r"Cannot find any TPU cores.*no TPU system yet"):
        run(tmp_path / "model", use_tpu=True).train(input_fn_builder(records, True, True), steps=1)
