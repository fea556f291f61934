"""`tf.keras.applications.xception`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

Xception = injected("xception", "Xception")
decode_predictions = injected("xception", "decode_predictions")
preprocess_input = injected("xception", "preprocess_input")
