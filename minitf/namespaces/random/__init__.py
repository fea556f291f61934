"""`tf.random`: the random ops under the names of TensorFlow 1.13 and later."""

from minitf import lazy

_NAMES = {
    "minitf.api.candidate_sampling": (
        "all_candidate_sampler fixed_unigram_candidate_sampler learned_unigram_candidate_sampler "
        "log_uniform_candidate_sampler uniform_candidate_sampler"
    ),
    "minitf.api.random": (
        "categorical gamma=random_gamma get_seed multinomial normal=random_normal "
        "poisson=random_poisson set_random_seed shuffle=random_shuffle truncated_normal "
        "uniform=random_uniform"
    ),
    "minitf.api.random_stateless": (
        "stateless_categorical stateless_multinomial stateless_normal=stateless_random_normal "
        "stateless_truncated_normal stateless_uniform=stateless_random_uniform"
    ),
}

_SUBMODULES = "experimental"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
