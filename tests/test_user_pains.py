"""Where TensorFlow let its users down, and what MiniTF says and does instead.

Each test is one complaint that users of TensorFlow 1.x filed again and again.  TensorFlow's type of
exception and its key phrase come first, since programs match on them; then come our facts.
"""

from __future__ import annotations

import linecache
import subprocess
import sys
import traceback

import numpy as np
import pytest

import minitf as tf

HERE = "test_user_pains.py"


def line_of(error: BaseException | str, text: str) -> bool:
    """Tell whether a message shows this file's line that holds `text`."""
    return any(HERE in line and text in line for line in str(error).splitlines())


# 1. Run-time errors show library frames, not the user's line.


def test_a_run_time_error_shows_the_users_line_and_the_inputs():
    x = tf.placeholder(tf.float32, [None, None])
    product = tf.matmul(x, tf.ones([3, 2]), name="product")  # the culprit

    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(product, {x: np.ones((2, 4), np.float32)})

    assert caught.value.op is product.op
    assert line_of(caught.value, "# the culprit")
    assert "float32[2, 4]" in str(caught.value)
    assert "float32[3, 2]" in str(caught.value)
    assert "'product'" in str(caught.value)


def test_a_run_time_error_is_one_error_without_executor_frames():
    x = tf.placeholder(tf.float32, [None, None])
    product = tf.matmul(x, tf.ones([3, 2]))

    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(product, {x: np.ones((2, 4), np.float32)})

    frames = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert not any("executor" in name or "ops" in name.split("/")[-2:] for name in frames)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


# 2. "Cannot feed value of shape ... for Tensor ...": which axis, whose line, what repair.


def test_a_feed_of_the_wrong_shape_is_explained():
    images = tf.placeholder(tf.float32, [None, 784])  # the images
    labels = tf.placeholder(tf.int32, [None])  # the labels
    both = tf.reduce_sum(images) + tf.cast(tf.reduce_sum(labels), tf.float32)

    feeds = {images: np.ones((50, 28, 28), np.float32), labels: np.ones((50, 10), np.int32)}
    with (
        tf.Session() as session,
        pytest.raises(ValueError, match="Cannot feed value of shape") as e,
    ):
        session.run(both, feeds)

    assert "(50, 28, 28)" in str(e.value)
    assert "(?, 784)" in str(e.value)
    assert "(-1, 784)" in str(e.value)
    assert line_of(e.value, "# the images")
    assert line_of(e.value, "# the labels")  # all bad feeds at once


# 3. "Attempting to use uninitialized value w": all of them, and why.


def test_every_uninitialised_variable_is_listed_with_its_line():
    w = tf.Variable(1.0, name="w")  # variable w
    b = tf.Variable(2.0, name="b")  # variable b

    with (
        tf.Session() as session,
        pytest.raises(
            tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value"
        ) as caught,
    ):
        session.run(w * 2.0 + b)

    assert line_of(caught.value, "# variable w")
    assert line_of(caught.value, "# variable b")
    assert "global_variables_initializer" in str(caught.value)


def test_a_variable_made_after_the_initialiser_is_told_so():
    tf.Variable(1.0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        late = tf.Variable(2.0, name="late")  # too late
        with pytest.raises(tf.errors.FailedPreconditionError, match="late") as caught:
            session.run(late + 1.0)

    assert line_of(caught.value, "# too late")
    assert "after" in str(caught.value)


def test_a_local_variable_names_its_own_initialiser():
    count = tf.get_local_variable("count", initializer=0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.FailedPreconditionError, match="local_variables_initializer"):
            session.run(count + 1)


# 7. Out-of-range labels and indices.


@pytest.mark.parametrize("bad", [3, -1])
def test_a_label_out_of_range_is_refused_with_its_value_position_and_range(bad):
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, bad], logits=tf.zeros([2, 3]))
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(loss)

    message = str(caught.value)
    assert str(bad) in message
    assert "[0, 3)" in message
    assert "1" in message  # its position


