# `tf.train` of TensorFlow 2.

from minitf.train import BytesList as BytesList
from minitf.train import Checkpoint as Checkpoint
from minitf.train import CheckpointManager as CheckpointManager
from minitf.train import ClusterDef as ClusterDef
from minitf.train import ClusterSpec as ClusterSpec
from minitf.train import Coordinator as Coordinator
from minitf.train import Example as Example
from minitf.train import ExponentialMovingAverage as ExponentialMovingAverage
from minitf.train import Feature as Feature
from minitf.train import FeatureList as FeatureList
from minitf.train import FeatureLists as FeatureLists
from minitf.train import Features as Features
from minitf.train import FloatList as FloatList
from minitf.train import Int64List as Int64List
from minitf.train import JobDef as JobDef
from minitf.train import SequenceExample as SequenceExample
from minitf.train import ServerDef as ServerDef
from minitf.train import checkpoints_iterator as checkpoints_iterator
from minitf.train import experimental as experimental
from minitf.train import get_checkpoint_state as get_checkpoint_state
from minitf.train import latest_checkpoint as latest_checkpoint
from minitf.train import list_variables as list_variables
from minitf.train import load_checkpoint as load_checkpoint
from minitf.train import load_variable as load_variable
__all__ = ['BytesList', 'Checkpoint', 'CheckpointManager', 'ClusterDef', 'ClusterSpec', 'Coordinator', 'Example', 'ExponentialMovingAverage', 'Feature', 'FeatureList', 'FeatureLists', 'Features', 'FloatList', 'Int64List', 'JobDef', 'SequenceExample', 'ServerDef', 'checkpoints_iterator', 'experimental', 'get_checkpoint_state', 'latest_checkpoint', 'list_variables', 'load_checkpoint', 'load_variable']
