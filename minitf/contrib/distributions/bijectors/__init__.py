"""`tf.contrib.distributions.bijectors`: functions with an inverse, which make new distributions."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.distributions.bijectors.affine": "Affine",
    "minitf.contrib.distributions.bijectors.affine_operator": "AffineLinearOperator",
    "minitf.contrib.distributions.bijectors.batch_normalization": "BatchNormalization",
    "minitf.contrib.distributions.bijectors.bijector": "Bijector",
    "minitf.contrib.distributions.bijectors.composed": "Chain Identity Inline Invert",
    "minitf.contrib.distributions.bijectors.conditional": "ConditionalBijector",
    "minitf.contrib.distributions.bijectors.curves": (
        "Exp Gumbel Kumaraswamy PowerTransform SinhArcsinh Softsign Weibull"
    ),
    "minitf.contrib.distributions.bijectors.elementwise": (
        "AbsoluteValue AffineScalar Sigmoid Softplus Square"
    ),
    "minitf.contrib.distributions.bijectors.flows": (
        "MaskedAutoregressiveFlow masked_autoregressive_default_template masked_dense"
    ),
    "minitf.contrib.distributions.bijectors.matrices": (
        "CholeskyOuterProduct FillTriangular MatrixInverseTriL ScaleTriL TransformDiagonal"
    ),
    "minitf.contrib.distributions.bijectors.real_nvp": "RealNVP real_nvp_default_template",
    "minitf.contrib.distributions.bijectors.vectors": "Ordered Permute Reshape SoftmaxCentered",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
