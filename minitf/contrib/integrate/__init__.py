"""`tf.contrib.integrate`: solvers of ordinary differential equations."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.integrate.adaptive": "odeint",
    "minitf.contrib.integrate.fixed": "odeint_fixed",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
