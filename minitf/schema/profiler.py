"""What the profiler returns, and what it is told of operations.

Source: TensorFlow 1.15, `tfprof_output.proto` and `tfprof_log.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Message,
    bool_,
    double,
    int32,
    int64,
    mapping,
    repeated,
    string,
    uint64,
)
from minitf.schema.graph import AttrValue
from minitf.schema.session import AllocationRecord
from minitf.schema.tensor import DataType, TensorShapeProto


class TFProfTensorProto(Message, package="tensorflow.tfprof"):
    """Values of a tensor."""

    dtype = DataType(1)
    value_double = repeated(double(2))
    value_int64 = repeated(int64(3))
    value_str = repeated(string(4))


class GraphNodeProto(Message, package="tensorflow.tfprof"):
    """One operation, or a scope of several: its own numbers, and the totals of what is below."""

    name = string(1)
    tensor_value = TFProfTensorProto(15)
    run_count = int64(21)
    exec_micros = int64(2)
    accelerator_exec_micros = int64(17)
    cpu_exec_micros = int64(18)
    requested_bytes = int64(3)
    peak_bytes = int64(24)
    residual_bytes = int64(25)
    output_bytes = int64(26)
    parameters = int64(4)
    float_ops = int64(13)
    devices = repeated(string(10))
    total_definition_count = int64(23)
    total_run_count = int64(22)
    total_exec_micros = int64(6)
    total_accelerator_exec_micros = int64(19)
    total_cpu_exec_micros = int64(20)
    total_requested_bytes = int64(7)
    total_peak_bytes = int64(27)
    total_residual_bytes = int64(28)
    total_output_bytes = int64(29)
    total_parameters = int64(8)
    total_float_ops = int64(14)
    shapes = repeated(TensorShapeProto(11))
    input_shapes = mapping(int32, TensorShapeProto(16))


# a message that holds others of its kind can name itself only when it is there
GraphNodeProto.children = repeated(GraphNodeProto(12))  # type: ignore[attr-defined]


class MultiGraphNodeProto(Message, package="tensorflow.tfprof"):
    """Several operations that belong together: of one type, or made by one line of Python."""

    name = string(1)
    exec_micros = int64(2)
    accelerator_exec_micros = int64(12)
    cpu_exec_micros = int64(13)
    requested_bytes = int64(3)
    peak_bytes = int64(16)
    residual_bytes = int64(17)
    output_bytes = int64(18)
    parameters = int64(4)
    float_ops = int64(5)
    total_exec_micros = int64(6)
    total_accelerator_exec_micros = int64(14)
    total_cpu_exec_micros = int64(15)
    total_requested_bytes = int64(7)
    total_peak_bytes = int64(19)
    total_residual_bytes = int64(20)
    total_output_bytes = int64(21)
    total_parameters = int64(8)
    total_float_ops = int64(9)
    graph_nodes = repeated(GraphNodeProto(10))


MultiGraphNodeProto.children = repeated(MultiGraphNodeProto(11))  # type: ignore[attr-defined]


class AdviceProto(Message, package="tensorflow.tfprof"):
    """What each check has to say."""

    class Checker(Message, package="tensorflow.tfprof"):
        """The reports of one check."""

        reports = repeated(string(2))

    checkers = mapping(string, Checker(1))


class CodeDef(Message, package="tensorflow.tfprof"):
    """The lines of Python that lead to an operation, outermost first."""

    class Trace(Message, package="tensorflow.tfprof"):
        """One of them; texts are numbers of `OpLogProto.id_to_string`."""

        file_id = int64(6)
        lineno = int32(2)
        function_id = int64(7)
        line_id = int64(8)
        func_start_line = int32(5)

    traces = repeated(Trace(1))


class OpLogEntry(Message, package="tensorflow.tfprof"):
    """What is known of an operation beyond its graph."""

    name = string(1)
    float_ops = int64(2)
    types = repeated(string(3))
    code_def = CodeDef(4)


class OpLogProto(Message, package="tensorflow.tfprof"):
    """The operations of a graph of which more is known."""

    log_entries = repeated(OpLogEntry(1))
    id_to_string = mapping(int64, string(2))


class Tuple(Message, package="tensorflow.tfprof"):
    """Numbers that belong together: start and duration, or the sizes of a shape."""

    int64_values = repeated(int64(1))


class ExecTime(Message, package="tensorflow.tfprof"):
    """When an operation ran: starts and durations in microseconds."""

    times = repeated(Tuple(1))


class Memory(Message, package="tensorflow.tfprof"):
    """One buffer."""

    bytes = int64(1)
    ptr = uint64(2)


class ExecMemory(Message, package="tensorflow.tfprof"):
    """What an operation took in one run."""

    memory_micros = int64(1)
    host_temp_bytes = int64(2)
    host_persistent_bytes = int64(3)
    accelerator_temp_bytes = int64(4)
    accelerator_persistent_bytes = int64(5)
    requested_bytes = int64(6)
    peak_bytes = int64(7)
    residual_bytes = int64(8)
    output_bytes = int64(9)
    allocator_bytes_in_use = int64(10)
    output_memory = mapping(int32, Memory(11))


class ExecProfile(Message, package="tensorflow.tfprof"):
    """An operation in one step."""

    run_count = int64(1)
    all_start_micros = int64(2)
    latest_end_micros = int64(3)
    accelerator_execs = mapping(string, ExecTime(4))
    cpu_execs = mapping(string, ExecTime(5))
    memory_execs = repeated(ExecMemory(7))
    allocations = repeated(AllocationRecord(11))
    devices = repeated(string(6))


class ProfileNode(Message, package="tensorflow.tfprof"):
    """An operation: what its graph says, and the steps in which it ran, by number."""

    name = string(1)
    op = string(9)
    id = int64(13)
    inputs = mapping(int32, int64(2))
    input_shapes = mapping(int32, Tuple(16))
    outputs = mapping(int32, int64(3))
    output_shapes = mapping(int32, Tuple(15))
    src_output_index = mapping(int64, int32(14))
    shape = repeated(int64(4))
    op_types = repeated(string(5))
    canonical_device = string(6)
    host_device = string(7)
    float_ops = int64(8)
    trace = CodeDef(10)
    attrs = mapping(string, AttrValue(11))
    execs = mapping(int64, ExecProfile(12))


class ProfileProto(Message, package="tensorflow.tfprof"):
    """All that a Profiler knows."""

    nodes = mapping(int64, ProfileNode(1))
    has_trace = bool_(2)
    miss_accelerator_stream = bool_(5)
    steps = repeated(int64(3))
    id_to_string = mapping(int64, string(4))
