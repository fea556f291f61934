# `tf.contrib.integrate`: solvers of ordinary differential equations.

from minitf.contrib.integrate.adaptive import odeint as odeint
from minitf.contrib.integrate.fixed import odeint_fixed as odeint_fixed
__all__ = ['odeint', 'odeint_fixed']
