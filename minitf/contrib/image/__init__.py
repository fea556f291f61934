"""`tf.contrib.image`: images turned, moved and warped; rows paired with columns."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.image.matching": "bipartite_match",
    "minitf.contrib.image.projections": (
        "angles_to_projective_transforms compose_transforms flat_transforms_to_matrices "
        "matrices_to_flat_transforms rotate transform translate "
        "translations_to_projective_transforms"
    ),
    "minitf.contrib.image.warping": "dense_image_warp",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
