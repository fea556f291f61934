# `tf.contrib.learn.monitors`: objects that watch a training, before there were hooks.

from minitf.contrib.learn.monitors.base import BaseMonitor as BaseMonitor
from minitf.contrib.learn.monitors.base import EveryN as EveryN
from minitf.contrib.learn.monitors.hooks import RunHookAdapterForMonitors as RunHookAdapterForMonitors
from minitf.contrib.learn.monitors.hooks import replace_monitors_with_hooks as replace_monitors_with_hooks
from minitf.contrib.learn.monitors.kinds import CaptureVariable as CaptureVariable
from minitf.contrib.learn.monitors.kinds import LoggingTrainable as LoggingTrainable
from minitf.contrib.learn.monitors.kinds import NanLoss as NanLoss
from minitf.contrib.learn.monitors.kinds import PrintTensor as PrintTensor
from minitf.contrib.learn.monitors.kinds import StopAtStep as StopAtStep
from minitf.contrib.learn.monitors.validation import ValidationMonitor as ValidationMonitor
from minitf.train.watching_hooks import NanLossDuringTrainingError as NanLossDuringTrainingError
__all__ = ['BaseMonitor', 'CaptureVariable', 'EveryN', 'LoggingTrainable', 'NanLoss', 'NanLossDuringTrainingError', 'PrintTensor', 'RunHookAdapterForMonitors', 'StopAtStep', 'ValidationMonitor', 'replace_monitors_with_hooks']