@pytest.mark.parametrize("bad", [5, -1])
def test_an_index_out_of_range_is_refused_in_gather_and_embedding_lookup(bad):
    table = tf.ones([5, 2])
    ids = tf.placeholder(tf.int32, [None])
    with tf.Session() as session:
        for looked_up in (tf.gather(table, ids), tf.nn.embedding_lookup(table, ids)):
            with pytest.raises(tf.errors.InvalidArgumentError, match=rf"{bad} is not in \[0, 5\)"):
                session.run(looked_up, {ids: [0, bad]})


# 9. "Tensor must be from the same graph", "is not an element of this graph".


def test_mixing_graphs_names_both_and_why():
    first = tf.constant(1.0)  # the first
    tf.reset_default_graph()  # the reset
    second = tf.constant(2.0)  # the second

    with pytest.raises(ValueError, match="must be from the same graph as") as caught:
        _ = first + second

    for text in ("# the first", "# the second", "# the reset"):
        assert line_of(caught.value, text)


def test_a_fetch_of_another_graph_names_both_graphs():
    tf.constant(0.0)
    with tf.Session() as session:
        with tf.Graph().as_default():  # the other graph
            stranger = tf.constant(1.0)  # the stranger
        with pytest.raises(ValueError, match="is not an element of this graph") as caught:
            session.run(stranger)

    assert line_of(caught.value, "# the stranger")
    assert line_of(caught.value, "# the other graph")


# 10. "Using a tf.Tensor as a Python bool is not allowed".


def test_a_tensor_used_as_a_bool_names_the_line_and_the_repair():
    a, b = tf.constant(True), tf.constant(False)

    with pytest.raises(
        TypeError, match=r"Using a `tf\.Tensor` as a Python `bool` is not allowed"
    ) as e:
        _ = a and b  # the mistake

    assert line_of(e.value, "# the mistake")
    assert "tf.logical_and" in str(e.value)
    assert "is not None" in str(e.value)


def test_a_tensor_as_the_second_argument_of_run_is_taken_for_a_forgotten_list():
    a, b = tf.constant(1.0), tf.constant(2.0)
    with tf.Session() as session, pytest.raises(TypeError, match=r"did you mean .*run\(\["):
        session.run(a, b)


# 11. "No gradients provided for any variable": why, for each.


def test_missing_gradients_are_explained_for_each_variable():
    unused = tf.Variable(1.0, name="unused")
    rounded = tf.Variable(2.0, name="rounded")
    stopped = tf.Variable(3.0, name="stopped")
    whole = tf.floor(rounded)  # the floor
    loss = tf.cast(tf.cast(whole, tf.int32), tf.float32) + tf.stop_gradient(stopped)  # the stop

    with pytest.raises(ValueError, match="No gradients provided for any variable") as caught:
        tf.train.GradientDescentOptimizer(0.1).minimize(loss)

    message = str(caught.value)
    assert all(variable.op.name in message for variable in (unused, rounded, stopped))
    assert "no path" in message
    assert line_of(message, "# the stop")


# 12. "The shape for while/Merge_1:0 is not an invariant for the loop".


def test_a_shape_that_varies_in_a_loop_comes_with_the_variable_the_line_and_the_remedy():
    def grow(step, rows):
        rows = tf.concat([rows, rows], 0)  # grows here
        return step + 1, rows

    start = tf.ones([1, 2], name="start")
    with pytest.raises(ValueError, match="enters the loop with shape") as caught:
        tf.while_loop(lambda step, rows: step < 3, grow, [0, start])
    message = str(caught.value)

    assert "loop_vars[1], `rows` of the body" in message
    assert line_of(message, "# grows here")
    assert "(1, 2)" in message
    assert "(2, 2)" in message
    remedy = message.rpartition("hint: shape_invariants=")[2]
    invariants = eval(remedy, {"tf": tf})
    _, rows = tf.while_loop(lambda step, rows: step < 3, grow, [0, start], invariants)
    with tf.Session() as session:
        assert session.run(rows).shape == (8, 2)


# 13. "Variable x already exists, disallowed" on re-running a cell.


def test_a_variable_that_exists_names_its_first_definition_and_the_repairs():
    tf.get_variable("x", [2])  # the first definition
    with pytest.raises(ValueError, match="Variable x already exists, disallowed") as caught:
        tf.get_variable("x", [2])

    message = str(caught.value)
    assert HERE in message
    assert "# the first definition" in message
    assert "AUTO_REUSE" in message


