"""Gradients that users register: contracts, overrides, refusals."""

import pytest

import minitf as tf
from minitf.autodiff.registry import find_rule


@pytest.fixture
def name(request):
    """A registry name that only this test uses: registrations last as long as the process."""
    return f"GradientOf_{request.node.name}"


@pytest.mark.paper("O-17")
def test_a_user_replaces_the_gradient_of_some_operations(name):
    @tf.RegisterGradient(name)
    def _(op, grad):
        return 10 * grad

    x = tf.constant(1.0)
    plain = tf.identity(x)
    with tf.get_default_graph().gradient_override_map({"Identity": name}):
        special = tf.identity(x)
    grads = tf.gradients(plain, x) + tf.gradients(special, x)
    with tf.Session() as session:
        assert session.run(grads) == [1, 10]

    assert special.op.get_attr("_gradient_op_type") == name.encode()


def test_an_override_may_name_an_op_of_ours():
    x = tf.constant(-1.0)
    with tf.get_default_graph().gradient_override_map({"Relu": "Identity"}):
        y = tf.nn.relu(x)
    (grad,) = tf.gradients(y, x)
    with tf.Session() as session:
        assert session.run(grad) == 1


@pytest.mark.paper("W-27")
def test_rules_of_users_get_zeros_for_idle_outputs_and_none_for_integers(name):
    seen = []

    @tf.RegisterGradient(name)
    def _(op, *grads):
        seen.extend(grads)
        return [None] * len(op.inputs)

    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"IdentityN": name}):
        used, idle, whole = tf.identity_n([x, x + 1, tf.constant(3)])
    tf.gradients(used, x)
    with tf.Session() as session:
        assert session.run(seen[1]).tolist() == [0, 0]

    assert seen[0] is not None
    assert seen[1].op.name == "gradients/zeros_like"
    assert seen[2] is None
    assert idle.dtype is tf.float32
    assert whole.dtype is tf.int32


def test_not_differentiable_means_none(name):
    tf.NotDifferentiable(name)
    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Identity": name}):
        y = tf.identity(x)

    assert tf.gradients(y, x) == [None]


def test_no_gradient_is_its_older_name(name):
    tf.NoGradient(name)
    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Identity": name}):
        assert find_rule(tf.identity(x).op) is None


def test_an_op_without_inputs_needs_no_rule():
    assert find_rule(tf.constant(1.0).op) is None


def test_a_gradient_is_registered_once(name):
    tf.RegisterGradient(name)(lambda op, grad: grad)
    with pytest.raises(KeyError, match=rf"Registering two gradient with name '{name}'.*registry"):
        tf.RegisterGradient(name)(lambda op, grad: grad)


def test_a_declared_absence_is_registered_once(name):
    tf.NotDifferentiable(name)
    with pytest.raises(KeyError, match="Registering two gradient"):
        tf.NotDifferentiable(name)


def test_our_own_ops_have_their_gradient_already():
    with pytest.raises(KeyError, match=r"'Tanh'"):
        tf.RegisterGradient("Tanh")(lambda op, grad: grad)


@pytest.mark.parametrize("register", [tf.RegisterGradient, tf.NotDifferentiable, tf.NoGradient])
def test_names_are_strings(register):
    with pytest.raises(TypeError, match="op_type must be a string"):
        register(3)
