# `tf.contrib.tensorboard.plugins.projector`: which embeddings TensorBoard shows.

from minitf.contrib.tensorboard.plugins.projector.configuration import visualize_embeddings as visualize_embeddings
from minitf.protos import EmbeddingInfo as EmbeddingInfo
from minitf.protos import ProjectorConfig as ProjectorConfig
from minitf.protos import SpriteMetadata as SpriteMetadata
__all__ = ['EmbeddingInfo', 'ProjectorConfig', 'SpriteMetadata', 'visualize_embeddings']
