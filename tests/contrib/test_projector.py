"""TensorBoard's projector is told which embeddings to show."""

from __future__ import annotations

import pytest

import minitf as tf

projector = tf.contrib.tensorboard.plugins.projector


def test_a_configuration_is_written_beside_the_events(tmp_path):
    config = projector.ProjectorConfig(model_checkpoint_path="model.ckpt")
    table = config.embeddings.add()
    table.tensor_name = "words:0"
    table.metadata_path = "labels.tsv"
    table.sprite.image_path = "pictures.png"
    table.sprite.single_image_dim.extend([28, 28])
    with tf.Graph().as_default():
        writer = tf.summary.FileWriter(str(tmp_path))
    projector.visualize_embeddings(writer, config)
    writer.close()

    found = (tmp_path / "projector_config.pbtxt").read_text()
    assert found.splitlines() == [
        'model_checkpoint_path: "model.ckpt"',
        "embeddings {",
        '  tensor_name: "words:0"',
        '  metadata_path: "labels.tsv"',
        "  sprite {",
        '    image_path: "pictures.png"',
        "    single_image_dim: 28",
        "    single_image_dim: 28",
        "  }",
        "}",
    ]


def test_a_writer_needs_a_folder():
    class Nowhere:
        def get_logdir(self):
            return None

    with pytest.raises(ValueError, match="Summary writer must have a logdir"):
        projector.visualize_embeddings(Nowhere(), projector.ProjectorConfig())


@pytest.mark.tensorflow
def test_tensorboard_reads_it():
    theirs = pytest.importorskip("tensorboard.plugins.projector.projector_config_pb2")
    ours = projector.ProjectorConfig(model_checkpoint_dir="d")
    ours.embeddings.add(tensor_name="t", tensor_path="p", bookmarks_path="b", tensor_shape=[3, 2])
    found = theirs.ProjectorConfig.FromString(ours.SerializeToString())

    assert found.SerializeToString() == ours.SerializeToString()
    assert list(found.embeddings[0].tensor_shape) == [3, 2]
