# `tf.random` of TensorFlow 2.

from minitf.namespaces.random import all_candidate_sampler as all_candidate_sampler
from minitf.namespaces.random import categorical as categorical
from minitf.namespaces.random import experimental as experimental
from minitf.namespaces.random import fixed_unigram_candidate_sampler as fixed_unigram_candidate_sampler
from minitf.namespaces.random import gamma as gamma
from minitf.namespaces.random import learned_unigram_candidate_sampler as learned_unigram_candidate_sampler
from minitf.namespaces.random import log_uniform_candidate_sampler as log_uniform_candidate_sampler
from minitf.namespaces.random import normal as normal
from minitf.namespaces.random import shuffle as shuffle
from minitf.namespaces.random import stateless_categorical as stateless_categorical
from minitf.namespaces.random import stateless_normal as stateless_normal
from minitf.namespaces.random import stateless_truncated_normal as stateless_truncated_normal
from minitf.namespaces.random import stateless_uniform as stateless_uniform
from minitf.namespaces.random import truncated_normal as truncated_normal
from minitf.namespaces.random import uniform as uniform
from minitf.namespaces.random import uniform_candidate_sampler as uniform_candidate_sampler
from minitf.v2.framework import random_poisson as poisson
from minitf.v2.framework import set_seed as set_seed
__all__ = ['all_candidate_sampler', 'categorical', 'experimental', 'fixed_unigram_candidate_sampler', 'gamma', 'learned_unigram_candidate_sampler', 'log_uniform_candidate_sampler', 'normal', 'poisson', 'set_seed', 'shuffle', 'stateless_categorical', 'stateless_normal', 'stateless_truncated_normal', 'stateless_uniform', 'truncated_normal', 'uniform', 'uniform_candidate_sampler']
