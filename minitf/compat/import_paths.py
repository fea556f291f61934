"""Which of our modules stands for which import path of TensorFlow's.

Programs import `tensorflow.python.framework.ops` and the like though what they need is public
elsewhere.  A module of ours may know more, or fewer, names than TensorFlow's does.

Source: no paper; how often programs of TensorFlow 1.x import which path.
"""

from __future__ import annotations

_OF_KERAS = (
    "activations applications backend callbacks constraints datasets initializers layers losses "
    "metrics models optimizers preprocessing regularizers"
)
_BELOW_PYTHON = {
    "minitf": (
        "client.session framework.constant_op framework.importer framework.indexed_slices "
        "framework.load_library framework.ops framework.random_seed framework.sparse_tensor "
        "framework.versions ops.array_ops ops.check_ops ops.clip_ops ops.confusion_matrix "
        "ops.constant_op ops.control_flow_ops ops.custom_gradient ops.functional_ops "
        "ops.gradients ops.gradients_impl ops.gradients_util ops.histogram_ops ops.init_ops "
        "ops.io_ops ops.linalg_ops ops.logging_ops ops.map_fn ops.math_ops ops.numerics "
        "ops.parsing_ops ops.partitioned_variables ops.random_ops ops.script_ops "
        "ops.session_ops ops.sort_ops ops.sparse_ops ops.special_math_ops ops.standard_ops "
        "ops.state_ops ops.stateless_random_ops ops.string_ops ops.template "
        "ops.tensor_array_ops ops.variable_scope ops.variables"
    ),
    "contextlib": "util.tf_contextlib",
    "inspect": "util.tf_inspect",
    "minitf.api.weights": "ops.weights_broadcast_ops",
    "minitf.compat": "util.compat",
    "minitf.compat.app": "platform.app",
    "minitf.compat.flags": "platform.flags",
    "minitf.compat.gfile": "platform.gfile",
    "minitf.compat.benchmark": "platform.benchmark",
    "minitf.compat.internal.common_shapes": "framework.common_shapes",
    "minitf.compat.internal.context": "eager.context",
    "minitf.compat.internal.control_flow_util": "ops.control_flow_util",
    "minitf.compat.internal.data_flow_ops": "ops.data_flow_ops",
    "minitf.compat.internal.deprecation": "util.deprecation",
    "minitf.compat.internal.device_lib": "client.device_lib",
    "minitf.compat.internal.eager": (
        "eager.backprop eager.def_function eager.function eager.wrap_function"
    ),
    "minitf.compat.internal.file_io": "lib.io.file_io",
    "minitf.compat.internal.forward_compatibility": "compat.compat",
    "minitf.compat.internal.op_def_registry": "framework.op_def_registry",
    "minitf.compat.internal.op_def_library": "framework.op_def_library",
    "minitf.compat.internal.pywrap_tensorflow": "pywrap_tensorflow",
    "minitf.compat.internal.tensor_shape": "framework.tensor_shape",
    "minitf.compat.internal.tensor_util": "framework.tensor_util",
    "minitf.compat.internal.test_util": "framework.test_util",
    "minitf.compat.logging": "platform.tf_logging",
    "minitf.compat.resource_loader": "platform.resource_loader",
    "minitf.data": "data.ops.dataset_ops data.ops.iterator_ops data.ops.readers",
    "minitf.data.experimental": (
        "data.experimental.ops.batching data.experimental.ops.cardinality "
        "data.experimental.ops.counter data.experimental.ops.enumerate_ops "
        "data.experimental.ops.error_ops data.experimental.ops.get_single_element "
        "data.experimental.ops.grouping data.experimental.ops.interleave_ops "
        "data.experimental.ops.parsing_ops data.experimental.ops.random_ops "
        "data.experimental.ops.scan_ops data.experimental.ops.shuffle_ops "
        "data.experimental.ops.take_while_ops data.experimental.ops.unique"
    ),
    "minitf.compat.internal.device": "framework.device",
    "minitf.distributions": (
        "ops.distributions.bernoulli ops.distributions.categorical ops.distributions.distribution "
        "ops.distributions.distributions ops.distributions.kullback_leibler "
        "ops.distributions.laplace ops.distributions.normal ops.distributions.uniform"
    ),
    "minitf.dtypes": "framework.dtypes",
    "minitf.errors": "framework.errors framework.errors_impl",
    "minitf.functional.defun": "framework.function",
    "minitf.layers": (
        "layers.base layers.convolutional layers.core layers.layers layers.normalization "
        "layers.pooling"
    ),
    "minitf.keras": "keras",
    **{f"minitf.keras.{each}": f"keras.{each}" for each in _OF_KERAS.split()},
    "minitf.keras.engine.layer": "keras.engine.base_layer",
    "minitf.keras.engine.input_layer": "keras.engine.input_layer",
    "minitf.keras.engine.network": "keras.engine.network",
    "minitf.keras.engine.sequential": "keras.engine.sequential",
    "minitf.keras.engine.training": "keras.engine.training",
    "minitf.keras.utils": "keras.utils.generic_utils keras.utils.np_utils",
    "minitf.keras.utils.data_utils": "keras.utils.data_utils",
    "minitf.keras.utils.tf_utils": "keras.utils.tf_utils",
    "minitf.layers.input_spec": "keras.engine.input_spec",
    "minitf.layers.utils": "layers.utils",
    "minitf.metrics": "ops.metrics ops.metrics_impl",
    "minitf.meta_graph": "framework.meta_graph",
    "minitf.namespaces.bitwise": "ops.bitwise_ops",
    "minitf.namespaces.graph_util": (
        "client.graph_util framework.graph_util framework.graph_util_impl"
    ),
    "minitf.namespaces.image": "ops.image_ops ops.image_ops_impl",
    "minitf.namespaces.linalg": "ops.linalg.linalg ops.linalg.linalg_impl ops.linalg_ops_impl",
    "minitf.namespaces.losses": (
        "ops.losses.losses ops.losses.losses_impl ops.losses.util ops.losses.loss_reduction"
    ),
    "minitf.namespaces.manip": "ops.manip_ops",
    "minitf.namespaces.python_io": "lib.io.python_io lib.io.tf_record",
    "minitf.namespaces.sets": "ops.sets ops.sets_impl",
    "minitf.namespaces.signal": (
        "ops.signal.dct_ops ops.signal.fft_ops ops.signal.mel_ops ops.signal.mfcc_ops "
        "ops.signal.reconstruction_ops ops.signal.shape_ops ops.signal.signal "
        "ops.signal.spectral_ops ops.signal.window_ops ops.spectral_ops"
    ),
    "minitf.namespaces.test": "eager.test ops.gradient_checker platform.googletest platform.test",
    "minitf.nest": "util.nest",
    "minitf.nn": (
        "ops.candidate_sampling_ops ops.ctc_ops ops.embedding_ops ops.nn ops.nn_impl ops.nn_ops "
        "ops.rnn"
    ),
    "minitf.nn.rnn_cell": "ops.rnn_cell ops.rnn_cell_impl ops.rnn_cell_wrapper_impl",
    "minitf.nn.seq2seq": "ops.seq2seq",
    "minitf.summary": "summary.summary summary.writer.writer summary.writer.writer_cache",
    "minitf.summary.event_file": "summary.summary_iterator",
    "minitf.timeline": "client.timeline",
    "minitf.train": (
        "framework.graph_io training.adadelta training.adagrad training.adagrad_da training.adam "
        "training.basic_loops training.basic_session_run_hooks training.checkpoint_management "
        "training.checkpoint_utils training.coordinator training.ftrl "
        "training.gradient_descent training.input training.learning_rate_decay "
        "training.momentum training.monitored_session training.proximal_adagrad "
        "training.proximal_gradient_descent training.queue_runner training.queue_runner_impl "
        "training.rmsprop training.saver training.session_manager training.session_run_hook "
        "training.summary_io training.supervisor training.training"
    ),
    "minitf.train.checkpoint_reader": "training.py_checkpoint_reader",
    "minitf.train.moving_averages": "training.moving_averages",
    "minitf.train.optimizer": "training.optimizer",
    "minitf.train.saveable": "training.saving.saveable_object training.saving.saveable_object_util",
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

_GENERATED = ("tensorflow.python.ops", "tensorflow.python.training")
_PARTS_OF_CORE = ("example", "framework", "lib", "profiler", "protobuf", "util")
_CORE = (
    "tensorflow.core",
    "tensorflow.core.lib.core",
    *(f"tensorflow.core.{part}" for part in _PARTS_OF_CORE),
)

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
    if folder.startswith(("tensorflow.core.", "tensorflow.python.training")) and last.endswith(
        "_pb2"
    ):
        return "minitf.protos"
    if folder in _GENERATED and last.startswith("gen_") and last.endswith("_ops"):
        return "minitf.compat.internal.gen_ops"
    if folder == "tensorflow.python.ops" and last.endswith("_grad"):
        return "minitf.autodiff"  # tests import these modules for the rules that they register
    return PATHS.get(path)


def is_folder(path: str) -> bool:
    """Tell whether an import path is one of TensorFlow's folders, with modules of ours below it."""
    return path in _CORE or any(each.startswith(f"{path}.") for each in PATHS)
