"""`tf.keras.applications.mobilenet_v2`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

MobileNetV2 = injected("mobilenet_v2", "MobileNetV2")
decode_predictions = injected("mobilenet_v2", "decode_predictions")
preprocess_input = injected("mobilenet_v2", "preprocess_input")
