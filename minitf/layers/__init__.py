"""`tf.layers`: functions that make variables and use them, and the classes behind."""

from minitf import lazy

_NAMES = {
    "minitf.layers.base": "Layer",
    "minitf.layers.convolutional": "Conv1D Conv2D Conv3D conv1d conv2d conv3d",
    "minitf.layers.core": "Dense Dropout Flatten dense dropout flatten",
    "minitf.layers.input_spec": "InputSpec",
    "minitf.layers.normalization": "BatchNormalization batch_normalization",
    "minitf.layers.pooling": (
        "AveragePooling1D AveragePooling2D AveragePooling3D MaxPooling1D MaxPooling2D MaxPooling3D "
        "average_pooling1d average_pooling2d average_pooling3d max_pooling1d max_pooling2d "
        "max_pooling3d"
    ),
    "minitf.layers.separable": (
        "SeparableConv1D SeparableConv2D separable_conv1d separable_conv2d"
    ),
    "minitf.layers.transposed": (
        "Conv2DTranspose Conv3DTranspose conv2d_transpose conv3d_transpose"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "experimental")
