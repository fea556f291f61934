"""`tf.train` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    **lazy.present(
        "minitf.train",
        (
            "BytesList CheckpointManager ClusterDef ClusterSpec Coordinator Example "
            "ExponentialMovingAverage Feature FeatureList FeatureLists Features FloatList "
            "Int64List JobDef SequenceExample ServerDef checkpoints_iterator get_checkpoint_state "
            "latest_checkpoint list_variables load_checkpoint load_variable Checkpoint "
            "experimental"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
