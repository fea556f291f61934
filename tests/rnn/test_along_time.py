"""Cells run along time: every way gives what a loop in NumPy gives, whatever the lengths."""

from __future__ import annotations

import numpy as np
import numpy_cells
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import nest

cells = tf.nn.rnn_cell
KINDS = {
    "rnn": (cells.BasicRNNCell, numpy_cells.rnn, 1),
    "gru": (cells.GRUCell, numpy_cells.gru, 1),
    "lstm": (cells.LSTMCell, numpy_cells.lstm, 2),
}
UNITS, DEPTH = 3, 2


@st.composite
def batches(draw):
    """Return (inputs [batch, time, depth], lengths or None), lengths from 0 to time."""
    batch, steps = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.normal(size=(batch, steps, DEPTH))
    lengths = st.lists(st.integers(0, steps), min_size=batch, max_size=batch)
    return x, draw(st.none() | lengths)


def started(session):
    """Initialize variables; gives weights that differ from row to row, biases included."""
    session.run(tf.global_variables_initializer())
    rng = np.random.default_rng(1)
    for variable in tf.trainable_variables():
        value = rng.normal(size=variable.shape.as_list())
        session.run(variable.assign(value.astype(variable.dtype.as_numpy_dtype)))


def close(got, want):
    for one, other in zip(nest.flatten(got), nest.flatten(want), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@given(
    data=batches(),
    kind=st.sampled_from(sorted(KINDS)),
    knows_sizes=st.booleans(),
    time_major=st.booleans(),
    parallel=st.sampled_from([1, None]),
)
def test_a_loop_and_an_unrolled_cell_are_a_loop_in_numpy(
    data, kind, knows_sizes, time_major, parallel
):
    x, lengths = data
    make, step, states = KINDS[kind]
    tf.reset_default_graph()
    cell = make(UNITS, name="cell")
    fed = x.swapaxes(0, 1) if time_major else x
    inputs = tf.placeholder(tf.float64, fed.shape if knows_sizes else [None, None, DEPTH])
    looped, state = tf.nn.dynamic_rnn(
        cell,
        inputs,
        sequence_length=lengths,
        dtype=tf.float64,
        time_major=time_major,
        parallel_iterations=parallel,
    )
    unrolled, last = tf.nn.static_rnn(
        cell,
        tf.unstack(inputs, x.shape[1], axis=0 if time_major else 1),
        dtype=tf.float64,
        sequence_length=None if lengths is None else tf.constant(lengths, tf.int64),
    )
    with tf.Session() as session:
        started(session)
        weights = session.run(cell.weights)
        got = session.run([looped, state, unrolled, last], {inputs: fed})
    zeros = [np.zeros((x.shape[0], UNITS))] * states
    y, final = numpy_cells.along_time(step, weights, x, zeros, lengths)

    assert looped.shape.as_list() == (
        [*fed.shape[:2], UNITS] if knows_sizes else [None, None, UNITS]
    )
    close(got[0].swapaxes(0, 1) if time_major else got[0], y)
    close([got[1], np.stack(got[2], 1), got[3]], [final, y, final])


@given(data=batches(), time_major=st.booleans())
def test_two_directions_are_one_forwards_and_one_on_what_is_turned(data, time_major):
    x, lengths = data
    tf.reset_default_graph()
    forward, backward = cells.LSTMCell(UNITS), cells.GRUCell(2)
    fed = x.swapaxes(0, 1) if time_major else x
    inputs = tf.placeholder(tf.float64, [None, None, DEPTH])
    looped = tf.nn.bidirectional_dynamic_rnn(
        forward, backward, inputs, lengths, dtype=tf.float64, time_major=time_major
    )
    unrolled, *last = tf.nn.static_bidirectional_rnn(
        forward,
        backward,
        tf.unstack(inputs, x.shape[1], axis=0 if time_major else 1),
        dtype=tf.float64,
        sequence_length=lengths,
    )
    with tf.Session() as session:
        started(session)
        weights = session.run([forward.weights, backward.weights])
        ((y_fw, y_bw), states), steps, states_too = session.run(
            [looped, unrolled, last], {inputs: fed}
        )
    if time_major:
        y_fw, y_bw = y_fw.swapaxes(0, 1), y_bw.swapaxes(0, 1)
    batch = x.shape[0]
    zeros = [np.zeros((batch, UNITS))] * 2, [np.zeros((batch, 2))]
    want_fw, last_fw = numpy_cells.along_time(numpy_cells.lstm, weights[0], x, zeros[0], lengths)
    turned, last_bw = numpy_cells.along_time(
        numpy_cells.gru, weights[1], turn(x, lengths), zeros[1], lengths
    )

    close([y_fw, y_bw, states], [want_fw, turn(turned, lengths), [last_fw, last_bw]])
    close([np.stack(steps, 1), states_too], [np.concatenate([y_fw, y_bw], 2), states])


def turn(x, lengths):
    """Return sequences in the reverse order, each within its length."""
    if lengths is None:
        return x[:, ::-1]
    return np.stack(
        [np.concatenate([row[:n][::-1], row[n:]]) for row, n in zip(x, lengths, strict=True)]
    )


@pytest.mark.paper("O-18")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [None, [0, 2, 4, 3, 1]])
def test_the_gradients_of_a_loop_are_those_of_the_unrolled_cell(kind, lengths):
    cell = KINDS[kind][0](UNITS, name="cell")
    inputs = tf.constant(np.random.default_rng(2).normal(size=(5, 4, DEPTH)))
    start = nest.map_structure(lambda z: z + 0.25, cell.zero_state(5, tf.float64))
    looped = tf.nn.dynamic_rnn(cell, inputs, lengths, start)
    steps, last = tf.nn.static_rnn(cell, tf.unstack(inputs, axis=1), start, sequence_length=lengths)
    sources = [inputs, *nest.flatten(start), *cell.weights]
    slopes = [
        tf.gradients([tf.square(each) for each in nest.flatten(result)], sources)
        for result in (looped, (tf.stack(steps, 1), last))
    ]
    with tf.Session() as session:
        started(session)
        one, other = session.run(slopes)

    assert all(np.abs(each).max() > 1e-3 for each in one)
    close(one, other)


