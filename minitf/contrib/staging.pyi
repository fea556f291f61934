# `tf.contrib.staging`: places where values wait for the next step.

from minitf.api.staging import MapStagingArea as MapStagingArea
from minitf.api.staging import StagingArea as StagingArea
__all__ = ['MapStagingArea', 'StagingArea']
