"""A task of a cluster that TF_CONFIG describes: python cluster_program.py FOLDER."""

import sys

import minitf as tf

STEPS = 60


def input_fn():
    x = tf.data.Dataset.range(64).map(lambda i: tf.cast(i, tf.float32) / 64.0)
    examples = x.map(lambda x: ({"x": x}, 3.0 * x + 1.0))
    return examples.repeat().batch(64)  # all: a step is the same, whoever takes it


def model_fn(features, labels, mode, config):
    with tf.variable_scope("line"):
        w = tf.get_variable("w", [], initializer=tf.zeros_initializer())
        b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
    line = w * features["x"] + b
    print(config.task_type, mode, w.device, line.device, flush=True)  # noqa: T201 the test reads it
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"y": line})
    loss = tf.losses.mean_squared_error(labels, line)
    step = tf.train.get_global_step()
    train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)
    error = tf.metrics.mean_absolute_error(labels, line)
    return tf.estimator.EstimatorSpec(
        mode, loss=loss, train_op=train_op, eval_metric_ops={"error": error}
    )


config = tf.estimator.RunConfig(
    model_dir=sys.argv[1],
    save_checkpoints_steps=20,
    experimental_max_worker_delay_secs=0,
)
estimator = tf.estimator.Estimator(model_fn, config=config)
tf.estimator.train_and_evaluate(
    estimator,
    tf.estimator.TrainSpec(input_fn, max_steps=STEPS),
    tf.estimator.EvalSpec(
        input_fn,
        steps=4,
        start_delay_secs=0,
        throttle_secs=0,
        exporters=tf.estimator.FinalExporter(
            "final",
            tf.estimator.export.build_raw_serving_input_receiver_fn(
                {"x": tf.placeholder(tf.float32, [None], name="x")}
            ),
        ),
    ),
)
print(config.task_type, "ends", flush=True)  # noqa: T201 likewise
