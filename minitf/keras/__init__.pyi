# `tf.keras`: models made of layers, as TensorFlow 1.15 has them.

from minitf.keras.engine.input_layer import Input as Input
from minitf.keras.engine.sequential import Sequential as Sequential
from minitf.keras.engine.training import Model as Model
from minitf.keras import activations as activations
from minitf.keras import applications as applications
from minitf.keras import backend as backend
from minitf.keras import callbacks as callbacks
from minitf.keras import constraints as constraints
from minitf.keras import datasets as datasets
from minitf.keras import estimator as estimator
from minitf.keras import experimental as experimental
from minitf.keras import initializers as initializers
from minitf.keras import layers as layers
from minitf.keras import losses as losses
from minitf.keras import metrics as metrics
from minitf.keras import mixed_precision as mixed_precision
from minitf.keras import models as models
from minitf.keras import optimizers as optimizers
from minitf.keras import preprocessing as preprocessing
from minitf.keras import regularizers as regularizers
from minitf.keras import utils as utils
__version__: str
__all__ = ['Input', 'Model', 'Sequential', 'activations', 'applications', 'backend', 'callbacks', 'constraints', 'datasets', 'estimator', 'experimental', 'initializers', 'layers', 'losses', 'metrics', 'mixed_precision', 'models', 'optimizers', 'preprocessing', 'regularizers', 'utils']
