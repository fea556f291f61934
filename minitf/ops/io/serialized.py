"""What a variant becomes in a checkpoint: bytes that only the op that made them understands.

Source: TensorFlow 1.15, whose checkpoints hold encoded variants.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np


@dataclass(frozen=True)
class Serialized:
    """The value of a variant tensor that can be saved.

    Attributes:
        data: what is saved.
    """

    data: bytes
    shape: ClassVar[tuple[int, ...]] = ()  # as an array of it has

    def as_array(self) -> np.ndarray[Any, Any]:
        """Return it as a file keeps it: a string scalar."""
        return np.array(self.data, object)
