"""Decoders and beam search: against unrolled networks, formulas, and exhaustive search."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import minitf as tf

s2s = tf.contrib.seq2seq
VOCABULARY, DEPTH, UNITS = 4, 3, 5


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(7)
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


def inputs(*shape):
    return np.random.RandomState(0).randn(*shape).astype(np.float32)


def basic(helper, batch=2, layer=True):
    cell = tf.nn.rnn_cell.GRUCell(UNITS)
    output = tf.layers.Dense(VOCABULARY, name="scores") if layer else None
    return s2s.BasicDecoder(cell, helper, cell.zero_state(batch, tf.float32), output)


def table():
    return tf.get_variable(
        "table", [VOCABULARY, DEPTH], initializer=tf.random_normal_initializer(seed=3)
    )


# --- the loop and helpers ------------------------------------------------------------------------


@pytest.mark.parametrize("time_major", [False, True])
def test_training_is_an_unrolled_network(time_major):
    x, lengths = inputs(2, 4, DEPTH), [4, 2]
    given = x.transpose(1, 0, 2) if time_major else x
    helper = s2s.TrainingHelper(given, lengths, time_major)
    outputs, state, found = s2s.dynamic_decode(
        basic(helper, layer=False), time_major, impute_finished=True
    )
    names = [each.name for each in tf.trainable_variables()]
    assert names[0] == "decoder/gru_cell/gates/kernel:0"
    again = tf.nn.rnn_cell.GRUCell(UNITS, name="gru_cell", reuse=True)
    with tf.variable_scope("decoder", reuse=True):
        state_now, steps = tf.zeros([2, UNITS]), []
        for t in range(4):
            out, new = again(x[:, t], state_now)
            alive = tf.constant([[t < n] for n in lengths])
            alive = tf.tile(alive, [1, UNITS])
            state_now = tf.where(alive, new, state_now)
            steps.append(tf.where(alive, out, tf.zeros_like(out)))
    expected = tf.stack(steps, 0 if time_major else 1)
    rows = run([outputs.rnn_output, expected, state, state_now, found, outputs.sample_id])

    np.testing.assert_allclose(rows[0], rows[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(rows[2], rows[3], rtol=1e-5, atol=1e-6)
    assert rows[4].tolist() == lengths
    assert rows[5].shape == ((4, 2) if time_major else (2, 4))


@pytest.mark.thorough
def test_gradients_flow_through_the_loop():
    helper = s2s.TrainingHelper(inputs(2, 3, DEPTH), [3, 3])
    outputs, _, _ = s2s.dynamic_decode(basic(helper))
    loss = s2s.sequence_loss(outputs.rnn_output, tf.constant([[1, 2, 3]] * 2), tf.ones([2, 3]))
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, train])[0] for _ in range(20)]

    assert losses[-1] < 0.8 * losses[0]


def test_greedy_decoding_follows_the_greatest_score():
    embedding = table()
    decoder = basic(s2s.GreedyEmbeddingHelper(embedding, [1, 2], 0))
    outputs, _, lengths = s2s.dynamic_decode(decoder, maximum_iterations=6)
    scores, ids, lengths = run([outputs.rnn_output, outputs.sample_id, lengths])

    for row, symbols, length in zip(scores, ids, lengths, strict=True):
        np.testing.assert_array_equal(row[:length].argmax(-1), symbols[:length])
        assert length == 6 or symbols[length - 1] == 0
        assert 0 not in symbols[: length - 1]
    assert ids.shape[1] == max(lengths)


def test_a_loop_may_have_no_step():
    decoder = basic(s2s.GreedyEmbeddingHelper(table(), [1, 2], 0))
    outputs, _, lengths = s2s.dynamic_decode(decoder, maximum_iterations=0)
    found = run([outputs.sample_id, lengths])

    assert found[0].shape == (2, 0)
    assert found[1].tolist() == [0, 0]


def test_sampled_symbols_are_greedy_ones_when_it_is_cold():
    embedding = tf.constant(inputs(VOCABULARY, DEPTH))
    helpers = (
        s2s.GreedyEmbeddingHelper(embedding, [1, 2], 0),
        s2s.SampleEmbeddingHelper(embedding, [1, 2], 0, softmax_temperature=1e-6, seed=1),
    )
    cell = tf.nn.rnn_cell.GRUCell(UNITS)
    layer = tf.layers.Dense(VOCABULARY)
    found = []
    for helper in helpers:
        decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), layer)
        outputs, _, _ = s2s.dynamic_decode(
            decoder, maximum_iterations=5, scope=tf.VariableScope(tf.AUTO_REUSE, "decoder")
        )
        found.append(outputs.sample_id)
    greedy, sampled = run(found)

    np.testing.assert_array_equal(greedy, sampled)


def test_functions_and_outputs_may_go_in_next():
    class Doubling(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 1

        def call(self, inputs, state):
            return 2 * inputs, state

    cell = Doubling()
    start = [[1.0], [3.0]]
    inference = s2s.InferenceHelper(
        lambda outputs: outputs, [1], tf.float32, start, lambda x: tf.reduce_all(x > 20.0, axis=-1)
    )
    custom = s2s.CustomHelper(
        lambda: (tf.constant([False, False]), tf.constant(start)),
        lambda time, outputs, state: tf.cast(outputs[:, 0], tf.int32),
        lambda time, outputs, state, sample_ids: (sample_ids > 20, outputs, state),
    )
    for helper in (inference, custom):
        decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32))
        outputs, _, lengths = s2s.dynamic_decode(decoder, impute_finished=True)
        values, lengths = run([outputs.rnn_output[..., 0], lengths])

        assert values.tolist() == [[2, 4, 8, 16, 32], [6, 12, 24, 0, 0]]
        assert lengths.tolist() == [5, 3]


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_scheduled_sampling_gives_right_inputs_or_outputs(probability):
    x = inputs(2, 3, VOCABULARY)
    helper = s2s.ScheduledOutputTrainingHelper(x, [3, 3], probability, seed=1)
    outputs, _, _ = s2s.dynamic_decode(basic(helper))
    plain, _, _ = s2s.dynamic_decode(
        basic(s2s.TrainingHelper(x, [3, 3])), scope=tf.VariableScope(tf.AUTO_REUSE, "decoder")
    )
    with tf.variable_scope("decoder", reuse=True):
        cell = tf.nn.rnn_cell.GRUCell(UNITS, name="gru_cell")
        layer = tf.layers.Dense(VOCABULARY, name="scores", _reuse=True)
        state, given, own = tf.zeros([2, UNITS]), tf.constant(x[:, 0]), []
        for _ in range(3):
            out, state = cell(given, state)
            given = layer(out)
            own.append(given)
    found, right, fed_back, chosen = run(
        [outputs.rnn_output, plain.rnn_output, tf.stack(own, 1), outputs.sample_id]
    )

    assert (chosen == probability).all()
    expected = fed_back if probability else right
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_scheduled_symbols_are_drawn_from_the_scores():
    embedding = tf.constant(inputs(VOCABULARY, DEPTH))
    x = inputs(3, 4, DEPTH)
    helper = s2s.ScheduledEmbeddingTrainingHelper(x, [4, 4, 3], embedding, 0.5, seed=1)
    outputs, _, lengths = s2s.dynamic_decode(basic(helper, batch=3))
    ids, lengths = run([outputs.sample_id, lengths])

    assert lengths.tolist() == [4, 4, 3]
    assert ids.min() == -1
    assert 0 <= ids.max() < VOCABULARY


def test_what_is_no_decoder_or_helper_is_refused():
    with pytest.raises(TypeError, match="Expected decoder to be type Decoder"):
        s2s.dynamic_decode(3)
    with pytest.raises(TypeError, match="helper must be a Helper"):
        basic(3)
    with pytest.raises(ValueError, match="Expected sequence_length to be a vector"):
        s2s.TrainingHelper(inputs(2, 3, DEPTH), 3)
    with pytest.raises(ValueError, match="start_tokens must be a vector"):
        s2s.GreedyEmbeddingHelper(table(), 1, 0)
    with pytest.raises(ValueError, match="maximum_iterations must be a scalar"):
        s2s.dynamic_decode(
            basic(s2s.TrainingHelper(inputs(2, 3, DEPTH), [3, 3])), False, False, [3]
        )
    with pytest.raises(ValueError, match="sampling_probability must be either a scalar or a vec"):
        s2s.ScheduledOutputTrainingHelper(inputs(2, 3, DEPTH), [3, 3], [[0.5]])
    with pytest.raises(NotImplementedError):
        s2s.Helper().sample(0, 0, 0)


# --- attention -----------------------------------------------------------------------------------


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


@pytest.mark.parametrize("normalize", [False, True])
def test_bahdanau_weights_are_those_of_the_formula(normalize):
    memory, lengths, query = inputs(2, 4, DEPTH), np.array([4, 2]), inputs(2, UNITS)
    attention = s2s.BahdanauAttention(6, memory, lengths, normalize)
    weights, state = attention(tf.constant(query), None)
    names = {each.name: each for each in tf.trainable_variables()}
    found, again, keys, values = run([weights, state, names, attention.values])
    v = keys["bahdanau_attention/attention_v:0"]
    bias = 0
    if normalize:
        assert keys["bahdanau_attention/attention_g:0"] == np.float32(1 / np.sqrt(6))
        v, bias = v / np.linalg.norm(v) / np.sqrt(6), keys["bahdanau_attention/attention_b:0"]
    mask = np.arange(4) < lengths[:, None]
    projected = (memory * mask[..., None]) @ keys["memory_layer/kernel:0"]
    asked = query @ keys["bahdanau_attention/query_layer/kernel:0"]
    score = (v * np.tanh(projected + asked[:, None] + bias)).sum(-1)

    np.testing.assert_allclose(found, softmax(np.where(mask, score, -np.inf)), rtol=1e-4)
    np.testing.assert_array_equal(found, again)
    np.testing.assert_array_equal(values, memory * mask[..., None])


@pytest.mark.parametrize("scale", [False, True])
def test_luong_weights_are_those_of_the_formula(scale):
    memory, query = inputs(2, 4, DEPTH), inputs(2, UNITS)
    attention = s2s.LuongAttention(UNITS, memory, scale=scale)
    weights, _ = attention(tf.constant(query), None)
    found, kernel = run([weights, tf.trainable_variables()[0]])

    np.testing.assert_allclose(
        found, softmax(np.einsum("bu,btu->bt", query, memory @ kernel)), rtol=1e-4
    )
    assert len(tf.trainable_variables()) == 1 + scale
    with pytest.raises(ValueError, match="Incompatible or unknown inner dimensions between query"):
        attention(tf.ones([2, UNITS + 1]), None)


def test_lengths_must_be_positive_and_sizes_known():
    attention = s2s.LuongAttention(UNITS, inputs(2, 4, DEPTH), [0, 2])
    with pytest.raises(tf.errors.InvalidArgumentError, match="must greater than zero"):
        run(attention(tf.ones([2, UNITS]), None)[0])
    with pytest.raises(ValueError, match="to have fully defined inner dims"):
        s2s.LuongAttention(UNITS, tf.placeholder(tf.float32, [2, 4, None]))


def test_hardmax_is_one_where_it_is_greatest():
    assert run(s2s.hardmax([[1.0, 3.0, 2.0], [5.0, 1.0, 0.0]])).tolist() == [[0, 1, 0], [1, 0, 0]]


def wrapped(memory, **arguments):
    attention = s2s.LuongAttention(UNITS, memory)
    return s2s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(UNITS), attention, **arguments)


@pytest.mark.parametrize("layer_size", [None, 6])
def test_a_cell_attends_at_each_step(layer_size):
    memory, x = inputs(2, 4, DEPTH), inputs(2, 3, DEPTH)
    cell = wrapped(memory, attention_layer_size=layer_size, alignment_history=True)
    decoder = s2s.BasicDecoder(cell, s2s.TrainingHelper(x, [3, 3]), cell.zero_state(2, tf.float32))
    outputs, state, _ = s2s.dynamic_decode(decoder)
    history = state.alignment_history.stack()
    names = {each.name: each for each in tf.trainable_variables()}
    found, weights, kept = run([outputs.rnn_output, history, names])

    assert weights.shape == (3, 2, 4)
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
    context = np.einsum("nbt,btd->bnd", weights, memory)
    if layer_size is None:
        np.testing.assert_allclose(found, context, rtol=1e-5, atol=1e-6)
    else:
        assert kept["decoder/attention_wrapper/attention_layer/kernel:0"].shape == (8, 6)
        assert found.shape == (2, 3, 6)
    assert "decoder/attention_wrapper/gru_cell/gates/kernel:0" in kept
    assert "memory_layer/kernel:0" in kept


def test_outputs_may_be_those_of_the_cell_and_memories_several():
    memories = [inputs(2, 4, DEPTH), inputs(2, 5, 2)]
    mechanisms = [s2s.LuongAttention(UNITS, each) for each in memories]
    cell = s2s.AttentionWrapper(
        tf.nn.rnn_cell.GRUCell(UNITS), mechanisms, [3, 4], output_attention=False
    )
    state = cell.zero_state(2, tf.float32)
    outputs, after = cell(tf.ones([2, 1]), state)
    found = run([outputs, after.attention, after.time, after.alignments])

    assert (cell.output_size, cell.state_size.attention) == (UNITS, 7)
    assert [each.shape for each in (found[0], found[1])] == [(2, UNITS), (2, 7)]
    assert found[2] == 1
    assert [each.shape for each in found[3]] == [(2, 4), (2, 5)]


def test_a_first_state_can_be_given():
    cell = wrapped(inputs(2, 4, DEPTH))
    state = cell.zero_state(2, tf.float32)
    given = state.clone(cell_state=tf.ones([2, UNITS]))

    assert run(given.cell_state).tolist() == [[1] * UNITS] * 2
    with pytest.raises(ValueError, match=r"compatible|rank|[Ss]hape"):
        state.clone(cell_state=tf.ones([2, UNITS + 1]))
    first = wrapped(inputs(2, 4, DEPTH), initial_cell_state=tf.ones([2, UNITS]))
    assert run(first.zero_state(2, tf.float32).cell_state).tolist() == [[1] * UNITS] * 2


def test_wrappers_refuse_what_does_not_fit():
    memory = inputs(2, 4, DEPTH)
    with pytest.raises(TypeError, match="attention_mechanism must be an AttentionMechanism"):
        s2s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(UNITS), 3)
    with pytest.raises(ValueError, match="exactly one integer per attention_mechanism"):
        wrapped(memory, attention_layer_size=[1, 2])
    with pytest.raises(ValueError, match="Only one of attention_layer_size and attention_layer"):
        wrapped(memory, attention_layer_size=3, attention_layer=tf.layers.Dense(3))
    with pytest.raises(TypeError, match="Expected state to be instance of AttentionWrapperState"):
        wrapped(memory)(tf.ones([2, 1]), tf.ones([2, 1]))
    with pytest.raises(
        (ValueError, tf.errors.InvalidArgumentError), match="Non-matching batch siz"
    ):
        run(wrapped(memory).zero_state(3, tf.float32).cell_state)


# --- beam search ---------------------------------------------------------------------------------


def test_a_batch_is_tiled_entry_by_entry():
    found = s2s.tile_batch({"a": tf.constant([[1, 2], [3, 4]]), "b": tf.constant([5, 6])}, 2)

    assert found["a"].shape.as_list() == [4, 2]
    values = run(found)
    assert values["a"].tolist() == [[1, 2], [1, 2], [3, 4], [3, 4]]
    assert values["b"].tolist() == [5, 5, 6, 6]
    with pytest.raises(ValueError, match="must have a batch dimension"):
        s2s.tile_batch(tf.constant(1), 2)


def test_paths_lead_back_through_parents():
    ids = [[[1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]], [[-1, -1, -1]]]
    parents = [[[0, 0, 0]], [[0, 1, 1]], [[2, 1, 2]], [[-1, -1, -1]]]
    found = run(s2s.gather_tree(ids, parents, [3], 10))

    assert found[:, 0].T.tolist() == [[2, 6, 7, 10], [2, 5, 8, 10], [2, 6, 9, 10]]


def test_what_follows_an_end_token_is_the_end_token():
    found = run(s2s.gather_tree([[[1]], [[0]], [[5]]], [[[0]]] * 3, [3], 0))

    assert found.ravel().tolist() == [1, 0, 0]


class Chain(tf.nn.rnn_cell.RNNCell):
    """A Markov chain: scores of the next symbol depend on the last one, which is the input."""

    state_size, output_size = 1, VOCABULARY

    def call(self, inputs, state):
        return tf.matmul(inputs, tf.constant(SCORES)), state + 1


SCORES = np.log(
    np.array(
        [[0.7, 0.1, 0.1, 0.1], [0.1, 0.3, 0.35, 0.25], [0.35, 0.3, 0.05, 0.3], [0.6, 0.2, 0.1, 0.1]]
    )
).astype(np.float32)


def best_sequences(start, steps, end, weight):
    """Return all sequences with their scores, the best one first.

    The penalty counts an end token once there is a step after it.
    """
    scored = {}
    for drawn in itertools.product(range(VOCABULARY), repeat=steps):
        cut = drawn.index(end) + 1 if end in drawn else steps
        symbols = drawn[:cut] + (end,) * (steps - cut)
        length = symbols.index(end) + 1 if end in symbols else steps
        path = (start, *symbols[:length])
        total = sum(SCORES[a, b] for a, b in itertools.pairwise(path))
        counted = length - 1 if end in symbols and length == steps else length
        scored[symbols] = total / ((5 + counted) / 6) ** weight
    return sorted(scored.items(), key=lambda item: -item[1])


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_a_wide_beam_finds_what_exhaustive_search_finds(weight):
    cell = Chain()
    width = 60
    state = s2s.tile_batch(cell.zero_state(2, tf.float32), width)
    decoder = s2s.BeamSearchDecoder(
        cell, tf.eye(VOCABULARY), [1, 2], 0, state, width, length_penalty_weight=weight
    )
    outputs, _, lengths = s2s.dynamic_decode(decoder, maximum_iterations=3)
    steps = outputs.beam_search_decoder_output
    ids, scores, lengths = run([outputs.predicted_ids, steps.scores, lengths])

    assert ids.shape == (2, 3, width)
    for start, found, score in zip((1, 2), ids, scores[:, -1], strict=True):
        expected = best_sequences(start, 3, 0, weight)[:5]
        np.testing.assert_allclose(score[:5], [each for _, each in expected], rtol=1e-5)
        assert tuple(found[:, 0]) == expected[0][0]


def test_one_beam_is_greedy():
    cell = Chain()
    state = cell.zero_state(1, tf.float32)
    decoder = s2s.BeamSearchDecoder(cell, tf.eye(VOCABULARY), [1], 0, state, 1)
    outputs, last, _ = s2s.dynamic_decode(decoder, maximum_iterations=8)
    ids, lengths = run([outputs.predicted_ids[0, :, 0], last.lengths])

    assert ids.tolist() == [2, 0]
    assert lengths.tolist() == [[2]]


def test_beams_carry_attention_and_its_history():
    width, memory = 3, inputs(2, 4, DEPTH)
    tiled = s2s.tile_batch(tf.constant(memory), width)
    cell = wrapped(tiled, attention_layer_size=6, alignment_history=True)
    decoder = s2s.BeamSearchDecoder(
        cell,
        table(),
        [1, 2],
        0,
        cell.zero_state(2 * width, tf.float32),
        width,
        tf.layers.Dense(VOCABULARY),
        coverage_penalty_weight=0.5,
    )
    outputs, state, _ = s2s.dynamic_decode(decoder, maximum_iterations=4)
    ids, history = run([outputs.predicted_ids, state.cell_state.alignment_history])

    assert ids.shape[0] == 2
    assert ids.shape[2] == width
    assert history.shape == (ids.shape[1], 2 * width, 4)
    np.testing.assert_allclose(history.sum(-1), 1, rtol=1e-5)
    with pytest.raises(TypeError, match="only supported with an AttentionWrapper"):
        s2s.BeamSearchDecoder(
            Chain(), tf.eye(4), [1], 0, tf.zeros([1, 1]), 1, coverage_penalty_weight=1.0
        ).initialize()
