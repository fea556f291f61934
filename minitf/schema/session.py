"""Steps: what one run is asked for, and what it reports.

Source: TensorFlow 1.15, `config.proto`, `debug.proto`, `step_stats.proto`, `cost_graph.proto`,
`tensor_description.proto`, `allocation_description.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import (
    Enum,
    Message,
    bool_,
    deprecated,
    int32,
    int64,
    mapping,
    repeated,
    string,
    uint32,
    uint64,
)
from minitf.schema.graph import GraphDef
from minitf.schema.tensor import DataType, TensorShapeProto


class DebugTensorWatch(Message):
    """One output to watch, and where its values go."""

    node_name = string(1)
    output_slot = int32(2)
    debug_ops = repeated(string(3))
    debug_urls = repeated(string(4))
    tolerate_debug_op_creation_failures = bool_(5)


class DebugOptions(Message):
    """The outputs to watch during a step."""

    debug_tensor_watch_opts = repeated(DebugTensorWatch(4))
    global_step = int64(10)
    reset_disk_byte_usage = bool_(11)


class RunOptions(Message):
    """Options of one step."""

    class TraceLevel(Enum):
        """How much is recorded."""

        NO_TRACE = 0
        SOFTWARE_TRACE = 1
        HARDWARE_TRACE = 2
        FULL_TRACE = 3

    class Experimental(Message):
        """Options that may change."""

        collective_graph_key = int64(1)
        use_run_handler_pool = bool_(2)

    trace_level = TraceLevel(1)
    timeout_in_ms = int64(2)
    inter_op_thread_pool = int32(3)
    output_partition_graphs = bool_(5)
    debug_options = DebugOptions(6)
    report_tensor_allocations_upon_oom = bool_(7)
    experimental = Experimental(8)


class AllocationDescription(Message):
    """One buffer."""

    requested_bytes = int64(1)
    allocated_bytes = int64(2)
    allocator_name = string(3)
    allocation_id = int64(4)
    has_single_reference = bool_(5)
    ptr = uint64(6)


class TensorDescription(Message):
    """An array without its values."""

    dtype = DataType(1)
    shape = TensorShapeProto(2)
    allocation_description = AllocationDescription(4)


class AllocationRecord(Message):
    """Bytes taken (positive) or given back (negative) at a time."""

    alloc_micros = int64(1)
    alloc_bytes = int64(2)


class AllocatorMemoryUsed(Message):
    """What one node took from one allocator."""

    allocator_name = string(1)
    total_bytes = int64(2)
    peak_bytes = int64(3)
    live_bytes = int64(4)
    allocation_records = repeated(AllocationRecord(6))
    allocator_bytes_in_use = int64(5)


class NodeOutput(Message):
    """One output of a node."""

    slot = int32(1)
    tensor_description = TensorDescription(3)


class MemoryStats(Message):
    """Scratch memory and memory that stays."""

    temp_memory_size = int64(1)
    persistent_memory_size = int64(3)
    persistent_tensor_alloc_ids = repeated(int64(5))
    device_temp_memory_size = deprecated(int64(2))
    device_persistent_memory_size = deprecated(int64(4))
    device_persistent_tensor_alloc_ids = deprecated(repeated(int64(6)))


class NodeExecStats(Message):
    """When and where one node ran; `all_start` is absolute, `rel` counts from it."""

    node_name = string(1)
    all_start_micros = int64(2)
    op_start_rel_micros = int64(3)
    op_end_rel_micros = int64(4)
    all_end_rel_micros = int64(5)
    memory = repeated(AllocatorMemoryUsed(6))
    output = repeated(NodeOutput(7))
    timeline_label = string(8)
    scheduled_micros = int64(9)
    thread_id = uint32(10)
    referenced_tensor = repeated(AllocationDescription(11))
    memory_stats = MemoryStats(12)
    all_start_nanos = int64(13)
    op_start_rel_nanos = int64(14)
    op_end_rel_nanos = int64(15)
    all_end_rel_nanos = int64(16)
    scheduled_nanos = int64(17)


class DeviceStepStats(Message):
    """The nodes that ran on one device."""

    device = string(1)
    node_stats = repeated(NodeExecStats(2))
    thread_names = mapping(uint32, string(3))


class StepStats(Message):
    """The devices that took part in a step."""

    dev_stats = repeated(DeviceStepStats(1))


class CostGraphDef(Message):
    """A graph with the measured cost of each node."""

    class Node(Message):
        """One node; times in microseconds, sizes in bytes."""

        class InputInfo(Message):
            """The output that feeds an input."""

            preceding_node = int32(1)
            preceding_port = int32(2)

        class OutputInfo(Message):
            """One output; -1 is no alias."""

            size = int64(1)
            alias_input_port = int64(2)
            shape = TensorShapeProto(3)
            dtype = DataType(4)

        name = string(1)
        device = string(2)
        id = int32(3)
        input_info = repeated(InputInfo(4))
        output_info = repeated(OutputInfo(5))
        temporary_memory_size = int64(6)
        persistent_memory_size = int64(12)
        host_temp_memory_size = deprecated(int64(10))
        device_temp_memory_size = deprecated(int64(11))
        device_persistent_memory_size = deprecated(int64(16))
        compute_cost = int64(9)
        compute_time = int64(14)
        memory_time = int64(15)
        is_final = bool_(7)
        control_input = repeated(int32(8))
        inaccurate = bool_(17)

    node = repeated(Node(1))


class TensorConnection(Message):
    """A fed tensor that takes its value from another one."""

    from_tensor = string(1)
    to_tensor = string(2)


class CallableOptions(Message):
    """What a function that runs a session feeds and fetches."""

    feed = repeated(string(1))
    fetch = repeated(string(2))
    target = repeated(string(3))
    run_options = RunOptions(4)
    tensor_connection = repeated(TensorConnection(5))
    feed_devices = mapping(string, string(6))
    fetch_devices = mapping(string, string(7))
    fetch_skip_sync = bool_(8)


class RunMetadata(Message):
    """What a step reports, as far as RunOptions asked for it."""

    class FunctionGraphs(Message):
        """The graphs of one function before and after rewriting."""

        partition_graphs = repeated(GraphDef(1))
        pre_optimization_graph = GraphDef(2)
        post_optimization_graph = GraphDef(3)

    step_stats = StepStats(1)
    cost_graph = CostGraphDef(2)
    partition_graphs = repeated(GraphDef(3))
    function_graphs = repeated(FunctionGraphs(4))
