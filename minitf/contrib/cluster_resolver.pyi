# `tf.contrib.cluster_resolver`: where a program learns which tasks its cluster has.

from minitf.train.cluster_resolvers import ClusterResolver as ClusterResolver
from minitf.train.cluster_resolvers import SimpleClusterResolver as SimpleClusterResolver
from minitf.train.cluster_resolvers import TFConfigClusterResolver as TFConfigClusterResolver
from minitf.train.cluster_resolvers import TPUClusterResolver as TPUClusterResolver
from minitf.train.cluster_resolvers import UnionResolver as UnionClusterResolver
from minitf.train.cluster_resolvers import UnionResolver as UnionResolver
__all__ = ['ClusterResolver', 'SimpleClusterResolver', 'TFConfigClusterResolver', 'TPUClusterResolver', 'UnionClusterResolver', 'UnionResolver']
