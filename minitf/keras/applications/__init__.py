"""`tf.keras.applications`: models of images with their weights (`minitf[keras]`)."""

from minitf import lazy

_NAMES = {
    "minitf.keras.applications.densenet": "DenseNet121 DenseNet169 DenseNet201",
    "minitf.keras.applications.inception_resnet_v2": "InceptionResNetV2",
    "minitf.keras.applications.inception_v3": "InceptionV3",
    "minitf.keras.applications.mobilenet": "MobileNet",
    "minitf.keras.applications.mobilenet_v2": "MobileNetV2",
    "minitf.keras.applications.nasnet": "NASNetLarge NASNetMobile",
    "minitf.keras.applications.resnet": "ResNet50 ResNet101 ResNet152",
    "minitf.keras.applications.resnet_v2": "ResNet50V2 ResNet101V2 ResNet152V2",
    "minitf.keras.applications.vgg16": "VGG16",
    "minitf.keras.applications.vgg19": "VGG19",
    "minitf.keras.applications.xception": "Xception",
}
_SUBMODULES = (
    "densenet imagenet_utils inception_resnet_v2 inception_v3 mobilenet mobilenet_v2 nasnet resnet "
    "resnet50 resnet_v2 vgg16 vgg19 xception"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
