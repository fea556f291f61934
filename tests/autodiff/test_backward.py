"""tf.gradients: the walk from ys to xs, its names and values, and every argument."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops

# Steps of random programs: (how many operands, what both libraries compute of them)
STEPS = [
    (1, lambda lib, x: -x),
    (1, lambda lib, x: lib.tanh(x)),
    (1, lambda lib, x: lib.square(x)),
    (1, lambda lib, x: lib.reduce_sum(x, 0, keepdims=True)),
    (1, lambda lib, x: lib.split(x, 2, axis=1)[1]),
    (1, lambda lib, x: lib.concat([x, x], 1)[:, ::2]),
    (1, lambda lib, x: lib.stop_gradient(x)),
    (1, lambda lib, x: lib.cast(lib.cast(x, lib.int32), lib.float64)),
    (2, lambda lib, x, y: x + y),
    (2, lambda lib, x, y: x * y),
    (2, lambda lib, x, y: lib.where(x > y, x, y)),
    (2, lambda lib, x, y: lib.matmul(x, y, transpose_b=True)),
]
START = np.random.default_rng(0).standard_normal((3, 2, 2))


@st.composite
def programs(draw):
    """Draw a program: for each step its number and which earlier values it takes."""
    made = []
    for i in range(draw(st.integers(1, 8))):
        number = draw(st.integers(0, len(STEPS) - 1))
        operands = [draw(st.integers(0, len(START) + i - 1)) for _ in range(STEPS[number][0])]
        made.append((number, operands))
    return made


def values_of(lib, program):
    """Build a program; a step whose operands do not fit gives its first operand again."""
    values = [lib.placeholder(lib.float64, [2, 2], name=f"x{i}") for i in range(len(START))]
    for number, operands in program:
        taken = [values[i] for i in operands]
        same = all(each.shape.as_list() == [2, 2] for each in taken)
        values.append(STEPS[number][1](lib, *taken) if same else taken[0])
    return values


def names_of_the_walk(graph):
    """Return the nodes that the walk itself makes, not those inside gradient rules.

    The ones to start with have other names in later releases of TensorFlow, and our rules do
    without its zeros for unused outputs.
    """
    made = [(op.type, op.name) for op in graph.get_operations() if "gradients" in op.name]
    return [
        (kind, name)
        for kind, name in made
        if "_grad/" not in name and kind not in ("Const", "Fill", "ZerosLike")
    ]


@pytest.mark.tensorflow
@pytest.mark.thorough
@pytest.mark.paper("W-26", "W-27")
@given(program=programs(), data=st.data())
def test_random_programs_have_tensorflows_gradients(program, data, tensorflow):
    count = len(START) + len(program)
    picks = st.lists(st.integers(0, count - 1), min_size=1, max_size=3)
    chosen_ys, chosen_xs = data.draw(picks), data.draw(picks)
    results = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default() as graph, lib.Session() as session:
            values = values_of(lib, program)
            ys, xs = [values[i] for i in chosen_ys], [values[i] for i in chosen_xs]
            grads = lib.gradients(ys, xs)
            feeds = dict(zip(values, START, strict=False))
            found = [None if g is None else session.run(g, feeds) for g in grads]
            results.append((found, names_of_the_walk(graph)))
    (ours, our_names), (theirs, their_names) = results

    assert our_names == their_names
    for one, other in zip(ours, theirs, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.paper("W-26")
def test_figure_5_has_the_drawn_nodes():
    # C = f(relu(W x + b)); the figure draws dReLU, dAdd, dMatMul, each fed by the forward op's
    # inputs, and dC/dW, dC/db, dC/dx at the end
    w, x, b = (
        tf.placeholder(tf.float64, shape, name)
        for shape, name in (([3, 2], "W"), ([2, 4], "x"), ([3, 1], "b"))
    )
    c = tf.reduce_sum(tf.nn.relu(tf.add(tf.matmul(w, x, name="MatMul"), b, name="Add"), "ReLU"))
    dw, db, dx = tf.gradients(c, [w, b, x])
    made = [op for op in tf.get_default_graph().get_operations() if "gradients" in op.name]
    scopes = {op.name.split("/")[1] for op in made if "_grad/" in op.name}

    assert scopes == {"Sum_grad", "ReLU_grad", "Add_grad", "MatMul_grad"}
    assert {t.op.name.split("/")[1] for t in (dw, dx)} == {"MatMul_grad"}
    assert db.op.name.split("/")[1] == "Add_grad"
    relu = next(op for op in made if op.type == "ReluGrad")
    assert {t.op.name for t in relu.inputs} & {"ReLU", "Add"}
    assert x in dw.op.inputs
    assert w in dx.op.inputs


@pytest.mark.paper("W-27")
def test_an_unused_output_counts_as_zero():
    x = tf.constant([[1.0, 2.0, 3.0, 4.0]])
    used, _ = tf.split(x, 2, axis=1)
    (grad,) = tf.gradients(3 * used, x)
    with tf.Session() as session:
        assert session.run(grad).tolist() == [[3, 3, 0, 0]]


# --- ys and xs -----------------------------------------------------------------------------------


def test_ys_add_up():
    x = tf.constant(3.0)
    (grad,) = tf.gradients([x * x, 5 * x], x)
    with tf.Session() as session:
        assert session.run(grad) == 2 * 3 + 5


def test_a_y_that_is_an_x_counts_itself_and_what_depends_on_it():
    x = tf.constant(3.0)
    y = 2 * x
    grads = tf.gradients([y, y * y], [y, x])
    with tf.Session() as session:
        assert session.run(grads) == [1 + 2 * 6, 2 * (1 + 2 * 6)]


def test_an_x_before_another_x_gets_its_total_derivative():
    a = tf.constant(0.0)
    b = 2 * a
    grads = tf.gradients(a + b, [a, b])
    with tf.Session() as session:
        assert session.run(grads) == [3, 1]


def test_the_same_x_may_be_asked_for_twice():
    x = tf.constant(2.0)
    one, two = tf.gradients(x * x, [x, x])

    assert one is two


@pytest.mark.parametrize("use_resource", [False, True])
def test_variables_are_xs_and_so_is_what_is_read_of_them(use_resource):
    v = tf.Variable(3.0, use_resource=use_resource)
    grads = tf.gradients(v * v, [v])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(grads) == [6]


def test_nothing_flows_through_integers():
    x = tf.constant(2.5)
    y = tf.cast(tf.cast(x, tf.int32), tf.float32)

    assert tf.gradients(y, x) == [None]


def test_an_x_without_a_path_gets_none_or_zeros():
    x, y = tf.constant([1.0, 2.0]), tf.constant(1.0)
    (zeros,) = tf.gradients(y, x, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    assert tf.gradients(y, x) == [None]
    with tf.Session() as session:
        assert session.run(zeros).tolist() == [0, 0]


def test_zeros_for_a_resource_variable_have_the_shape_of_its_value():
    v = tf.Variable([1.0, 2.0], use_resource=True)
    (zeros,) = tf.gradients(tf.constant(1.0), v, unconnected_gradients="zero")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(zeros).tolist() == [0, 0]


def test_an_unknown_way_to_add_gradients_is_refused():
    x = tf.constant(1.0)

    with pytest.raises(ValueError, match="Invalid aggregation_method specified 99"):
        tf.gradients(x + x, x, aggregation_method=99)


def test_an_unknown_word_for_unconnected_gradients_is_refused():
    x = tf.constant(1.0)
    with pytest.raises(ValueError, match="Unknown value for unconnected_gradients: 'nan'"):
        tf.gradients(x, x, unconnected_gradients="nan")


def test_the_graph_of_ys_is_used_whichever_is_the_default():
    graph = tf.Graph()
    with graph.as_default():
        x = tf.constant(1.0)
        y = x * x
    (grad,) = tf.gradients(y, x)

    assert grad.graph is graph
    assert not tf.get_default_graph().get_operations()


# --- grad_ys, stop_gradients ---------------------------------------------------------------------


@given(scale=st.integers(-5, 5))
def test_grad_ys_scale_the_gradient(scale):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([1.0, 2.0])
        (grad,) = tf.gradients(x * x, x, grad_ys=[tf.constant([1.0, scale])])

        assert session.run(grad).tolist() == [2, 4 * scale]


def test_grad_ys_are_named_in_the_scope_of_the_walk():
    x = tf.constant([1.0, 2.0])
    tf.gradients([x * x, x + 1], x, grad_ys=[tf.constant([1.0, 1.0]), None])
    names = [op.name for op in tf.get_default_graph().get_operations()]

    assert {"gradients/grad_ys_0", "gradients/grad_ys_1"} <= set(names)


@pytest.mark.parametrize(
    ("y", "grad", "message"),
    [
        (1.0, 1j, "must be real or integer"),
        (1j, 1.0, "complex-valued tensor"),
        (1j, None, "Gradients of complex tensors must set grad_ys"),
        ("text", 1.0, "must be numeric to obtain a default gradient"),
    ],
)
def test_grad_ys_must_be_of_the_kind_of_their_ys(y, grad, message):
    y = tf.constant(y)
    with pytest.raises(TypeError, match=message):
        tf.gradients(y, y, grad_ys=None if grad is None else [tf.constant(grad)])


def test_there_must_be_as_many_grad_ys_as_ys():
    x = tf.constant(1.0)
    with pytest.raises(ValueError, match="Passed 1 grad_ys for 2 ys"):
        tf.gradients([x, x], x, grad_ys=[x])


def test_complex_derivatives_are_conjugates():
    z = tf.constant(1 + 2j)
    (grad,) = tf.gradients(z * z, z, grad_ys=[tf.constant(1 + 0j)])
    with tf.Session() as session:
        assert session.run(grad) == np.conj(2 * (1 + 2j))


def test_stopped_tensors_count_as_constants():
    a = tf.constant(0.0)
    b = 2 * a
    grads = tf.gradients(a + b, [a, b], stop_gradients=[a, b])
    with tf.Session() as session:
        assert session.run(grads) == [1, 1]


def test_stop_gradient_lets_nothing_through():
    x = tf.constant(3.0)
    (grad,) = tf.gradients(x * tf.stop_gradient(x), x)
    with tf.Session() as session:
        assert session.run(grad) == 3


# --- gate, colocation ----------------------------------------------------------------------------


def test_gated_gradients_of_an_operation_wait_for_each_other():
    x, y = tf.constant(2.0), tf.constant(3.0)
    grads = tf.gradients(x * y, [x, y], gate_gradients=True)
    gates = {grad.op.control_inputs[0] for grad in grads}
    with tf.Session() as session:
        assert session.run(grads) == [3, 2]

    assert len(gates) == 1
    assert gates.pop().name == "gradients/mul_grad/tuple/group_deps"


def test_gradients_can_be_placed_with_their_operations():
    with tf.device("/CPU:0"):
        x = tf.constant(2.0, name="x")
        y = tf.square(x, name="y")
    tf.gradients(y, x, colocate_gradients_with_ops=True)
    made = [op for op in tf.get_default_graph().get_operations() if "y_grad/" in op.name]

    assert made
    assert {op.get_attr("_class")[0] for op in made} == {b"loc:@y"}
    assert {op.device for op in made} == {y.device}


# --- what goes wrong -----------------------------------------------------------------------------


def test_a_missing_gradient_is_told_with_the_users_line():
    x = tf.constant([1.0])
    y = x
    with tf.get_default_graph().gradient_override_map({"Identity": "NobodyHasWrittenThis"}):
        y = tf.identity(y, name="here")
    with pytest.raises(LookupError) as caught:
        tf.gradients(y, x)
    message = str(caught.value)

    assert message.startswith("No gradient defined for operation 'here' (op type: NobodyHas")
    assert "test_backward.py" in message
    assert 'tf.identity(y, name="here")' in message


def test_a_rule_must_give_a_gradient_per_input():
    @tf.RegisterGradient("GivesTooMany")
    def _(op, grad):
        return grad, grad

    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Identity": "GivesTooMany"}):
        y = tf.identity(x, name="copy")
    with pytest.raises(ValueError, match=r"Num gradients 2 generated for op copy do not match num"):
        tf.gradients(y, x)


def test_a_gradient_must_have_the_shape_of_its_input():
    @tf.RegisterGradient("GivesAnotherShape")
    def _(op, grad):
        return tf.constant([1.0, 2.0, 3.0])

    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"Identity": "GivesAnotherShape"}):
        y = tf.identity(x, name="copy")
    with pytest.raises(ValueError, match=r"(?s)Incompatible shapes.*Forward operation: copy.*: 0"):
        tf.gradients(y, x)


def test_a_gradient_must_be_a_tensor():
    @tf.RegisterGradient("GivesANumber")
    def _(op, grad):
        return 1.0

    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Identity": "GivesANumber"}):
        y = tf.identity(x, name="copy")
    with pytest.raises(TypeError, match=r"gradients have to be .* of copy is 1.0"):
        tf.gradients(y, x)


# --- higher derivatives --------------------------------------------------------------------------


def test_gradients_have_gradients():
    x = tf.constant(2.0, tf.float64)
    y = x
    found = []
    for _ in range(5):
        y = tf.gradients(x**4 if y is x else y, x)[0]
        found.append(y)
    with tf.Session() as session:
        assert session.run(found[:4]) == [32, 48, 48, 24]


def test_a_hessian_holds_all_second_derivatives():
    x = tf.placeholder(tf.float64, [2, 2])
    y = tf.reduce_sum(x[0] ** 3 * x[1, 0]) + x[0, 1] * x[1, 1]
    (hessian,) = tf.hessians(y, x)
    (a, b), (c, _) = value = np.array([[1.0, 2.0], [3.0, 4.0]])
    expected = np.zeros((2, 2, 2, 2))
    expected[0, 0, 0, 0], expected[0, 1, 0, 1] = 6 * a * c, 6 * b * c
    expected[0, 0, 1, 0] = expected[1, 0, 0, 0] = 3 * a * a
    expected[0, 1, 1, 0] = expected[1, 0, 0, 1] = 3 * b * b
    expected[0, 1, 1, 1] = expected[1, 1, 0, 1] = 1
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(hessian, {x: value}), expected)

    assert hessian.shape.as_list() == [2, 2, 2, 2]


def test_a_hessian_needs_a_path_and_a_shape():
    x, y = tf.placeholder(tf.float32), tf.constant([1.0])
    with pytest.raises(ValueError, match="its shape is not known"):
        tf.hessians(x * x, x)
    with pytest.raises(ValueError, match="ys do not depend on it"):
        tf.hessians(x, y)


# --- cost ----------------------------------------------------------------------------------------


def test_a_long_chain_costs_a_gradient_per_operation():
    x = y = tf.placeholder(tf.float32, [2])
    for _ in range(2000):
        y = tf.tanh(y)
    before = len(tf.get_default_graph().get_operations())
    tf.gradients(y, x)

    # Shape, grad_ys_0, Fill, then one TanhGrad each
    assert len(tf.get_default_graph().get_operations()) - before == 2003


@pytest.mark.paper("W-28")
def test_construction_order_lets_temporaries_die_early():
    x = tf.placeholder(tf.float32, [8], "x")
    y = tf.add_n([tf.tanh(tf.exp(-x * i)) for i in range(20)])
    for _ in range(10):
        y = tf.tanh(y)
    (grad,) = tf.gradients(y, x)
    operations = tf.get_default_graph().get_operations()

    def peak(priority):
        """Return the most tensors alive, running the ready operation of least priority first."""
        waiting = {op: len(set(op.inputs)) for op in operations}
        users = {t: set(t.consumers()) for op in operations for t in op.outputs}
        ready = [op for op in operations if not waiting[op]]
        alive, most = 0, 0
        while ready:
            op = min(ready, key=priority)
            ready.remove(op)
            alive += len(op.outputs)
            most = max(most, alive)
            for t in set(op.inputs):
                users[t].discard(op)
                alive -= not users[t] and t is not grad
            for user in {user for t in op.outputs for user in t.consumers()}:
                waiting[user] -= len(set(user.inputs) & set(op.outputs))
                if not waiting[user]:
                    ready.append(user)
        return most

    order = np.random.default_rng(0).permutation(len(operations))

    assert peak(lambda op: op.index) < peak(lambda op: order[op.index])


def test_ops_py_names_the_gradient_ops_it_uses():
    assert ops.find_op("TanhGrad") is ops.tanh_grad_op


def test_errors_of_building_name_the_operation():
    x = tf.placeholder(tf.float32, [2])
    with pytest.raises(ValueError, match=r"2 and 3.*\(op: 'TanhGrad'\)"):
        tf.gradients(tf.tanh(x), x, grad_ys=[tf.constant([1.0, 2.0, 3.0])])
