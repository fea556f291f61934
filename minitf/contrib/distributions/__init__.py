"""`tf.contrib.distributions`: those of `tf.distributions`, and a few more."""

from minitf import lazy

_NAMES = {
    "minitf.distributions.bernoulli": "Bernoulli",
    "minitf.distributions.beta": "Beta",
    "minitf.distributions.categorical": "Categorical",
    "minitf.contrib.distributions.counting": "Binomial Poisson",
    "minitf.distributions.dirichlet": "Dirichlet",
    "minitf.distributions.distribution": "Distribution",
    "minitf.distributions.divergence": "RegisterKL kl_divergence",
    "minitf.distributions.gamma": "Chi2 Exponential Gamma InverseGamma",
    "minitf.distributions.laplace": "Laplace",
    "minitf.distributions.multinomial": "DirichletMultinomial Multinomial",
    "minitf.distributions.normal": "Normal",
    "minitf.contrib.distributions.mixtures": "Mixture MixtureSameFamily",
    "minitf.contrib.distributions.normal_operator": "MultivariateNormalLinearOperator",
    "minitf.contrib.distributions.normal_vectors": (
        "MultivariateNormalDiag MultivariateNormalDiagPlusLowRank "
        "MultivariateNormalDiagWithSoftplusScale MultivariateNormalFullCovariance "
        "MultivariateNormalTriL"
    ),
    "minitf.distributions.reparameterization": (
        "FULLY_REPARAMETERIZED NOT_REPARAMETERIZED ReparameterizationType"
    ),
    "minitf.distributions.student_t": "StudentT",
    "minitf.contrib.distributions.one_hot": "OneHotCategorical",
    "minitf.contrib.distributions.transformed": "TransformedDistribution",
    "minitf.distributions.uniform": "Uniform",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "bijectors")