# 16. A program hangs without start_queue_runners; OutOfRangeError hides what really failed.


@pytest.mark.usefixtures("impatient")
def test_a_batch_that_never_comes_says_that_no_queue_runner_was_started():
    images = tf.train.batch([tf.constant(1.0)], batch_size=4)  # the batch
    config = tf.ConfigProto(operation_timeout_in_ms=1000)
    with (
        tf.Session(config=config) as session,
        pytest.warns(UserWarning, match="no queue runner was started") as caught,
        pytest.raises(tf.errors.DeadlineExceededError),
    ):
        session.run(images)

    message = str(caught[0].message)
    assert message.startswith("queue 'batch/fifo_queue' is empty and no queue runner was started")
    assert "tf.train.start_queue_runners(sess)" in message
    assert line_of(message, "# the batch")


def test_the_end_of_a_queue_names_the_failure_of_its_thread():
    number = tf.train.range_input_producer(5, shuffle=False).dequeue()
    images = tf.train.batch([tf.gather([1.0, 2.0], number)], batch_size=2)  # the culprit
    coord = tf.train.Coordinator()
    with tf.Session() as session:
        threads = tf.train.start_queue_runners(session, coord)
        coord.wait_for_stop()
        with pytest.raises(tf.errors.OutOfRangeError, match="is closed and has insuff") as caught:
            list(map(session.run, [images] * 3))
        with pytest.raises(tf.errors.InvalidArgumentError):
            coord.join(threads)

    assert isinstance(caught.value.__cause__, tf.errors.InvalidArgumentError)
    assert line_of(caught.value.__cause__, "# the culprit")


# 18. Type errors name both operands; a feed that loses its fraction warns.


def test_a_type_mismatch_names_both_operands_and_the_cast():
    x = tf.placeholder(tf.float32, name="x")  # operand x
    n = tf.placeholder(tf.int32, name="n")  # operand n

    with pytest.raises(
        TypeError, match="has type int32 that does not match type float32"
    ) as caught:
        _ = x + n

    assert line_of(caught.value, "# operand x")
    assert line_of(caught.value, "# operand n")
    assert "tf.cast" in str(caught.value)


def test_a_feed_that_loses_its_fraction_warns_once():
    n = tf.placeholder(tf.int32)
    with tf.Session() as session:
        with pytest.warns(UserWarning, match=r"0\.7"):
            assert session.run(n + 0, {n: 0.7}) == 0
        assert session.run(n + 0, {n: 0.7}) == 0  # said already: a second warning would raise


# 20. Gradients cost only the operations between xs and ys.


def test_gradients_touch_only_the_operations_between_xs_and_ys():
    def operations_added(unrelated: int) -> int:
        with tf.Graph().as_default() as graph:
            x = tf.placeholder(tf.float32, [])
            side = x
            for _ in range(unrelated):
                side = tf.tanh(side)
            before = graph.version
            tf.gradients(tf.square(x), x)
            return graph.version - before

    assert operations_added(300) == operations_added(0)


# 21. Import takes seconds.