def test_weights_have_gradients_where_nothing_else_is_asked_for():
    cell = cells.GRUCell(2)
    outputs, _ = tf.nn.dynamic_rnn(cell, tf.ones([1, 3, 2]), dtype=tf.float32)
    slopes = tf.gradients(outputs, cell.weights)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert all(np.abs(each).max() > 0 for each in session.run(slopes))


def test_inputs_outputs_and_states_may_be_structures():
    class Pair(cells.RNNCell):
        """Two running sums, one of which is a matrix for each row."""

        output_size = (tf.TensorShape([2, 3]), 2)

        @property
        def state_size(self):
            return {"a": 2, "b": (tf.TensorShape([2, 3]),)}

        def call(self, inputs, state):
            x, y = inputs["x"], inputs["y"]
            a, (b,) = state["a"] + x, state["b"]
            return (b + y, a), {"a": a, "b": (b + y,)}

    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 5, 2, 3))
    lengths = np.array([5, 0, 2, 3])
    inputs = {"x": tf.constant(x), "y": tf.constant(y)}
    (outputs, sums), state = tf.nn.dynamic_rnn(Pair(), inputs, lengths, dtype=tf.float64)
    steps, last = tf.nn.static_rnn(
        Pair(),
        [{"x": tf.constant(x[:, t]), "y": tf.constant(y[:, t])} for t in range(5)],
        dtype=tf.float64,
        sequence_length=lengths,
    )
    alive = np.arange(5) < lengths[:, None]
    with tf.Session() as session:
        got = session.run([outputs, sums, state, steps, last])
    want_a = np.cumsum(x * alive[..., None], 1)
    want_b = np.cumsum(y * alive[..., None, None], 1)

    assert (outputs.shape.as_list(), sums.shape.as_list()) == ([4, 5, 2, 3], [4, 5, 2])
    close(got[:2], [want_b * alive[..., None, None], want_a * alive[..., None]])
    close(got[2], {"a": want_a[:, -1], "b": (want_b[:, -1],)})
    close([np.stack([step[0] for step in got[3]], 1), got[4]], [got[0], got[2]])


def test_a_state_may_hold_what_has_no_rows():
    class Noting(cells.RNNCell):
        """Adds inputs up, counts the steps, and writes down what it was given."""

        state_size = (2, tf.TensorShape([]), tf.TensorShape([]))
        output_size = 2

        def call(self, inputs, state):
            total, count, notes = state
            return inputs, (total + inputs, count + 1, notes.write(count, inputs))

    x = np.random.default_rng(6).normal(size=(3, 4, 2))
    start = tf.zeros([3, 2], tf.float64), tf.constant(0), tf.TensorArray(tf.float64, 4)
    lengths = [1, 4, 2]
    y, (total, count, notes) = tf.nn.dynamic_rnn(
        Noting(), tf.constant(x), lengths, start, dtype=tf.float64
    )
    with tf.Session() as session:
        y, total, count, notes = session.run([y, total, count, notes.stack()])
    alive = (np.arange(4) < np.array(lengths)[:, None])[..., None]

    close([y, total, notes], [x * alive, (x * alive).sum(1), x.swapaxes(0, 1)])
    assert count == 4


