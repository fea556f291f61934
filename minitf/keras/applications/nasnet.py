"""`tf.keras.applications.nasnet`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

NASNetLarge = injected("nasnet", "NASNetLarge")
NASNetMobile = injected("nasnet", "NASNetMobile")
decode_predictions = injected("nasnet", "decode_predictions")
preprocess_input = injected("nasnet", "preprocess_input")
