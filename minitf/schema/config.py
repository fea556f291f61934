"""How a session and a server are set up.

Source: TensorFlow 1.15, `config.proto`, `rewriter_config.proto`, `verifier_config.proto`,
`tensorflow_server.proto`.
"""

from __future__ import annotations

from minitf.schema.cluster import ClusterDef
from minitf.schema.grammar import (
    Enum,
    Message,
    bool_,
    double,
    float_,
    int32,
    int64,
    mapping,
    repeated,
    string,
)
from minitf.schema.graph import AttrValue


class GPUOptions(Message):
    """Memory and scheduling of GPUs."""

    class Experimental(Message):
        """Options that may change."""

        class VirtualDevices(Message):
            """The parts into which one GPU is cut."""

            memory_limit_mb = repeated(float_(1))

        virtual_devices = repeated(VirtualDevices(1))
        use_unified_memory = bool_(2)
        num_dev_to_dev_copy_streams = int32(3)
        collective_ring_order = string(4)
        timestamped_allocator = bool_(5)
        kernel_tracker_max_interval = int32(7)
        kernel_tracker_max_bytes = int32(8)
        kernel_tracker_max_pending = int32(9)

    per_process_gpu_memory_fraction = double(1)
    allow_growth = bool_(4)
    allocator_type = string(2)
    deferred_deletion_bytes = int64(3)
    visible_device_list = string(5)
    polling_active_delay_usecs = int32(6)
    polling_inactive_delay_msecs = int32(7)
    force_gpu_compatible = bool_(8)
    experimental = Experimental(9)


class OptimizerOptions(Message):
    """Which rewrites a graph gets before it runs."""

    class Level(Enum):
        """All of them, or none."""

        L1 = 0
        L0 = -1

    class GlobalJitLevel(Enum):
        """How eagerly clusters of ops are compiled."""

        DEFAULT = 0
        OFF = -1
        ON_1 = 1
        ON_2 = 2

    do_common_subexpression_elimination = bool_(1)
    do_constant_folding = bool_(2)
    max_folded_constant_in_bytes = int64(6)
    do_function_inlining = bool_(4)
    opt_level = Level(3)
    global_jit_level = GlobalJitLevel(5)


class AutoParallelOptions(Message):
    """Replicate a graph by itself."""

    enable = bool_(1)
    num_replicas = int32(2)


class ScopedAllocatorOptions(Message):
    """Ops whose outputs share one buffer."""

    enable_op = repeated(string(1))


class VerifierConfig(Message):
    """Whether a rewritten graph is checked."""

    class Toggle(Enum):
        """Off unless on."""

        DEFAULT = 0
        ON = 1
        OFF = 2

    verification_timeout_in_ms = int64(1)
    structure_verifier = Toggle(2)


class RewriterConfig(Message):
    """The single rewrites, each of which can be turned off."""

    class Toggle(Enum):
        """DEFAULT is ON for most rewrites."""

        DEFAULT = 0
        ON = 1
        OFF = 2
        AGGRESSIVE = 3

    class NumIterationsType(Enum):
        """How often all rewrites run."""

        DEFAULT_NUM_ITERS = 0
        ONE = 1
        TWO = 2

    class MemOptType(Enum):
        """How memory is traded for time."""

        DEFAULT_MEM_OPT = 0
        NO_MEM_OPT = 1
        MANUAL = 2
        SWAPPING_HEURISTICS = 4
        RECOMPUTATION_HEURISTICS = 5
        SCHEDULING_HEURISTICS = 6
        HEURISTICS = 3

    class CustomGraphOptimizer(Message):
        """A registered rewrite with its parameters."""

        name = string(1)
        parameter_map = mapping(string, AttrValue(2))

    layout_optimizer = Toggle(1)
    constant_folding = Toggle(3)
    shape_optimization = Toggle(13)
    remapping = Toggle(14)
    arithmetic_optimization = Toggle(7)
    dependency_optimization = Toggle(8)
    loop_optimization = Toggle(9)
    function_optimization = Toggle(10)
    debug_stripper = Toggle(11)
    disable_model_pruning = bool_(2)
    scoped_allocator_optimization = Toggle(15)
    pin_to_host_optimization = Toggle(18)
    implementation_selector = Toggle(22)
    auto_mixed_precision = Toggle(23)
    disable_meta_optimizer = bool_(19)
    meta_optimizer_iterations = NumIterationsType(12)
    min_graph_nodes = int32(17)
    memory_optimization = MemOptType(4)
    memory_optimizer_target_node_name_scope = string(6)
    meta_optimizer_timeout_ms = int64(20)
    auto_parallel = AutoParallelOptions(5)
    fail_on_optimizer_errors = bool_(21)
    scoped_allocator_opts = ScopedAllocatorOptions(16)
    optimizers = repeated(string(100))
    custom_optimizers = repeated(CustomGraphOptimizer(200))
    inter_optimizer_verifier_config = VerifierConfig(300)
    post_optimization_verifier_config = VerifierConfig(301)


class GraphOptions(Message):
    """How a graph is prepared."""

    enable_recv_scheduling = bool_(2)
    optimizer_options = OptimizerOptions(3)
    build_cost_model = int64(4)
    build_cost_model_after = int64(9)
    infer_shapes = bool_(5)
    place_pruned_graph = bool_(6)
    enable_bfloat16_sendrecv = bool_(7)
    timeline_step = int32(8)
    rewrite_options = RewriterConfig(10)


class ThreadPoolOptionProto(Message):
    """One pool of threads; pools of one global name are shared."""

    num_threads = int32(1)
    global_name = string(2)


class RPCOptions(Message):
    """How tasks talk."""

    use_rpc_for_inprocess_master = bool_(1)
    compression_algorithm = string(2)
    compression_level = int32(3)
    cache_rpc_response = bool_(4)
    disable_session_connection_sharing = bool_(5)


class SessionMetadata(Message):
    """A session's name and version."""

    name = string(1)
    version = int64(2)


class ConfigProto(Message):
    """All options of a session."""

    class Experimental(Message):
        """Options that may change."""

        collective_group_leader = string(1)
        executor_type = string(3)
        recv_buf_max_chunk = int32(4)
        use_numa_affinity = bool_(5)
        collective_deterministic_sequential_execution = bool_(6)
        collective_nccl = bool_(7)
        share_session_state_in_clusterspec_propagation = bool_(8)
        disable_thread_spinning = bool_(9)
        share_cluster_devices_in_session = bool_(10)
        session_metadata = SessionMetadata(11)
        optimize_for_static_graph = bool_(12)

    device_count = mapping(string, int32(1))
    intra_op_parallelism_threads = int32(2)
    inter_op_parallelism_threads = int32(5)
    use_per_session_threads = bool_(9)
    session_inter_op_thread_pool = repeated(ThreadPoolOptionProto(12))
    placement_period = int32(3)
    device_filters = repeated(string(4))
    gpu_options = GPUOptions(6)
    allow_soft_placement = bool_(7)
    log_device_placement = bool_(8)
    graph_options = GraphOptions(10)
    operation_timeout_in_ms = int64(11)
    rpc_options = RPCOptions(13)
    cluster_def = ClusterDef(14)
    isolate_session_state = bool_(15)
    experimental = Experimental(16)


class ServerDef(Message):
    """One task of a cluster: who it is, whom it knows."""

    cluster = ClusterDef(1)
    job_name = string(2)
    task_index = int32(3)
    default_session_config = ConfigProto(4)
    protocol = string(5)
