# `tf.contrib.training`: hyperparameters, training, evaluation, placement, batches by length.

from minitf.contrib.training.device_strategies import GreedyLoadBalancingStrategy as GreedyLoadBalancingStrategy
from minitf.contrib.training.device_strategies import RandomStrategy as RandomStrategy
from minitf.contrib.training.device_strategies import byte_size_load_fn as byte_size_load_fn
from minitf.contrib.training.evaluation import StopAfterNEvalsHook as StopAfterNEvalsHook
from minitf.contrib.training.evaluation import SummaryAtEndHook as SummaryAtEndHook
from minitf.contrib.training.evaluation import evaluate_once as evaluate_once
from minitf.contrib.training.evaluation import evaluate_repeatedly as evaluate_repeatedly
from minitf.contrib.training.evaluation import get_or_create_eval_step as get_or_create_eval_step
from minitf.contrib.training.evaluation import wait_for_new_checkpoint as wait_for_new_checkpoint
from minitf.contrib.training.gradients import add_gradients_summaries as add_gradients_summaries
from minitf.contrib.training.gradients import clip_gradient_norms as clip_gradient_norms
from minitf.contrib.training.gradients import clip_gradient_norms_fn as clip_gradient_norms_fn
from minitf.contrib.training.gradients import create_train_op as create_train_op
from minitf.contrib.training.gradients import multiply_gradients as multiply_gradients
from minitf.contrib.training.gradients import train as train
from minitf.contrib.training.hparam import HParams as HParams
from minitf.contrib.training.hparam import parse_values as parse_values
from minitf.contrib.training.resampling import rejection_sample as rejection_sample
from minitf.contrib.training.resampling import resample_at_rate as resample_at_rate
from minitf.contrib.training.resampling import weighted_resample as weighted_resample
from minitf.train.checkpoint_reader import checkpoints_iterator as checkpoints_iterator
from minitf.train.input_buckets import bucket as bucket
from minitf.train.input_buckets import bucket_by_sequence_length as bucket_by_sequence_length
__all__ = ['GreedyLoadBalancingStrategy', 'HParams', 'RandomStrategy', 'StopAfterNEvalsHook', 'SummaryAtEndHook', 'add_gradients_summaries', 'bucket', 'bucket_by_sequence_length', 'byte_size_load_fn', 'checkpoints_iterator', 'clip_gradient_norms', 'clip_gradient_norms_fn', 'create_train_op', 'evaluate_once', 'evaluate_repeatedly', 'get_or_create_eval_step', 'multiply_gradients', 'parse_values', 'rejection_sample', 'resample_at_rate', 'train', 'wait_for_new_checkpoint', 'weighted_resample']
