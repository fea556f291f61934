"""`tf.keras.applications.inception_resnet_v2`, of the package keras-applications."""

from minitf.keras.applications.injection import injected

InceptionResNetV2 = injected("inception_resnet_v2", "InceptionResNetV2")
decode_predictions = injected("inception_resnet_v2", "decode_predictions")
preprocess_input = injected("inception_resnet_v2", "preprocess_input")
