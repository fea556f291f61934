# `tf.train`: optimizers and what surrounds a training loop.

from minitf.api.graph_io import export_meta_graph as export_meta_graph
from minitf.api.graph_io import write_graph as write_graph
from minitf.protos import BytesList as BytesList
from minitf.protos import ClusterDef as ClusterDef
from minitf.protos import Example as Example
from minitf.protos import Feature as Feature
from minitf.protos import FeatureList as FeatureList
from minitf.protos import FeatureLists as FeatureLists
from minitf.protos import Features as Features
from minitf.protos import FloatList as FloatList
from minitf.protos import Int64List as Int64List
from minitf.protos import JobDef as JobDef
from minitf.protos import SaverDef as SaverDef
from minitf.protos import SequenceExample as SequenceExample
from minitf.protos import ServerDef as ServerDef
from minitf.train.adadelta import AdadeltaOptimizer as AdadeltaOptimizer
from minitf.train.adagrad import AdagradOptimizer as AdagradOptimizer
from minitf.train.adagrad_da import AdagradDAOptimizer as AdagradDAOptimizer
from minitf.train.adam import AdamOptimizer as AdamOptimizer
from minitf.train.ftrl import FtrlOptimizer as FtrlOptimizer
from minitf.train.gradient_descent import GradientDescentOptimizer as GradientDescentOptimizer
from minitf.train.momentum import MomentumOptimizer as MomentumOptimizer
from minitf.train.optimizer import Optimizer as Optimizer
from minitf.train.proximal import ProximalAdagradOptimizer as ProximalAdagradOptimizer
from minitf.train.proximal import ProximalGradientDescentOptimizer as ProximalGradientDescentOptimizer
from minitf.train.rmsprop import RMSPropOptimizer as RMSPropOptimizer
from minitf.train.training_util import assert_global_step as assert_global_step
from minitf.train.training_util import create_global_step as create_global_step
from minitf.train.training_util import get_global_step as get_global_step
from minitf.train.training_util import get_or_create_global_step as get_or_create_global_step
from minitf.train.training_util import global_step as global_step
__all__ = ['AdadeltaOptimizer', 'AdagradDAOptimizer', 'AdagradOptimizer', 'AdamOptimizer', 'BytesList', 'ClusterDef', 'Example', 'Feature', 'FeatureList', 'FeatureLists', 'Features', 'FloatList', 'FtrlOptimizer', 'GradientDescentOptimizer', 'Int64List', 'JobDef', 'MomentumOptimizer', 'Optimizer', 'ProximalAdagradOptimizer', 'ProximalGradientDescentOptimizer', 'RMSPropOptimizer', 'SaverDef', 'SequenceExample', 'ServerDef', 'assert_global_step', 'create_global_step', 'export_meta_graph', 'get_global_step', 'get_or_create_global_step', 'global_step', 'write_graph']
