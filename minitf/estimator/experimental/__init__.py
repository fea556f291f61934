"""`tf.estimator.experimental`: when to stop, evaluations within a training, logits."""

from minitf import lazy

_NAMES = {
    "minitf.estimator.experimental.early_stopping": (
        "make_early_stopping_hook stop_if_higher_hook stop_if_lower_hook stop_if_no_decrease_hook "
        "stop_if_no_increase_hook"
    ),
    "minitf.estimator.experimental.in_memory": "InMemoryEvaluatorHook",
    "minitf.estimator.experimental.last_step": "make_stop_at_checkpoint_step_hook",
    "minitf.estimator.experimental.logits": (
        "call_logit_fn dnn_logit_fn_builder linear_logit_fn_builder"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
