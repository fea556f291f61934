# `tf.debug`: finding out why a program does not do what it should.

from minitf.debug.comparison import Comparison as Comparison
from minitf.debug.comparison import compare as compare
from minitf.debug.comparison import compare_variables as compare_variables
from minitf.debug.frozen import check_frozen_loss as check_frozen_loss
from minitf.debug.mistakes import Mistake as Mistake
from minitf.debug.mistakes import find_mistakes as find_mistakes
from minitf.debug.numerics import check_numerics as check_numerics
from minitf.debug.parameters import Parameters as Parameters
from minitf.debug.parameters import count_parameters as count_parameters
from minitf.debug.seeds import set_stable_seed as set_stable_seed
__all__ = ['Comparison', 'Mistake', 'Parameters', 'check_frozen_loss', 'check_numerics', 'compare', 'compare_variables', 'count_parameters', 'find_mistakes', 'set_stable_seed']
