"""`tf.contrib.training`: hyperparameters, training, evaluation, placement, batches by length."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.training.device_strategies": (
        "GreedyLoadBalancingStrategy RandomStrategy byte_size_load_fn"
    ),
    "minitf.contrib.training.evaluation": (
        "StopAfterNEvalsHook SummaryAtEndHook evaluate_once evaluate_repeatedly "
        "get_or_create_eval_step wait_for_new_checkpoint"
    ),
    "minitf.contrib.training.gradients": (
        "add_gradients_summaries clip_gradient_norms clip_gradient_norms_fn create_train_op "
        "multiply_gradients train"
    ),
    "minitf.contrib.training.hparam": "HParams parse_values",
    "minitf.contrib.training.resampling": "rejection_sample resample_at_rate weighted_resample",
    "minitf.train.checkpoint_reader": "checkpoints_iterator",
    "minitf.train.input_buckets": "bucket bucket_by_sequence_length",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
