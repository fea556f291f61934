"""Files of TensorFlow's formats, with no graph.

Source: 2015 §3.3 (checkpoints).
"""
