"""`tf.keras.applications.vgg16`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

VGG16 = injected("vgg16", "VGG16")
decode_predictions = injected("vgg16", "decode_predictions")
preprocess_input = injected("vgg16", "preprocess_input")
