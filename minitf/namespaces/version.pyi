# `tf.version`: versions of the API, of the library, of the GraphDefs that it reads.

from minitf.compat.version import COMPILER_VERSION as COMPILER_VERSION
from minitf.compat.version import GIT_VERSION as GIT_VERSION
from minitf.compat.version import VERSION as VERSION
from minitf.graph_def import GRAPH_DEF_VERSION as GRAPH_DEF_VERSION
from minitf.graph_def import GRAPH_DEF_VERSION_MIN_CONSUMER as GRAPH_DEF_VERSION_MIN_CONSUMER
from minitf.graph_def import GRAPH_DEF_VERSION_MIN_PRODUCER as GRAPH_DEF_VERSION_MIN_PRODUCER
__all__ = ['COMPILER_VERSION', 'GIT_VERSION', 'GRAPH_DEF_VERSION', 'GRAPH_DEF_VERSION_MIN_CONSUMER', 'GRAPH_DEF_VERSION_MIN_PRODUCER', 'VERSION']
