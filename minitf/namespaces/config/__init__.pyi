# `tf.config`: what sessions without a ConfigProto run with.

from minitf.contexts.toggles import experimental_run_functions_eagerly as experimental_run_functions_eagerly
from minitf.session.settings import connect_to_cluster as experimental_connect_to_cluster
from minitf.session.settings import connect_to_host as experimental_connect_to_host
from minitf.session.settings import list_devices as experimental_list_devices
from minitf.session.settings import get_soft_device_placement as get_soft_device_placement
from minitf.session.settings import set_soft_device_placement as set_soft_device_placement
from minitf.namespaces.config import experimental as experimental
from minitf.namespaces.config import optimizer as optimizer
from minitf.namespaces.config import threading as threading
__all__ = ['experimental', 'experimental_connect_to_cluster', 'experimental_connect_to_host', 'experimental_list_devices', 'experimental_run_functions_eagerly', 'get_soft_device_placement', 'optimizer', 'set_soft_device_placement', 'threading']
