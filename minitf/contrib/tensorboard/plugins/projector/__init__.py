"""`tf.contrib.tensorboard.plugins.projector`: which embeddings TensorBoard shows."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.tensorboard.plugins.projector.configuration": "visualize_embeddings",
    "minitf.protos": "EmbeddingInfo ProjectorConfig SpriteMetadata",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
