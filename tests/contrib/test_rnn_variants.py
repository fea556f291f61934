"""Cells of tf.contrib.rnn with other gates, maps and norms, against their formulas in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

rnn = tf.contrib.rnn
RNG = np.random.default_rng(7)
X, H, C, P = (RNG.normal(size=(2, n)) for n in (6, 4, 4, 2))
FORGET = 0.5


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def logistic(x):
    return 1 / (1 + np.exp(-x))


def stepped(cell, inputs, state):
    """Return outputs, new state and variables of one step in float64, variables at random."""
    made = cell(
        tf.nest.map_structure(tf.constant, inputs), tf.nest.map_structure(tf.constant, state)
    )
    variables = {each.op.name.partition("/")[2]: each for each in cell.variables}
    numbers = {
        name: RNG.uniform(0.1, 1, size=each.shape.as_list())
        for name, each in sorted(variables.items())
    }
    with tf.Session() as session:
        session.run([each.assign(numbers[name]) for name, each in variables.items()])
        outputs, after = session.run(made)
    tf.nest.assert_same_structure(after, state)
    return outputs, after, numbers


def normal(x, v, name):
    x = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-12)
    return x * v[f"{name}/gamma"] + v[f"{name}/beta"]


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("tupled", [False, True])
@pytest.mark.parametrize("shards", [1, 3])
def test_what_is_forgotten_makes_room_for_what_is_new(norm, tupled, shards):
    cell = rnn.CoupledInputForgetGateLSTMCell(
        4,
        use_peepholes=True,
        num_proj=2,
        proj_clip=0.4,
        num_unit_shards=shards,
        num_proj_shards=shards,
        forget_bias=FORGET,
        state_is_tuple=tupled,
        layer_norm=norm,
    )
    state = rnn.LSTMStateTuple(C, P)
    y, after, v = stepped(cell, X, state if tupled else np.hstack(state))
    w, project = (np.vstack([v[f"{name}_{i}"] for i in range(shards)]) for name in ("W", "W_P"))
    made = np.hstack([X, P]) @ w + (0 if norm else v["B"])
    one = (lambda x, name: normal(x, v, name)) if norm else lambda x, _: x
    names = "transform", "forget", "output"
    j, f, o = (one(x, name) for x, name in zip(np.split(made, 3, 1), names, strict=True))
    f = logistic(f + FORGET + v["w_f_diag"] * C)
    c = one(f * C + (1 - f) * np.tanh(j), "state")
    h = logistic(o + v["w_o_diag"] * c) * np.tanh(c) @ project

    np.testing.assert_allclose(y, np.clip(h, -0.4, 0.4))
    np.testing.assert_allclose(np.hstack(after) if tupled else after, np.hstack([c, y]))
    assert cell.state_size == ((4, 2) if tupled else 6)
    assert cell.output_size == 2


def test_a_matrix_in_parts_is_joined_in_each_step_and_has_rows_enough():
    cell = rnn.CoupledInputForgetGateLSTMCell(2, num_unit_shards=2)
    tf.nn.dynamic_rnn(cell, tf.ones([1, 4, 3]), dtype=tf.float32)
    (joined,) = tf.get_collection(tf.GraphKeys.CONCATENATED_VARIABLES)

    assert joined.shape.as_list() == [5, 6]
    with pytest.raises(ValueError, match="Too many shards"):
        rnn.CoupledInputForgetGateLSTMCell(2, num_unit_shards=9)(
            tf.ones([1, 3]), cell.zero_state(1, tf.float32)
        )


@pytest.mark.parametrize("proj", [None, 2])
def test_groups_have_parts_of_inputs_and_state(proj):
    h = H if proj is None else P
    cell = rnn.GLSTMCell(4, num_proj=proj, number_of_groups=2, forget_bias=FORGET)
    y, (c, after), v = stepped(cell, X, rnn.LSTMStateTuple(C, h))
    pairs = zip(np.split(X, 2, 1), np.split(h, 2, 1), strict=True)
    gates = [np.split(np.hstack(p) @ v[f"group{g}/kernel"], 4, 1) for g, p in enumerate(pairs)]
    i, j, f, o = (
        np.hstack(parts) + v[f"bias_{name}"]
        for name, parts in zip("ijfo", zip(*gates, strict=True), strict=True)
    )
    want = logistic(f + FORGET) * C + logistic(i) * np.tanh(j)
    out = logistic(o) * np.tanh(want)

    np.testing.assert_allclose(c, want)
    np.testing.assert_allclose(y, out if proj is None else out @ v["projection/kernel"])
    np.testing.assert_array_equal(y, after)
    with pytest.raises(ValueError, match="num_units must be divisible by number_of_groups"):
        rnn.GLSTMCell(4, number_of_groups=3)
    with pytest.raises(ValueError, match="input size must be divisible"):
        cell(tf.ones([2, 5], tf.float64), cell.zero_state(2, tf.float64))


@pytest.mark.parametrize("peepholes", [False, True])
def test_units_open_by_a_clock(peepholes):
    cell = rnn.PhasedLSTMCell(4, use_peepholes=peepholes, leak=0.25, ratio_on=0.5)
    time = np.array([[3.0], [7.25]])
    y, (c, h), v = stepped(cell, (time, X), rnn.LSTMStateTuple(C, H))

    def affine(name, *parts):
        return np.hstack(parts) @ v[f"{name}/kernel"] + v[f"{name}/bias"]

    i, f = np.split(logistic(affine("mask_gates", X, H, *([C] if peepholes else []))), 2, 1)
    new_c = f * C + i * np.tanh(affine("new_input", X, H))
    o = logistic(affine("output_gate", X, H, *([new_c] if peepholes else [])))
    part = np.mod(time - v["phase"], v["period"]) / v["period"]
    up = 2 * part / v["ratio_on"]
    k = np.where(part < v["ratio_on"] / 2, up, np.where(part < v["ratio_on"], 2 - up, part / 4))

    np.testing.assert_allclose(c, k * new_c + (1 - k) * C)
    np.testing.assert_allclose(h, k * np.tanh(new_c) * o + (1 - k) * H)
    np.testing.assert_array_equal(y, h)


def test_a_clock_runs_in_a_loop_with_times_of_more_digits():
    cell = rnn.PhasedLSTMCell(
        3, trainable_ratio_on=False, period_init_min=tf.constant(2.0), period_init_max=8.0
    )
    x = tf.ones([2, 5, 4])
    times = tf.constant(np.arange(10.0).reshape(2, 5, 1))
    outputs, _ = tf.nn.dynamic_rnn(cell, (times, x), dtype=tf.float32)
    period, phase, on = (
        next(v for v in cell.variables if v.op.name.endswith(name))
        for name in ("period", "phase", "ratio_on")
    )
    slopes = tf.gradients(outputs, [period, phase])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        p, start, made, *slopes = session.run([period, phase, outputs, *slopes])

    assert ((p >= 2) & (p <= 8)).all()
    assert ((start >= 0) & (start <= p)).all()
    assert made.shape == (2, 5, 3)
    assert np.isfinite(slopes).all()
    assert np.any(slopes)
    assert on not in tf.trainable_variables()


def test_gates_lead_through_time_and_through_layers():
    cell = rnn.IntersectionRNNCell(4, num_in_proj=4, forget_bias=FORGET)
    y, h, v = stepped(cell, X, H)
    x = X @ v["in_projection/kernel"] + v["in_projection/bias"]
    a, b, g, d = np.split(np.hstack([x, H]) @ v["kernel"] + v["bias"], 4, 1)
    a, g = logistic(a + FORGET), logistic(g + FORGET)

    np.testing.assert_allclose(h, a * H + (1 - a) * np.tanh(b))
    np.testing.assert_allclose(y, g * x + (1 - g) * np.maximum(d, 0))
    with pytest.raises(ValueError, match="num_in_proj should be set to num_units"):
        rnn.IntersectionRNNCell(4)(tf.ones([2, 3]), tf.zeros([2, 4]))


def test_cells_of_few_weights():
    y, h, v = stepped(rnn.MinimalRNNCell(4), X, H)
    z = np.tanh(X @ v["kernel"][:6])
    u = logistic(np.hstack([z, H]) @ v["kernel"][6:] + v["bias"])
    np.testing.assert_allclose(y, u * H + (1 - u) * z)
    np.testing.assert_array_equal(y, h)

    y, _, v = stepped(rnn.CFNCell(4, activation="relu"), X, H)
    gates = X @ v["kernel"][:, :8] + H @ v["recurrent_kernel"] + v["bias"]
    theta, eta = np.split(logistic(gates), 2, 1)
    new = np.maximum(X @ v["kernel"][:, 8:], 0)
    np.testing.assert_allclose(y, theta * np.maximum(H, 0) + eta * new)
    assert rnn.CFNCell(3).state_size == rnn.MinimalRNNCell(3).output_size == 3


def test_units_may_be_gated_by_themselves():
    y, _, v = stepped(rnn.IndyGRUCell(4), X, H)
    both = np.hstack([H, H]) * v["gates/kernel_u"]
    r, u = np.split(logistic(X @ v["gates/kernel_w"] + both + v["gates/bias"]), 2, 1)
    own = r * H * v["candidate/kernel_u"]
    c = np.tanh(X @ v["candidate/kernel"] + own + v["candidate/bias"])
    np.testing.assert_allclose(y, u * H + (1 - u) * c)

    y, (c, _), v = stepped(rnn.IndyLSTMCell(4, FORGET), X, rnn.LSTMStateTuple(C, H))
    made = X @ v["kernel_w"] + np.tile(H, [1, 4]) * v["kernel_u"] + v["bias"]
    i, j, f, o = np.split(made, 4, 1)
    np.testing.assert_allclose(c, C * logistic(f + FORGET) + logistic(i) * np.tanh(j))
    np.testing.assert_allclose(y, np.tanh(c) * logistic(o))


@pytest.mark.parametrize("kind", ["layer", "weight", "plain_layer", "plain_weight"])
@pytest.mark.parametrize("full", [False, True])
def test_gates_or_weights_are_normal(kind, full):
    more = {"use_peepholes": True, "num_proj": 2, "cell_clip": 0.8, "proj_clip": 0.3}
    options = {"forget_bias": FORGET, **(more if full else {})}
    plain, by_layer = kind.startswith("plain"), kind.endswith("layer")
    h = P if full else H
    if by_layer:
        cell = rnn.LayerNormLSTMCell(4, layer_norm=not plain, **options)
    else:
        cell = rnn.WeightNormLSTMCell(4, norm=not plain, **options)
    y, (c, _), v = stepped(cell, X, rnn.LSTMStateTuple(C, h))
    one = (lambda x, name: normal(x, v, name)) if kind == "layer" else lambda x, _: x

    def kernel(scope, *depths):
        w = v[f"{scope}kernel"]
        if kind != "weight":
            return w
        rows = np.split(w, np.cumsum(depths)[:-1])
        return np.vstack(
            [r / np.linalg.norm(r, axis=0) * v[f"{scope}norm_{k}"] for k, r in enumerate(rows)]
        )

    made = np.hstack([X, h]) @ kernel("", 6, h.shape[1]) + (0 if kind == "layer" else v["bias"])
    names = "input", "transform", "forget", "output"
    i, j, f, o = (one(x, name) for x, name in zip(np.split(made, 4, 1), names, strict=True))
    see = {x: v[f"w_{x}_diag"] if full else 0 for x in "fio"}
    kept = logistic(f + FORGET + see["f"] * C) * C
    want = one(kept + logistic(i + see["i"] * C) * np.tanh(j), "state")
    want = np.clip(want, -0.8, 0.8) if full else want
    out = logistic(o + see["o"] * want) * np.tanh(want)
    out = np.clip(out @ kernel("projection/", 4), -0.3, 0.3) if full else out

    np.testing.assert_allclose(c, want, rtol=1e-6)
    np.testing.assert_allclose(y, out, rtol=1e-6)
    assert cell.state_size == (4, 2 if full else 4)


# --- frequencies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("peepholes", [False, True])
def test_one_lstm_walks_along_frequencies(peepholes):
    cell = rnn.TimeFreqLSTMCell(
        2, peepholes, cell_clip=0.5, forget_bias=FORGET, feature_size=2, frequency_skip=2
    )
    state = RNG.normal(size=(2, 3 * 4))
    y, after, v = stepped(cell, X, state)
    see = {x: v[f"W_{x}_diag"] if peepholes else 0 for x in "FIO"}
    below, outputs, states = np.zeros((2, 2)), [], []
    for k in range(3):
        c, h = state[:, 4 * k : 4 * k + 2], state[:, 4 * k + 2 : 4 * k + 4]
        x = np.hstack([X[:, 2 * k : 2 * k + 2], h, below])
        i, j, f, o = np.split(x @ v["W_0"] + v["B"], 4, 1)
        kept = logistic(f + FORGET + see["F"] * c) * c
        c = np.clip(kept + logistic(i + see["I"] * c) * np.tanh(j), -0.5, 0.5)
        below = logistic(o + see["O"] * c) * np.tanh(c)
        outputs.append(below)
        states += [c, below]

    np.testing.assert_allclose(y, np.hstack(outputs))
    np.testing.assert_allclose(after, np.hstack(states))
    assert (cell.state_size, cell.output_size) == (4, 2)
    with pytest.raises(ValueError, match="Cannot infer input_size"):
        cell(tf.placeholder(tf.float64, [2, None]), tf.constant(state))


def walked(v, blocks, state, *, coupled, shared, peepholes):
    """The grid in NumPy: windows of blocks, c and m of each; outputs and states."""
    outputs, states = [], []
    for b, block in enumerate(blocks):
        m_f, c_f = np.zeros((2, 2)), np.zeros((2, 2))
        for x in block:
            c_t, m_t = state[len(states) : len(states) + 2]
            affine = np.hstack([x, m_t, m_f])
            old, new, made = {"freq": c_f, "time": c_t}, {}, {}
            for way, memory in old.items():
                own = "freq" if shared else way

                def see(gate, p, q, own=own, b=b):
                    if not peepholes:
                        return 0
                    return v[f"W_{gate}_diag_{own}f_{b}"] * p + v[f"W_{gate}_diag_{own}t_{b}"] * q

                mapped = affine @ v[f"W_{own[0]}_{b}_0"] + v[f"B_{own[0]}_{b}"]
                i, j, *f, o = np.split(mapped, 3 if coupled else 4, 1)
                i = logistic(i + see("I", c_f, c_t))
                f = 1 - i if coupled else logistic(f[0] + FORGET + see("F", c_f, c_t))
                new[way] = np.clip(f * memory + i * np.tanh(j), -0.7, 0.7)
                made[way] = o, see
            c_f, c_t = new["freq"], new["time"]
            m_f, m_t = (
                logistic(o + see("O", c_f, c_t)) * np.tanh(new[way])
                for way, (o, see) in made.items()
            )
            outputs += [m_t, m_f]
            states += [c_t, m_t]
    return outputs, states


OPTIONS = {
    "plain": {"coupled": False, "shared": False, "peepholes": False},
    "peepholes": {"coupled": False, "shared": False, "peepholes": True},
    "shared": {"coupled": False, "shared": True, "peepholes": True},
    "coupled": {"coupled": True, "shared": False, "peepholes": True},
}


def grid(kind, options, **more):
    return kind(
        2,
        use_peepholes=options["peepholes"],
        share_time_frequency_weights=options["shared"],
        couple_input_forget_gates=options["coupled"],
        cell_clip=0.7,
        forget_bias=FORGET,
        feature_size=2,
        frequency_skip=1,
        num_frequency_blocks=[1, 2],
        start_freqindex_list=[0, 3],
        end_freqindex_list=[2, 6],
        **more,
    )


def blocks_of(x):
    return [[x[:, 0:2]], [x[:, 3:5], x[:, 4:6]]]


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("tupled", [False, True])
def test_a_grid_has_a_memory_of_time_and_one_of_frequencies(name, tupled):
    cell = grid(rnn.GridLSTMCell, OPTIONS[name], state_is_tuple=tupled)
    parts = [RNG.normal(size=(2, 2)) for _ in range(6)]
    state = cell.state_tuple_type(*parts) if tupled else np.hstack(parts)
    y, after, v = stepped(cell, X, state)
    outputs, states = walked(v, blocks_of(X), parts, **OPTIONS[name])

    np.testing.assert_allclose(y, np.hstack(outputs))
    np.testing.assert_allclose(np.hstack(after) if tupled else after, np.hstack(states))
    assert cell.output_size == 12
    if tupled:
        assert after._fields[:3] == ("state_f00_b00_c", "state_f00_b00_m", "state_f00_b01_c")
        assert cell.state_size == (2,) * 6
    else:
        assert cell.state_size == 12
        with pytest.raises(ValueError, match="state_is_tuple must be true"):
            cell.state_tuple_type  # noqa: B018


@pytest.mark.parametrize("offset", [0, 1, -1])
def test_a_grid_may_be_walked_down_too(offset):
    cell = grid(rnn.BidirectionalGridLSTMCell, OPTIONS["plain"], backward_slice_offset=offset)
    parts = [RNG.normal(size=(2, 2)) for _ in range(12)]
    y, after, v = stepped(cell, X, cell.state_tuple_type(*parts))
    shifted = np.pad(X, [[0, 0], [max(-offset, 0), max(offset, 0)]])[:, max(offset, 0) :][:, :6]
    down = [block[::-1] for block in blocks_of(shifted)]
    made = [
        walked(
            {name[4:]: x for name, x in v.items() if name.startswith(way)},
            blocks,
            state,
            **OPTIONS["plain"],
        )
        for way, blocks, state in (("fwd", blocks_of(X), parts[:6]), ("bwd", down, parts[6:]))
    ]

    np.testing.assert_allclose(y, np.hstack(made[0][0] + made[1][0]))
    np.testing.assert_allclose(np.hstack(after), np.hstack(made[0][1] + made[1][1]))
    assert after._fields[6] == "bwd_state_f00_b00_c"
    assert cell.output_size == 24


def test_blocks_must_fit_the_features():
    with pytest.raises(ValueError, match="Must specify num_frequency_blocks"):
        rnn.GridLSTMCell(2)
    for blocks, starts, words in (
        ([4], None, "requires 4 but gets 5"),
        ([5, 1], None, "does not match: 2, 1, 1"),
        ([5], [0, 1], "does not match: 1, 2, 1"),
    ):
        cell = rnn.GridLSTMCell(
            2,
            feature_size=2,
            frequency_skip=1,
            num_frequency_blocks=blocks,
            start_freqindex_list=starts,
        )
        with pytest.raises(ValueError, match=words):
            cell(tf.ones([2, 6]), cell.zero_state(2, tf.float32))


CELLS = {
    "coupled_input_forget_gate_lstm_cell/W_0": lambda: rnn.CoupledInputForgetGateLSTMCell(4),
    "glstm_cell/group0/kernel": lambda: rnn.GLSTMCell(4, number_of_groups=2),
    "intersection_rnn_cell/kernel": lambda: rnn.IntersectionRNNCell(6),
    "minimal_rnn_cell/kernel": lambda: rnn.MinimalRNNCell(4),
    "cfn_cell/kernel": lambda: rnn.CFNCell(4),
    "indy_gru_cell/gates/kernel_w": lambda: rnn.IndyGRUCell(4),
    "indy_lstm_cell/kernel_w": lambda: rnn.IndyLSTMCell(4),
    "layer_norm_lstm_cell/kernel": lambda: rnn.LayerNormLSTMCell(4, layer_norm=True),
    "weight_norm_lstm_cell/kernel": lambda: rnn.WeightNormLSTMCell(4),
    "time_freq_lstm_cell/W_0": lambda: rnn.TimeFreqLSTMCell(4, feature_size=6),
    "grid_lstm_cell/W_f_0_0": lambda: grid(rnn.GridLSTMCell, OPTIONS["peepholes"]),
    "bidirectional_grid_lstm_cell/fwd/W_f_0_0": lambda: grid(
        rnn.BidirectionalGridLSTMCell, OPTIONS["peepholes"]
    ),
}


def test_every_variable_learns_in_a_loop():
    found = []
    for name, make in CELLS.items():
        before = len(tf.trainable_variables())
        outputs, _ = tf.nn.dynamic_rnn(make(), tf.ones([2, 3, 6]), dtype=tf.float32)
        made = tf.trainable_variables()[before:]
        slopes = tf.gradients(tf.square(outputs), made)
        # a bias that layer norm would undo is made, but not used
        unused = [v.op.name for v, s in zip(made, slopes, strict=True) if s is None]
        assert unused == (["rnn/layer_norm_lstm_cell/bias"] if "layer_norm" in name else [])
        assert f"rnn/{name}" in [v.op.name for v in made]
        found += [s for s in slopes if s is not None]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert all(np.isfinite(each).all() for each in session.run(found))