def test_static_shapes_say_what_is_known():
    cell = cells.LSTMCell(4, num_proj=3)
    for sizes in ([2, 5], [None, 5], [2, None], [None, None]):
        inputs = tf.placeholder(tf.float32, [*sizes, 7])
        y, (c, h) = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32, scope="net")
        shapes = [each.shape.as_list() for each in (y, c, h)]
        assert shapes == [[*sizes, 3], [sizes[0], 4], [sizes[0], 3]]


def test_a_cell_is_shared_by_runs_under_one_scope():
    cell = cells.GRUCell(2)
    for steps in (3, 4):
        tf.nn.dynamic_rnn(cell, tf.zeros([1, steps, 2]), dtype=tf.float32)
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        tf.nn.dynamic_rnn(cells.GRUCell(2), tf.zeros([1, 3, 2]), dtype=tf.float32)

    assert [v.op.name for v in tf.global_variables()] == [
        f"rnn/gru_cell/{part}/{what}"
        for part in ("gates", "candidate")
        for what in ("kernel", "bias")
    ]


def test_no_step_is_taken_past_the_end_of_all():
    class Counted(cells.RNNCell):
        state_size = output_size = 1

        def call(self, inputs, state):
            with tf.control_dependencies([counter.assign_add(1)]):
                return tf.identity(inputs), state

    counter = tf.Variable(0, use_resource=True)
    inputs = tf.zeros([2, 9, 1])
    looped, _ = tf.nn.dynamic_rnn(Counted(), inputs, [2, 4], dtype=tf.float32)
    unrolled, _ = tf.nn.static_rnn(
        Counted(), tf.unstack(inputs, axis=1), dtype=tf.float32, sequence_length=[3, 1]
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run([looped, counter])[0].shape == (2, 9, 1)
        assert session.run(counter) == 4
        session.run(unrolled)
        assert session.run(counter) == 7


def test_a_network_may_run_in_a_loop():
    cell = cells.GRUCell(2)
    x = tf.constant(np.random.default_rng(5).normal(size=(3, 4, 2)))

    def again(i, y):
        return i + 1, tf.nn.dynamic_rnn(cell, y, dtype=tf.float64)[0]

    _, y = tf.while_loop(lambda i, _: i < 2, again, [0, x])
    twice = x
    for _ in range(2):
        twice, _ = tf.nn.dynamic_rnn(cell, twice, dtype=tf.float64)
    slopes = [tf.gradients(each, [x, *cell.weights]) for each in (y, twice)]
    with tf.Session() as session:
        started(session)
        got, want = session.run([(y, slopes[0]), (twice, slopes[1])])

    close(got, want)


def test_a_cell_may_be_all_of_the_users_own():
    class Sum:
        """No RNNCell, but like one."""

        state_size = output_size = 2

        def zero_state(self, batch_size, dtype):
            return tf.zeros([batch_size, 2], dtype)

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or "sum"):
                w = tf.get_variable("w", [], initializer=tf.ones_initializer())
            return state + w * inputs, state + w * inputs

    class Old(cells.RNNCell):
        """A cell of the old days, which does not call its base."""

        def __init__(self):
            self.inside = Sum()

        state_size = output_size = 2

        def __call__(self, inputs, state, scope=None):
            return self.inside(inputs, state, scope)

    results = [
        tf.nn.dynamic_rnn(make(), tf.ones([1, 3, 2]), dtype=tf.float32, scope=make.__name__)[0]
        for make in (Sum, Old)
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert [each[0, :, 0].tolist() for each in session.run(results)] == [[1.0, 2.0, 3.0]] * 2
    assert [v.op.name for v in tf.global_variables()] == ["Sum/sum/w", "Old/sum/w"]


def test_a_network_outlives_its_export():
    x = tf.placeholder(tf.float32, [None, 3, 2], name="x")
    y, _ = tf.nn.dynamic_rnn(cells.LSTMCell(2), x, tf.constant([3, 1]), dtype=tf.float32)
    tf.identity(y, name="y")
    ones = np.ones([2, 3, 2], np.float32)
    saved = tf.train.export_meta_graph()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        want = session.run("y:0", {"x:0": ones})
        values = session.run(tf.global_variables())
    with tf.Graph().as_default(), tf.Session() as session:
        tf.train.import_meta_graph(saved)
        variables = tf.global_variables()
        y = tf.get_default_graph().get_tensor_by_name("y:0")
        slopes = tf.gradients(y, variables)
        session.run([v.assign(value) for v, value in zip(variables, values, strict=True)])
        got, slopes = session.run([y, slopes], {"x:0": ones})

    np.testing.assert_allclose(got, want)
    assert all(np.abs(each).max() > 0 for each in slopes)


def test_an_initial_state_is_where_it_starts():
    cell = cells.GRUCell(2)
    inputs = tf.random_uniform([3, 4, 2], seed=1)
    y, middle = tf.nn.dynamic_rnn(cell, inputs[:, :2], dtype=tf.float32)
    z, last = tf.nn.dynamic_rnn(cell, inputs[:, 2:], initial_state=middle)
    whole, end = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        y, z, last, whole, end = session.run([y, z, last, whole, end])

    np.testing.assert_allclose(np.concatenate([y, z], 1), whole, rtol=1e-6)
    np.testing.assert_allclose(last, end, rtol=1e-6)


def test_a_state_is_saved_between_pieces_of_a_sequence():
    class Saver:
        """Keeps each state in a variable."""

        def __init__(self, **widths):
            self.kept = {name: tf.Variable(tf.zeros([2, n])) for name, n in widths.items()}

        def state(self, name):
            return self.kept[name].read_value()

        def save_state(self, name, value):
            return tf.assign(self.kept[name], value)

    cell = cells.LSTMCell(3)
    x = np.random.default_rng(4).normal(size=(2, 6, 1)).astype(np.float32)
    piece = tf.placeholder(tf.float32, [2, 3, 1])
    outputs, _ = tf.nn.static_state_saving_rnn(
        cell, tf.unstack(piece, axis=1), Saver(c=3, h=3), ("c", "h")
    )
    whole, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
    one, _ = tf.nn.static_state_saving_rnn(
        cells.GRUCell(3), tf.unstack(piece, axis=1), Saver(s=3), "s", [1, 2], scope="one"
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        pieces = [session.run(outputs[-1], {piece: x[:, i : i + 3]}) for i in (0, 3)]
        steps = session.run(whole)
        assert session.run(one[-1], {piece: x[:, :3]}).tolist() == [[0.0] * 3] * 2

    np.testing.assert_allclose(pieces, [steps[2], steps[5]], rtol=1e-6)
    with pytest.raises(ValueError, match="state_name should be the same type"):
        tf.nn.static_state_saving_rnn(cell, [piece], Saver(), "c")
    with pytest.raises(ValueError, match=r"#elems.state_name. != #elems.state_size.: 1 vs. 2"):
        tf.nn.static_state_saving_rnn(cell, [piece], Saver(), ("c",))


# --- loops on what a function gives ---------------------------------------------------------------


@given(data=batches())
def test_a_raw_loop_can_do_what_a_loop_does(data):
    x, lengths = data
    steps = x.shape[1]
    lengths = [steps] * len(x) if lengths is None else lengths
    tf.reset_default_graph()
    cell = cells.GRUCell(UNITS)
    array = tf.TensorArray(tf.float64, steps, clear_after_read=False).unstack(x.swapaxes(0, 1))

    def loop_fn(time, output, state, loop_state):
        if output is None:
            state = cell.zero_state(len(x), tf.float64)
        ended = time >= tf.constant(lengths)
        following = array.read(tf.minimum(time, steps - 1))
        return ended, following, state, output, loop_state

    emitted, state, own = tf.nn.raw_rnn(cell, loop_fn)
    with tf.Session() as session:
        started(session)
        weights = session.run(cell.weights)
        count, y, last = session.run([emitted.size(), emitted.stack(), state])
    want, final = numpy_cells.along_time(
        numpy_cells.gru, weights, x, [np.zeros((len(x), UNITS))], lengths
    )

    assert own is None
    assert count == max(lengths)
    if count:
        close(y.swapaxes(0, 1), want[:, :count])
    close(last, final)


def test_a_raw_loop_emits_what_its_function_says_and_carries_its_state():
    cell = cells.BasicRNNCell(2)

    def loop_fn(time, output, state, seen):
        if output is None:
            emit = tf.zeros([], tf.int32), tf.zeros([3])
            start = tf.zeros([2, 2])
            return tf.constant([False] * 2), tf.zeros([2, 1]), start, emit, tf.constant(10)
        emit = tf.fill([2], time), tf.ones([2, 3])
        ended = tf.greater_equal(time, [2, 4])
        return ended, tf.zeros([2, 1]), state, emit, seen + time

    (times, ones), _, seen = tf.nn.raw_rnn(cell, loop_fn)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        times, ones, seen = session.run([times.stack(), ones.stack(), seen])

    assert times.tolist() == [[1, 1], [2, 2], [0, 3], [0, 4]]
    assert ones[:, 0, 0].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert seen == 10 + 1 + 2 + 3 + 4


# --- errors ---------------------------------------------------------------------------------------


def loop(**arguments):
    given = {"cell": cells.GRUCell(2), "inputs": tf.zeros([3, 4, 2]), "dtype": tf.float32}
    return tf.nn.dynamic_rnn(**{**given, **arguments})


def unrolled(**arguments):
    given = {"cell": cells.GRUCell(2), "inputs": [tf.zeros([3, 2])] * 2, "dtype": tf.float32}
    return tf.nn.static_rnn(**{**given, **arguments})


def hole(*sizes):
    return tf.placeholder(tf.float32, sizes)


@pytest.mark.parametrize(
    ("run", "kind", "message"),
    [
        (lambda: loop(cell="gru"), TypeError, "argument 'cell' .gru. is not an RNNCell"),
        (lambda: loop(dtype=None), ValueError, "no initial_state, you must give a dtype"),
        (
            lambda: loop(sequence_length=[[1, 2, 3]]),
            ValueError,
            r"sequence_length must be a vector of length batch_size, but saw shape: \(1, 3\)",
        ),
        (lambda: loop(inputs=hole(3, 4, None)), ValueError, "must be accessible via shape infer"),
        (
            lambda: loop(inputs=tf.placeholder(tf.float32)),
            ValueError,
            "must be accessible via shape inference",
        ),
        (lambda: loop(inputs=hole(3)), ValueError, "to have rank at least 2"),
        (lambda: loop(inputs=hole(3, 4)), ValueError, "must have rank at least 3"),
        (lambda: loop(inputs=(hole(3, 4, 2), hole(3, 5, 2))), ValueError, "Time steps is not the"),
        (lambda: loop(inputs=(hole(3, 4, 2), hole(4, 4, 2))), ValueError, "Batch_size is not the"),
        (
            lambda: loop(dtype=None, initial_state=(tf.zeros([1]), tf.zeros([1], tf.float64))),
            ValueError,
            "State has tensors of different inferred_dtypes",
        ),
        (lambda: loop(dtype=None, initial_state=()), ValueError, "infer dtype from empty state"),
        (lambda: unrolled(cell=3), TypeError, "is not an RNNCell"),
        (lambda: unrolled(inputs=tf.zeros([1])), TypeError, "inputs must be a sequence"),
        (lambda: unrolled(inputs=[]), ValueError, "inputs must not be empty"),
        (lambda: unrolled(dtype=None), ValueError, "no initial_state, you must give a dtype"),
        (lambda: unrolled(inputs=[hole(3, None)]), ValueError, "dimension 0 of inputs. must be"),
        (lambda: unrolled(inputs=[hole(3, 2), hole(4, 2)]), ValueError, "are not compatible"),
        (lambda: unrolled(inputs=[hole()]), ValueError, "must have rank at least 2"),
        (lambda: unrolled(sequence_length=3), ValueError, "must be a vector of length batch_size"),
        (lambda: tf.nn.raw_rnn(cells.GRUCell(1), 3), TypeError, "loop_fn must be a callable"),
        (
            lambda: tf.nn.bidirectional_dynamic_rnn(3, cells.GRUCell(1), hole(1, 2, 3)),
            TypeError,
            "argument 'cell_fw' .3. is not an RNNCell",
        ),
        (
            lambda: tf.nn.static_bidirectional_rnn(cells.GRUCell(1), 3, [hole(2, 3)]),
            TypeError,
            "argument 'cell_bw' .3. is not an RNNCell",
        ),
    ],
)
def test_bad_arguments_are_refused(run, kind, message):
    with pytest.raises(kind, match=message):
        run()


def test_lengths_of_another_number_than_the_batch_are_refused_by_the_run():
    lengths = tf.placeholder(tf.int32, [None])
    outputs, _ = loop(sequence_length=lengths)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match="Expected shape for Tensor rnn/"):
            session.run(outputs, {lengths: [1, 2]})


@pytest.mark.parametrize("lengths", [None, [1, 2, 3]])
@pytest.mark.parametrize("what", ["outputs", "state"])
def test_a_cell_that_returns_something_else_than_it_says_is_refused(what, lengths):
    class Wrong(cells.RNNCell):
        state_size = output_size = 2

        def call(self, inputs, state):
            return ((state, state), state) if what == "outputs" else (state, (state, state))

    with pytest.raises(ValueError, match="don't have the same nested structure"):
        loop(cell=Wrong(), sequence_length=lengths)
