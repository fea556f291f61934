"""do_quantize_training_on_graphdef: a name of TensorFlow's that is refused.

Source: TensorFlow 1.15's tf.train.
"""

from __future__ import annotations

from typing import Any

from minitf.errors import UnimplementedError


def do_quantize_training_on_graphdef(input_graph: Any, num_bits: int) -> Any:
    """Refuse: graphs are not rewritten for training in few bits.

    Args:
        input_graph: a GraphDef.
        num_bits: of a weight.

    Raises:
        UnimplementedError: always; it says which ops do that where a program adds them.
    """
    raise UnimplementedError(
        None,
        None,
        "do_quantize_training_on_graphdef: graphs are not rewritten for training in "
        f"{num_bits} bits; put tf.quantization.fake_quant_with_min_max_vars where they are needed",
    )
