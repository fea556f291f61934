"""Networks of slim: parts, sizes, and names of variables as checkpoints know them."""

from __future__ import annotations

import pytest

import minitf as tf

slim = tf.contrib.slim
nets = slim.nets


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def shapes():
    return {each.op.name: tuple(each.shape.as_list()) for each in tf.global_variables()}


def test_vgg_has_the_paper_s_layers():
    with slim.arg_scope(nets.vgg.vgg_arg_scope()):
        scores, ends = nets.vgg.vgg_16(tf.zeros([1, 224, 224, 3]), 10)
    found = shapes()

    assert scores.shape.as_list() == [1, 10]
    assert len(found) == 2 * 16
    assert found["vgg_16/conv3/conv3_3/weights"] == (3, 3, 256, 256)
    assert found["vgg_16/fc6/weights"] == (7, 7, 512, 4096)
    assert ends["vgg_16/fc8"] is scores
    assert len(tf.losses.get_regularization_losses()) == 16


def test_a_residual_block_has_the_names_of_checkpoints():
    block = nets.resnet_v1.resnet_v1_block
    blocks = [block("block1", 2, 2, 2), block("block2", 4, 1, 1)]
    with slim.arg_scope(nets.resnet_utils.resnet_arg_scope()):
        net, ends = nets.resnet_v1.resnet_v1(tf.zeros([1, 32, 32, 3]), blocks, 5, scope="r")
    found = shapes()

    assert net.shape.as_list() == [1, 1, 1, 5]
    assert found["r/block1/unit_1/bottleneck_v1/shortcut/weights"] == (1, 1, 64, 8)
    assert found["r/block1/unit_2/bottleneck_v1/conv2/BatchNorm/gamma"] == (2,)
    assert "r/block1/unit_2/bottleneck_v1/shortcut/weights" not in found
    assert ends["r/block1"].shape.as_list() == [1, 4, 4, 8]
    assert ends["predictions"].shape.as_list() == [1, 1, 1, 5]


def test_a_finer_map_keeps_the_variables():
    sizes, names = [], []
    for stride in (None, 8, 4):
        with tf.Graph().as_default(), slim.arg_scope(nets.resnet_utils.resnet_arg_scope()):
            block = nets.resnet_v2.resnet_v2_block
            blocks = [block("b1", 2, 2, 2), block("b2", 2, 2, 2)]
            net, _ = nets.resnet_v2.resnet_v2(
                tf.zeros([1, 33, 33, 3]), blocks, global_pool=False, output_stride=stride
            )
            sizes.append(net.shape.as_list()[1])
            names.append(shapes())

    assert sizes == [3, 5, 9]
    assert names[0] == names[1] == names[2]
    with pytest.raises(ValueError, match="needs to be a multiple of 4"):
        nets.resnet_v2.resnet_v2(tf.zeros([1, 9, 9, 3]), blocks, output_stride=6)
    with pytest.raises(ValueError, match="target output_stride cannot be reached"):
        nets.resnet_v2.resnet_v2(tf.zeros([1, 9, 9, 3]), blocks, output_stride=64)


def test_inception_gives_its_parts_by_name():
    base = nets.inception.inception_v3_base
    net, ends = base(tf.zeros([1, 75, 75, 3]), "Mixed_5c", depth_multiplier=0.25)
    found = shapes()

    assert list(ends)[-2:] == ["Mixed_5b", "Mixed_5c"]
    assert ends["Mixed_5c"] is net
    assert found["InceptionV3/Mixed_5c/Branch_1/Conv_1_0c_5x5/weights"] == (5, 5, 16, 16)
    assert found["InceptionV3/Mixed_5b/Branch_2/Conv2d_0c_3x3/weights"] == (3, 3, 24, 24)
    with pytest.raises(ValueError, match="Unknown final endpoint Mixed_9"):
        base(tf.zeros([1, 75, 75, 3]), "Mixed_9")
    with pytest.raises(ValueError, match="depth_multiplier is not greater than zero"):
        base(tf.zeros([1, 75, 75, 3]), depth_multiplier=0)
