# `tf.distributions`: random variables with their probabilities, statistics and samples.

from minitf.distributions.bernoulli import Bernoulli as Bernoulli
from minitf.distributions.beta import Beta as Beta
from minitf.distributions.categorical import Categorical as Categorical
from minitf.distributions.dirichlet import Dirichlet as Dirichlet
from minitf.distributions.distribution import Distribution as Distribution
from minitf.distributions.divergence import RegisterKL as RegisterKL
from minitf.distributions.divergence import kl_divergence as kl_divergence
from minitf.distributions.gamma import Exponential as Exponential
from minitf.distributions.gamma import Gamma as Gamma
from minitf.distributions.laplace import Laplace as Laplace
from minitf.distributions.multinomial import DirichletMultinomial as DirichletMultinomial
from minitf.distributions.multinomial import Multinomial as Multinomial
from minitf.distributions.normal import Normal as Normal
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED as FULLY_REPARAMETERIZED
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED as NOT_REPARAMETERIZED
from minitf.distributions.reparameterization import ReparameterizationType as ReparameterizationType
from minitf.distributions.student_t import StudentT as StudentT
from minitf.distributions.uniform import Uniform as Uniform
__all__ = ['Bernoulli', 'Beta', 'Categorical', 'Dirichlet', 'DirichletMultinomial', 'Distribution', 'Exponential', 'FULLY_REPARAMETERIZED', 'Gamma', 'Laplace', 'Multinomial', 'NOT_REPARAMETERIZED', 'Normal', 'RegisterKL', 'ReparameterizationType', 'StudentT', 'Uniform', 'kl_divergence']
