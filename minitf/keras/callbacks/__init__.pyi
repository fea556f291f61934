# `tf.keras.callbacks`: what is told of batches and epochs.

from minitf.keras.callbacks.base import BaseLogger as BaseLogger
from minitf.keras.callbacks.base import Callback as Callback
from minitf.keras.callbacks.base import CallbackList as CallbackList
from minitf.keras.callbacks.base import History as History
from minitf.keras.callbacks.base import ProgbarLogger as ProgbarLogger
from minitf.keras.callbacks.base import TerminateOnNaN as TerminateOnNaN
from minitf.keras.callbacks.board import TensorBoard as TensorBoard
from minitf.keras.callbacks.keeping import CSVLogger as CSVLogger
from minitf.keras.callbacks.keeping import EarlyStopping as EarlyStopping
from minitf.keras.callbacks.keeping import LambdaCallback as LambdaCallback
from minitf.keras.callbacks.keeping import LearningRateScheduler as LearningRateScheduler
from minitf.keras.callbacks.keeping import ModelCheckpoint as ModelCheckpoint
from minitf.keras.callbacks.keeping import ReduceLROnPlateau as ReduceLROnPlateau
from minitf.keras.callbacks.remote import RemoteMonitor as RemoteMonitor
__all__ = ['BaseLogger', 'CSVLogger', 'Callback', 'CallbackList', 'EarlyStopping', 'History', 'LambdaCallback', 'LearningRateScheduler', 'ModelCheckpoint', 'ProgbarLogger', 'ReduceLROnPlateau', 'RemoteMonitor', 'TensorBoard', 'TerminateOnNaN']
