"""`tf.random` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.v2.framework": "poisson=random_poisson set_seed",
    **lazy.present(
        "minitf.namespaces.random",
        (
            "all_candidate_sampler categorical fixed_unigram_candidate_sampler gamma "
            "learned_unigram_candidate_sampler log_uniform_candidate_sampler normal shuffle "
            "stateless_categorical stateless_normal stateless_truncated_normal stateless_uniform "
            "truncated_normal uniform uniform_candidate_sampler experimental"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
