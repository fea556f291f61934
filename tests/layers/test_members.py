"""Configurations, masks, metrics and inner layers; layers that hold their variables."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.tensor_spec import TensorSpec

LAYERS = {
    "Dense": {"units": 3, "activation": "relu", "kernel_regularizer": "l2"},
    "Dropout": {"rate": 0.25, "seed": 3},
    "Flatten": {"data_format": "channels_first"},
    "Conv1D": {"filters": 2, "kernel_size": 3, "dilation_rate": 2},
    "Conv2D": {"filters": 2, "kernel_size": (3, 1), "kernel_initializer": "ones"},
    "Conv3D": {"filters": 2, "kernel_size": 3, "use_bias": False},
    "SeparableConv1D": {"filters": 2, "kernel_size": 3, "depth_multiplier": 2},
    "SeparableConv2D": {"filters": 2, "kernel_size": 3, "padding": "same"},
    "Conv2DTranspose": {"filters": 2, "kernel_size": 3, "strides": 2},
    "Conv3DTranspose": {"filters": 2, "kernel_size": 3, "bias_constraint": "non_neg"},
    "BatchNormalization": {"momentum": 0.5, "scale": False, "axis": 1},
    "MaxPooling1D": {"pool_size": 2, "strides": 1},
    "AveragePooling2D": {"pool_size": 2, "strides": 1, "padding": "same"},
    "MaxPooling3D": {"pool_size": 2, "strides": 1},
}
CELLS = {
    "BasicRNNCell": {"activation": "relu"},
    "GRUCell": {"kernel_initializer": "ones"},
    "BasicLSTMCell": {"forget_bias": 0.5},
    "LSTMCell": {"use_peepholes": True, "num_proj": 2},
}


@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_comes_back_from_its_configuration(kind):
    layer = getattr(tf.layers, kind)(name="x", **LAYERS[kind])
    config = layer.get_config()
    again = type(layer).from_config(config)

    assert again.get_config() == config
    assert config["name"] == again.name == "x"


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_comes_back_from_its_configuration(kind):
    cell = getattr(tf.nn.rnn_cell, kind)(2, dtype="float64", **CELLS[kind])
    config = cell.get_config()

    assert type(cell).from_config(config).get_config() == config
    assert (config["num_units"], config["dtype"]) == (2, "float64")


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", LAYERS)
def test_a_configuration_is_tensorflows(kind, tensorflow):
    theirs = getattr(tensorflow.layers, kind)(name="x", **LAYERS[kind]).get_config()
    ours = getattr(tf.layers, kind)(name="x", **LAYERS[kind]).get_config()
    regularizer = ours.pop("kernel_regularizer", None)  # a later TensorFlow has other classes

    assert ours == {name: theirs[name] for name in ours}
    assert (regularizer is None) is (theirs.get("kernel_regularizer") is None)


def test_a_wrapper_is_made_again_around_a_cell_not_around_a_description():
    cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(3), input_keep_prob=0.5, seed=1)
    config = cell.get_config()
    with pytest.raises(ValueError, match="cannot reconstruct the wrapped cell"):
        type(cell).from_config(config)
    inside = tf.nn.rnn_cell.GRUCell.from_config(config["cell"]["config"])
    again = type(cell).from_config({**config, "cell": inside})

    assert again.get_config() == config
    with pytest.raises(ValueError, match="Cannot serialize the residual_fn"):
        tf.nn.rnn_cell.ResidualWrapper(inside, lambda x, y: x).get_config()
    with pytest.raises(ValueError, match="Cannot serialize the dropout_state_filter_visitor"):
        tf.nn.rnn_cell.DropoutWrapper(
            inside, dropout_state_filter_visitor=lambda _: True
        ).get_config()
    assert tf.nn.rnn_cell.DeviceWrapper(inside, "/cpu:0").get_config()["device"] == "/cpu:0"


def test_a_class_with_arguments_must_describe_them():
    class Plain(tf.layers.Layer):
        pass

    class Wide(tf.layers.Layer):
        def __init__(self, width, **kwargs):
            super().__init__(**kwargs)
            self.width = width

    assert Plain(name="p", trainable=False).get_config() == {
        "name": "p",
        "trainable": False,
        "dtype": None,
    }
    with pytest.raises(NotImplementedError, match="must override `get_config`"):
        Wide(3).get_config()


def test_an_input_specification_comes_back_from_its_configuration():
    spec = tf.layers.InputSpec(dtype="float32", min_ndim=2, axes={-1: 3})

    assert tf.layers.InputSpec.from_config(spec.get_config()).get_config() == spec.get_config()


def test_specifications_of_outputs_follow_from_those_of_inputs():
    layer = tf.layers.Dense(4)
    made = layer.compute_output_signature(TensorSpec([None, 3], tf.float64))

    assert (made.shape.as_list(), made.dtype) == ([None, 4], tf.float64)
    with pytest.raises(TypeError, match="Only TensorSpec signature types are supported"):
        layer.compute_output_signature([3])


def test_masks_pass_and_nodes_are_those_of_models():
    x = tf.ones([2, 3])
    layer = tf.layers.Dense(4)
    layer(x)

    assert (layer.inbound_nodes, layer.outbound_nodes) == ([], [])
    assert layer.input_mask is layer.output_mask is layer.get_input_mask_at(0) is None
    assert layer.get_output_mask_at(0) is None
    assert layer.compute_mask(x, "mask") == "mask"
    layer.supports_masking = False
    with pytest.raises(TypeError, match="does not support masking"):
        layer.compute_mask(x, x)


def test_metrics_are_means_of_tensors_by_name():
    layer = tf.layers.Dense(4)
    layer.add_metric(tf.constant([1.0, 2.0]), aggregation="mean", name="m")
    layer.add_metric(tf.constant([3.0]), aggregation="mean", name="m")

    assert [each.name for each in layer.metrics] == ["m"]
    with pytest.raises(ValueError, match="provide a name for your metric"):
        layer.add_metric(tf.constant(1.0))
    with pytest.raises(ValueError, match="only `mean` sample-wise"):
        layer.add_metric(tf.constant(1.0), aggregation="sum", name="s")


def test_inner_layers_are_found_the_near_ones_first():
    class Outer(tf.layers.Layer):
        def __init__(self, *parts):
            super().__init__()
            self.b, self.a = {"x": parts[0]}, list(parts[1:])

        @tf.layers.Layer.with_name_scope
        def number(self):
            return tf.constant(1)

    inner = Outer(tf.layers.Dense(1), tf.layers.Dense(2))
    outer = Outer(tf.layers.Flatten(), inner)

    assert outer.submodules[:2] == (inner, outer.b["x"])
    assert set(outer.submodules[2:]) == {inner.a[0], inner.b["x"]}
    assert outer.number().op.name == "outer_2/Const"


# --- layers that hold their variables ------------------------------------------------------------


def test_cells_of_the_style_of_keras_share_nothing_and_learn():
    with tf.layers.experimental.keras_style_scope():
        cells = [tf.nn.rnn_cell.GRUCell(3) for _ in range(2)]
        dense = tf.layers.Dense(1, name="d", kernel_regularizer=tf.reduce_sum)
    outside = tf.layers.Dense(1, name="e")
    inputs = tf.ones([2, 4, 3])
    for cell in cells:
        inputs, state = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
    loss = tf.reduce_sum(dense(state)) + tf.add_n(dense.losses)
    outside(state)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    names = [variable.op.name for cell in cells for variable in cell.variables]

    assert len(set(names)) == 8
    assert [variable.op.name for variable in dense.variables] == ["d/kernel", "d/bias"]
    assert [variable.op.name for variable in outside.variables] == ["e/kernel", "e/bias"]
    assert (dense.kernel.op.type, outside.kernel.op.type) == ("VarHandleOp", "VariableV2")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(loss)
        session.run(step)
        assert session.run(loss) < before


def test_layers_of_the_style_of_keras_take_no_scopes():
    with tf.layers.experimental.keras_style_scope():
        layer = tf.layers.Dense(1)
        for options in ({"_scope": "s"}, {"_reuse": True}):
            with pytest.raises(ValueError, match="not allowed when keras style layers are enabled"):
                tf.layers.Dense(1, **options)
    with pytest.raises(ValueError, match="scope argument not allowed"):
        layer(tf.ones([1, 2]), scope="s")


def test_the_style_may_be_set_for_good(monkeypatch):
    monkeypatch.setattr("minitf.layers.experimental._styles", [False])
    with tf.layers.experimental.keras_style_scope():
        pass
    before = tf.layers.Dense(1)(tf.ones([1, 2])).op.name
    tf.layers.experimental.set_keras_style()
    layer = tf.layers.Dense(1)
    layer(tf.ones([1, 2]))

    assert before == "dense/BiasAdd"
    assert layer.kernel.op.type == "VarHandleOp"


def test_the_arguments_of_a_layer_may_be_names_and_configurations():
    config = {"class_name": "Constant", "config": {"value": 2.0}}
    layer = tf.layers.Dense(1, kernel_initializer=config, bias_constraint="non_neg")
    layer(tf.ones([1, 3]))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(layer.kernel), [[2.0]] * 3)

    assert layer.bias.constraint is not None
