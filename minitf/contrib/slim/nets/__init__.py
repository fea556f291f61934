"""`tf.contrib.slim.nets`: networks that classify images, as checkpoints know them."""

from minitf import lazy

_NAMES: dict[str, str] = {}
_SUBMODULES = "alexnet inception overfeat resnet_utils resnet_v1 resnet_v2 vgg"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
