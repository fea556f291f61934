# `tf.initializers`: initial values of variables, and the operations that initialise them.

from minitf.api.state import global_variables_initializer as global_variables
from minitf.api.state import local_variables_initializer as local_variables
from minitf.api.state import tables_initializer as tables_initializer
from minitf.api.state import variables_initializer as variables
from minitf.variables.initializers import Constant as constant
from minitf.variables.initializers import GlorotNormal as glorot_normal
from minitf.variables.initializers import GlorotUniform as glorot_uniform
from minitf.variables.initializers import he_normal as he_normal
from minitf.variables.initializers import he_uniform as he_uniform
from minitf.variables.initializers import Identity as identity
from minitf.variables.initializers import lecun_normal as lecun_normal
from minitf.variables.initializers import lecun_uniform as lecun_uniform
from minitf.variables.initializers import Ones as ones
from minitf.variables.initializers import RandomNormal as random_normal
from minitf.variables.initializers import RandomUniform as random_uniform
from minitf.variables.initializers import TruncatedNormal as truncated_normal
from minitf.variables.initializers import UniformUnitScaling as uniform_unit_scaling
from minitf.variables.initializers import VarianceScaling as variance_scaling
from minitf.variables.initializers import Zeros as zeros
from minitf.variables.orthogonal import Orthogonal as orthogonal
__all__ = ['constant', 'global_variables', 'glorot_normal', 'glorot_uniform', 'he_normal', 'he_uniform', 'identity', 'lecun_normal', 'lecun_uniform', 'local_variables', 'ones', 'orthogonal', 'random_normal', 'random_uniform', 'tables_initializer', 'truncated_normal', 'uniform_unit_scaling', 'variables', 'variance_scaling', 'zeros']
