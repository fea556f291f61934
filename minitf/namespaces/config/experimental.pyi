# `tf.config.experimental`: the devices of sessions.

from minitf.session.settings import VirtualDeviceConfiguration as VirtualDeviceConfiguration
from minitf.session.settings import get_device_policy as get_device_policy
from minitf.session.settings import get_memory_growth as get_memory_growth
from minitf.session.settings import get_synchronous_execution as get_synchronous_execution
from minitf.session.settings import get_virtual_device_configuration as get_virtual_device_configuration
from minitf.session.settings import get_visible_devices as get_visible_devices
from minitf.session.settings import list_logical_devices as list_logical_devices
from minitf.session.settings import list_physical_devices as list_physical_devices
from minitf.session.settings import set_device_policy as set_device_policy
from minitf.session.settings import set_memory_growth as set_memory_growth
from minitf.session.settings import set_synchronous_execution as set_synchronous_execution
from minitf.session.settings import set_virtual_device_configuration as set_virtual_device_configuration
from minitf.session.settings import set_visible_devices as set_visible_devices
__all__ = ['VirtualDeviceConfiguration', 'get_device_policy', 'get_memory_growth', 'get_synchronous_execution', 'get_virtual_device_configuration', 'get_visible_devices', 'list_logical_devices', 'list_physical_devices', 'set_device_policy', 'set_memory_growth', 'set_synchronous_execution', 'set_virtual_device_configuration', 'set_visible_devices']
