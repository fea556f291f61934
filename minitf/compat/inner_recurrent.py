"""Which names the modules of recurrent networks have besides those of ours.

Source: no paper; what libraries and programs of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

_LINEAR = {"minitf.rnn.linear": "_Linear=Linear _linear=linear"}
_CELLS = {
    "minitf.rnn.cell": (
        "ASSERT_LIKE_RNNCELL_ERROR_REGEXP=NO_CELL_REGEXP LayerRNNCell "
        "_like_rnncell=is_like_rnncell _zero_state_tensors=zero_states assert_like_rnncell"
    ),
    "minitf.rnn.dropout_wrapper": "DropoutWrapper DropoutWrapperV2=DropoutWrapper",
    **_LINEAR,
}
_STEPS = {
    "minitf.rnn.steps": (
        "_best_effort_input_batch_size=batch_size_of _transpose_batch_time=swap_batch_and_time"
    ),
}

OF_RECURRENT: dict[str, dict[str, str]] = {
    "ops.rnn": {"minitf.nn": "rnn_cell_impl=rnn_cell", **_STEPS},
    "ops.rnn_cell": _CELLS,
    "ops.rnn_cell_impl": _CELLS,
    "ops.rnn_cell_wrapper_impl": {
        "minitf.rnn.dropout_wrapper": "DropoutWrapperBase=DropoutWrapper",
        "minitf.rnn.wrappers": (
            "DeviceWrapperBase=DeviceWrapper ResidualWrapperBase=ResidualWrapper"
        ),
    },
}
"""Import path below `tensorflow.python` -> module -> names, as in `minitf.lazy`."""

OF_CONTRIB: dict[str, dict[str, str]] = {
    "rnn.python.ops.core_rnn": _STEPS,
    "rnn.python.ops.core_rnn_cell": _CELLS,
    "rnn.python.ops.core_rnn_cell_impl": _CELLS,
    "seq2seq.python.ops.attention_wrapper": {
        "minitf.contrib.seq2seq.attention": "_BaseAttentionMechanism=LayeredAttention",
        "minitf.contrib.seq2seq.attention_wrapper": "_compute_attention=compute_attention",
        "minitf.rnn.cell": "_zero_state_tensors=zero_states",
    },
    "seq2seq.python.ops.decoder": _STEPS,
}
"""The same below `tensorflow.contrib`."""
