"""`tf.summary`: what is shown of a program while it runs, and the files that TensorBoard reads.

Source: 2015 §9.1.
"""

from minitf import lazy

_NAMES = {
    "minitf.contrib.summary": "all_v2_summary_ops=all_summary_ops initialize",
    "minitf.protos": "Event SessionLog Summary SummaryDescription TaggedRunMetadata",
    "minitf.summary.file_writer": "FileWriter FileWriterCache",
    "minitf.summary.merging": "get_summary_description merge merge_all",
    "minitf.summary.values": "audio histogram image scalar tensor_summary text",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
