# `tf.keras.utils`: helpers for data, files and models.

from minitf.keras.utils.data_utils import Sequence as Sequence
from minitf.keras.utils.data_utils import get_file as get_file
from minitf.keras.utils.labels import normalize as normalize
from minitf.keras.utils.labels import to_categorical as to_categorical
from minitf.keras.utils.layer_utils import get_source_inputs as get_source_inputs
from minitf.keras.utils.objects import CustomObjectScope as CustomObjectScope
from minitf.keras.utils.objects import custom_object_scope as custom_object_scope
from minitf.keras.utils.objects import deserialize_keras_object as deserialize_keras_object
from minitf.keras.utils.objects import get_custom_objects as get_custom_objects
from minitf.keras.utils.objects import serialize_keras_object as serialize_keras_object
from minitf.keras.utils.progress import Progbar as Progbar
__all__ = ['CustomObjectScope', 'Progbar', 'Sequence', 'custom_object_scope', 'deserialize_keras_object', 'get_custom_objects', 'get_file', 'get_source_inputs', 'normalize', 'serialize_keras_object', 'to_categorical']
