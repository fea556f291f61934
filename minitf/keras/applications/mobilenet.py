"""`tf.keras.applications.mobilenet`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

MobileNet = injected("mobilenet", "MobileNet")
decode_predictions = injected("mobilenet", "decode_predictions")
preprocess_input = injected("mobilenet", "preprocess_input")
