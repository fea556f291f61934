"""Training and evaluation by slim: loops, checkpoints, summaries, and what they refuse."""

from __future__ import annotations

import json
import logging

import numpy as np
import pytest

import minitf as tf

slim = tf.contrib.slim


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def model():
    """Return a variable that starts at [3, 4] and the loss whose gradient it is."""
    w = slim.model_variable("w", [2], initializer=tf.constant_initializer([3.0, 4.0]))
    loss = tf.reduce_sum(tf.square(w)) / 2
    tf.losses.add_loss(loss)
    return w, slim.losses.get_total_loss()


def after_a_step(optimizer=None, **arguments):
    w, loss = model()
    train = slim.learning.create_train_op(
        loss, optimizer or tf.train.GradientDescentOptimizer(0.5), **arguments
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(train), session.run(w).tolist(), train


def test_a_step_trains_counts_and_gives_the_loss():
    loss, w, train = after_a_step()
    step = tf.train.get_global_step()

    assert (loss, w) == (12.5, [1.5, 2.0])
    assert step is not None
    assert tf.get_collection(tf.GraphKeys.TRAIN_OP)[-1] is train
    assert train.op.name == "train_op/control_dependency"


def test_gradients_are_clipped_multiplied_and_shown(caplog):
    _, w, _ = after_a_step(clip_gradient_norm=1.0, summarize_gradients=True)
    np.testing.assert_allclose(w, [3 - 0.3, 4 - 0.4], rtol=1e-6)
    shown = [each.op.name for each in tf.get_collection(tf.GraphKeys.SUMMARIES)]

    assert shown == ["summarize_grads/w_gradient", "summarize_grads/w_gradient_norm"]


def test_a_gradient_may_be_multiplied():
    _, w, _ = after_a_step(gradient_multipliers={"w": 2.0})

    assert w == [0, 0]


def test_updates_come_before_the_loss(caplog):
    mean = slim.variable("mean", [], initializer=tf.zeros_initializer(), trainable=False)
    update = tf.assign_add(mean, 1.0)
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
    with tf.control_dependencies(None):
        w, loss = model()
    train = slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.1))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        assert session.run(mean) == 1
    with caplog.at_level(logging.WARNING, "tensorflow"):
        slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.1), update_ops=[])
    assert "update_ops in create_train_op does not contain all" in caplog.text
    assert w.op.name == "w"


def test_a_loss_that_is_no_number_is_an_error():
    w = slim.variable("w", [], initializer=tf.constant_initializer(0.0))
    train = slim.learning.create_train_op(
        tf.log(w) * w, tf.train.GradientDescentOptimizer(0.1), None
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match="LossTensor is inf or nan"):
            session.run(train)


def test_wrong_multipliers_and_variables_are_refused():
    w, loss = model()
    multiply = slim.learning.multiply_gradients
    for pairs, factors, message in (
        ((), {"w": 1.0}, "`grads_and_vars` must be a list"),
        ([], {}, "`gradient_multipliers` is empty"),
        ([], [1.0], "`gradient_multipliers` must be a dict"),
        ([(None, w)], {w: 1.0}, "Requested multiple of `None` gradient"),
    ):
        with pytest.raises(ValueError, match=message):
            multiply(pairs, factors)
    with pytest.raises(ValueError, match="No variables to train"):
        slim.learning.create_train_op(
            loss, tf.train.GradientDescentOptimizer(0.1), variables_to_train=[]
        )


# --- the loop ------------------------------------------------------------------------------------


def test_training_stops_saves_and_goes_on(tmp_path):
    for steps, expected in ((3, 12.5 / 4**2), (5, 12.5 / 4**4)):
        with tf.Graph().as_default():
            _, loss = model()
            train = slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.5))
            found = slim.learning.train(
                train, str(tmp_path), number_of_steps=steps, log_every_n_steps=0
            )
        np.testing.assert_allclose(found, expected)
        assert tf.train.latest_checkpoint(str(tmp_path)).endswith(f"-{steps}")


