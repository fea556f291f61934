"""`tf.keras.applications.resnet_v2`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

ResNet50V2 = injected("resnet_v2", "ResNet50V2")
ResNet101V2 = injected("resnet_v2", "ResNet101V2")
ResNet152V2 = injected("resnet_v2", "ResNet152V2")
decode_predictions = injected("resnet_v2", "decode_predictions")
preprocess_input = injected("resnet_v2", "preprocess_input")
