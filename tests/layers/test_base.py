"""Layer: names, scopes, variables, losses, updates, copies."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import minitf as tf


class Scale(tf.layers.Layer):
    """y = w x; tells how often it was built."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.builds = 0

    def build(self, input_shape):
        self.builds += 1
        self.w = self.add_weight("w", input_shape[1:], initializer="ones")

    def call(self, inputs):
        return inputs * self.w


def rows(*shape):
    return tf.placeholder(tf.float32, shape or [None, 3])


def test_a_layer_is_built_at_its_first_call_and_shares_its_variables():
    layer = Scale()
    before = layer.built, layer.weights, layer.dtype
    y = layer(layer(rows()))

    assert before == (False, [], None)
    assert (layer.built, layer.builds, layer.dtype) == (True, 1, tf.float32)
    assert tf.global_variables() == layer.variables == layer.trainable_variables == [layer.w]
    assert [layer.w.op.name, y.op.name] == ["scale/w", "scale/mul_1"]
    assert layer.count_params() == 3


def test_layers_without_a_name_count_and_scopes_are_unique():
    layers = [Scale(), Scale(), Scale(name="named"), Scale(name="named")]
    for layer in layers:
        layer(rows())

    assert [layer.name for layer in layers] == ["scale_1", "scale_2", "named", "named"]
    names = ["scale", "scale_1", "named", "named_1"]
    assert [layer.scope_name for layer in layers] == names
    assert [layer.w.op.name for layer in layers] == [f"{name}/w" for name in names]


def test_a_scope_may_be_given_at_the_first_call():
    layer = Scale()
    with tf.variable_scope("outer"):
        layer(rows(), scope="inner")

    assert layer.w.op.name == "outer/inner/w"


def test_a_name_is_a_scope_that_can_be_entered_again():
    first, again = Scale(_scope="s"), Scale(_scope="s", _reuse=True)
    y, z = first(rows()), again(rows())

    assert first.w is again.w
    assert [y.op.name, z.op.name] == ["s/mul", "s_1/mul"]


def test_variables_that_do_not_exist_can_not_be_reused():
    with pytest.raises(ValueError, match="s/w does not exist"):
        Scale(_scope="s", _reuse=True)(rows())


def test_a_layer_that_is_not_trained_has_variables_that_are_not():
    frozen, thawed = Scale(trainable=False), Scale()
    for layer in (frozen, thawed):
        layer(rows())
    trained = list(thawed.trainable_weights)
    thawed.trainable = False

    assert trained == [thawed.w]
    assert (frozen.trainable_weights, frozen.non_trainable_weights) == ([], [frozen.w])
    assert (thawed.trainable_weights, thawed.non_trainable_weights) == ([], [thawed.w])
    assert tf.trainable_variables() == [thawed.w]


def test_a_variable_that_a_getter_keeps_from_training_is_not_trained():
    def getter(getter, *args, **kwargs):
        return getter(*args, **{**kwargs, "trainable": False})

    layer = Scale()
    with tf.variable_scope("s", custom_getter=getter):
        layer(rows())

    assert (layer.trainable_weights, layer.non_trainable_weights) == ([], [layer.w])


def test_a_variable_has_the_type_of_the_inputs_unless_told():
    layers = Scale(), Scale(dtype=tf.float16)
    for layer in layers:
        layer.add_weight("before", [])
    layers[0](tf.placeholder(tf.float64, [2, 3]))

    assert [each.dtype.base_dtype for each in layers[0].weights] == [tf.float32, tf.float64]
    assert layers[1].weights[0].dtype.base_dtype == tf.float16


def test_numbers_and_arrays_are_inputs():
    with tf.Session() as session:
        y = Scale()(np.float32([[1, 2]]))
        session.run(tf.global_variables_initializer())

        assert session.run(y).tolist() == [[1, 2]]


def test_a_call_sees_its_scope_and_takes_more_arguments():
    class Sum(tf.layers.Layer):
        def call(self, inputs, other, scope, factor=1):
            return (inputs[0] + inputs[1] + other) * factor, scope.name

    y, name = Sum()([tf.constant(1), tf.constant(2)], tf.constant(3), factor=2)

    assert name == "sum"
    assert tf.Session().run(y) == 12


# --- losses and updates --------------------------------------------------------------------------


def test_losses_are_of_the_layer_or_of_a_call():
    layer, x = Scale(), rows()
    y = layer(x)
    own, called = tf.nn.l2_loss(layer.w), tf.reduce_sum(y)
    layer.add_loss([own, None])
    layer.add_loss(called, inputs=x)
    layer.add_loss(lambda: tf.constant(1.0))

    assert layer.losses[:2] == [own, called]
    assert layer.get_losses_for(None) == [own, layer.losses[2]]
    assert layer.get_losses_for(x) == [called]
    assert layer.get_losses_for(rows()) == []
    assert tf.losses.get_regularization_losses() == layer.losses


def test_a_regularizer_makes_one_loss_of_a_variable_however_often_it_is_found():
    class Regular(Scale):
        def build(self, input_shape):
            self.add_weight("w", [3], regularizer=tf.nn.l2_loss)

        def call(self, inputs):
            return inputs

    first = Regular(_scope="s")
    first(rows())
    Regular(_scope="s", _reuse=True)(rows())

    assert [each.op.name for each in first.losses] == ["s/w/Regularizer/L2Loss"]
    assert tf.losses.get_regularization_losses() == first.losses


def test_activity_is_regularized_as_a_mean_over_the_batch():
    x = tf.constant([[1.0, 2], [3, 4]])
    layer = tf.layers.Flatten(activity_regularizer=tf.reduce_sum)
    layer(x)

    assert tf.Session().run(layer.get_losses_for(x)) == [5]


