# `tf.contrib.image`: images turned, moved and warped; rows paired with columns.

from minitf.contrib.image.matching import bipartite_match as bipartite_match
from minitf.contrib.image.projections import angles_to_projective_transforms as angles_to_projective_transforms
from minitf.contrib.image.projections import compose_transforms as compose_transforms
from minitf.contrib.image.projections import flat_transforms_to_matrices as flat_transforms_to_matrices
from minitf.contrib.image.projections import matrices_to_flat_transforms as matrices_to_flat_transforms
from minitf.contrib.image.projections import rotate as rotate
from minitf.contrib.image.projections import transform as transform
from minitf.contrib.image.projections import translate as translate
from minitf.contrib.image.projections import translations_to_projective_transforms as translations_to_projective_transforms
from minitf.contrib.image.warping import dense_image_warp as dense_image_warp
__all__ = ['angles_to_projective_transforms', 'bipartite_match', 'compose_transforms', 'dense_image_warp', 'flat_transforms_to_matrices', 'matrices_to_flat_transforms', 'rotate', 'transform', 'translate', 'translations_to_projective_transforms']
