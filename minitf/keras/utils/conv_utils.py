"""`tensorflow.python.keras.utils.conv_utils`: sizes and settings of convolutions."""

from minitf import lazy

_NAMES = {
    "minitf.keras.utils.connections": (
        "conv_connected_inputs conv_kernel_idxs conv_kernel_mask conv_output_shape convert_kernel "
        "deconv_output_length"
    ),
    "minitf.layers.utils": (
        "conv_input_length conv_output_length convert_data_format normalize_data_format "
        "normalize_padding normalize_tuple"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
