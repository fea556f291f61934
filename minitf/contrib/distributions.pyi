# `tf.contrib.distributions`: those that `tf.distributions` has too.

from minitf.distributions.bernoulli import Bernoulli as Bernoulli
from minitf.distributions.categorical import Categorical as Categorical
from minitf.distributions.distribution import Distribution as Distribution
from minitf.distributions.divergence import RegisterKL as RegisterKL
from minitf.distributions.divergence import kl_divergence as kl_divergence
from minitf.distributions.laplace import Laplace as Laplace
from minitf.distributions.normal import Normal as Normal
from minitf.distributions.reparameterization import FULLY_REPARAMETERIZED as FULLY_REPARAMETERIZED
from minitf.distributions.reparameterization import NOT_REPARAMETERIZED as NOT_REPARAMETERIZED
from minitf.distributions.reparameterization import ReparameterizationType as ReparameterizationType
from minitf.distributions.uniform import Uniform as Uniform
__all__ = ['Bernoulli', 'Categorical', 'Distribution', 'FULLY_REPARAMETERIZED', 'Laplace', 'NOT_REPARAMETERIZED', 'Normal', 'RegisterKL', 'ReparameterizationType', 'Uniform', 'kl_divergence']
