"""`tf.saved_model`: a trained graph with its variables and assets, in a form that can be served.

    my_model/
      saved_model.pb          a SavedModel: graphs by tags, with signatures by name
      variables/variables.*   a checkpoint that all of the graphs share
      assets/                 files that they read, such as vocabularies

`save` and `load_v2` are for objects with their functions (`minitf.saved_model.object_saver`), the
rest for a session's graph.

Source: 2015 §3.3 (a graph and its checkpoint); TensorFlow 1.15's module of the same name.
"""

from minitf import lazy

_NAMES = {
    "minitf.saved_model.builder": "Builder=SavedModelBuilder simple_save",
    "minitf.saved_model.constants": (
        "ASSETS_DIRECTORY ASSETS_KEY LEGACY_INIT_OP_KEY MAIN_OP_KEY SAVED_MODEL_FILENAME_PB "
        "SAVED_MODEL_FILENAME_PBTXT SAVED_MODEL_SCHEMA_VERSION VARIABLES_DIRECTORY "
        "VARIABLES_FILENAME"
    ),
    "minitf.saved_model.loader": (
        "contains_saved_model=maybe_saved_model_directory load maybe_saved_model_directory"
    ),
    "minitf.saved_model.main_op": "main_op_with_restore",
    "minitf.saved_model.object_loader": "load_v2=load",
    "minitf.saved_model.object_saver": "save",
    "minitf.saved_model.signature_constants": (
        "CLASSIFY_INPUTS CLASSIFY_METHOD_NAME CLASSIFY_OUTPUT_CLASSES CLASSIFY_OUTPUT_SCORES "
        "DEFAULT_SERVING_SIGNATURE_DEF_KEY PREDICT_INPUTS PREDICT_METHOD_NAME PREDICT_OUTPUTS "
        "REGRESS_INPUTS REGRESS_METHOD_NAME REGRESS_OUTPUTS"
    ),
    "minitf.saved_model.signature_def_utils": (
        "build_signature_def classification_signature_def is_valid_signature "
        "predict_signature_def regression_signature_def"
    ),
    "minitf.saved_model.tag_constants": "GPU SERVING TPU TRAINING",
    "minitf.saved_model.utils": "build_tensor_info get_tensor_from_tensor_info",
}
_SUBMODULES = (
    "builder constants experimental loader main_op signature_constants signature_def_utils "
    "tag_constants utils"
)

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
