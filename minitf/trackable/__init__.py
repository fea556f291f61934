"""Objects that know their parts: what object-based checkpoints and `tf.Module` walk along."""
