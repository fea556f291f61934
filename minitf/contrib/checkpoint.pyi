# `tf.contrib.checkpoint`: objects that know their parts, under their names of TensorFlow 1.x.

from minitf.object_checkpoint.manager import CheckpointManager as CheckpointManager
from minitf.object_checkpoint.saver import list_objects as list_objects
from minitf.object_checkpoint.saver import object_metadata as object_metadata
from minitf.protos import TrackableObjectGraph as CheckpointableObjectGraph
from minitf.trackable.auto import AutoTrackable as Checkpointable
from minitf.trackable.base import Trackable as CheckpointableBase
from minitf.trackable.mappings import Mapping as Mapping
from minitf.trackable.structures import List as List
from minitf.trackable.structures import NoDependency as NoDependency
__all__ = ['CheckpointManager', 'Checkpointable', 'CheckpointableBase', 'CheckpointableObjectGraph', 'List', 'Mapping', 'NoDependency', 'list_objects', 'object_metadata']
