"""What a MetaGraphDef's collections hold: variables, queue runners, control flow; and the saver.

Source: TensorFlow 1.15, `variable.proto`, `queue_runner.proto`, `control_flow.proto`,
`saver.proto`, `error_codes.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Enum,
    Message,
    OneOf,
    bool_,
    float_,
    int32,
    int64,
    mapping,
    message_named,
    repeated,
    string,
)


class VariableSynchronization(Enum):
    """When copies of a variable are made equal."""

    VARIABLE_SYNCHRONIZATION_AUTO = 0
    VARIABLE_SYNCHRONIZATION_NONE = 1
    VARIABLE_SYNCHRONIZATION_ON_WRITE = 2
    VARIABLE_SYNCHRONIZATION_ON_READ = 3


class VariableAggregation(Enum):
    """How copies of a variable are joined."""

    VARIABLE_AGGREGATION_NONE = 0
    VARIABLE_AGGREGATION_SUM = 1
    VARIABLE_AGGREGATION_MEAN = 2
    VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA = 3


class SaveSliceInfoDef(Message):
    """Which part of a partitioned variable this one is."""

    full_name = string(1)
    full_shape = repeated(int64(2))
    var_offset = repeated(int64(3))
    var_shape = repeated(int64(4))


class VariableDef(Message):
    """A variable by the names of its tensors and operations."""

    variable_name = string(1)
    initial_value_name = string(6)
    initializer_name = string(2)
    snapshot_name = string(3)
    save_slice_info_def = SaveSliceInfoDef(4)
    is_resource = bool_(5)
    trainable = bool_(7)
    synchronization = VariableSynchronization(8)
    aggregation = VariableAggregation(9)


class Code(Enum, package="tensorflow.error"):
    """Status codes; `minitf.errors` has a class for each."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    UNAUTHENTICATED = 16
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    DO_NOT_USE_RESERVED_FOR_FUTURE_EXPANSION_USE_DEFAULT_IN_SWITCH_INSTEAD_ = 20


class QueueRunnerDef(Message):
    """A queue runner by the names of its operations."""

    queue_name = string(1)
    enqueue_op_name = repeated(string(2))
    close_op_name = string(3)
    cancel_op_name = string(4)
    queue_closed_exception_types = repeated(Code(5))


class ValuesDef(Message):
    """The tensors of a control-flow context; external ones by their name inside."""

    values = repeated(string(1))
    external_values = mapping(string, string(2))


class ControlFlowContextDef(Message):
    """A `cond` branch or a loop within another."""

    ctxt = OneOf(
        cond_ctxt=message_named("tensorflow.CondContextDef", 1),
        while_ctxt=message_named("tensorflow.WhileContextDef", 2),
    )


class CondContextDef(Message):
    """One branch of a `cond`."""

    context_name = string(1)
    pred_name = string(2)
    pivot_name = string(3)
    branch = int32(4)
    values_def = ValuesDef(5)
    nested_contexts = repeated(ControlFlowContextDef(6))


class WhileContextDef(Message):
    """A `while_loop`."""

    context_name = string(1)
    parallel_iterations = int32(2)
    back_prop = bool_(3)
    swap_memory = bool_(4)
    pivot_name = string(5)
    pivot_for_pred_name = string(6)
    pivot_for_body_name = string(7)
    loop_exit_names = repeated(string(8))
    loop_enter_names = repeated(string(10))
    values_def = ValuesDef(9)
    maximum_iterations_name = string(11)
    nested_contexts = repeated(ControlFlowContextDef(12))


class SaverDef(Message):
    """A saver by the names of its operations."""

    class CheckpointFormatVersion(Enum):
        """LEGACY and V1: one file of slices; V2: TensorBundle."""

        LEGACY = 0
        V1 = 1
        V2 = 2

    filename_tensor_name = string(1)
    save_tensor_name = string(2)
    restore_op_name = string(3)
    max_to_keep = int32(4)
    sharded = bool_(5)
    keep_checkpoint_every_n_hours = float_(6)
    version = CheckpointFormatVersion(7)
