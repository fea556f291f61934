"""`tf.keras.applications.resnet50`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

ResNet50 = injected("resnet", "ResNet50")
decode_predictions = injected("resnet", "decode_predictions")
preprocess_input = injected("resnet", "preprocess_input")
