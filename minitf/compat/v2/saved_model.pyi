# `tf.saved_model` of TensorFlow 2: objects are loaded by `load`.

from minitf.saved_model import ASSETS_DIRECTORY as ASSETS_DIRECTORY
from minitf.saved_model import ASSETS_KEY as ASSETS_KEY
from minitf.saved_model import CLASSIFY_INPUTS as CLASSIFY_INPUTS
from minitf.saved_model import CLASSIFY_METHOD_NAME as CLASSIFY_METHOD_NAME
from minitf.saved_model import CLASSIFY_OUTPUT_CLASSES as CLASSIFY_OUTPUT_CLASSES
from minitf.saved_model import CLASSIFY_OUTPUT_SCORES as CLASSIFY_OUTPUT_SCORES
from minitf.saved_model import DEFAULT_SERVING_SIGNATURE_DEF_KEY as DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.saved_model import GPU as GPU
from minitf.saved_model import PREDICT_INPUTS as PREDICT_INPUTS
from minitf.saved_model import PREDICT_METHOD_NAME as PREDICT_METHOD_NAME
from minitf.saved_model import PREDICT_OUTPUTS as PREDICT_OUTPUTS
from minitf.saved_model import REGRESS_INPUTS as REGRESS_INPUTS
from minitf.saved_model import REGRESS_METHOD_NAME as REGRESS_METHOD_NAME
from minitf.saved_model import REGRESS_OUTPUTS as REGRESS_OUTPUTS
from minitf.saved_model import SAVED_MODEL_FILENAME_PB as SAVED_MODEL_FILENAME_PB
from minitf.saved_model import SAVED_MODEL_FILENAME_PBTXT as SAVED_MODEL_FILENAME_PBTXT
from minitf.saved_model import SAVED_MODEL_SCHEMA_VERSION as SAVED_MODEL_SCHEMA_VERSION
from minitf.saved_model import SERVING as SERVING
from minitf.saved_model import TPU as TPU
from minitf.saved_model import TRAINING as TRAINING
from minitf.saved_model import VARIABLES_DIRECTORY as VARIABLES_DIRECTORY
from minitf.saved_model import VARIABLES_FILENAME as VARIABLES_FILENAME
from minitf.saved_model import contains_saved_model as contains_saved_model
from minitf.saved_model import save as save
from minitf.saved_model.object_loader import load as load
__all__ = ['ASSETS_DIRECTORY', 'ASSETS_KEY', 'CLASSIFY_INPUTS', 'CLASSIFY_METHOD_NAME', 'CLASSIFY_OUTPUT_CLASSES', 'CLASSIFY_OUTPUT_SCORES', 'DEFAULT_SERVING_SIGNATURE_DEF_KEY', 'GPU', 'PREDICT_INPUTS', 'PREDICT_METHOD_NAME', 'PREDICT_OUTPUTS', 'REGRESS_INPUTS', 'REGRESS_METHOD_NAME', 'REGRESS_OUTPUTS', 'SAVED_MODEL_FILENAME_PB', 'SAVED_MODEL_FILENAME_PBTXT', 'SAVED_MODEL_SCHEMA_VERSION', 'SERVING', 'TPU', 'TRAINING', 'VARIABLES_DIRECTORY', 'VARIABLES_FILENAME', 'contains_saved_model', 'load', 'save']
