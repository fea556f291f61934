# `tf.python_io`: files of records, read and written by the program itself.

from minitf.io.tf_record import TFRecordCompressionType as TFRecordCompressionType
from minitf.io.tf_record import TFRecordOptions as TFRecordOptions
from minitf.io.tf_record import TFRecordWriter as TFRecordWriter
from minitf.io.tf_record import tf_record_iterator as tf_record_iterator
__all__ = ['TFRecordCompressionType', 'TFRecordOptions', 'TFRecordWriter', 'tf_record_iterator']
