"""`tf.keras.applications.imagenet_utils`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

decode_predictions = injected("imagenet_utils", "decode_predictions")
preprocess_input = injected("imagenet_utils", "preprocess_input")
