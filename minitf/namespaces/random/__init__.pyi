# `tf.random`: the random ops under the names of TensorFlow 1.13 and later.

from minitf.api.candidate_sampling import all_candidate_sampler as all_candidate_sampler
from minitf.api.candidate_sampling import fixed_unigram_candidate_sampler as fixed_unigram_candidate_sampler
from minitf.api.candidate_sampling import learned_unigram_candidate_sampler as learned_unigram_candidate_sampler
from minitf.api.candidate_sampling import log_uniform_candidate_sampler as log_uniform_candidate_sampler
from minitf.api.candidate_sampling import uniform_candidate_sampler as uniform_candidate_sampler
from minitf.api.random import categorical as categorical
from minitf.api.random import random_gamma as gamma
from minitf.api.random import get_seed as get_seed
from minitf.api.random import multinomial as multinomial
from minitf.api.random import random_normal as normal
from minitf.api.random import random_poisson as poisson
from minitf.api.random import set_random_seed as set_random_seed
from minitf.api.random import random_shuffle as shuffle
from minitf.api.random import truncated_normal as truncated_normal
from minitf.api.random import random_uniform as uniform
from minitf.api.random_stateless import stateless_categorical as stateless_categorical
from minitf.api.random_stateless import stateless_multinomial as stateless_multinomial
from minitf.api.random_stateless import stateless_random_normal as stateless_normal
from minitf.api.random_stateless import stateless_truncated_normal as stateless_truncated_normal
from minitf.api.random_stateless import stateless_random_uniform as stateless_uniform
from minitf.namespaces.random import experimental as experimental
__all__ = ['all_candidate_sampler', 'categorical', 'experimental', 'fixed_unigram_candidate_sampler', 'gamma', 'get_seed', 'learned_unigram_candidate_sampler', 'log_uniform_candidate_sampler', 'multinomial', 'normal', 'poisson', 'set_random_seed', 'shuffle', 'stateless_categorical', 'stateless_multinomial', 'stateless_normal', 'stateless_truncated_normal', 'stateless_uniform', 'truncated_normal', 'uniform', 'uniform_candidate_sampler']
