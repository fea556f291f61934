"""What TensorBoard's projector shows: tables of embeddings, and what is known of their rows.

Source: TensorFlow 1.15's tf.contrib.tensorboard, `projector_config.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import Message, repeated, string, uint32


class SpriteMetadata(Message):
    """An image with a small picture for each row, side by side."""

    image_path = string(1)
    single_image_dim = repeated(uint32(2))


class EmbeddingInfo(Message):
    """A table of embeddings, by the name of its variable, and files with labels of its rows."""

    tensor_name = string(1)
    metadata_path = string(2)
    bookmarks_path = string(3)
    tensor_shape = repeated(uint32(4))
    sprite = SpriteMetadata(5)
    tensor_path = string(6)


class ProjectorConfig(Message):
    """All tables, and the checkpoint that holds them."""

    model_checkpoint_path = string(1)
    embeddings = repeated(EmbeddingInfo(2))
    model_checkpoint_dir = string(3)
