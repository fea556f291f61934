# `tf.quantization`: real numbers in few bits.

from minitf.api.quantization import dequantize as dequantize
from minitf.api.quantization import fake_quant_with_min_max_args as fake_quant_with_min_max_args
from minitf.api.quantization import fake_quant_with_min_max_args_gradient as fake_quant_with_min_max_args_gradient
from minitf.api.quantization import fake_quant_with_min_max_vars as fake_quant_with_min_max_vars
from minitf.api.quantization import fake_quant_with_min_max_vars_gradient as fake_quant_with_min_max_vars_gradient
from minitf.api.quantization import fake_quant_with_min_max_vars_per_channel as fake_quant_with_min_max_vars_per_channel
from minitf.api.quantization import fake_quant_with_min_max_vars_per_channel_gradient as fake_quant_with_min_max_vars_per_channel_gradient
from minitf.api.quantization import quantize as quantize
from minitf.api.quantization import quantize_and_dequantize as quantize_and_dequantize
from minitf.api.quantization import quantized_concat as quantized_concat
__all__ = ['dequantize', 'fake_quant_with_min_max_args', 'fake_quant_with_min_max_args_gradient', 'fake_quant_with_min_max_vars', 'fake_quant_with_min_max_vars_gradient', 'fake_quant_with_min_max_vars_per_channel', 'fake_quant_with_min_max_vars_per_channel_gradient', 'quantize', 'quantize_and_dequantize', 'quantized_concat']
