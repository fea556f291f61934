# `tf.nn.seq2seq`: TensorFlow's name, before 1.0, of `tf.contrib.legacy_seq2seq`.

from minitf.rnn.legacy_attention import attention_decoder as attention_decoder
from minitf.rnn.legacy_attention import embedding_attention_decoder as embedding_attention_decoder
from minitf.rnn.legacy_attention import embedding_attention_seq2seq as embedding_attention_seq2seq
from minitf.rnn.legacy_attention import embedding_rnn_decoder as embedding_rnn_decoder
from minitf.rnn.legacy_attention import embedding_rnn_seq2seq as embedding_rnn_seq2seq
from minitf.rnn.legacy_seq2seq import basic_rnn_seq2seq as basic_rnn_seq2seq
from minitf.rnn.legacy_seq2seq import model_with_buckets as model_with_buckets
from minitf.rnn.legacy_seq2seq import rnn_decoder as rnn_decoder
from minitf.rnn.legacy_seq2seq import sequence_loss as sequence_loss
from minitf.rnn.legacy_seq2seq import sequence_loss_by_example as sequence_loss_by_example
from minitf.rnn.legacy_seq2seq import tied_rnn_seq2seq as tied_rnn_seq2seq
__all__ = ['attention_decoder', 'basic_rnn_seq2seq', 'embedding_attention_decoder', 'embedding_attention_seq2seq', 'embedding_rnn_decoder', 'embedding_rnn_seq2seq', 'model_with_buckets', 'rnn_decoder', 'sequence_loss', 'sequence_loss_by_example', 'tied_rnn_seq2seq']
