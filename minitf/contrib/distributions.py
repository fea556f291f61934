"""`tf.contrib.distributions`: those that `tf.distributions` has too."""

from minitf import lazy

_NAMES = {
    "minitf.distributions.bernoulli": "Bernoulli",
    "minitf.distributions.categorical": "Categorical",
    "minitf.distributions.distribution": "Distribution",
    "minitf.distributions.divergence": "RegisterKL kl_divergence",
    "minitf.distributions.laplace": "Laplace",
    "minitf.distributions.normal": "Normal",
    "minitf.distributions.reparameterization": (
        "FULLY_REPARAMETERIZED NOT_REPARAMETERIZED ReparameterizationType"
    ),
    "minitf.distributions.uniform": "Uniform",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
