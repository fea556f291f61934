"""`tf.keras.applications.vgg19`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

VGG19 = injected("vgg19", "VGG19")
decode_predictions = injected("vgg19", "decode_predictions")
preprocess_input = injected("vgg19", "preprocess_input")
