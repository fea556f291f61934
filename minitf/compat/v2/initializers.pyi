# `tf.initializers` of TensorFlow 2, also under the names of Keras.

from minitf.v2.initializers import Constant as Constant
from minitf.v2.initializers import GlorotNormal as GlorotNormal
from minitf.v2.initializers import GlorotUniform as GlorotUniform
from minitf.v2.initializers import Identity as Identity
from minitf.v2.initializers import Initializer as Initializer
from minitf.v2.initializers import Ones as Ones
from minitf.v2.initializers import Orthogonal as Orthogonal
from minitf.v2.initializers import RandomNormal as RandomNormal
from minitf.v2.initializers import RandomUniform as RandomUniform
from minitf.v2.initializers import TruncatedNormal as TruncatedNormal
from minitf.v2.initializers import VarianceScaling as VarianceScaling
from minitf.v2.initializers import Zeros as Zeros
from minitf.v2.initializers import Constant as constant
from minitf.v2.initializers import GlorotNormal as glorot_normal
from minitf.v2.initializers import GlorotUniform as glorot_uniform
from minitf.v2.initializers import he_normal as he_normal
from minitf.v2.initializers import he_uniform as he_uniform
from minitf.v2.initializers import Identity as identity
from minitf.v2.initializers import lecun_normal as lecun_normal
from minitf.v2.initializers import lecun_uniform as lecun_uniform
from minitf.v2.initializers import Ones as ones
from minitf.v2.initializers import Orthogonal as orthogonal
from minitf.v2.initializers import Zeros as zeros
__all__ = ['Constant', 'GlorotNormal', 'GlorotUniform', 'Identity', 'Initializer', 'Ones', 'Orthogonal', 'RandomNormal', 'RandomUniform', 'TruncatedNormal', 'VarianceScaling', 'Zeros', 'constant', 'glorot_normal', 'glorot_uniform', 'he_normal', 'he_uniform', 'identity', 'lecun_normal', 'lecun_uniform', 'ones', 'orthogonal', 'zeros']
