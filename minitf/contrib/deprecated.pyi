# `tf.contrib.deprecated`: summaries by their names before TensorFlow 1.0.

from minitf.summary.old_names import audio_summary as audio_summary
from minitf.summary.old_names import histogram_summary as histogram_summary
from minitf.summary.old_names import image_summary as image_summary
from minitf.summary.old_names import merge_all_summaries as merge_all_summaries
from minitf.summary.old_names import merge_summary as merge_summary
from minitf.summary.old_names import scalar_summary as scalar_summary
__all__ = ['audio_summary', 'histogram_summary', 'image_summary', 'merge_all_summaries', 'merge_summary', 'scalar_summary']
