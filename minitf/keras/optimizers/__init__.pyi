# `tf.keras.optimizers`: how variables follow their gradients.

from minitf.keras.optimizers.adam import Adam as Adam
from minitf.keras.optimizers.adam import Adamax as Adamax
from minitf.keras.optimizers.adam import Nadam as Nadam
from minitf.keras.optimizers.adaptive import Adadelta as Adadelta
from minitf.keras.optimizers.adaptive import Adagrad as Adagrad
from minitf.keras.optimizers.base import Optimizer as Optimizer
from minitf.keras.optimizers.descent import RMSprop as RMSprop
from minitf.keras.optimizers.descent import SGD as SGD
from minitf.keras.optimizers.ftrl import Ftrl as Ftrl
from minitf.keras.optimizers.named import TFOptimizer as TFOptimizer
from minitf.keras.optimizers.named import deserialize as deserialize
from minitf.keras.optimizers.named import get as get
from minitf.keras.optimizers.named import serialize as serialize
__all__ = ['Adadelta', 'Adagrad', 'Adam', 'Adamax', 'Ftrl', 'Nadam', 'Optimizer', 'RMSprop', 'SGD', 'TFOptimizer', 'deserialize', 'get', 'schedules', 'serialize']
