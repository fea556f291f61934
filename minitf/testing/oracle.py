"""TensorFlow's 1.x API, the second oracle, where it is installed."""

from __future__ import annotations

import os
import warnings
from functools import cache
from typing import Any

from minitf.errors import NotFoundError


@cache
def tensorflow() -> Any:
    """Return `tensorflow.compat.v1`, set to graph mode and to silence.

    Its own kernels run: those of oneDNN, which it takes on some processors, refuse some calls and
    give other shapes for empty inputs.  `TF_ENABLE_ONEDNN_OPTS` asks for them.

    Raises:
        NotFoundError: if TensorFlow is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up chatter on stderr
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # the same kernels on any processor
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")  # tf.layers lives in Keras 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own imports are not ours to mend
        try:
            import tensorflow.compat.v1 as oracle
        except ModuleNotFoundError as error:
            raise NotFoundError(
                None,
                None,
                "TensorFlow is not installed\n"
                "  hint: pip install tensorflow-cpu, or leave out what compares with it",
            ) from error
        oracle.logging.set_verbosity(oracle.logging.ERROR)
        oracle.disable_v2_behavior()
    return oracle


@cache
def registered() -> Any:
    """Return TensorFlow's ops: registry name -> OpDef message."""
    tensorflow()
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.client import pywrap_tf_session

    found = op_def_pb2.OpList()
    found.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    return {op_def.name: op_def for op_def in found.op}


@cache
def plain_config() -> Any:
    """Return a session's options without graph rewriting: one thread, kernels as they are."""
    tf = tensorflow()
    config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    config.graph_options.optimizer_options.opt_level = -1
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return config
