"""`tf.config`: what sessions without a ConfigProto run with."""

from minitf import lazy

_NAMES = {
    "minitf.contexts.toggles": "experimental_run_functions_eagerly",
    "minitf.session.settings": (
        "experimental_connect_to_cluster=connect_to_cluster "
        "experimental_connect_to_host=connect_to_host experimental_list_devices=list_devices "
        "get_soft_device_placement set_soft_device_placement"
    ),
}
_SUBMODULES = "experimental optimizer threading"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
