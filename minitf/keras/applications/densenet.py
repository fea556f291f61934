"""`tf.keras.applications.densenet`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

DenseNet121 = injected("densenet", "DenseNet121")
DenseNet169 = injected("densenet", "DenseNet169")
DenseNet201 = injected("densenet", "DenseNet201")
decode_predictions = injected("densenet", "decode_predictions")
preprocess_input = injected("densenet", "preprocess_input")
