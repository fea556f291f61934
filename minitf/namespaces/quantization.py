"""`tf.quantization`: real numbers in few bits."""

from minitf import lazy

_NAMES = {
    "minitf.api.quantization": (
        "dequantize fake_quant_with_min_max_args fake_quant_with_min_max_args_gradient "
        "fake_quant_with_min_max_vars fake_quant_with_min_max_vars_gradient "
        "fake_quant_with_min_max_vars_per_channel "
        "fake_quant_with_min_max_vars_per_channel_gradient quantize quantize_and_dequantize "
        "quantized_concat"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
