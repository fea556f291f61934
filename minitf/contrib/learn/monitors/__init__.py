"""`tf.contrib.learn.monitors`: objects that watch a training, before there were hooks."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.learn.monitors.base": "BaseMonitor EveryN",
    "minitf.contrib.learn.monitors.hooks": "RunHookAdapterForMonitors replace_monitors_with_hooks",
    "minitf.contrib.learn.monitors.kinds": (
        "CaptureVariable LoggingTrainable NanLoss PrintTensor StopAtStep"
    ),
    "minitf.contrib.learn.monitors.validation": "ValidationMonitor",
    "minitf.train.watching_hooks": "NanLossDuringTrainingError",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
