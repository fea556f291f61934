"""`tf.contrib.distributions`: distributions, bijectors that make further ones, and helpers."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.distributions.autoregressive": "Autoregressive",
    "minitf.contrib.distributions.batches": "BatchReshape Independent",
    "minitf.contrib.distributions.bell_shapes": "Cauchy Gumbel HalfNormal Logistic",
    "minitf.contrib.distributions.compounds": (
        "PoissonLogNormalQuadratureCompound VectorDiffeomixture"
    ),
    "minitf.contrib.distributions.conditional": (
        "ConditionalDistribution ConditionalTransformedDistribution"
    ),
    "minitf.contrib.distributions.conjugates": (
        "normal_conjugates_known_scale_posterior normal_conjugates_known_scale_predictive"
    ),
    "minitf.contrib.distributions.counting": "Binomial Poisson",
    "minitf.contrib.distributions.helpers": "SeedStream reduce_weighted_logsumexp softplus_inverse",
    "minitf.contrib.distributions.kumaraswamy": "Kumaraswamy",
    "minitf.contrib.distributions.mixtures": "Mixture MixtureSameFamily",
    "minitf.contrib.distributions.moving": (
        "assign_log_moving_mean_exp assign_moving_mean_variance moving_mean_variance"
    ),
    "minitf.contrib.distributions.normal_operator": "MultivariateNormalLinearOperator",
    "minitf.contrib.distributions.normal_vectors": (
        "MultivariateNormalDiag MultivariateNormalDiagPlusLowRank "
        "MultivariateNormalDiagWithSoftplusScale MultivariateNormalFullCovariance "
        "MultivariateNormalTriL"
    ),
    "minitf.contrib.distributions.one_hot": "OneHotCategorical",
    "minitf.contrib.distributions.point_masses": "Deterministic VectorDeterministic",
    "minitf.contrib.distributions.quadrature": (
        "quadrature_scheme_lognormal_gauss_hermite quadrature_scheme_lognormal_quantiles "
        "quadrature_scheme_softmaxnormal_gauss_hermite quadrature_scheme_softmaxnormal_quantiles"
    ),
    "minitf.contrib.distributions.quantized": "QuantizedDistribution",
    "minitf.contrib.distributions.relaxed": (
        "ExpRelaxedOneHotCategorical RelaxedBernoulli RelaxedOneHotCategorical"
    ),
    "minitf.contrib.distributions.sample_statistics": "auto_correlation percentile",
    "minitf.contrib.distributions.sinh_arcsinh": "SinhArcsinh VectorSinhArcsinhDiag",
    "minitf.contrib.distributions.transformed": "TransformedDistribution",
    "minitf.contrib.distributions.triangles": (
        "fill_triangular fill_triangular_inverse matrix_diag_transform tridiag"
    ),
    "minitf.contrib.distributions.vector_kinds": (
        "VectorExponentialDiag VectorExponentialLinearOperator VectorLaplaceDiag "
        "VectorLaplaceLinearOperator"
    ),
    "minitf.contrib.distributions.waiting": "Geometric NegativeBinomial",
    "minitf.contrib.distributions.wishart": "WishartCholesky WishartFull",
    "minitf.distributions.bernoulli": "Bernoulli",
    "minitf.distributions.beta": "Beta",
    "minitf.distributions.categorical": "Categorical",
    "minitf.distributions.dirichlet": "Dirichlet",
    "minitf.distributions.distribution": "Distribution",
    "minitf.distributions.divergence": "RegisterKL kl_divergence",
    "minitf.distributions.gamma": "Chi2 Exponential Gamma InverseGamma",
    "minitf.distributions.laplace": "Laplace",
    "minitf.distributions.multinomial": "DirichletMultinomial Multinomial",
    "minitf.distributions.normal": "Normal",
    "minitf.distributions.positive": (
        "BetaWithSoftplusConcentration Chi2WithAbsDf ExponentialWithSoftplusRate "
        "GammaWithSoftplusConcentrationRate InverseGammaWithSoftplusConcentrationRate "
        "LaplaceWithSoftplusScale NormalWithSoftplusScale StudentTWithAbsDfSoftplusScale"
    ),
    "minitf.distributions.reparameterization": (
        "FULLY_REPARAMETERIZED NOT_REPARAMETERIZED ReparameterizationType"
    ),
    "minitf.distributions.student_t": "StudentT",
    "minitf.distributions.uniform": "Uniform",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "bijectors")
