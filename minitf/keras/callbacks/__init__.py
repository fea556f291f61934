"""`tf.keras.callbacks`: what is told of batches and epochs."""

from minitf import lazy

_NAMES = {
    "minitf.keras.callbacks.base": (
        "BaseLogger Callback CallbackList History ProgbarLogger TerminateOnNaN"
    ),
    "minitf.keras.callbacks.board": "TensorBoard",
    "minitf.keras.callbacks.keeping": (
        "CSVLogger EarlyStopping LambdaCallback LearningRateScheduler ModelCheckpoint "
        "ReduceLROnPlateau"
    ),
    "minitf.keras.callbacks.remote": "RemoteMonitor",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
