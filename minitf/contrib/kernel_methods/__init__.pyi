# `tf.contrib.kernel_methods`: linear models of features that kernels make.

from minitf.contrib.kernel_methods.estimators import KernelLinearClassifier as KernelLinearClassifier
from minitf.contrib.kernel_methods.losses import sparse_multiclass_hinge_loss as sparse_multiclass_hinge_loss
from minitf.contrib.kernel_methods.mappers import RandomFourierFeatureMapper as RandomFourierFeatureMapper
__all__ = ['KernelLinearClassifier', 'RandomFourierFeatureMapper', 'sparse_multiclass_hinge_loss']
