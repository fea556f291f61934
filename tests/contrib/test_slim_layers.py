"""Contributed layers: their variables and aliases as checkpoints know them, and their formulas."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

slim = tf.contrib.slim
IMAGES = np.random.RandomState(0).rand(4, 6, 6, 4).astype(np.float32)
ROWS = np.random.RandomState(1).rand(5, 8).astype(np.float32)
STEPS = np.random.RandomState(2).rand(3, 7, 4).astype(np.float32)
VOLUMES = np.random.RandomState(3).rand(2, 4, 4, 4, 3).astype(np.float32)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        return session.run(fetches, feeds)


# --- names ---------------------------------------------------------------------------------------

# call -> variables with their shapes; alias of the outputs
NAMED = {
    "fully_connected": (
        lambda **k: slim.fully_connected(ROWS, 3, **k),
        {"fully_connected/weights": (8, 3), "fully_connected/biases": (3,)},
        "fully_connected",
    ),
    "conv1d": (
        lambda **k: slim.conv1d(STEPS, 3, 2, **k),
        {"Conv/weights": (2, 4, 3), "Conv/biases": (3,)},
        "Conv",
    ),
    "conv2d": (
        lambda **k: slim.conv2d(IMAGES, 3, [3, 2], normalizer_fn=slim.batch_norm, **k),
        {
            "Conv/weights": (3, 2, 4, 3),
            "Conv/BatchNorm/beta": (3,),
            "Conv/BatchNorm/moving_mean": (3,),
            "Conv/BatchNorm/moving_variance": (3,),
        },
        "Conv",
    ),
    "conv3d": (
        lambda **k: slim.conv3d(VOLUMES, 2, 2, scope="q", biases_initializer=None, **k),
        {"q/weights": (2, 2, 2, 3, 2)},
        "q",
    ),
    "conv2d_transpose": (
        lambda **k: slim.conv2d_transpose(IMAGES, 3, 2, 2, **k),
        {"Conv2d_transpose/weights": (2, 2, 3, 4), "Conv2d_transpose/biases": (3,)},
        "Conv2d_transpose",
    ),
    "conv3d_transpose": (
        lambda **k: slim.conv3d_transpose(VOLUMES, 2, 2, **k),
        {"Conv3d_transpose/weights": (2, 2, 2, 2, 3), "Conv3d_transpose/biases": (2,)},
        "Conv3d_transpose",
    ),
    "separable_conv2d": (
        lambda **k: slim.separable_conv2d(IMAGES, 5, 3, 2, **k),
        {
            "SeparableConv2d/depthwise_weights": (3, 3, 4, 2),
            "SeparableConv2d/pointwise_weights": (1, 1, 8, 5),
            "SeparableConv2d/biases": (5,),
        },
        "SeparableConv2d",
    ),
    "separable_conv2d without mixing": (
        lambda **k: slim.separable_conv2d(IMAGES, None, 3, 2, **k),
        {"SeparableConv2d/depthwise_weights": (3, 3, 4, 2), "SeparableConv2d/biases": (8,)},
        "SeparableConv2d",
    ),
    "conv2d_in_plane": (
        lambda **k: slim.conv2d_in_plane(IMAGES, 3, **k),
        {"ConvInPlane/weights": (3, 3, 1, 1), "ConvInPlane/biases": (4,)},
        "ConvInPlane",
    ),
    "batch_norm": (
        lambda **k: slim.batch_norm(IMAGES, scale=True, **k),
        {
            "BatchNorm/gamma": (4,),
            "BatchNorm/beta": (4,),
            "BatchNorm/moving_mean": (4,),
            "BatchNorm/moving_variance": (4,),
        },
        "BatchNorm",
    ),
    "layer_norm": (
        lambda **k: slim.layer_norm(IMAGES, **k),
        {"LayerNorm/beta": (4,), "LayerNorm/gamma": (4,)},
        "LayerNorm",
    ),
    "instance_norm": (
        lambda **k: slim.instance_norm(IMAGES, **k),
        {"InstanceNorm/beta": (4,), "InstanceNorm/gamma": (4,)},
        "InstanceNorm",
    ),
    "group_norm": (
        lambda **k: slim.group_norm(IMAGES, 2, **k),
        {"GroupNorm/beta": (4,), "GroupNorm/gamma": (4,)},
        "GroupNorm",
    ),
    "bias_add": (
        lambda **k: slim.bias_add(IMAGES, **k),
        {"BiasAdd/biases": (4,)},
        "BiasAdd",
    ),
    "max_pool2d": (lambda **k: slim.max_pool2d(IMAGES, 2, **k), {}, "MaxPool2D"),
    "avg_pool2d": (lambda **k: slim.avg_pool2d(IMAGES, 2, scope="p", **k), {}, "p"),
    "max_pool3d": (lambda **k: slim.max_pool3d(VOLUMES, 2, **k), {}, "MaxPool3D"),
    "avg_pool3d": (lambda **k: slim.avg_pool3d(VOLUMES, 2, **k), {}, "AvgPool3D"),
    "pool": (lambda **k: slim.pool(IMAGES, 2, "MAX", **k), {}, "max_pool"),
    "flatten": (lambda **k: slim.flatten(IMAGES, **k), {}, "Flatten"),
    "dropout": (lambda **k: slim.dropout(IMAGES, **k), {}, "Dropout"),
    "one_hot_encoding": (lambda **k: slim.one_hot_encoding([1, 0], 3, **k), {}, "OneHotEncoding"),
    "images_to_sequence": (
        lambda **k: slim.images_to_sequence(IMAGES, **k),
        {},
        "ImagesToSequence",
    ),
    "dense_to_sparse": (lambda **k: slim.dense_to_sparse([[1, 0]], **k), {}, None),
}


@pytest.mark.parametrize("case", NAMED)
def test_variables_and_outputs_have_the_names_of_checkpoints(case):
    call, variables, alias = NAMED[case]
    outputs = call(outputs_collections="ends")
    found = {each.op.name: tuple(each.shape.as_list()) for each in tf.global_variables()}

    assert found == variables
    assert {each.op.name for each in slim.get_model_variables()} == set(variables)
    if alias is not None:
        assert slim.utils.convert_collection_to_dict("ends") == {alias: outputs}


def test_variables_join_the_collections_of_their_kind():
    wanted = {"weights": ["w"], "biases": ["b"]}
    slim.conv2d(IMAGES, 3, 3, variables_collections=wanted)
    slim.separable_conv2d(IMAGES, None, 3, variables_collections=wanted)

    assert [each.op.name for each in tf.get_collection("w")] == [
        "Conv/weights",
        "SeparableConv2d/depthwise_weights",
    ]
    assert [each.op.name for each in tf.get_collection("b")] == [
        "Conv/biases",
        "SeparableConv2d/biases",
    ]


def test_scopes_give_layers_their_arguments():
    regularizer = slim.l2_regularizer(0.5)
    with (
        slim.arg_scope([slim.conv2d, slim.fully_connected], weights_regularizer=regularizer),
        slim.arg_scope([slim.conv2d], padding="VALID", activation_fn=None),
        slim.arg_scope([slim.model_variable], device="/cpu:0"),
    ):
        net = slim.conv2d(IMAGES, 3, 3)
        slim.fully_connected(slim.flatten(net), 2)
    weights = slim.get_variables_by_name("weights")
    losses = tf.losses.get_regularization_losses()
    expected = [tf.nn.l2_loss(each) * 0.5 for each in weights]

    assert net.op.type == "BiasAdd"
    assert net.shape.as_list() == [4, 4, 4, 3]
    assert {each.device for each in weights} == {"/device:CPU:0"}
    for found, wanted in run(list(zip(losses, expected, strict=True))):
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_layers_are_repeated_and_stacked_in_numbered_scopes():
    slim.repeat(IMAGES, 2, slim.conv2d, 3, 3, scope="conv1")
    slim.repeat(ROWS, 1, slim.fully_connected, 3)
    slim.stack(ROWS, slim.fully_connected, [4, 3])
    slim.stack(IMAGES, slim.conv2d, [(4, 3), (3, 1)], scope="s")
    slim.stack(ROWS, slim.linear, [2])

    assert [each.op.name for each in slim.get_variables_by_name("weights")] == [
        *("conv1/conv1_1/weights", "conv1/conv1_2/weights", "Repeat/fully_connected_1/weights"),
        *("Stack/fully_connected_1/weights", "Stack/fully_connected_2/weights"),
        *("s/s_1/weights", "s/s_2/weights", "Stack_1/fully_connected_1/weights"),
    ]
    with pytest.raises(ValueError, match="stack_args need to be a list or tuple"):
        slim.stack(ROWS, slim.fully_connected, 3)


# --- batch normalisation -------------------------------------------------------------------------


def normalized(x, axes, epsilon=1e-3):
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("x", [IMAGES, ROWS, STEPS], ids=["images", "rows", "steps"])
@pytest.mark.parametrize("updates", ["update_ops", "mine", None])
def test_batches_are_normalised_and_averages_moved(x, fused, updates):
    axes = tuple(range(x.ndim - 1))
    outputs = slim.batch_norm(x, 0.9, updates_collections=updates, fused=fused)
    moved = [] if updates is None else tf.get_collection(updates)
    averages = [slim.get_variables_by_name(f"moving_{name}")[0] for name in ("mean", "variance")]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found, *_ = session.run([outputs, *moved])
        mean, variance = session.run(averages)

    np.testing.assert_allclose(found, normalized(x, axes), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(mean, 0.1 * x.mean(axes), rtol=1e-4)
    count = x.size // x.shape[-1]
    is_one_operation = fused and x.ndim != 3  # which counts as if from a sample
    spread = x.var(axes) * (count / (count - 1) if is_one_operation else 1)
    np.testing.assert_allclose(variance, 0.9 + 0.1 * spread, rtol=1e-4)
    assert len(moved) == (0 if updates is None else 2)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("updates", ["mine", None])
def test_training_may_be_a_tensor(fused, updates):
    training = tf.placeholder(tf.bool, [])
    outputs = slim.batch_norm(
        IMAGES, is_training=training, fused=fused, updates_collections=updates
    )
    found = [run(outputs, {training: value}) for value in (True, False)]

    np.testing.assert_allclose(found[0], normalized(IMAGES, (0, 1, 2)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found[1], IMAGES / np.sqrt(1.001), rtol=1e-5)


def test_examples_may_count_differently_and_channels_come_second():
    weights = np.array([1.0, 2.0, 0.0, 1.0], np.float32)
    x = IMAGES.transpose(0, 3, 1, 2)
    outputs = slim.batch_norm(x, batch_weights=weights, data_format="NCHW", epsilon=1e-3)
    share = (weights / weights.sum())[:, None, None, None]
    mean = (x.mean((2, 3), keepdims=True) * share).sum(0, keepdims=True)
    spread = (((x - mean) ** 2).mean((2, 3), keepdims=True) * share).sum(0, keepdims=True)

    np.testing.assert_allclose(run(outputs), (x - mean) / np.sqrt(spread + 1e-3), rtol=1e-3)


def test_young_averages_are_freed_of_their_beginning():
    outputs = slim.batch_norm(IMAGES, zero_debias_moving_mean=True, updates_collections=None)
    (mean,) = slim.get_variables_by_name("moving_mean")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(outputs)
        np.testing.assert_allclose(session.run(mean), IMAGES.mean((0, 1, 2)), rtol=1e-4)


def test_batch_norm_refuses_what_does_not_fit():
    for x, arguments, message in (
        (IMAGES, {"data_format": "NWHC"}, "data_format has to be either NCHW or NHWC"),
        (IMAGES, {"renorm": True, "updates_collections": None}, "renorm is not supported with"),
        (tf.placeholder(tf.float32), {"updates_collections": None}, "has undefined rank"),
        (tf.placeholder(tf.float32, [2, None]), {}, "undefined channels dimension"),
    ):
        with pytest.raises(ValueError, match=message):
            slim.batch_norm(x, **arguments)


# --- other formulas ------------------------------------------------------------------------------


def test_each_example_is_normalised_by_channel_or_group():
    x = IMAGES
    grouped = normalized(x.reshape(4, 6, 6, 2, 2), (1, 2, 4), 1e-6).reshape(x.shape)
    found = run(
        [
            slim.instance_norm(x),
            slim.instance_norm(x.transpose(0, 3, 1, 2), data_format="NCHW"),
            slim.group_norm(x, 2),
            slim.group_norm(x.transpose(0, 3, 1, 2), 2, -3, (-2, -1), mean_close_to_zero=True),
        ]
    )
    by_channel = normalized(x, (1, 2), 1e-6)
    expected = (
        by_channel,
        by_channel.transpose(0, 3, 1, 2),
        grouped,
        grouped.transpose(0, 3, 1, 2),
    )

    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"groups": 8}, "Invalid groups 8 for 4 channels"),
        ({"groups": 3}, "4 channels is not commensurate with 3 groups"),
        ({"groups": 2, "channels_axis": 4}, "Axis is out of bounds"),
        ({"groups": 2, "reduction_axes": (-1,)}, "must be mutually exclusive with channels_axis"),
    ],
)
def test_groups_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        slim.group_norm(IMAGES, **arguments)


def test_filters_of_single_planes_are_one_filter_for_all_channels():
    outputs = slim.conv2d_in_plane(IMAGES, 2, activation_fn=None, padding="VALID")
    found, weights = run([outputs, slim.get_variables_by_name("weights")[0]])
    expected = sum(
        weights[i, j, 0, 0] * IMAGES[:, i : i + 5, j : j + 5] for i in (0, 1) for j in (0, 1)
    )

    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_layers_without_variables_compute_what_numpy_does():
    found = run(
        [
            slim.maxout(IMAGES, 2),
            slim.unit_norm(IMAGES, 1),
            slim.one_hot_encoding([2, 0], 3, 5.0, 1.0),
            slim.softmax(STEPS),
            slim.images_to_sequence(IMAGES),
            slim.sequence_to_images(slim.images_to_sequence(IMAGES), 6),
            tf.contrib.layers.poincare_normalize([[3.0, 4.0], [0.3, 0.4]]),
        ]
    )

    np.testing.assert_array_equal(found[0], IMAGES.reshape(4, 6, 6, 2, 2).max(-1))
    lengths = np.sqrt((IMAGES**2).sum(1, keepdims=True) + 1e-7)
    np.testing.assert_allclose(found[1], IMAGES / lengths, rtol=1e-5)
    assert found[2].tolist() == [[1, 1, 5], [5, 1, 1]]
    np.testing.assert_allclose(found[3].sum(-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(found[4], IMAGES.transpose(2, 0, 1, 3).reshape(6, 24, 4))
    np.testing.assert_array_equal(found[5], IMAGES)
    np.testing.assert_allclose(found[6], [[0.6, 0.8], [0.3, 0.4]], rtol=1e-4)
    with pytest.raises(ValueError, match=r"number of features\(4\) is not a multiple"):
        slim.maxout(IMAGES, 3)


@pytest.mark.parametrize("temperature", [None, 0.5])
def test_a_spatial_softmax_is_the_mean_place(temperature):
    places = np.stack(np.meshgrid(*[np.linspace(-1, 1, 6)] * 2, indexing="ij"))
    scores = np.exp(IMAGES / (temperature or 1))
    shares = scores / scores.sum((1, 2), keepdims=True)
    expected = np.einsum("khw,nhwc->nck", places, shares).reshape(4, 8)
    images = slim.spatial_softmax(IMAGES, temperature)
    first = slim.spatial_softmax(IMAGES.transpose(0, 3, 1, 2), temperature, data_format="NCHW")

    for found in run([images, first]):
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_gradients_may_be_scaled():
    x = tf.constant(ROWS)
    grad = tf.gradients(tf.contrib.layers.scale_gradient(x, 3.0), x)[0]

    np.testing.assert_array_equal(run(grad), np.full_like(ROWS, 3))


def test_symbols_become_vectors_or_their_mean():
    ids = tf.constant([[1, 2, 0], [3, 3, 1]], tf.int64)
    layers = tf.contrib.layers
    vectors = layers.embed_sequence(ids, 4, 2, scope="e")
    again = layers.embed_sequence(ids, unique=True, scope="e", reuse=True)
    mean = layers.bow_encoder(ids, 4, 2, scope="e", reuse=True)
    dense = layers.bow_encoder(ids, 4, 2, sparse_lookup=False, scope="e", reuse=True)
    found = run([vectors, again, mean, dense, slim.get_variables("e/embeddings")[0]])
    table = found[4]

    np.testing.assert_array_equal(found[0], table[[[1, 2, 0], [3, 3, 1]]])
    np.testing.assert_array_equal(found[1], found[0])
    np.testing.assert_allclose(
        found[2], [(table[1] + table[2]) / 2, found[0][1].mean(0)], rtol=1e-5
    )
    np.testing.assert_allclose(found[3], found[0].mean(1), rtol=1e-5)
    with pytest.raises(ValueError, match="Must specify vocab size and embedding dimension"):
        layers.embed_sequence(ids)


def test_cells_that_hold_a_token_are_left_out():
    sparse = slim.dense_to_sparse([[1, 9, 2], [9, 9, 3]], eos_token=9)
    found = run(sparse)

    assert found.indices.tolist() == [[0, 0], [0, 2], [1, 2]]
    assert found.values.tolist() == [1, 2, 3]


def test_the_oldest_layer_has_a_bias_without_an_s():
    outputs = tf.contrib.layers.legacy_relu(STEPS, 3)
    weights, bias = tf.trainable_variables()
    found, w = run([outputs, weights])

    assert bias.op.name == "fully_connected/bias"
    assert tf.get_collection(tf.GraphKeys.WEIGHTS) == [weights]
    assert tf.get_collection(tf.GraphKeys.ACTIVATIONS) == [outputs]
    np.testing.assert_allclose(found, np.maximum(STEPS @ w, 0), rtol=1e-5, atol=1e-6)


def test_summaries_are_chosen_by_rank():
    layers = tf.contrib.layers
    net = tf.nn.relu6(tf.constant([[-1.0, 7.0, 1.0, 2.0]]), name="r")
    tf.add_to_collection(tf.GraphKeys.ACTIVATIONS, net)
    layers.summarize_activations("r")
    layers.summarize_tensors([tf.constant(1.0, name="s"), tf.constant([1.0], name="v")])

    assert layers.summarize_tensor(tf.constant("text")) is None
    assert layers.summarize_activations("x") == []
    found = tf.get_collection(tf.GraphKeys.SUMMARIES)
    assert [(each.op.name, each.op.type) for each in found] == [
        ("r/zeros", "ScalarSummary"),
        ("r/sixes", "ScalarSummary"),
        ("r/activation", "HistogramSummary"),
        ("s_summary", "ScalarSummary"),
        ("v_summary", "HistogramSummary"),
    ]
    assert b"\xcd\xcc" not in run(found[0])


def test_sizes_are_read_from_arguments():
    utils = slim.utils

    assert utils.two_element_tuple(3) == utils.two_element_tuple([3, 3]) == (3, 3)
    assert utils.n_positive_integers(3, 2) == (2, 2, 2)
    assert utils.n_positive_integers(2, [1, 2]) == (1, 2)
    assert utils.channel_dimension(tf.TensorShape([1, 2, 3]), "channels_first") == 2
    assert utils.gather_tensors_aliases([tf.constant(1.0, name="c")]) == ["c"]
    assert utils.constant_value(tf.constant(3)) == 3
    assert utils.smart_cond(True, lambda: 1, lambda: 2) == 1
    for call, message in (
        (lambda: utils.two_element_tuple([1]), "Must be a list with 2 elements"),
        (lambda: utils.two_element_tuple("ab"), "Must be an int, a list with 2 elements"),
        (lambda: utils.n_positive_integers(2, [1]), "Expected sequence of length 1 or 2"),
        (lambda: utils.n_positive_integers(2, 0), "expected positive integers"),
        (lambda: utils.last_dimension(tf.TensorShape([2]), 2), "rank of shape must be at least 2"),
        (lambda: utils.constant_value(None), "cannot be None"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
