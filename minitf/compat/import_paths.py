"""Which of our modules stands for which import path of TensorFlow's.

Programs import `tensorflow.python.framework.ops` and the like though what they need is public
elsewhere.  A module of ours may know more, or fewer, names than TensorFlow's does.

Source: no paper; how often programs of TensorFlow 1.x import which path.
"""

from __future__ import annotations

_BELOW_PYTHON = {
    "minitf": (
        "client.session framework.constant_op framework.importer framework.ops "
        "framework.random_seed framework.sparse_tensor ops.array_ops ops.check_ops ops.clip_ops "
        "ops.confusion_matrix ops.constant_op ops.control_flow_ops ops.functional_ops "
        "ops.gradients "
        "ops.gradients_impl ops.init_ops ops.io_ops ops.linalg_ops ops.logging_ops ops.math_ops "
        "ops.numerics ops.parsing_ops ops.partitioned_variables ops.random_ops ops.script_ops "
        "ops.sparse_ops ops.special_math_ops ops.standard_ops ops.state_ops ops.string_ops "
        "ops.template ops.tensor_array_ops ops.variable_scope ops.variables"
    ),
    "minitf.compat": "util.compat",
    "minitf.compat.app": "platform.app",
    "minitf.compat.flags": "platform.flags",
    "minitf.compat.gfile": "platform.gfile",
    "minitf.compat.internal.data_flow_ops": "ops.data_flow_ops",
    "minitf.compat.internal.device_lib": "client.device_lib",
    "minitf.compat.internal.file_io": "lib.io.file_io",
    "minitf.compat.internal.op_def_library": "framework.op_def_library",
    "minitf.compat.internal.pywrap_tensorflow": "pywrap_tensorflow",
    "minitf.compat.internal.tensor_shape": "framework.tensor_shape",
    "minitf.compat.internal.tensor_util": "framework.tensor_util",
    "minitf.compat.internal.test_util": "framework.test_util",
    "minitf.compat.logging": "platform.tf_logging",
    "minitf.compat.resource_loader": "platform.resource_loader",
    "minitf.devices": "framework.device",
    "minitf.dtypes": "framework.dtypes",
    "minitf.errors": "framework.errors framework.errors_impl",
    "minitf.layers": (
        "layers.base layers.convolutional layers.core layers.layers layers.normalization "
        "layers.pooling"
    ),
    "minitf.layers.utils": "layers.utils",
    "minitf.metrics": "ops.metrics ops.metrics_impl",
    "minitf.namespaces.graph_util": (
        "client.graph_util framework.graph_util framework.graph_util_impl"
    ),
    "minitf.namespaces.image": "ops.image_ops ops.image_ops_impl",
    "minitf.namespaces.losses": "ops.losses.losses ops.losses.losses_impl",
    "minitf.namespaces.python_io": "lib.io.python_io lib.io.tf_record",
    "minitf.namespaces.test": "ops.gradient_checker platform.googletest platform.test",
    "minitf.nest": "util.nest",
    "minitf.nn": (
        "ops.candidate_sampling_ops ops.ctc_ops ops.embedding_ops ops.nn ops.nn_impl ops.nn_ops "
        "ops.rnn"
    ),
    "minitf.nn.rnn_cell": "ops.rnn_cell ops.rnn_cell_impl",
    "minitf.nn.seq2seq": "ops.seq2seq",
    "minitf.summary": "summary.summary summary.writer.writer",
    "minitf.summary.event_file": "summary.summary_iterator",
    "minitf.timeline": "client.timeline",
    "minitf.train": (
        "training.adagrad training.adam training.basic_session_run_hooks "
        "training.checkpoint_management training.checkpoint_utils training.coordinator "
        "training.ftrl training.gradient_descent training.input training.learning_rate_decay "
        "training.momentum training.monitored_session training.queue_runner "
        "training.queue_runner_impl training.rmsprop training.saver training.session_manager "
        "training.session_run_hook training.summary_io training.supervisor training.training"
    ),
    "minitf.train.moving_averages": "training.moving_averages",
    "minitf.train.optimizer": "training.optimizer",
    "minitf.train.slot_creator": "training.slot_creator",
    "minitf.train.training_util": "training.training_util",
    "minitf.variables.resource": "ops.resource_variable_ops",
}
_BELOW_CONTRIB = {
    "minitf.contrib.framework": (
        "framework.python.framework framework.python.ops framework.python.ops.arg_scope "
        "framework.python.ops.variables"
    ),
    "minitf.contrib.layers": (
        "layers.python.layers.initializers layers.python.layers.optimizers "
        "layers.python.layers.regularizers layers.python.layers layers.python.layers.layers"
    ),
    "minitf.contrib.learn.datasets": "learn.python.learn.datasets",
    "minitf.contrib.learn.datasets.base": "learn.python.learn.datasets.base",
    "minitf.contrib.learn.datasets.mnist": "learn.python.learn.datasets.mnist",
    "minitf.contrib.legacy_seq2seq": "legacy_seq2seq.python.ops.seq2seq",
    "minitf.contrib.opt": (
        "opt.python.training.external_optimizer opt.python.training.moving_average_optimizer"
    ),
    "minitf.contrib.rnn": (
        "rnn.python.ops.core_rnn rnn.python.ops.core_rnn_cell rnn.python.ops.core_rnn_cell_impl "
        "rnn.python.ops.rnn rnn.python.ops.rnn_cell"
    ),
    "minitf.contrib.seq2seq": (
        "seq2seq.python.ops.attention_wrapper seq2seq.python.ops.basic_decoder "
        "seq2seq.python.ops.beam_search_decoder seq2seq.python.ops.decoder "
        "seq2seq.python.ops.helper seq2seq.python.ops.loss"
    ),
    "minitf.contrib.training": "training.python.training.hparam",
}
_ELSEWHERE = {
    "minitf": "tensorflow",
    "minitf.examples.tutorials.mnist.input_data": "tensorflow.g3doc.tutorials.mnist.input_data",
    "minitf.examples.tutorials.mnist.mnist": "tensorflow.g3doc.tutorials.mnist.mnist",
}

_PARTS_OF_CORE = ("example", "framework", "lib", "profiler", "protobuf", "util")
_CORE = ("tensorflow.core", *(f"tensorflow.core.{part}" for part in _PARTS_OF_CORE))

PATHS = {
    f"{prefix}{path}": own
    for prefix, table in (
        ("", _ELSEWHERE),
        ("tensorflow.contrib.", _BELOW_CONTRIB),
        ("tensorflow.python.", _BELOW_PYTHON),
    )
    for own, paths in table.items()
    for path in paths.split()
}
"""Import path of TensorFlow's -> the name of our module."""


def own_module(path: str) -> str | None:
    """Return the name of our module for an import path; None where no rule says which."""
    folder, _, last = path.rpartition(".")
    if folder.startswith("tensorflow.core.") and last.endswith("_pb2"):
        return "minitf.protos"
    if folder == "tensorflow.python.ops" and last.startswith("gen_") and last.endswith("_ops"):
        return "minitf.compat.internal.gen_ops"
    return PATHS.get(path)


def is_folder(path: str) -> bool:
    """Tell whether an import path is one of TensorFlow's folders, with modules of ours below it."""
    return path in _CORE or any(each.startswith(f"{path}.") for each in PATHS)
