"""`tf.contrib.checkpoint`: objects that know their parts, under their names of TensorFlow 1.x."""

from minitf import lazy

_NAMES = {
    "minitf.object_checkpoint.manager": "CheckpointManager",
    "minitf.object_checkpoint.saver": "list_objects object_metadata",
    "minitf.protos": "CheckpointableObjectGraph=TrackableObjectGraph",
    "minitf.trackable.auto": "Checkpointable=AutoTrackable",
    "minitf.trackable.base": "CheckpointableBase=Trackable",
    "minitf.trackable.mappings": "Mapping",
    "minitf.trackable.structures": "List NoDependency",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
