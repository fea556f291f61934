"""What the profiler returns, and what it is told of operations.

Source: TensorFlow 1.15, `tfprof_output.proto` and `tfprof_log.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Message,
    double,
    int32,
    int64,
    mapping,
    repeated,
    string,
)
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
