# `tf.estimator.experimental`: when to stop, evaluations within a training, logits.

from minitf.estimator.experimental.early_stopping import make_early_stopping_hook as make_early_stopping_hook
from minitf.estimator.experimental.early_stopping import stop_if_higher_hook as stop_if_higher_hook
from minitf.estimator.experimental.early_stopping import stop_if_lower_hook as stop_if_lower_hook
from minitf.estimator.experimental.early_stopping import stop_if_no_decrease_hook as stop_if_no_decrease_hook
from minitf.estimator.experimental.early_stopping import stop_if_no_increase_hook as stop_if_no_increase_hook
from minitf.estimator.experimental.in_memory import InMemoryEvaluatorHook as InMemoryEvaluatorHook
from minitf.estimator.experimental.last_step import make_stop_at_checkpoint_step_hook as make_stop_at_checkpoint_step_hook
from minitf.estimator.experimental.logits import call_logit_fn as call_logit_fn
from minitf.estimator.experimental.logits import dnn_logit_fn_builder as dnn_logit_fn_builder
from minitf.estimator.experimental.logits import linear_logit_fn_builder as linear_logit_fn_builder
__all__ = ['InMemoryEvaluatorHook', 'call_logit_fn', 'dnn_logit_fn_builder', 'linear_logit_fn_builder', 'make_early_stopping_hook', 'make_stop_at_checkpoint_step_hook', 'stop_if_higher_hook', 'stop_if_lower_hook', 'stop_if_no_decrease_hook', 'stop_if_no_increase_hook']
