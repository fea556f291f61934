"""TF_CONFIG: the environment variable in which a process is told its cluster and its task.

    TF_CONFIG='{"cluster": {"chief": ["localhost:2222"], "ps": ["localhost:2223"]},
                "task": {"type": "ps", "index": 0}}'

Source: TensorFlow 1.15's `tf.estimator.RunConfig`.
"""

from __future__ import annotations

import json
import os
from typing import Any

VARIABLE = "TF_CONFIG"


def read_environment() -> dict[str, Any]:
    """Return what TF_CONFIG says; nothing if it is not set.

    Raises:
        ValueError: if it is no JSON object, or its task is none.
    """
    text = os.environ.get(VARIABLE, "{}")
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{VARIABLE} must be JSON, found {text!r}: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("task", {}), dict):
        raise ValueError(f"{VARIABLE} and its task must be JSON objects, found {text!r}")
    return found
