"""`tf.keras.applications.resnet`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

ResNet50 = injected("resnet", "ResNet50")
ResNet101 = injected("resnet", "ResNet101")
ResNet152 = injected("resnet", "ResNet152")
decode_predictions = injected("resnet", "decode_predictions")
preprocess_input = injected("resnet", "preprocess_input")
