"""Layers are TensorFlow's: nodes and their order, variables, collections, outputs, gradients."""

from __future__ import annotations

import re

import layer_programs as programs
import numpy as np
import pytest
import same_graph

import minitf

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore:.*is deprecated:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
]

# TensorFlow 2 makes other nodes than 1.15 for TRANSPOSED, FUSED and OTHERS; see test_nodes.py.
SAME_NODES = programs.DENSE | programs.CONVOLUTIONS | programs.POOLS | programs.NORMALIZATIONS
OTHER_NODES = programs.TRANSPOSED | programs.FUSED | programs.OTHERS
COLLECTIONS = "variables", "trainable_variables", "regularization_losses", "update_ops"


def as_in_1_15(name):
    """Return the name of a convolution's node in 1.15: outside the scope that 2 opens for it."""
    blocks = "dilation_rate|filter_shape|stack|required_space_to_batch_paddings|SpaceToBatchND"
    name = re.sub(rf"/Conv[123]D/({blocks}|BatchToSpaceND)", r"/\1", name)
    return re.sub(r"/Conv1D(?=/|:|$)", "/conv1d", name)


def wiring(tf, make):
    found = {}
    for name, (op, data, control, colocated, told) in same_graph.wiring(tf, make).items():
        renamed = [as_in_1_15(each) for each in data]
        found[as_in_1_15(name)] = op, renamed, control, colocated, told
    return found


def without_rates(names):
    """Leave out the constant that 1.15 makes of a convolution's rates, also where all are 1."""
    return [name for name in names if not re.search(r"conv\w*/dilation_rate$", name)]


@pytest.mark.parametrize("name", SAME_NODES)
def test_nodes_are_tensorflows_in_its_order(tensorflow_with_layers, name):
    ours = wiring(minitf, SAME_NODES[name])
    theirs = wiring(tensorflow_with_layers, SAME_NODES[name])

    assert without_rates(ours) == without_rates(theirs)
    for node, made in theirs.items():
        assert ours[node] == made, node


@pytest.mark.parametrize("name", SAME_NODES | OTHER_NODES)
def test_collections_are_tensorflows(tensorflow_with_layers, name):
    found = []
    for tf in (minitf, tensorflow_with_layers):
        with tf.Graph().as_default() as graph:
            (SAME_NODES | OTHER_NODES)[name](tf)
            held = {key: graph.get_collection(key) for key in COLLECTIONS}
            found.append({key: [each.name for each in values] for key, values in held.items()})

    assert found[0] == found[1]


def results(tf, make):
    """Return static shapes, and outputs and gradients with variables that depend on their names."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        made = make(tf)
        outputs = list(made) if isinstance(made, (list, tuple)) else [made]
        shapes = [each.shape.as_list() for each in outputs]
        feeds = dict(tf.get_collection("feeds"))
        inputs = [each for each in feeds if each.dtype.is_floating]
        ends = inputs + tf.trainable_variables()
        score = tf.add_n([tf.reduce_sum(tf.square(tf.cast(y, tf.float64))) for y in outputs[:1]])
        gradients = [each for each in tf.gradients(score, ends) if each is not None]
        session.run(tf.global_variables_initializer())
        for variable in tf.global_variables():
            rng = np.random.default_rng(len(variable.name))
            value = rng.uniform(0.5, 1.5, variable.shape.as_list())
            variable.load(value.astype(variable.dtype.base_dtype.as_numpy_dtype), session)
        return shapes, session.run(gradients, feeds), session.run(outputs, feeds)


@pytest.mark.thorough
@pytest.mark.parametrize("name", SAME_NODES | OTHER_NODES)
def test_outputs_and_gradients_are_tensorflows(tensorflow_with_layers, name):
    make = (SAME_NODES | OTHER_NODES)[name]
    shapes, gradients, outputs = results(minitf, make)
    their_shapes, their_gradients, their_outputs = results(tensorflow_with_layers, make)

    assert shapes == their_shapes
    assert len(gradients) == len(their_gradients)
    for got, want in zip(outputs + gradients, their_outputs + their_gradients, strict=True):
        tolerance = 1e-2 if want.dtype == np.float16 else 2e-4
        np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance)