def test_steps_are_logged_and_traced(tmp_path, caplog):
    _, loss = model()
    train = slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.5))
    with caplog.at_level(logging.INFO, "tensorflow"):
        slim.learning.train(
            train, str(tmp_path), number_of_steps=2, trace_every_n_steps=2, summary_writer=None
        )

    assert "global step 1: loss = 12.5000 (" in caplog.text
    assert "Stopping Training." in caplog.text
    (trace,) = tmp_path.glob("tf_trace-*.json")
    assert json.loads(trace.read_text())["traceEvents"]


def test_the_end_of_the_inputs_ends_the_training(caplog):
    values = tf.train.limit_epochs(tf.constant(1.0), num_epochs=2)
    _, loss = model()
    train = slim.learning.create_train_op(loss * values, tf.train.GradientDescentOptimizer(0.5))
    with caplog.at_level(logging.INFO, "tensorflow"):
        found = slim.learning.train(train, None)

    np.testing.assert_allclose(found, 12.5 / 4)
    assert "Caught OutOfRangeError. Stopping Training." in caplog.text


def test_own_steps_sessions_and_first_values_are_used():
    w, loss = model()
    train = slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.5))
    seen = []

    def step(session, train_op, global_step, arguments):
        seen.append((session, arguments["mine"]))
        return session.run(train_op), len(seen) == 2

    found = slim.learning.train(
        train,
        None,
        step,
        {"mine": 7},
        init_fn=lambda session: w.load([1.0, 0.0], session),
        session_wrapper=lambda session: session,
    )

    assert found == 0.125
    assert [mine for _, mine in seen] == [7, 7]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"train_op": None, "logdir": None}, "train_op cannot be None"),
        ({"logdir": None, "saver": 3}, "Cannot provide saver because logdir=None"),
        ({"logdir": None, "trace_every_n_steps": 1}, "Cannot provide trace_every_n_steps because"),
        ({"logdir": None, "number_of_steps": 0}, "must be either None or a positive number"),
        ({"logdir": None, "sync_optimizer": 3}, "`sync_optimizer` must be None"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        slim.learning.train(**{"train_op": tf.constant(1.0), **arguments})
    with pytest.raises(ValueError, match="logdir must be present in train_step_kwargs"):
        slim.learning.train_step(None, None, None, {"should_trace": True})


# --- evaluation ----------------------------------------------------------------------------------


@pytest.fixture
def checkpoint(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        step = tf.train.create_global_step()
        model()
        session.run(tf.global_variables_initializer())
        step.load(7, session)
        return tf.train.Saver().save(session, str(tmp_path / "model"), global_step=7)


def evaluated():
    """Return the operations of a model's evaluation: a mean of values, its update."""
    tf.train.create_global_step()
    w, _ = model()
    values, updates = slim.metrics.aggregate_metric_map(
        {"mean": tf.metrics.mean(w), "sum": tf.metrics.mean(2 * w)}
    )
    tf.summary.scalar("mean", values["mean"])
    return values, list(updates.values())


def test_a_checkpoint_is_evaluated_so_many_times(checkpoint, tmp_path, caplog):
    values, updates = evaluated()
    with caplog.at_level(logging.INFO, "tensorflow"):
        found = slim.evaluation.evaluate_once(
            "", checkpoint, str(tmp_path / "logs"), 3, eval_op=updates, final_op=values
        )

    assert found == {"mean": 3.5, "sum": 7.0}
    assert "Evaluation [3/3]" in caplog.text
    assert "Evaluation [4" not in caplog.text
    (events,) = (tmp_path / "logs").iterdir()
    written = [each for each in tf.train.summary_iterator(str(events)) if each.summary.value]
    assert [(each.step, each.summary.value[0].simple_value) for each in written] == [(7, 3.5)]


def test_new_checkpoints_of_a_folder_are_evaluated(checkpoint, tmp_path):
    values, updates = evaluated()
    found = slim.evaluation.evaluation_loop(
        "",
        str(tmp_path),
        str(tmp_path / "logs"),
        eval_op=updates,
        final_op=values["mean"],
        summary_op=None,
        variables_to_restore=slim.get_variables_to_restore(),
        eval_interval_secs=0,
        max_number_of_evaluations=1,
    )

    assert found == 3.5
    assert checkpoint == slim.evaluation.wait_for_new_checkpoint(str(tmp_path))
    late = slim.evaluation.wait_for_new_checkpoint(str(tmp_path), checkpoint, 0.01, timeout=0.0)
    assert late is None


def test_evaluations_are_counted_by_one_variable():
    training = tf.contrib.training
    step = training.get_or_create_eval_step()

    assert training.get_or_create_eval_step() is step
    tf.add_to_collection(tf.GraphKeys.EVAL_STEP, step)
    with pytest.raises(ValueError, match=r"Multiple tensors added to tf\.GraphKeys"):
        training.get_or_create_eval_step()
    with pytest.raises(ValueError, match="One of log_dir or summary_writer should be used"):
        training.SummaryAtEndHook()
    with pytest.raises(ValueError, match="Expected at least one value_tensor/update_op pair"):
        tf.contrib.metrics.aggregate_metrics()
    assert tf.contrib.metrics.aggregate_metrics((1, 2), (3, 4)) == ([1, 3], [2, 4])


# --- losses, queues, sizes -----------------------------------------------------------------------


def test_losses_take_predictions_before_labels():
    a, b = tf.constant([[0.2, 0.7]]), tf.constant([[0.0, 1.0]])
    ours, theirs = slim.losses, tf.losses
    pairs = [
        (ours.absolute_difference(a, b), theirs.absolute_difference(b, a)),
        (ours.log_loss(a, b), theirs.log_loss(b, a)),
        (ours.mean_squared_error(a, b, 2.0), theirs.mean_squared_error(b, a, 2.0)),
        (
            ours.mean_pairwise_squared_error(a, b),
            theirs.mean_pairwise_squared_error(b, a),
        ),
        (ours.cosine_distance(a, b, 1), theirs.cosine_distance(b, a, 1)),
        (ours.sigmoid_cross_entropy(a, b), theirs.sigmoid_cross_entropy(b, a)),
        (ours.softmax_cross_entropy(a, b), theirs.softmax_cross_entropy(b, a)),
        (
            ours.sparse_softmax_cross_entropy(a, [1]),
            theirs.sparse_softmax_cross_entropy([1], a),
        ),
        (ours.compute_weighted_loss(a, 2.0), theirs.compute_weighted_loss(a, 2.0)),
    ]
    assert len(ours.get_losses()) == 18
    hinge = ours.hinge_loss(a, b)
    with tf.Session() as session:
        for found, expected in session.run(pairs):
            assert found == expected
        np.testing.assert_allclose(session.run(hinge), [[1.2, 0.3]], rtol=1e-6)
    assert len(ours.get_losses()) == 18


def test_batches_are_made_ahead():
    counter = slim.variable("n", [], tf.int32, tf.zeros_initializer(), trainable=False)
    queue = slim.prefetch_queue.prefetch_queue({"n": tf.assign_add(counter, 1)}, capacity=4)
    found = queue.dequeue()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with slim.queues.QueueRunners(session):
            values = [session.run(found)["n"] for _ in range(5)]
            with (
                pytest.raises(slim.queues.NestedQueueRunnerError, match="cannot be nested"),
                slim.queues.QueueRunners(session),
            ):
                pass
        with tf.Graph().as_default(), slim.queues.QueueRunners(session):
            pass  # of a graph without runners

    assert values == [1, 2, 3, 4, 5]
    padded = slim.prefetch_queue.prefetch_queue([tf.zeros([2])], dynamic_pad=True)
    assert padded.dtypes == [tf.float32]


def test_sizes_of_models_are_added_up(capsys):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    slim.fully_connected(x, 4, scope="fc")

    assert slim.model_analyzer.analyze_vars(tf.trainable_variables(), print_info=True) == (16, 64)
    assert "fc/weights:0 (float32 3x4) [12, bytes: 48]" in capsys.readouterr().out
    assert slim.model_analyzer.analyze_ops(tf.get_default_graph(), print_info=True) > 0
    assert "x \t-> (float32 ?x3) [0]" in capsys.readouterr().out


def test_a_monitored_training_runs_until_a_hook_stops_it(tmp_path):
    _, loss = model()
    train = tf.contrib.training.create_train_op(loss, tf.train.GradientDescentOptimizer(0.5))
    found = tf.contrib.training.train(
        train, str(tmp_path), hooks=[tf.train.StopAtStepHook(num_steps=2)]
    )

    np.testing.assert_allclose(found, 12.5 / 4)
    assert tf.train.latest_checkpoint(str(tmp_path)).endswith("-2")
