"""`tf.contrib.distributions.bijectors`: functions with an inverse, which make new distributions."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.distributions.bijectors.affine_operator": "AffineLinearOperator",
    "minitf.contrib.distributions.bijectors.bijector": "Bijector",
    "minitf.contrib.distributions.bijectors.composed": "Chain Identity Inline Invert",
    "minitf.contrib.distributions.bijectors.elementwise": (
        "AffineScalar Exp Sigmoid Softplus Square"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
