# `tf.contrib.seq2seq`: decoders of sequences, what they attend to, beam search, and the loss.

from minitf.contrib.seq2seq.attention import AttentionMechanism as AttentionMechanism
from minitf.contrib.seq2seq.attention import BahdanauAttention as BahdanauAttention
from minitf.contrib.seq2seq.attention import LuongAttention as LuongAttention
from minitf.contrib.seq2seq.attention import hardmax as hardmax
from minitf.contrib.seq2seq.attention_wrapper import AttentionWrapper as AttentionWrapper
from minitf.contrib.seq2seq.attention_wrapper import AttentionWrapperState as AttentionWrapperState
from minitf.contrib.seq2seq.basic_decoder import BasicDecoder as BasicDecoder
from minitf.contrib.seq2seq.basic_decoder import BasicDecoderOutput as BasicDecoderOutput
from minitf.contrib.seq2seq.beam_search import BeamSearchDecoder as BeamSearchDecoder
from minitf.contrib.seq2seq.beam_search import BeamSearchDecoderOutput as BeamSearchDecoderOutput
from minitf.contrib.seq2seq.beam_search import BeamSearchDecoderState as BeamSearchDecoderState
from minitf.contrib.seq2seq.beam_search import FinalBeamSearchDecoderOutput as FinalBeamSearchDecoderOutput
from minitf.contrib.seq2seq.beam_trees import gather_tree as gather_tree
from minitf.contrib.seq2seq.beam_trees import gather_tree_from_array as gather_tree_from_array
from minitf.contrib.seq2seq.beam_trees import tile_batch as tile_batch
from minitf.contrib.seq2seq.decoder import Decoder as Decoder
from minitf.contrib.seq2seq.decoder import dynamic_decode as dynamic_decode
from minitf.contrib.seq2seq.helper import CustomHelper as CustomHelper
from minitf.contrib.seq2seq.helper import GreedyEmbeddingHelper as GreedyEmbeddingHelper
from minitf.contrib.seq2seq.helper import Helper as Helper
from minitf.contrib.seq2seq.helper import InferenceHelper as InferenceHelper
from minitf.contrib.seq2seq.helper import SampleEmbeddingHelper as SampleEmbeddingHelper
from minitf.contrib.seq2seq.helper import TrainingHelper as TrainingHelper
from minitf.contrib.seq2seq.monotonic import BahdanauMonotonicAttention as BahdanauMonotonicAttention
from minitf.contrib.seq2seq.monotonic import LuongMonotonicAttention as LuongMonotonicAttention
from minitf.contrib.seq2seq.monotonic import monotonic_attention as monotonic_attention
from minitf.contrib.seq2seq.monotonic import safe_cumprod as safe_cumprod
from minitf.contrib.seq2seq.scheduled_helpers import ScheduledEmbeddingTrainingHelper as ScheduledEmbeddingTrainingHelper
from minitf.contrib.seq2seq.scheduled_helpers import ScheduledOutputTrainingHelper as ScheduledOutputTrainingHelper
from minitf.rnn.sequence_loss import sequence_loss as sequence_loss
__all__ = ['AttentionMechanism', 'AttentionWrapper', 'AttentionWrapperState', 'BahdanauAttention', 'BahdanauMonotonicAttention', 'BasicDecoder', 'BasicDecoderOutput', 'BeamSearchDecoder', 'BeamSearchDecoderOutput', 'BeamSearchDecoderState', 'CustomHelper', 'Decoder', 'FinalBeamSearchDecoderOutput', 'GreedyEmbeddingHelper', 'Helper', 'InferenceHelper', 'LuongAttention', 'LuongMonotonicAttention', 'SampleEmbeddingHelper', 'ScheduledEmbeddingTrainingHelper', 'ScheduledOutputTrainingHelper', 'TrainingHelper', 'dynamic_decode', 'gather_tree', 'gather_tree_from_array', 'hardmax', 'monotonic_attention', 'safe_cumprod', 'sequence_loss', 'tile_batch']