def test_import_loads_no_compiler_no_protobuf_no_processes():
    program = (
        "import sys, minitf; print(sorted({'numba', 'llvmlite', 'hypothesis', 'multiprocessing', "
        "'google.protobuf', 'tensorflow', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_session_that_runs_x_plus_1_loads_no_compiler():
    program = (
        "import sys, minitf as tf; x = tf.placeholder(tf.float32)\n"
        "print(tf.Session().run(x + 1, {x: 1.0}), 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["2.0", "False"]


# 14. Checkpoint restore: "Key not found", "Assign requires shapes of both tensors to match".


def test_all_that_does_not_fit_in_a_checkpoint_is_told_before_any_variable_is_changed(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.Variable([1.0, 2.0], name="layer1/weights")
        tf.Variable([1.0], name="bias")
        tf.Variable(1, name="count")
        tf.Variable([5.0], name="kept")
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, str(tmp_path / "model"))
    tf.Variable([1.0, 2.0], name="layer1/weight")  # the misspelt one
    tf.Variable([1.0, 2.0, 3.0], name="bias")  # the long one
    tf.Variable(1.0, name="count")
    kept = tf.Variable([0.0], name="kept")
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(
            tf.errors.NotFoundError, match="Key layer1/weight not found in checkpoint"
        ) as caught:
            saver.restore(session, path)
        assert session.run(kept).tolist() == [0]
    report = str(caught.value)

    assert "Restoring from checkpoint failed" in report
    missing, unused, differing = (
        report.split(title)[1].split("\n  ")[1:]
        for title in (
            "in the graph, not in the checkpoint:",
            "in the checkpoint, not in the graph:",
            "in both, but different:",
        )
    )
    assert missing[0].startswith("layer1/weight: float32[2]; the checkpoint has layer1/weights")
    assert line_of(missing[0], "# the misspelt one")
    assert unused[0].startswith("layer1/weights: float32[2]")
    assert differing[0].startswith("bias: float32[3] in the graph, float32[1] in the checkpoint")
    assert line_of(differing[0], "# the long one")
    assert differing[1].startswith("count: float32[] in the graph, int32[] in the checkpoint")


def test_shapes_alone_are_told_in_tensorflows_words(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.Variable([1.0, 2.0], name="v")
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, str(tmp_path / "model"))
    tf.Variable([1.0, 2.0, 3.0], name="v")
    with (
        tf.Session() as session,
        pytest.raises(
            tf.errors.InvalidArgumentError, match="Assign requires shapes of both tensors to match"
        ) as caught,
    ):
        tf.train.Saver().restore(session, path)

    assert "lhs shape= [3] rhs shape= [2]" in str(caught.value)
    assert caught.value.op.name == "v"


# 23. Batch-norm moving averages never updated (UPDATE_OPS not run).


def normalised(*, waits_for_updates):
    """Return a train op and the update of an average, as batch normalization makes them."""
    w, average = tf.Variable(1.0), tf.Variable(0.0, trainable=False)
    update = tf.assign_sub(average, (average - w) * 0.1, name="moved")  # the update
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
    with tf.control_dependencies([update] if waits_for_updates else []):
        return tf.train.GradientDescentOptimizer(0.1).minimize(w * w), update


def test_training_without_update_ops_is_noticed_once():
    train, _ = normalised(waits_for_updates=False)

    def run(session):
        session.run(tf.global_variables_initializer())
        for _ in range(50):
            session.run(train)

    with tf.Session() as session, pytest.warns(UserWarning, match="UPDATE_OPS") as caught:
        run(session)

    assert len(caught) == 1
    assert caught[0].filename.endswith(HERE)
    assert "'moved'" in str(caught[0].message)
    assert "# the update" in str(caught[0].message)


def test_training_with_update_ops_is_not_complained_of():
    for waits, fetches in (
        (True, lambda train, update: [[train]] * 30),
        (False, lambda train, update: [[train, update]] * 30),
        (False, lambda train, update: [*[train] * 5, update, *[train] * 30]),
        (False, lambda train, update: [update] * 30),
    ):
        tf.reset_default_graph()
        train, update = normalised(waits_for_updates=waits)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for each in fetches(train, update):
                session.run(each)


# 24. NumPy indexing and slice assignment; constants held by reference.


def test_tensors_are_indexed_as_arrays_are():
    array = np.arange(24).reshape(4, 6)
    x = tf.constant(array)
    i = tf.constant(2)
    with tf.Session() as session:
        for ours, numpys in (
            (x[1:, ::2], array[1:, ::2]),
            (x[:, None], array[:, None]),
            (x[..., -1], array[..., -1]),
            (x[i, 3], array[2, 3]),
            (x[x > 7], array[array > 7]),
            (x[::-1], array[::-1]),
        ):
            np.testing.assert_array_equal(session.run(ours), numpys)


def test_a_slice_of_a_variable_is_assigned():
    v = tf.Variable(np.zeros(5, np.float32))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(v[1:3].assign([7.0, 8.0]))

        assert session.run(v).tolist() == [0, 7, 8, 0, 0]


def test_a_large_constant_is_held_once_and_never_serialised():
    array = np.zeros(3_000_000, np.float32)
    constant = tf.constant(array)
    with tf.Session() as session:
        fetched = session.run(constant[-1])

    assert fetched == 0
    assert constant.op.attrs["value"].nbytes == array.nbytes


def teardown_module() -> None:
    linecache.clearcache()
