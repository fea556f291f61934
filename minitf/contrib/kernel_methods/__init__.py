"""`tf.contrib.kernel_methods`: linear models of features that kernels make."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.kernel_methods.estimators": "KernelLinearClassifier",
    "minitf.contrib.kernel_methods.losses": "sparse_multiclass_hinge_loss",
    "minitf.contrib.kernel_methods.mappers": "RandomFourierFeatureMapper",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
