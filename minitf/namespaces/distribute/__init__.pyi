# `tf.distribute`: the tasks of a cluster; strategies are not there.

from minitf.distributed.server import Server as Server
from minitf.namespaces.distribute import cluster_resolver as cluster_resolver
__all__ = ['Server', 'cluster_resolver']
