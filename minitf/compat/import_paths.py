"""Which of our modules stands for which import path of TensorFlow's.

Programs import `tensorflow.python.framework.ops` and the like though what they need is public
elsewhere.  A module of ours may know more, or fewer, names than TensorFlow's does.

Source: no paper; how often programs of TensorFlow 1.x import which path.
"""

from __future__ import annotations

from minitf.compat.import_paths_contrib import BELOW_CONTRIB
from minitf.compat.import_paths_tools import OF_TOOLS

_OF_KERAS = (
    "activations applications backend callbacks constraints datasets initializers layers losses "
    "metrics models optimizers preprocessing regularizers"
)
_BELOW_PYTHON = {
    **OF_TOOLS,
    "minitf": (
        "client.client_lib client.session compat.v2_compat framework.constant_op "
        "framework.framework_lib framework.importer framework.indexed_slices "
        "framework.load_library framework.ops framework.random_seed framework.sparse_tensor "
        "framework.tensor_conversion_registry framework.versions ops.array_ops ops.check_ops "
        "ops.clip_ops ops.confusion_matrix ops.constant_op ops.control_flow_ops "
        "ops.custom_gradient ops.functional_ops ops.gradients "
        "ops.gradients_impl ops.gradients_util ops.histogram_ops ops.init_ops ops.io_ops "
        "ops.linalg_ops ops.logging_ops ops.map_fn ops.math_ops ops.numerics ops.parsing_ops "
        "ops.partitioned_variables ops.random_ops ops.script_ops "
        "ops.session_ops ops.sort_ops ops.sparse_ops ops.special_math_ops ops.standard_ops "
        "ops.state_ops ops.stateless_random_ops ops.string_ops ops.template ops.tensor_array_ops "
        "ops.unconnected_gradients ops.variable_scope ops.variables training.tracking"
    ),
    "minitf.api.weights": "ops.weights_broadcast_ops",
    "minitf.compat.internal.common_shapes": "framework.common_shapes",
    "minitf.compat.internal.composite_tensor": (
        "framework.composite_tensor framework.composite_tensor_utils"
    ),
    "minitf.compat.internal.context": "eager.context",
    "minitf.compat.internal.control_flow_util": "ops.control_flow_util",
    "minitf.compat.internal.data_flow_ops": "ops.data_flow_ops",
    "minitf.compat.internal.data_nest": "data.util.nest",
    "minitf.compat.internal.data_serialization_base": (
        "data.experimental.kernel_tests.serialization.dataset_serialization_test_base"
    ),
    "minitf.compat.internal.data_sparse": "data.util.sparse",
    "minitf.compat.internal.data_structure": "data.util.structure",
    "minitf.compat.internal.data_test_base": "data.kernel_tests.test_base",
    "minitf.compat.internal.data_util": (
        "data.util.convert data.util.random_seed data.util.traverse"
    ),
    "minitf.compat.internal.reader_dataset_test_base": (
        "data.experimental.kernel_tests.reader_dataset_ops_test_base"
    ),
    "minitf.data.devices": "data.ops.multi_device_iterator_ops",
    "minitf.data.option_base": "data.util.options",
    "minitf.data.running": (
        "data.experimental.ops.distribute data.experimental.ops.map_defun "
        "data.experimental.ops.sleep"
    ),
    "minitf.data.storing": "data.experimental.ops.snapshot",
    "minitf.compat.internal.device": "framework.device framework.device_spec",
    "minitf.compat.internal.device_lib": "client.device_lib",
    "minitf.compat.internal.control_flow_util_v2": "ops.control_flow_util_v2",
    "minitf.compat.internal.default_gradient": "ops.default_gradient",
    "minitf.compat.internal.eager": "eager.backprop",
    "minitf.compat.internal.func_graph": ("framework.func_graph ops.control_flow_v2_func_graphs"),
    "minitf.compat.internal.function_def_to_graph": (
        "framework.function_def_to_graph framework.graph_to_function_def"
    ),
    "minitf.autodiff.zeros": "ops.control_flow_state",
    "minitf.compat.internal.list_ops": "ops.list_ops",
    "minitf.contexts.toggles": "ops.control_flow_v2_toggles",
    "minitf.contrib.graph_editor.util": "ops.op_selector",
    "minitf.control_flow.cond_v2": "ops.cond_v2",
    "minitf.control_flow.while_v2": "ops.while_v2",
    "minitf.functional.batching": "ops.batch_ops",
    "minitf.functional.concrete": "eager.wrap_function",
    "minitf.functional.control_dependencies": "framework.auto_control_deps",
    "minitf.functional.def_function": "eager.def_function eager.function",
    "minitf.functional.parallel_for": (
        "ops.parallel_for.control_flow_ops ops.parallel_for.gradients ops.parallel_for.pfor"
    ),
    "minitf.compat.internal.forward_compatibility": "compat.compat",
    "minitf.compat.internal.function_utils": "estimator.util util.function_utils",
    "minitf.compat.internal.gen_ops": "training.training_ops",
    "minitf.compat.internal.autograph_api": "autograph autograph.impl.api",
    "minitf.autograph.status": "autograph.core.ag_ctx",
    "minitf.compat.internal.autograph": (
        "autograph.converters autograph.converters.break_statements "
        "autograph.converters.continue_statements autograph.converters.return_statements "
        "autograph.core autograph.core.converter autograph.core.naming autograph.pyct "
        "autograph.pyct.anno autograph.pyct.common_transformers "
        "autograph.pyct.common_transformers.anf autograph.pyct.compiler "
        "autograph.pyct.inspect_utils autograph.pyct.parser autograph.pyct.qual_names "
        "autograph.pyct.templates autograph.pyct.transformer"
    ),
    "minitf.compat.internal.tpu_function": "tpu.tpu_function",
    "minitf.namespaces.distribute.cluster_resolver": "distribute.cluster_resolver",
    "minitf.namespaces.tpu": ("tpu tpu.bfloat16 tpu.ops tpu.ops.tpu_ops tpu.tpu tpu.tpu_optimizer"),
    "minitf.train.checkpoint_ops": "training.checkpoint_ops",
    "minitf.compat.internal.gradient_checker_v2": "ops.gradient_checker_v2",
    "minitf.compat.internal.inplace_ops": "ops.inplace_ops",
    "minitf.compat.internal.lookup_ops": "ops.lookup_ops",
    "minitf.compat.internal.op_def_library": "framework.op_def_library",
    "minitf.compat.internal.op_def_registry": "framework.op_def_registry",
    "minitf.compat.internal.pywrap_tensorflow": "pywrap_tensorflow pywrap_tensorflow_internal",
    "minitf.compat.internal.registry": "framework.registry",
    "minitf.compat.internal.traceable_stack": "framework.traceable_stack",
    "minitf.compat.internal.resources": "ops.resources",
    "minitf.compat.internal.saver_test_utils": "training.saver_test_utils",
    "minitf.compat.internal.summary_op_util": "ops.summary_op_util distribute.summary_op_util",
    "minitf.compat.internal.platform_info": (
        "ops.signal.util_ops ops.spectral_ops_test_util platform.build_info "
        "platform.remote_utils platform.self_check platform.status_bar util.memory"
    ),
    "minitf.compat.internal.random_test_util": "kernel_tests.random.util",
    "minitf.compat.internal.special_math": "ops.distributions.special_math",
    "minitf.compat.internal.test_combinations": (
        "framework.combinations framework.test_combinations"
    ),
    "minitf.contrib.distributions.bijectors": (
        "ops.distributions.bijector ops.distributions.bijector_impl "
        "ops.distributions.identity_bijector"
    ),
    "minitf.contrib.distributions.transformed": "ops.distributions.transformed_distribution",
    "minitf.compat.internal.tensor_shape": "framework.tensor_shape",
    "minitf.compat.internal.tensor_util": "framework.tensor_util",
    "minitf.compat.internal.test_util": "framework.test_util",
    "minitf.compat.internal.tf2": "tf2",
    "minitf.contrib.summary": "ops.summary_ops_v2",
    "minitf.contrib.training.evaluation": "training.evaluation",
    "minitf.data": (
        "data.ops.dataset_ops data.ops.iterator_ops data.ops.optional_ops data.ops.readers"
    ),
    "minitf.data.experimental": (
        "data.experimental.ops.batching data.experimental.ops.cardinality "
        "data.experimental.ops.counter data.experimental.ops.enumerate_ops "
        "data.experimental.ops.error_ops data.experimental.ops.get_single_element "
        "data.experimental.ops.grouping data.experimental.ops.interleave_ops "
        "data.experimental.ops.iterator_ops data.experimental.ops.matching_files "
        "data.experimental.ops.optimization data.experimental.ops.parsing_ops "
        "data.experimental.ops.prefetching_ops data.experimental.ops.random_ops "
        "data.experimental.ops.distribute_options data.experimental.ops.optimization_options "
        "data.experimental.ops.readers data.experimental.ops.resampling "
        "data.experimental.ops.scan_ops data.experimental.ops.shuffle_ops "
        "data.experimental.ops.stats_aggregator data.experimental.ops.stats_ops "
        "data.experimental.ops.stats_options data.experimental.ops.threading_options "
        "data.experimental.ops.take_while_ops data.experimental.ops.threadpool "
        "data.experimental.ops.unique data.experimental.ops.writers"
    ),
    "minitf.distributions": (
        "ops.distributions.bernoulli ops.distributions.beta ops.distributions.categorical "
        "ops.distributions.dirichlet ops.distributions.dirichlet_multinomial "
        "ops.distributions.distribution ops.distributions.distributions "
        "ops.distributions.exponential ops.distributions.gamma "
        "ops.distributions.kullback_leibler ops.distributions.laplace "
        "ops.distributions.multinomial ops.distributions.normal "
        "ops.distributions.student_t ops.distributions.uniform ops.distributions.util"
    ),
    "minitf.dtypes": "framework.dtypes",
    "minitf.errors": "framework.errors framework.errors_impl",
    "minitf.estimator": (
        "estimator estimator.canned estimator.canned.dnn estimator.canned.dnn_linear_combined "
        "estimator.canned.head estimator.canned.linear estimator.canned.metric_keys "
        "estimator.canned.optimizers estimator.canned.parsing_utils "
        "estimator.canned.prediction_keys estimator.estimator estimator.estimator_lib "
        "estimator.exporter estimator.gc estimator.model_fn estimator.run_config "
        "estimator.training"
    ),
    "minitf.estimator.inputs": (
        "estimator.inputs.inputs estimator.inputs.numpy_io estimator.inputs.pandas_io"
    ),
    "minitf.train.warm_starting": "training.warm_starting_util",
    "minitf.feature_column": (
        "feature_column feature_column.feature_column feature_column.feature_column_lib "
        "feature_column.feature_column_v2 feature_column.sequence_feature_column"
    ),
    "minitf.functional.defun": "framework.function",
    "minitf.layers": (
        "layers.base layers.convolutional layers.core layers.layers layers.normalization "
        "layers.pooling"
    ),
    "minitf.keras": "keras",
    **{f"minitf.keras.{each}": f"keras.{each}" for each in _OF_KERAS.split()},
    "minitf.keras.engine.layer": "keras.engine.base_layer",
    "minitf.keras.layers": (
        "keras.layers keras.layers.advanced_activations keras.layers.convolutional "
        "keras.layers.convolutional_recurrent keras.layers.core keras.layers.cudnn_recurrent "
        "keras.layers.dense_attention keras.layers.embeddings keras.layers.local "
        "keras.layers.merge keras.layers.noise keras.layers.normalization keras.layers.pooling "
        "keras.layers.recurrent keras.layers.serialization keras.layers.wrappers"
    ),
    "minitf.keras.optimizers.schedules": "keras.optimizer_v2.learning_rate_schedule",
    "minitf.keras.engine.input_layer": "keras.engine.input_layer",
    "minitf.keras.engine.network": "keras.engine.network",
    "minitf.keras.engine.sequential": "keras.engine.sequential",
    "minitf.keras.engine.training": "keras.engine.training",
    "minitf.keras.utils": "keras.utils.generic_utils keras.utils.np_utils",
    "minitf.keras.utils.conv_utils": "keras.utils.conv_utils",
    "minitf.keras.utils.data_utils": "keras.utils.data_utils",
    "minitf.keras.utils.tf_utils": "keras.utils.tf_utils",
    "minitf.layers.input_spec": "keras.engine.input_spec",
    "minitf.layers.utils": "framework.smart_cond layers.utils",
    "minitf.meta_graph": "framework.meta_graph",
    "minitf.linear_operators": (
        "ops.linalg.adjoint_registrations ops.linalg.cholesky_registrations "
        "ops.linalg.inverse_registrations ops.linalg.linear_operator "
        "ops.linalg.linear_operator_adjoint ops.linalg.linear_operator_block_diag "
        "ops.linalg.linear_operator_circulant ops.linalg.linear_operator_composition "
        "ops.linalg.linear_operator_diag ops.linalg.linear_operator_full_matrix "
        "ops.linalg.linear_operator_householder ops.linalg.linear_operator_identity "
        "ops.linalg.linear_operator_inversion ops.linalg.linear_operator_kronecker "
        "ops.linalg.linear_operator_low_rank_update ops.linalg.linear_operator_lower_triangular "
        "ops.linalg.linear_operator_toeplitz ops.linalg.linear_operator_util "
        "ops.linalg.linear_operator_zeros ops.linalg.matmul_registrations "
        "ops.linalg.solve_registrations"
    ),
    "minitf.linear_operators.addition": "ops.linalg.linear_operator_addition",
    "minitf.linear_operators.algebra": "ops.linalg.linear_operator_algebra",
    "minitf.linear_operators.hints": "ops.linalg.registrations_util",
    "minitf.compat.internal.linear_operator_test_util": "ops.linalg.linear_operator_test_util",
    "minitf.metrics": "ops.metrics ops.metrics_impl",
    "minitf.namespaces.bitwise": "ops.bitwise_ops",
    "minitf.namespaces.graph_util": (
        "client.graph_util framework.graph_util framework.graph_util_impl"
    ),
    "minitf.namespaces.image": "ops.image_ops ops.image_ops_impl",
    "minitf.namespaces.initializers": "ops.initializers_ns",
    "minitf.namespaces.linalg": "ops.linalg.linalg ops.linalg.linalg_impl ops.linalg_ops_impl",
    "minitf.namespaces.losses": (
        "ops.losses.losses ops.losses.losses_impl ops.losses.util ops.losses.loss_reduction"
    ),
    "minitf.namespaces.manip": "ops.manip_ops",
    "minitf.namespaces.sets": "ops.sets ops.sets_impl",
    "minitf.namespaces.signal": (
        "ops.signal.dct_ops ops.signal.fft_ops ops.signal.mel_ops ops.signal.mfcc_ops "
        "ops.signal.reconstruction_ops ops.signal.shape_ops ops.signal.signal "
        "ops.signal.spectral_ops ops.signal.window_ops ops.spectral_ops"
    ),
    "minitf.namespaces.test": "eager.test ops.gradient_checker platform.googletest platform.test",
    "minitf.nn": (
        "ops.candidate_sampling_ops ops.ctc_ops ops.embedding_ops ops.nn ops.nn_impl ops.nn_ops "
        "ops.rnn"
    ),
    "minitf.nn.rnn_cell": "ops.rnn_cell ops.rnn_cell_impl ops.rnn_cell_wrapper_impl",
    "minitf.nn.seq2seq": "ops.seq2seq",
    "minitf.saved_model": "saved_model saved_model.saved_model",
    "minitf.saved_model.builder": (
        "saved_model.builder saved_model.builder_impl saved_model.simple_save"
    ),
    "minitf.saved_model.constants": "saved_model.constants",
    "minitf.saved_model.loader": "saved_model.loader saved_model.loader_impl",
    "minitf.saved_model.graph_loader": "saved_model.load_v1_in_v2",
    "minitf.saved_model.object_loader": "saved_model.load",
    "minitf.saved_model.object_saver": "saved_model.save",
    "minitf.saved_model.main_op": "saved_model.main_op saved_model.main_op_impl",
    "minitf.saved_model.signature_constants": "saved_model.signature_constants",
    "minitf.saved_model.signature_def_utils": (
        "saved_model.signature_def_utils saved_model.signature_def_utils_impl"
    ),
    "minitf.saved_model.tag_constants": "saved_model.tag_constants",
    "minitf.saved_model.utils": "saved_model.utils saved_model.utils_impl",
    "minitf.session.settings": "framework.config",
    "minitf.summary": (
        "summary.summary summary.writer.event_file_writer summary.writer.writer "
        "summary.writer.writer_cache"
    ),
    "minitf.timeline": "client.timeline",
    "minitf.train": (
        "framework.graph_io training.adadelta training.adagrad training.adagrad_da training.adam "
        "training.basic_loops training.basic_session_run_hooks training.checkpoint_management "
        "training.checkpoint_utils training.coordinator training.ftrl "
        "training.gradient_descent training.input training.learning_rate_decay training.momentum "
        "training.monitored_session training.proximal_adagrad training.proximal_gradient_descent "
        "training.queue_runner training.queue_runner_impl training.rmsprop training.saver "
        "training.server_lib training.session_manager training.session_run_hook "
        "training.summary_io training.supervisor training.sync_replicas_optimizer "
        "training.training"
    ),
    "minitf.train.device_setter": "training.device_setter",
    "minitf.train.checkpoint_reader": "training.py_checkpoint_reader",
    "minitf.train.moving_averages": "training.moving_averages",
    "minitf.train.optimizer": "training.optimizer",
    "minitf.train.saveable": "training.saving.saveable_object training.saving.saveable_object_util",
    "minitf.control_flow.critical_section": "ops.critical_section_ops",
    "minitf.object_checkpoint.checkpoint": "training.tracking.util",
    "minitf.object_checkpoint.device_savers": "training.saving.functional_saver",
    "minitf.object_checkpoint.graph_view": "training.tracking.graph_view",
    "minitf.object_checkpoint.python_state": "training.tracking.python_state",
    "minitf.trackable.auto": "training.tracking.tracking",
    "minitf.trackable.base": "training.tracking.base",
    "minitf.trackable.layer_walk": "training.tracking.layer_utils",
    "minitf.trackable.module": "module.module",
    "minitf.trackable.structures": "training.tracking.data_structures",
    "minitf.train.loss_scale": "training.experimental.loss_scale",
    "minitf.train.loss_scale_optimizer": "training.experimental.loss_scale_optimizer",
    "minitf.train.mixed_precision": "training.experimental.mixed_precision",
    "minitf.train.slot_creator": "training.slot_creator",
    "minitf.train.training_util": "training.training_util",
    "minitf.v2.initializers": "ops.init_ops_v2",
    "minitf.variables.generators": "ops.stateful_random_ops",
    "minitf.variables.resource": "ops.resource_variable_ops",
    "minitf.compat.internal.ragged_config": "ops.ragged.ragged_config",
    "minitf.compat.internal.ragged_test_util": "ops.ragged.ragged_test_util",
    "minitf.compat.internal.tensor_like": "framework.tensor_like",
    "minitf.profiler.model_profiler": "profiler.model_analyzer",
    "minitf.profiler.op_log": "profiler.tfprof_logger",
    "minitf.profiler.options": "profiler.option_builder",
    "minitf.ragged": "ops.ragged ops.ragged.ragged_factory_ops ops.ragged.ragged_operators",
    "minitf.ragged.arrays": (
        "ops.ragged.ragged_array_ops ops.ragged.ragged_squeeze_op ops.ragged.ragged_where_op"
    ),
    "minitf.ragged.axes": "ops.ragged.ragged_util",
    "minitf.ragged.conversions": "ops.ragged.ragged_conversion_ops",
    "minitf.ragged.dispatching": "ops.ragged.ragged_dispatch",
    "minitf.ragged.elementwise": "ops.ragged.ragged_functional_ops",
    "minitf.ragged.gathering": (
        "ops.ragged.ragged_batch_gather_ops ops.ragged.ragged_batch_gather_with_default_op "
        "ops.ragged.ragged_gather_ops"
    ),
    "minitf.ragged.indexing": "ops.ragged.ragged_getitem",
    "minitf.ragged.joining": "ops.ragged.ragged_concat_ops",
    "minitf.ragged.mapping": "ops.ragged.ragged_map_ops",
    "minitf.ragged.reductions": "ops.ragged.ragged_math_ops",
    "minitf.ragged.segments": "ops.ragged.segment_id_ops",
    "minitf.ragged.shapes": "ops.ragged.ragged_tensor_shape",
    "minitf.ragged.strings": "ops.ragged.ragged_string_ops",
    "minitf.ragged.tensor": "ops.ragged.ragged_tensor",
    "minitf.ragged.value": "ops.ragged.ragged_tensor_value",
    "minitf.tensor_spec": "framework.tensor_spec",
    "minitf.type_spec": "framework.type_spec",
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
        ("tensorflow.contrib.", BELOW_CONTRIB),
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
