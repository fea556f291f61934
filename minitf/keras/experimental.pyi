# `tf.keras.experimental`: cells, layers and schedules whose place was not settled.

from minitf.keras.layers.feature_columns import SequenceFeatures as SequenceFeatures
from minitf.keras.layers.own_cells import PeepholeLSTMCell as PeepholeLSTMCell
from minitf.keras.optimizers.schedules import CosineDecay as CosineDecay
from minitf.keras.optimizers.schedules import CosineDecayRestarts as CosineDecayRestarts
from minitf.keras.optimizers.schedules import LinearCosineDecay as LinearCosineDecay
from minitf.keras.optimizers.schedules import NoisyLinearCosineDecay as NoisyLinearCosineDecay
__all__ = ['CosineDecay', 'CosineDecayRestarts', 'LinearCosineDecay', 'NoisyLinearCosineDecay', 'PeepholeLSTMCell', 'SequenceFeatures']
