# `tf.summary`: what is shown of a program while it runs, and the files that TensorBoard reads.

from minitf.contrib.summary import all_summary_ops as all_v2_summary_ops
from minitf.contrib.summary import initialize as initialize
from minitf.protos import Event as Event
from minitf.protos import SessionLog as SessionLog
from minitf.protos import Summary as Summary
from minitf.protos import SummaryDescription as SummaryDescription
from minitf.protos import TaggedRunMetadata as TaggedRunMetadata
from minitf.summary.file_writer import FileWriter as FileWriter
from minitf.summary.file_writer import FileWriterCache as FileWriterCache
from minitf.summary.merging import get_summary_description as get_summary_description
from minitf.summary.merging import merge as merge
from minitf.summary.merging import merge_all as merge_all
from minitf.summary.values import audio as audio
from minitf.summary.values import histogram as histogram
from minitf.summary.values import image as image
from minitf.summary.values import scalar as scalar
from minitf.summary.values import tensor_summary as tensor_summary
from minitf.summary.values import text as text
__all__ = ['Event', 'FileWriter', 'FileWriterCache', 'SessionLog', 'Summary', 'SummaryDescription', 'TaggedRunMetadata', 'all_v2_summary_ops', 'audio', 'get_summary_description', 'histogram', 'image', 'initialize', 'merge', 'merge_all', 'scalar', 'tensor_summary', 'text']
