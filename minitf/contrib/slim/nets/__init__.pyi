# `tf.contrib.slim.nets`: networks that classify images, as checkpoints know them.

from minitf.contrib.slim.nets import alexnet as alexnet
from minitf.contrib.slim.nets import inception as inception
from minitf.contrib.slim.nets import overfeat as overfeat
from minitf.contrib.slim.nets import resnet_utils as resnet_utils
from minitf.contrib.slim.nets import resnet_v1 as resnet_v1
from minitf.contrib.slim.nets import resnet_v2 as resnet_v2
from minitf.contrib.slim.nets import vgg as vgg
__all__ = ['alexnet', 'inception', 'overfeat', 'resnet_utils', 'resnet_v1', 'resnet_v2', 'vgg']