class Counter(tf.layers.Layer):
    """Counts its calls, and adds up its inputs."""

    def build(self, input_shape):
        self.calls = self.add_weight("calls", [], initializer="zeros", trainable=False)
        self.sum = self.add_weight("sum", [], initializer="zeros", trainable=False)

    def call(self, inputs):
        self.add_update(tf.assign_add(self.calls, 1))
        self.add_update([lambda: tf.assign_add(self.sum, tf.reduce_sum(inputs)).op])
        return inputs


def test_updates_follow_from_the_inputs_of_a_call_or_from_none():
    layer, x = Counter(), tf.constant([1.0, 2])
    layer(x)
    count, add = layer.updates

    assert layer.get_updates_for(None) == [count]
    assert layer.get_updates_for(x) == [add]
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == [count, add]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(2):
            session.run([count, add])
        assert session.run([layer.calls, layer.sum]) == [2, 6]


def test_a_layer_that_is_not_trained_has_no_updates():
    layer = Counter(trainable=False)
    layer(tf.constant([1.0]))

    assert layer.updates == layer.get_updates_for(None) == []
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []


# --- calls ---------------------------------------------------------------------------------------


def test_a_layer_remembers_what_it_was_called_with():
    layer, x, wide = tf.layers.Flatten(), rows(2, 3), rows(2, 4)
    y = layer(x)

    assert (layer.input, layer.output) == (x, y)
    assert (layer.input_shape, layer.output_shape) == ((2, 3), (2, 3))
    z = layer(wide)
    assert (layer.get_input_at(1), layer.get_output_at(1)) == (wide, z)
    assert layer.get_output_shape_at(1) == (2, 4)
    with pytest.raises(AttributeError, match="multiple inbound nodes"):
        _ = layer.input
    with pytest.raises(AttributeError, match="different input shapes"):
        _ = layer.input_shape
    with pytest.raises(ValueError, match="has only 2 inbound nodes"):
        layer.get_input_at(2)


def test_a_layer_that_was_not_called_says_so():
    layer = Scale()

    with pytest.raises(AttributeError, match="is not connected"):
        _ = layer.output
    with pytest.raises(AttributeError, match="has never been called"):
        _ = layer.output_shape
    with pytest.raises(RuntimeError, match="has never been called"):
        layer.get_input_at(0)
    with pytest.raises(ValueError, match="has not been used yet"):
        _ = layer.scope_name
    with pytest.raises(ValueError, match="isn't built"):
        layer.count_params()


def test_weights_are_read_and_written_in_the_default_session():
    layer = tf.layers.Dense(2)
    layer(rows())
    with tf.Session():
        tf.global_variables_initializer().run()
        layer.set_weights([np.eye(3, 2), [5, 6]])
        kernel, bias = layer.get_weights()

        assert (kernel.tolist(), bias.tolist()) == (np.eye(3, 2).tolist(), [5, 6])
        with pytest.raises(ValueError, match="was expecting 2 weights"):
            layer.set_weights([bias])
        with pytest.raises(ValueError, match="not compatible with provided weight shape"):
            layer.set_weights([bias, bias])


def test_a_copy_of_a_layer_makes_variables_of_its_own_or_shares_those_that_there_are():
    fresh, used = Scale(), Scale()
    used(rows())
    twins = copy.deepcopy(fresh), copy.deepcopy(used)
    for layer in (fresh, *twins):
        layer(rows())

    assert twins[0].w is not fresh.w
    assert twins[1].w is used.w
    assert twins[1].weights == [used.w]
    assert twins[1].weights is not used.weights


# --- errors --------------------------------------------------------------------------------------

SPECS = {
    "expected ndim=3, found ndim=2. Full shape received: \\[None, 3\\]": {"ndim": 3},
    ": expected min_ndim=3, found ndim=2": {"min_ndim": 3},
    "expected max_ndim=1, found ndim=2": {"max_ndim": 1},
    "expected dtype=<dtype: 'int32'>, found dtype": {"dtype": "int32"},
    "expected axis -1 of input shape to have value 4": {"axes": {-1: 4}},
    r"expected shape=\(None, 4\), found shape=\[None, 3\]": {"shape": (None, 4)},
}


@pytest.mark.parametrize("problem", SPECS)
def test_inputs_that_do_not_fit_are_refused(problem):
    layer = Scale()
    layer.input_spec = tf.layers.InputSpec(**SPECS[problem])

    with pytest.raises(ValueError, match=f"Input 0 of layer scale_1 is incompatible .*{problem}"):
        layer(rows())


def test_inputs_of_unknown_rank_are_refused_where_it_matters():
    layer = Scale()
    layer.input_spec = tf.layers.InputSpec(ndim=2)

    with pytest.raises(ValueError, match="its rank is undefined"):
        layer(tf.placeholder(tf.float32))
    layer.input_spec = [layer.input_spec, tf.layers.InputSpec(dtype="int32")]
    with pytest.raises(ValueError, match="expects 2 inputs, but it received 1 input tensors"):
        layer(rows())


def test_a_specification_shows_its_limits():
    assert repr(tf.layers.InputSpec(ndim=2, axes={1: 3})) == "InputSpec(ndim=2, axes={1: 3})"


def test_keywords_that_mean_nothing_are_refused():
    with pytest.raises(TypeError, match="Keyword argument not understood: units"):
        tf.layers.Layer(units=3)
    with pytest.raises(TypeError, match="Unknown keyword argument: shapes"):
        tf.layers.Layer().add_weight("w", [], shapes=3)


def test_a_call_must_return_something():
    class Silent(tf.layers.Layer):
        def call(self, inputs):
            return None

    with pytest.raises(ValueError, match="should return a Tensor or a list of Tensors, not None"):
        Silent()(rows())
