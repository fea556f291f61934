"""`tf.contrib.framework.nest`: the module of structures with all its functions."""

import sys

from minitf.compat.internal import nest

sys.modules[__name__] = nest
