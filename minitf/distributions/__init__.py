"""`tf.distributions`: random variables with their probabilities, statistics and samples."""

from minitf import lazy

_NAMES = {
    "minitf.distributions.bernoulli": "Bernoulli",
    "minitf.distributions.beta": "Beta",
    "minitf.distributions.categorical": "Categorical",
    "minitf.distributions.dirichlet": "Dirichlet",
    "minitf.distributions.distribution": "Distribution",
    "minitf.distributions.divergence": "RegisterKL kl_divergence",
    "minitf.distributions.gamma": "Exponential Gamma",
    "minitf.distributions.laplace": "Laplace",
    "minitf.distributions.multinomial": "DirichletMultinomial Multinomial",
    "minitf.distributions.normal": "Normal",
    "minitf.distributions.reparameterization": (
        "FULLY_REPARAMETERIZED NOT_REPARAMETERIZED ReparameterizationType"
    ),
    "minitf.distributions.student_t": "StudentT",
    "minitf.distributions.uniform": "Uniform",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
