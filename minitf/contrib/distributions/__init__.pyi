# `tf.contrib.distributions`: those of `tf.distributions`, and a few more.

from minitf.contrib.distributions.counting import Binomial as Binomial
from minitf.contrib.distributions.counting import Poisson as Poisson
from minitf.contrib.distributions.mixtures import Mixture as Mixture
from minitf.contrib.distributions.mixtures import MixtureSameFamily as MixtureSameFamily
from minitf.contrib.distributions.normal_operator import MultivariateNormalLinearOperator as MultivariateNormalLinearOperator
from minitf.contrib.distributions.normal_vectors import MultivariateNormalDiag as MultivariateNormalDiag
from minitf.contrib.distributions.normal_vectors import MultivariateNormalDiagPlusLowRank as MultivariateNormalDiagPlusLowRank
from minitf.contrib.distributions.normal_vectors import MultivariateNormalDiagWithSoftplusScale as MultivariateNormalDiagWithSoftplusScale
from minitf.contrib.distributions.normal_vectors import MultivariateNormalFullCovariance as MultivariateNormalFullCovariance
from minitf.contrib.distributions.normal_vectors import MultivariateNormalTriL as MultivariateNormalTriL
from minitf.contrib.distributions.one_hot import OneHotCategorical as OneHotCategorical
from minitf.contrib.distributions.transformed import TransformedDistribution as TransformedDistribution
from minitf.distributions.bernoulli import Bernoulli as Bernoulli
from minitf.distributions.beta import Beta as Beta
from minitf.distributions.categorical import Categorical as Categorical
from minitf.distributions.dirichlet import Dirichlet as Dirichlet
from minitf.distributions.distribution import Distribution as Distribution
from minitf.distributions.divergence import RegisterKL as RegisterKL
from minitf.distributions.divergence import kl_divergence as kl_divergence
from minitf.distributions.gamma import Chi2 as Chi2
from minitf.distributions.gamma import Exponential as Exponential
from minitf.distributions.gamma import Gamma as Gamma
from minitf.distributions.gamma import InverseGamma as InverseGamma
from minitf.distributions.laplace import Laplace as Laplace
from minitf.distributions.multinomial import DirichletMultinomial as DirichletMultinomial
from minitf.distributions.multinomial import Multinomial as Multinomial
from minitf.distributions.normal import Normal as Normal
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED as FULLY_REPARAMETERIZED
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED as NOT_REPARAMETERIZED
from minitf.distributions.reparameterization import ReparameterizationType as ReparameterizationType
from minitf.distributions.student_t import StudentT as StudentT
from minitf.distributions.uniform import Uniform as Uniform
__all__ = ['Bernoulli', 'Beta', 'Binomial', 'Categorical', 'Chi2', 'Dirichlet', 'DirichletMultinomial', 'Distribution', 'Exponential', 'FULLY_REPARAMETERIZED', 'Gamma', 'InverseGamma', 'Laplace', 'Mixture', 'MixtureSameFamily', 'Multinomial', 'MultivariateNormalDiag', 'MultivariateNormalDiagPlusLowRank', 'MultivariateNormalDiagWithSoftplusScale', 'MultivariateNormalFullCovariance', 'MultivariateNormalLinearOperator', 'MultivariateNormalTriL', 'NOT_REPARAMETERIZED', 'Normal', 'OneHotCategorical', 'Poisson', 'RegisterKL', 'ReparameterizationType', 'StudentT', 'TransformedDistribution', 'Uniform', 'bijectors', 'kl_divergence']
