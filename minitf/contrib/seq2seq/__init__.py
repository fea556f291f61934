"""`tf.contrib.seq2seq`: decoders of sequences, what they attend to, beam search, and the loss."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.seq2seq.attention": (
        "AttentionMechanism BahdanauAttention LuongAttention hardmax"
    ),
    "minitf.contrib.seq2seq.attention_wrapper": "AttentionWrapper AttentionWrapperState",
    "minitf.contrib.seq2seq.basic_decoder": "BasicDecoder BasicDecoderOutput",
    "minitf.contrib.seq2seq.beam_search": (
        "BeamSearchDecoder BeamSearchDecoderOutput BeamSearchDecoderState "
        "FinalBeamSearchDecoderOutput"
    ),
    "minitf.contrib.seq2seq.beam_trees": "gather_tree gather_tree_from_array tile_batch",
    "minitf.contrib.seq2seq.decoder": "Decoder dynamic_decode",
    "minitf.contrib.seq2seq.helper": (
        "CustomHelper GreedyEmbeddingHelper Helper InferenceHelper SampleEmbeddingHelper "
        "TrainingHelper"
    ),
    "minitf.contrib.seq2seq.monotonic": (
        "BahdanauMonotonicAttention LuongMonotonicAttention monotonic_attention safe_cumprod"
    ),
    "minitf.contrib.seq2seq.scheduled_helpers": (
        "ScheduledEmbeddingTrainingHelper ScheduledOutputTrainingHelper"
    ),
    "minitf.rnn.sequence_loss": "sequence_loss",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
