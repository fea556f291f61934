"""What import paths of `tensorflow.python` for saving have besides the public names.

Source: no paper; what the unit tests of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

OF_SAVING: dict[str, dict[str, str]] = {
    "saved_model.loader_impl": {
        "minitf.saved_model.loader": (
            "contains_saved_model=maybe_saved_model_directory parse_saved_model=read_saved_model"
        ),
    },
    "saved_model.signature_def_utils_impl": {
        "minitf.saved_model.operation_signatures": (
            "load_op_from_signature_def op_signature_def supervised_eval_signature_def "
            "supervised_train_signature_def"
        ),
    },
    "saved_model.utils_impl": {
        "minitf.saved_model.folders": (
            "get_assets_dir get_or_create_assets_dir get_or_create_variables_dir "
            "get_variables_dir get_variables_path"
        ),
        "minitf.saved_model.operation_signatures": (
            "build_tensor_info_from_op get_element_from_tensor_info"
        ),
    },
    "tools.saved_model_utils": {
        "minitf.saved_model.loader": "read_saved_model",
    },
    "training.saving.saveable_object_util": {
        "minitf.train.saveable": "ReferenceVariableSaveable=RefVariableSaveable",
        "minitf.train.saveable_names": (
            "op_list_to_dict saveable_objects_for_op set_cpu0 validate_and_slice_inputs"
        ),
    },
    "training.tracking.base": {
        "minitf.object_checkpoint.python_state": (
            "NoRestoreSaveable PythonStateSaveable PythonStringStateSaveable"
        ),
        "minitf.trackable.position": "CheckpointInitialValue CheckpointPosition",
    },
    "training.tracking.data_structures": {
        "minitf.trackable.holding": "TrackableDataStructure",
        "minitf.trackable.mappings": "Mapping _DictWrapper",
    },
    "training.tracking.util": {
        "minitf.object_checkpoint.checkpoint": "CheckpointV1=Checkpoint",
        "minitf.object_checkpoint.restoring": ("_CheckpointRestoreCoordinator=Restoration"),
        "minitf.object_checkpoint.saver": (
            "TrackableSaver frozen_saver gather_initializers list_objects object_metadata "
            "saver_with_op_caching"
        ),
        "minitf.object_checkpoint.sessions": "get_session",
        "minitf.object_checkpoint.status": (
            "CheckpointLoadStatus InitializationOnlyStatus NameBasedSaverStatus streaming_restore"
        ),
    },
}
"""Import path -> module -> names, as in `minitf.compat.inner_names`."""
