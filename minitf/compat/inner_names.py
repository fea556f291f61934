"""What import paths of `tensorflow.python` have besides the public names.

Tests and programs of TensorFlow 1.x call functions of its insides.  Those that have a counterpart
here stand in this table: import path -> module -> names, as in `minitf.lazy`.

Source: no paper; what the unit tests of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

import sys
from types import ModuleType

from minitf import lazy

_INITIALIZERS = (
    "Constant GlorotNormal GlorotUniform Identity Initializer Ones RandomNormal RandomUniform "
    "TruncatedNormal UniformUnitScaling VarianceScaling Zeros constant_initializer=Constant "
    "glorot_normal_initializer=GlorotNormal glorot_uniform_initializer=GlorotUniform he_normal "
    "he_uniform identity_initializer=Identity lecun_normal lecun_uniform "
    "ones_initializer=Ones random_normal_initializer=RandomNormal "
    "random_uniform_initializer=RandomUniform truncated_normal_initializer=TruncatedNormal "
    "uniform_unit_scaling_initializer=UniformUnitScaling "
    "variance_scaling_initializer=VarianceScaling zeros_initializer=Zeros"
)
_CELLS = {
    "minitf.rnn.cell": "LayerRNNCell assert_like_rnncell",
    "minitf.rnn.dropout_wrapper": "DropoutWrapper DropoutWrapperV2=DropoutWrapper",
}

_BELOW_PYTHON: dict[str, dict[str, str]] = {
    "client.session": {
        "minitf.session.conversions": "register_session_run_conversion_functions",
        "minitf.session.report": "_DeviceAttributes=device_attributes",
        "minitf.session.session": "BaseSession SessionInterface=BaseSession",
    },
    "framework.constant_op": {"minitf.api.constants": "constant_v1=constant"},
    "framework.indexed_slices": {"minitf.composite": "IndexedSlices"},
    "framework.ops": {
        "minitf.composite": "IndexedSlicesValue",
        "minitf.api.framework": (
            "convert_to_tensor_or_indexed_slices convert_to_tensor_v2=convert_to_tensor "
            "internal_convert_to_tensor_or_indexed_slices=convert_to_tensor_or_indexed_slices "
            "name_scope_v1=name_scope"
        ),
        "minitf.api.gradients": "no_gradient=NotDifferentiable",
        "minitf.collection_def": "prepend_name_scope strip_name_scope",
        "minitf.compat.internal.ops": (
            "NullContextmanager OpStats RegisterStatistics convert_n_to_tensor "
            "convert_n_to_tensor_or_indexed_slices convert_to_tensor_or_composite "
            "executing_eagerly_outside_functions get_all_collection_keys "
            "get_collection_proto_type get_from_proto_function get_gradient_function "
            "get_name_scope get_stats_for_node_def get_to_proto_function inside_function "
            "internal_convert_to_tensor is_dense_tensor_like "
            "name_from_scope_name register_proto_function set_shapes_for_outputs uid "
        ),
        "minitf.compat.internal.stacks": "_default_graph_stack _default_session_stack",
        "minitf.default_graph": "_get_graph_from_inputs=graph_of",
        "minitf.tensor": "_TensorLike=Tensor",  # the package `keras` asks
    },
    "framework.random_seed": {"minitf.api.random": "DEFAULT_GRAPH_SEED"},
    "ops.array_ops": {"minitf.api.gathering": "listdiff=setdiff1d"},
    "ops.check_ops": {"minitf.api.static_checks": "assert_shapes"},
    "ops.confusion_matrix": {"minitf.api.weights": "remove_squeezable_dimensions"},
    "ops.control_flow_ops": {
        "minitf.compat.internal.control_flow_ops": "_Enter=enter with_dependencies",
        "minitf.contexts.base": "ControlFlowContext=Context",
        "minitf.contexts.branch": "CondContext=BranchContext",
        "minitf.contexts.loop": "WhileContext=LoopContext",
        "minitf.contexts.primitives": (
            "_Merge=merge _NextIteration=next_iteration "
            "_SwitchRefOrTensor=switch_beside exit merge switch"
        ),
    },
    "ops.init_ops": {
        "minitf.variables.initializers": _INITIALIZERS,
        "minitf.variables.orthogonal": "Orthogonal orthogonal_initializer=Orthogonal",
    },
    "ops.logging_ops": {"minitf.api.printing": "print_v2=print_"},
    "ops.metrics": {"minitf.metrics.streaming": "metric_variable"},
    "ops.metrics_impl": {"minitf.metrics.streaming": "metric_variable"},
    "ops.resource_variable_ops": {
        "minitf.compat.internal.state_ops": (
            "is_resource_variable shape_safe_assign_variable_handle"
        ),
    },
    "ops.rnn_cell": _CELLS,
    "ops.rnn_cell_impl": _CELLS,
    "ops.state_ops": {"minitf.compat.internal.state_ops": "variable_op variable_op_v2"},
    "ops.variable_scope": {
        "minitf.variables.creation": "variable=create",
        "minitf.variables.options": "VariableAggregation VariableSynchronization",
        "minitf.variables.store": (
            "_VariableStore=VariableStore _get_default_variable_store=variable_store"
        ),
    },
    "ops.variables": {
        "minitf.variables.base": "VariableV1=Variable",
        "minitf.variables.partitioned": "PartitionedVariable",
        "minitf.variables.ref": "RefVariable",
    },
    "training.basic_session_run_hooks": {"minitf.train.step_hooks": "SecondOrStepTimer"},
    "training.saver": {"minitf.train.saver_builder": "BaseSaverBuilder BulkSaverBuilder"},
    "training.supervisor": {
        "minitf.train.supervisor_threads": (
            "SVStepCounterThread=StepCounterThread SVSummaryThread=SummaryThread "
            "SVTimerCheckpointThread=CheckpointThread"
        )
    },
    "util.tf_inspect": {"inspect": "getargspec=getfullargspec"},
}

INNER = {f"tensorflow.python.{path}": names for path, names in _BELOW_PYTHON.items()}
"""Import path -> module -> names that it has besides those of our module for that path."""


def with_inner_names(path: str, own: ModuleType) -> ModuleType:
    """Return our module for an import path, or one with inner names besides.

    Modules of ops have all generated functions too, as in TensorFlow.
    """
    beyond = [own.__name__]
    if path.startswith("tensorflow.python.ops."):
        beyond += ["minitf", "minitf.compat.internal.gen_ops"]
    elif path not in INNER:
        return own
    made = ModuleType(path, own.__doc__)
    sys.modules[path] = made
    table = INNER.get(path, {})
    getattr_, dir_, names = lazy.attach(path, table, beyond=tuple(dict.fromkeys(beyond)))
    vars(made).update(__getattr__=getattr_, __dir__=dir_, __all__=names, __path__=[])
    return made
