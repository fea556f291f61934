# `import minitf.compat.v1 as tf` is `minitf`.
from minitf import *  # noqa: F403 whatever the stub beside minitf says
