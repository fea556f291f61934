"""The example modules of TensorFlow 1.x that programs import."""
