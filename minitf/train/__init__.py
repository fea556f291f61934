"""`tf.train`: optimizers and what surrounds a training loop."""

from minitf import lazy

_NAMES = {
    "minitf.train.warm_starting": "VocabInfo warm_start",
    "minitf.object_checkpoint.checkpoint": "Checkpoint",
    "minitf.object_checkpoint.manager": "CheckpointManager",
    "minitf.api.graph_io": "export_meta_graph write_graph",
    "minitf.protos": (
        "BytesList ClusterDef Example Feature FeatureList FeatureLists Features FloatList "
        "Int64List JobDef SaverDef SequenceExample ServerDef"
    ),
    "minitf.summary.event_file": "summary_iterator",
    "minitf.summary.file_writer": "SummaryWriter=FileWriter",  # of TensorFlow before 1.0
    "minitf.train.adadelta": "AdadeltaOptimizer",
    "minitf.train.adagrad": "AdagradOptimizer",
    "minitf.train.adagrad_da": "AdagradDAOptimizer",
    "minitf.train.adam": "AdamOptimizer",
    "minitf.train.checkpoint_reader": (
        "NewCheckpointReader=new_checkpoint_reader checkpoints_iterator list_variables "
        "load_checkpoint load_variable"
    ),
    "minitf.train.checkpoint_state": (
        "checkpoint_exists generate_checkpoint_state_proto get_checkpoint_mtimes "
        "get_checkpoint_state latest_checkpoint remove_checkpoint update_checkpoint_state"
    ),
    "minitf.train.exchange": "export_safetensors import_safetensors",
    "minitf.train.ftrl": "FtrlOptimizer",
    "minitf.distributed.server": "Server",
    "minitf.train.cluster_spec": "ClusterSpec",
    "minitf.train.coordinator": "Coordinator LooperThread",
    "minitf.train.device_setter": "replica_device_setter",
    "minitf.train.gradient_descent": "GradientDescentOptimizer",
    "minitf.train.meta_graph_import": "import_meta_graph",
    "minitf.train.checkpoint_values": "init_from_checkpoint",
    "minitf.train.learning_rate_decay": (
        "cosine_decay cosine_decay_restarts exponential_decay inverse_time_decay "
        "linear_cosine_decay natural_exp_decay noisy_linear_cosine_decay piecewise_constant "
        "piecewise_constant_decay polynomial_decay"
    ),
    "minitf.train.graph_quantization": "do_quantize_training_on_graphdef",
    "minitf.train.input_batching": (
        "batch batch_join maybe_batch maybe_batch_join maybe_shuffle_batch "
        "maybe_shuffle_batch_join shuffle_batch shuffle_batch_join"
    ),
    "minitf.train.input_producers": (
        "input_producer limit_epochs match_filenames_once range_input_producer "
        "slice_input_producer string_input_producer"
    ),
    "minitf.train.momentum": "MomentumOptimizer",
    "minitf.train.moving_averages": "ExponentialMovingAverage",
    "minitf.train.optimizer": "Optimizer",
    "minitf.train.proximal": "ProximalAdagradOptimizer ProximalGradientDescentOptimizer",
    "minitf.train.rmsprop": "RMSPropOptimizer",
    "minitf.train.queue_runner": "QueueRunner add_queue_runner start_queue_runners",
    "minitf.train.saver": "Saver",
    "minitf.train.scaffold": "Scaffold",
    "minitf.train.session_creators": "ChiefSessionCreator SessionCreator WorkerSessionCreator",
    "minitf.train.monitored_session": "MonitoredSession SingularMonitoredSession",
    "minitf.train.session_manager": "SessionManager",
    "minitf.train.monitored_training": "MonitoredTrainingSession",
    "minitf.train.watching_hooks": (
        "LoggingTensorHook NanLossDuringTrainingError NanTensorHook StepCounterHook"
    ),
    "minitf.train.session_run_hook": (
        "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues"
    ),
    "minitf.train.step_hooks": (
        "FeedFnHook FinalOpsHook GlobalStepWaiterHook SecondOrStepTimer StopAtStepHook"
    ),
    "minitf.train.summary_saver_hook": "SummarySaverHook",
    "minitf.train.checkpoint_saver_hook": "CheckpointSaverHook CheckpointSaverListener",
    "minitf.train.supervisor": "Supervisor",
    "minitf.train.sync_replicas": "SyncReplicasOptimizer",
    "minitf.train.training_loop": "basic_train_loop",
    "minitf.train.profiler_hook": "ProfilerHook",
    "minitf.train.progress_hook": "ProgressHook",
    "minitf.train.training_util": (
        "assert_global_step create_global_step get_global_step get_or_create_global_step "
        "global_step"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, "experimental queue_runner")
