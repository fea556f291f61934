"""`tf.keras.applications.inception_v3`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

InceptionV3 = injected("inception_v3", "InceptionV3")
decode_predictions = injected("inception_v3", "decode_predictions")
preprocess_input = injected("inception_v3", "preprocess_input")
