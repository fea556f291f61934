"""What import paths of `tensorflow.python.training` have besides the public names.

A part of the table in `minitf.compat.inner_names`.

Source: no paper; what the unit tests of TensorFlow 1.0 to 1.15 import.
"""

from __future__ import annotations

OF_TRAINING: dict[str, dict[str, str]] = {
    "training.basic_session_run_hooks": {
        "minitf.train.step_hooks": "NeverTriggerTimer SecondOrStepTimer",
    },
    "training.checkpoint_management": {
        "minitf.train.checkpoint_state": (
            "checkpoint_exists_internal=checkpoint_exists meta_graph_filename "
            "update_checkpoint_state_internal=update_checkpoint_state"
        ),
    },
    "training.checkpoint_ops": {
        "minitf.train.checkpoint_ops": (
            "_load_and_remap_matrix=load_and_remap_matrix "
            "_load_and_remap_matrix_initializer=load_and_remap_matrix_initializer "
            "_load_embedding_initializer=load_embedding_initializer"
        ),
    },
    "training.optimizer": {
        "minitf.train.optimizer": "_deduplicate_indexed_slices=summed_by_index",
    },
    "training.checkpoint_utils": {
        "minitf.contrib.training.evaluation": "wait_for_new_checkpoint",
    },
    "training.device_setter": {
        "minitf.train.device_setter": "STANDARD_PS_OPS=STATE_OPS",
    },
    "training.evaluation": {
        "minitf.contrib.training.evaluation": (
            "_StopAfterNEvalsHook=StopAfterNEvalsHook _evaluate_once=evaluate_once "
            "_get_or_create_eval_step=get_or_create_eval_step"
        ),
    },
    "training.monitored_session": {
        "minitf.compat.internal.session_wrappers": (
            "_CoordinatedSession=CoordinatedSession _HookedSession=RunsHooks "
            "_RecoverableSession=RecoverableSession _WrappedSession=WrappedSession"
        ),
        "minitf.train.hooked_session": "_PREEMPTION_ERRORS=LOST",
        "minitf.train.monitored_session": "_MonitoredSession=_Monitored",
        "minitf.train.monitored_training": "USE_DEFAULT",
    },
    "training.saver": {
        "minitf.train.object_based": "object_graph_key_mapping saver_from_object_based_checkpoint",
        "minitf.train.saver_builder": "BaseSaverBuilder BulkSaverBuilder",
    },
    "training.supervisor": {
        "minitf.train.supervisor_threads": (
            "SVStepCounterThread=StepCounterThread SVSummaryThread=SummaryThread "
            "SVTimerCheckpointThread=CheckpointThread"
        ),
    },
    "training.training_util": {
        "minitf.api.graph_io": "write_graph",
        "minitf.train.training_util": (
            "GLOBAL_STEP_READ_KEY _increment_global_step=increment_global_step"
        ),
    },
}
"""Import path below `tensorflow.python` -> module -> names, as in `minitf.lazy`."""
